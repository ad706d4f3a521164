"""Descriptions of real records of others; the files are no part of the project."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.citation.work import cited_work
from catalog.isbd.describe import Style, describe
from catalog.isbd.style import EDITIONS
from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.reading import ReadRecord
from catalog.record import Record
from catalog.view import view
from tests.unit.described import values_at

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
FILES = (
    ("rusmarc-tpu/issue-2012-v320-i1.marcxml", "marcxml", "rusmarc", "utf-8", 41),
    ("marc4j/unordered-directory-entries.mrc", "iso2709", "marc21", "utf-8", 1),
    ("pymarc-suite/marc.dat", "iso2709", "marc21", "utf-8", 20),
)
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="real files are not here")


def real(name: str, container: str, form: str, charset: str) -> Iterator[Record]:
    with (DATA / name).open("rb") as file:
        for one in open_exchange(file, ReadOrder(container, form, charset)).records:
            if isinstance(one, ReadRecord):
                yield one.record


@pytest.mark.parametrize(("name", "container", "form", "charset", "count"), FILES)
def test_every_real_record_is_described_and_cited(
    name: str, container: str, form: str, charset: str, count: int
) -> None:
    records = list(real(name, container, form, charset))
    assert len(records) == count
    for one in records:
        for edition in EDITIONS:
            text = describe(one, Style(edition)).text
            assert text.endswith((".", "…", "?", "!"))
            assert not re.search(r"\.\.|  |None|[:;,=/] [:;,=/] ", text), text
        seen = view(one)
        places = [place for found in seen.sources.values() for place in found]
        assert all(values_at(one, place) for place in places)
        assert cited_work(one).title


def test_an_electronic_article_by_four_authors() -> None:
    article = next(
        one for one in real(*FILES[0][:4]) if (view(one).control_number or "").endswith("230935")
    )
    notes = (
        "Заглавие с титульного листа. – Электронная версия печатной публикации. – "
        "Систем. требования: Adobe Reader. – [Библиогр.: с. 37 (26 назв.)]. – "
    )
    link = "http://earchive.tpu.ru/bitstream/11683/4069/1/bulletin_tpu-2012-320-1-05.pdf"
    title = (
        "Петролого-геохимические черты околорудного метасоматизма в золоторудном месторождении "
        "Сухой Лог (Ленский район). Ч. 2. Петрология околорудного метасоматизма"
    )
    host = (
        "Известия Томского политехнического университета [Известия ТПУ]. – 2012. – "
        "Т. 320, № 1 : Науки о Земле. – С. 28–37. – "
    )
    assert describe(article).text == (
        f"{title} [Электронный ресурс] / И. В. Кучеренко [и др.] // {host}{notes}"
        f"Режим доступа: {link}."
    )
    assert describe(article, Style(EDITIONS[1])).text == (
        f"{title} / И. В. Кучеренко, Р. Ю. Гаврилов, В. Г. Мартыненко, А. В. Верхозин. – "
        f"Текст : электронный // {host}{notes}URL: {link}."
    )
