import tomllib
from dataclasses import replace

import pytest

from digitize.recognition import recognise
from digitize.recognition.image import Grey
from digitize.recognition.profiles import (
    PROFILES_FILE,
    Profile,
    profile_by_print,
    profile_for,
    profile_from_dict,
    profile_names,
)
from digitize.recognition.recognise import EngineIdentity, for_this_machine, recogniser
from olketanu.errors import MissingToolError
from olketanu.settings import Settings, parse_settings
from pages.text import Region, Word

TABLE = tomllib.loads(PROFILES_FILE.read_text("utf-8"))
SCHEMA = {
    **{"engine": str, "models": list, "image_only": bool, "language": str, "script": str},
    **{"variant": str, "serves": list, "psm": int, "threshold": int, "noise_limit": float},
    **{"max_skew": float, "embedded": bool, "sure": float, "looks": list},
    **{"imprint": str, "imprint_pages": int},
}


class Engine:
    """Has the models it is told of, and no other."""

    def __init__(self, *installed: str) -> None:
        self.installed = installed

    def identity(self, profile: Profile) -> EngineIdentity:
        names = profile.languages.split("+") if profile.languages else []
        for name in names:
            if name not in self.installed:
                raise MissingToolError("error.missing-model", language=name, package=name)
        return EngineIdentity("e", "1", tuple((name, "0" * 64) for name in names))

    def recognise(self, image: Grey, profile: Profile, dpi: int) -> tuple[Region, ...]:
        raise NotImplementedError

    def recognise_lines(self, images: object, profile: Profile, dpi: int) -> list[tuple[Word, ...]]:
        raise NotImplementedError

    def quarter_turns(self, image: Grey) -> int:
        raise NotImplementedError


def machine(monkeypatch: pytest.MonkeyPatch, *installed: str, fast: bool = False) -> None:
    engines = {name: lambda: Engine(*installed) for name in ("tesseract", "tesserocr")}
    monkeypatch.setattr(recognise, "RECOGNISERS", engines)
    monkeypatch.setattr(recognise, "_fast_is_there", lambda: fast)


@pytest.mark.parametrize("name", TABLE)
def test_every_profile_follows_the_schema(name: str) -> None:
    table = TABLE[name]
    assert {key: type(value) for key, value in table.items()} == SCHEMA
    assert table["models"]
    assert table["engine"] in ("auto", *recognise.RECOGNISERS)
    assert 0 <= table["sure"] <= 1
    assert table["language"] in ("", "kaz", "rus")
    assert table["script"] in ("", "Cyrl", "Latn", "Arab")
    for serves in table["serves"]:
        assert {"language", "script"} <= serves.keys() <= {"language", "script", "until"}
    for look in table["looks"]:
        assert 0.25 <= look["width"] <= 3
        assert 0.25 <= look["height"] <= 3
        assert 0 <= look["blur"] <= 4
    assert table["imprint"] in ("", *TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_every_profile_survives_the_way_to_the_child_and_may_be_set(name: str) -> None:
    profile = profile_for(name, "other", 0, 1)
    assert profile_from_dict(profile.to_dict()) == profile
    assert parse_settings({"ocr": {"profile": name}}).ocr.profile == name


def test_the_default_settings_name_a_profile() -> None:
    assert Settings().ocr.profile in profile_names()


@pytest.mark.parametrize(
    ("language", "script", "date", "name"),
    [
        ("kaz", "Latn", None, "latin-kk-1929"),
        ("kaz", "Latn", "1933", "latin-kk-1929"),
        ("kaz", "Arab", "1924-05-01", "arabic-kk"),
        ("rus", "Cyrl", "1913-02-01", "ru-petr"),
        ("rus", None, "1917", "ru-petr"),
        ("rus", "Cyrl", "1918", None),
        ("rus", "Cyrl", None, None),
        ("rus", "Latn", "1913", None),
        ("kaz", "Cyrl", "1950", None),
        ("kaz", None, "1933", None),
        (None, None, None, None),
        ("rus", "Cyrl", "б. г.", None),
    ],
)
def test_what_the_sheet_says_of_the_print_chooses_the_profile(
    language: str | None, script: str | None, date: str | None, name: str | None
) -> None:
    assert profile_by_print(language, script, date) == name


def test_the_first_set_of_models_that_is_installed_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = replace(profile_for("latin-kk-1929", "book", 0, 1), models=("a", "b+c", "d"))
    machine(monkeypatch, "b", "c", "d")
    assert for_this_machine(profile).languages == "b+c"
    machine(monkeypatch, "b", "d")
    assert for_this_machine(profile).languages == "d"


def test_without_any_model_some_profiles_keep_images_and_others_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine(monkeypatch)
    for name in ("latin-kk-1929", "arabic-kk", "ru-petr"):
        fitted = for_this_machine(profile_for(name, "book", 0, 1))
        assert fitted.languages == ""
        assert recogniser(fitted.engine).identity(fitted).models == ()
    with pytest.raises(MissingToolError) as caught:
        for_this_machine(profile_for("modern", "newspaper_issue", 0, 1))
    assert caught.value.facts["language"] == "kaz"


@pytest.mark.parametrize(
    ("wanted", "fast", "name"),
    [
        ("auto", True, "tesserocr"),
        ("auto", False, "tesseract"),
        ("tesseract", True, "tesseract"),
        ("tesserocr", False, "tesserocr"),
    ],
)
def test_the_setting_decides_the_engine_and_auto_takes_the_fast_one_where_it_is(
    monkeypatch: pytest.MonkeyPatch, wanted: str, fast: bool, name: str
) -> None:
    machine(monkeypatch, "kaz", "rus", fast=fast)
    assert for_this_machine(profile_for("modern", "other", 0, 1), wanted).engine == name


def test_a_profile_that_names_its_engine_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "kaz", "rus", fast=True)
    profile = replace(profile_for("modern", "other", 0, 1), engine="tesseract")
    assert for_this_machine(profile, "tesserocr").engine == "tesseract"
