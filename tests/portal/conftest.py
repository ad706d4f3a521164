"""The portal over a small library, for one test each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from olketanu.home import Home
from tests.portal.made_portal import opened


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with opened(tmp_path / "home") as made:
        yield made


@pytest.fixture
def home(app: Flask) -> Home:
    found: Home = app.extensions["olketanu"].home
    return found


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    return app.test_client()
