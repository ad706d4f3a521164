"""Doctor: what this machine and this home have, and what is missing."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from digitize.profiles import profile_for, profile_names
from digitize.recognise import recogniser
from olketanu.errors import MissingToolError, OlketanuError
from olketanu.home import Home
from olketanu.settings import read_settings

LOW_DISK = 5 * 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """``key`` names the message ``doctor.<key>``; ``state`` is ok, warning or missing."""

    key: str
    state: str
    facts: Mapping[str, object] = field(default_factory=dict)


def examine(folder: Path | None) -> Iterator[Check]:
    """Yield a check for every tool, model, setting and place; nothing is written."""
    for name in profile_names():
        yield _profile(name)
    if folder is None:
        yield Check("no-home", "warning")
        return
    yield from _home(Home(folder.resolve()))


def _profile(name: str) -> Check:
    profile = profile_for(name, "other", 0, 1)
    try:
        identity = recogniser(profile.engine).identity(profile)
    except MissingToolError as error:
        return Check("profile-missing", "missing", {"profile": name, **error.facts})
    facts = {"profile": name, "engine": identity.label, "models": profile.languages}
    return Check("profile", "ok", facts)


def _home(home: Home) -> Iterator[Check]:
    try:
        settings = read_settings(home.settings)
    except OlketanuError as error:
        yield Check("home-unreadable", "missing", {"home": str(home.root), **error.facts})
        return
    yield Check("home", "ok", {"home": str(home.root)})
    free = shutil.disk_usage(home.root).free
    state = "ok" if free > LOW_DISK else "warning"
    yield Check("disk", state, {"free": f"{free / 1024**3:.1f}", "home": str(home.root)})
    for section, values in asdict(settings).items():
        for key, value in values.items():
            yield Check("setting", "ok", {"key": f"{section}.{key}", "value": value})
