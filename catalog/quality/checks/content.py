"""Checks of what a record says: is it complete, does the code agree with the text?"""

from collections.abc import Iterator

from catalog.place import Place
from catalog.quality.finding import Hit
from catalog.quality.repair import Edit
from catalog.quality.rule import Rule, has
from catalog.quality.subject import Subject
from language.identify import evidence
from language.letters import is_cyrillic, is_latin, script_of

_SCRIPT_AT = 34  # RUSMARC 100 $a: script of the title proper
_SURE_SHARE = 0.9
_FEWEST_LETTERS = 6


def required(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """One of the texts that the rule selects must be there; ``at`` by format says where it goes."""
    if not has(subject, rule.select[subject.form]):
        yield Hit(Place(rule.params["at"][subject.form]))


def language_of_text(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """The language code against the language of the title, where its words are ``sure`` enough."""
    languages = subject.view.languages
    if len(languages) != 1 or languages[0] not in ("kaz", "rus"):
        return
    speaks = evidence(f"{subject.view.title} {subject.view.other_title or ''}")
    told = "kaz" if speaks > 0 else "rus"
    if abs(speaks) < rule.params["sure"] or told == languages[0]:
        return
    for cell in subject.select(rule.select[subject.form]):
        if cell.value.strip() == languages[0]:
            facts = {"value": languages[0], "meant": told, "text": subject.view.title}
            yield Hit(cell.place, facts, (Edit(cell.place, cell.value, told),))


def script_code(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """RUSMARC 100/34-35 against the letters of the title; ``codes``: script to its codes."""
    coded, title = subject.record.first("100", "a") or "", subject.view.title
    code, scripts = coded[_SCRIPT_AT : _SCRIPT_AT + 2], rule.params["codes"]
    if not code.strip("| ") or not _is_single_script(title):
        return
    right = scripts.get(script_of(title), [])
    if right and code not in right:
        place = Place("100", 1, "a")
        edit = Edit(place, code, right[0], _SCRIPT_AT)
        yield Hit(place, {"value": code, "meant": right[0], "text": title}, (edit,))


def own_link(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """Addresses of our own documents that are not there; nothing is asked of the network."""
    ask = subject.around.own_link
    if ask is None:
        return
    for cell in subject.select(rule.select[subject.form]):
        if ask(cell.value) is False:
            yield Hit(cell.place, {"value": cell.value})


def _is_single_script(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    if len(letters) < _FEWEST_LETTERS:
        return False
    most = max(sum(map(is_cyrillic, letters)), sum(map(is_latin, letters)))
    return most >= len(letters) * _SURE_SHARE
