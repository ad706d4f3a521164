import hashlib
import shutil
from pathlib import Path

import pikepdf
import pytest

from bench import recognition
from bench.recognition import Score, TruePage, misses, pooled, read_truth, score
from pages.measure import fold

PAGE = TruePage("d", "p0001", "d.jpg", 0, 10, 10, False, "Нұра — өзен\n«Сарыарқа» да-\nласы")


def test_the_truth_itself_scores_nought_with_other_dashes_quotes_and_blanks() -> None:
    assert score(PAGE, 'Нұра – өзен "Сарыарқа"\n\nда\u00ad ласы').edits == 0


def test_lost_text_added_text_and_wrong_order_count_as_errors() -> None:
    assert score(PAGE, "").cer == pytest.approx(1.0)
    assert score(PAGE, PAGE.text + " артық").edits == 6
    assert score(PAGE, "«Сарыарқа» да-\nласы Нұра — өзен").edits > 10


def test_pooling_weighs_pages_by_length() -> None:
    assert pooled([Score("a", "p", False, 1, 10), Score("b", "p", False, 0, 90)]) == 0.01


def test_a_missed_target_is_named_and_a_met_one_is_not() -> None:
    good = [Score("a", "p0001", False, 1, 100), Score("b", "p0001", True, 3, 100)]
    assert misses(good) == []
    found = misses([*good, Score("c", "p0001", True, 6, 100)])
    assert [line.split()[0] for line in found] == ["degraded", "c/p0001"]


def test_folding_keeps_the_hyphen_at_a_line_end() -> None:
    assert fold("да-\nласы") == "да- ласы"


def test_the_truth_of_the_samples_is_read_whole() -> None:
    pages = read_truth()
    assert {page.degraded for page in pages} == {True, False}
    assert all(page.text.strip() for page in pages)


def write_pdf(path: Path, words: list[str]) -> None:
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for word in words:
        page = pdf.add_blank_page(page_size=(200, 200))
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.obj.Contents = pdf.make_stream(f"BT /F1 12 Tf 20 20 Td ({word}) Tj ET".encode())
    pdf.save(path)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
def test_a_document_of_a_home_is_known_by_the_hash_of_its_master(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "BATCH", tmp_path)
    pages = [TruePage("d", f"p000{n}", "d.pdf", n - 1, 9, 9, False, "x") for n in (1, 2)]
    lost = TruePage("e", "p0001", "e.pdf", 0, 9, 9, False, "x")
    for name in ("d.pdf", "e.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    folder = tmp_path / "home" / "objects" / "0abc123"
    folder.mkdir(parents=True)
    digest = hashlib.sha256(b"d.pdf").hexdigest()
    (folder / "document.json").write_text(f'{{"masters": ["{digest}"]}}', "utf-8")
    write_pdf(folder / "document.pdf", ["first", "second"])
    texts = recognition.home_texts(tmp_path / "home", [*pages, lost])
    assert {key: text.strip() for key, text in texts.items()} == {
        ("d", "p0001"): "first",
        ("d", "p0002"): "second",
    }
