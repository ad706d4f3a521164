"""Profiles as people name them, and as imports keep them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePath

from catalog.marc.profile import NAMES, Profile, known_profile, parse_profile
from olketanu.errors import InputError


def profile_of(name: str) -> Profile:
    """Return a profile by the program's name for it, or by the path of a library's own file.

    UsageError ``error.profile-name``; InputError ``error.cannot-read-file``, else as
    ``catalog.marc.profile.parse_profile``.
    """
    path = Path(name)
    if name in NAMES or not path.is_file():
        return known_profile(name)
    try:
        content = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise InputError("error.cannot-read-file", file=name, problem=str(error)) from error
    return parse_profile(content, name)


def told_of(profile: Profile | None) -> dict[str, str]:
    """Return what is kept of a profile with an import: its name and all that it says.

    The file may be changed or gone when what came by it is read or written again.
    """
    if profile is None:
        return {}
    return {"profile": PurePath(profile.name).name, "profile_text": profile.text}


def profile_told(told: Mapping[str, str]) -> Profile | None:
    """Return the profile by which a file came, from what was ``told`` of it; None: by none."""
    name = told.get("profile")
    if name is None:
        return None
    content = told.get("profile_text")
    return known_profile(name) if content is None else _parsed(content, name)


@cache
def _parsed(content: str, name: str) -> Profile:
    return parse_profile(content, name)
