"""Descriptions by GOST 7.1-2003 and GOST R 7.0.100-2018."""

import pytest

from catalog.isbd.describe import Style, describe
from tests.unit.described import Case, cases


def named(case: Case) -> str:
    return f"{case.edition}-{case.name}"


@pytest.mark.parametrize("case", [*cases("rus")], ids=named)
def test_a_russian_document_is_described_by_the_standard(case: Case) -> None:
    assert describe(case.record, Style(case.edition)).text == case.expected


@pytest.mark.parametrize("case", [*cases("kaz")], ids=named)
def test_a_kazakh_document_is_described_by_the_standard(case: Case) -> None:
    assert describe(case.record, Style(case.edition)).text == case.expected
