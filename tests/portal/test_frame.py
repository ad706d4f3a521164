"""What every page of the portal has: its language, its headers, an answer when it cannot be had."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.guard.safety import HEADERS


def test_every_template_can_be_read(app: Flask) -> None:
    names = app.jinja_env.list_templates()
    assert len(names) > 20
    for name in names:
        app.jinja_env.get_template(name)


@pytest.mark.parametrize(("path", "language"), [("/", "kk"), ("/ru/", "ru"), ("/en/", "en")])
def test_an_address_speaks_its_language(reader: FlaskClient, path: str, language: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize("path", ["/", "/ru/no-such-page", "/static/olketanu.css"])
def test_every_answer_carries_the_headers(reader: FlaskClient, path: str) -> None:
    with reader.get(path) as answer:
        assert not [name for name in HEADERS if answer.headers.get(name) != HEADERS[name]]


def test_what_is_not_there_is_told_in_the_language_of_the_address(reader: FlaskClient) -> None:
    answer = reader.get("/ru/no-such-page")
    assert answer.status_code == 404
    assert "Такой страницы нет" in answer.text


def test_a_page_links_to_itself_in_other_languages(reader: FlaskClient) -> None:
    text = reader.get("/ru/?q=%D1%88%D0%B0%D1%85%D1%82%D0%B0").text
    assert 'href="/kk/?q=%D1%88%D0%B0%D1%85%D1%82%D0%B0"' in text


def test_every_template_is_whole(app: Flask) -> None:
    """Those too that no page of the small library needs: a merge may leave a tag open."""
    names = app.jinja_env.list_templates(extensions=["html"])
    assert len(names) > 30
    for name in names:
        app.jinja_env.get_template(name)


@pytest.mark.parametrize("path", ["/desk", "/kk/desk", "/desk//where"])
def test_a_tidied_address_is_told_by_its_path_alone(reader: FlaskClient, path: str) -> None:
    answer = reader.get(path, headers={"Host": "library.example:8443"})
    assert answer.status_code == 308
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith("//")
