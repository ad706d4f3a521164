"""Doctor: what this machine and this home have, which risks it sees, and what is missing.

Nothing is written, not even a journal file of the catalogue; a home that is damaged, read-only or
of another version is looked at as far as it goes.
"""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from digitize.recognition.profiles import profile_for, profile_names
from digitize.recognition.recognise import for_this_machine, recogniser
from olketanu.errors import MissingToolError, OlketanuError
from olketanu.home import Home
from olketanu.settings import Settings, read_settings
from store.reading import is_older, open_to_look
from workflow.doctor.checks import (
    MISSING,
    OK,
    WARNING,
    Check,
    catalogue_checks,
    disk_checks,
    place_checks,
)
from workflow.doctor.facts import Told, look_at_catalogue, look_at_place
from workflow.library import Library

_BAD_CATALOGUE = {
    "error.store-missing": "catalogue-missing",
    "error.store-damaged": "catalogue-damaged",
    "error.store-foreign": "catalogue-foreign",
    "error.store-newer": "catalogue-newer",
}


def examine(folder: Path | None) -> Iterator[Check]:
    """Yield a check for every tool, model, risk and setting; nothing is written."""
    for name in profile_names():
        yield _profile(name)
    if folder is None:
        yield Check("no-home", WARNING)
        return
    yield from _home(Home(folder.resolve()))


def _profile(name: str) -> Check:
    profile = profile_for(name, "other", 0, 1)
    try:
        fitted = for_this_machine(profile)
        identity = recogniser(fitted.engine).identity(fitted)
    except MissingToolError as error:
        return Check("profile-missing", MISSING, {"profile": name, **error.facts})
    if not fitted.languages:
        return Check("profile-image-only", WARNING, {"profile": name, "models": profile.models[0]})
    facts = {"profile": name, "engine": identity.label, "models": fitted.languages}
    return Check("profile", OK, facts)


def _home(home: Home) -> Iterator[Check]:
    try:
        settings = read_settings(home.settings)
    except OlketanuError as error:
        yield Check("home-unreadable", MISSING, {"home": str(home.root), **error.facts})
        return
    yield Check("home", OK, {"home": str(home.root)})
    place = look_at_place(home)
    check, told = _catalogue(home, settings)
    yield from disk_checks(place, settings, told.needed if told else 0)
    yield from place_checks(place, settings)
    yield check
    if told is not None:
        yield from catalogue_checks(told, place, settings)
    for section, values in asdict(settings).items():
        for key, value in values.items():
            yield Check("setting", OK, {"key": f"{section}.{key}", "value": value})


def _catalogue(home: Home, settings: Settings) -> tuple[Check, Told | None]:
    """How the catalogue is, and what it tells unless it is damaged."""
    check, told = _look(home, settings)
    if check.key == "catalogue-damaged":  # or another program began to write while it was read
        check, told = _look(home, settings)
    return check, told


def _look(home: Home, settings: Settings) -> tuple[Check, Told | None]:
    facts = {"path": str(home.database)}
    try:
        with open_to_look(home) as store:
            if is_older(store):
                return Check("catalogue-older", WARNING, facts), None
            if problems := store.check():
                return _damaged(facts, problems[0]), None
            told = look_at_catalogue(Library(home, settings, store))
    except OlketanuError as error:
        return Check(_BAD_CATALOGUE.get(error.key, "catalogue-unreadable"), MISSING, facts), None
    except Exception as error:  # a flipped byte within a row may be anything; doctor goes on
        return _damaged(facts, repr(error)), None
    return Check("catalogue", OK, facts), told


def _damaged(facts: dict[str, str], reason: str) -> Check:
    return Check("catalogue-damaged", MISSING, {**facts, "reason": reason})
