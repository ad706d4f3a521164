"""The rules in force in a library: the program's own, as its file ``checks.rules`` changes them."""

import datetime
import tomllib
from collections.abc import Callable
from pathlib import Path

from catalog.quality.example import failures
from catalog.quality.rule import RuleError
from catalog.quality.rules import Ruleset, changed, own_rules
from catalog.quality.subject import Surroundings
from olketanu.errors import SettingsError
from store.digitised import documents
from store.imports.files import list_files
from workflow.exchange.profiles import profile_told
from workflow.library import Library

_DOCUMENTS = "/d/"


def library_rules(library: Library) -> Ruleset:
    """Return the rules of a library; ``checks.rules`` names a file below its home.

    Raises:
        SettingsError: ``error.rules-file``: it cannot be read (with the line), or
            ``error.rules-rule``: the rule that is named does not work or fails its own example.
    """
    named = library.settings.checks.rules
    return read_rules(library.home.root / named) if named else own_rules()


def read_rules(path: Path) -> Ruleset:
    """Return the program's rules as the TOML file at ``path`` changes them; errors as above."""
    try:
        changes = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError("error.rules-file", file=str(path), problem=str(error)) from error
    try:
        rules = changed(own_rules(), changes)
        _try_examples(rules)
    except RuleError as error:
        raise SettingsError("error.rules-rule", file=str(path), **error.facts) from error
    return rules


def surroundings(library: Library, rules: Ruleset) -> Surroundings:
    """Return what checks may ask of this library: the year, local fields, its own documents.

    Local in a catalogue are fields that the profile of a file of it names.
    """
    return Surroundings(
        this_year(),
        local=rules.local,
        local_in=_local_in(library),
        own_link=_own_link(library),
    )


def this_year() -> int:
    """The year by the clock of this machine."""
    return datetime.datetime.now(datetime.UTC).year


def _local_in(library: Library) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for file in list_files(library.store):
        profile = profile_told(file.told)
        if profile is not None and file.state != "undone":
            found.setdefault(file.catalogue, {}).update(dict.fromkeys(profile.local_places))
    return {code: tuple(places) for code, places in found.items()}


def _try_examples(rules: Ruleset) -> None:
    """A library's rule must do what its examples say before it judges anything."""
    own = {rule.id for rule in own_rules().rules}
    for rule in rules.rules:
        if rule.id not in own:
            for kind, number in failures(rule):
                raise RuleError(rule.id, f"{kind} {number}")


def _own_link(library: Library) -> Callable[[str], bool | None]:
    known: dict[str, bool] = {}
    before = library.settings.site.url.rstrip("/") + _DOCUMENTS

    def ask(address: str) -> bool | None:
        if not address.startswith(before):
            return None
        document = address.removeprefix(before).strip("/")
        if document not in known:
            known[document] = documents.find_document(library.store, document) is not None
        return known[document]

    return ask
