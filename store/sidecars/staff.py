"""The sidecar of the staff: every member, with the hash of their password. It is private."""

from collections.abc import Mapping
from typing import Any

from store.database import Reader
from store.sidecars.form import page
from store.sidecars.loading import Loading

PRIVATE = 0o600
"""Mode of the file: nobody but its owner has to do with hashes of passwords."""

_MEMBER = ("name", "login", "role", "password", "state", "created")


def staff_sidecar(reader: Reader) -> bytes | None:
    """Return the sidecar of the staff by name; None where there is nobody."""
    rows = reader.rows("SELECT * FROM member ORDER BY name")
    return page({"members": [dict(row) for row in rows]}) if rows else None


def load_staff(loading: Loading) -> None:
    """Enter the members that the sidecar names; who was logged in must log in again."""
    path = loading.home.staff_sidecar
    content = loading.page(path) if path.is_file() else None
    if content is not None:
        with loading.fitting(path):
            for form in content["members"]:
                _load_member(loading, form)


def _load_member(loading: Loading, form: Mapping[str, Any]) -> None:
    loading.require("member", {name: form[name] for name in _MEMBER})
    loading.members.add(str(form["name"]))
