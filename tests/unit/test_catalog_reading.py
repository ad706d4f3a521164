"""Codes of what reading finds: each is written down and has its sentence."""

import pytest

from catalog.charset.evidence import EVIDENCE
from catalog.marc.reading import NOTES, REASONS, BadRecord, ReadNote, message_key
from olketanu.messages.translate import has_message
from tests.house import ROOT

CODES = (ROOT / "docs" / "reference" / "codes.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", [*NOTES, *REASONS, *EVIDENCE])
def test_every_code_is_described(code: str) -> None:
    assert f"| `{code}` |" in CODES


@pytest.mark.parametrize("code", NOTES)
def test_every_note_has_its_sentence(code: str) -> None:
    assert has_message(message_key(ReadNote(code)))


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_its_sentence(reason: str) -> None:
    assert has_message(message_key(BadRecord(0, reason, b"")))
