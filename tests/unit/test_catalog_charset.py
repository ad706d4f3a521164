"""Which character set bytes are in, and the text they hold."""

import io
from pathlib import Path

import pytest
from pymarc.marc8 import marc8_to_unicode

from bench import charset as bench
from bench.made_records import articles
from catalog.charset import pairs
from catalog.charset.confirm import reader
from catalog.charset.decoding import CHARSETS, decode, encode, named
from catalog.charset.evidence import Decision, decide
from catalog.marc import iso2709
from olketanu.errors import UsageError

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
RUSSIAN = "Очерки истории Караганды / А. И. Вересовский. – Алматы : Степная книга, 2012. – № 5"
KAZAKH = "Өлкетану: Қарағанды тарихы, Ұлытау өңірі, Балқаш көлі. – Алматы : Ғылым, 1998. – 64 б."
UKRAINIAN = "Історія України : посібник / її автори. – Київ : Наукова думка, 1987. – Є іл."


@pytest.mark.parametrize("charset", bench.SETS)
def test_single_records_are_read_in_every_set_that_can_hold_them(charset: str) -> None:
    for name, lines in bench.texts().items():
        right, every = bench.count(lines[::10], charset, bench.alone)
        assert right == every, name
        assert every or (name == "made-kaz" and charset in ("cp1251", "cp866", "koi8-r"))


@pytest.mark.parametrize("charset", bench.SETS)
def test_files_are_read_in_every_set_that_can_hold_them(charset: str) -> None:
    for name, lines in bench.texts().items():
        _, right, every = bench.in_file(lines[::10], charset)
        assert right == every, name


@pytest.mark.parametrize("usual", bench.SETS)
def test_a_record_of_another_set_is_found_in_a_file(usual: str) -> None:
    every = [text for lines in bench.texts().values() for text in lines[::25]]
    for charset in bench.SETS:
        right, total = bench.strangers(every, charset, usual)
        assert right == total, charset


def test_without_a_kazakh_letter_the_commonest_of_the_pages_that_read_alike_is_taken() -> None:
    for charset in ("cp1251", "kz1048", "ptcp154"):
        assert decide(RUSSIAN.encode(charset)).charset == "cp1251"


@pytest.mark.parametrize("charset", ["kz1048", "ptcp154"])
def test_kazakh_letters_decide_between_the_pages_that_have_them(charset: str) -> None:
    found = decide(KAZAKH.encode(charset))
    assert found.charset == charset
    assert found.evidence == "pairs"
    assert found.margin > 0.99


def test_ukrainian_letters_are_not_taken_for_kazakh_ones() -> None:
    assert decide(UKRAINIAN.encode("cp1251")).charset == "cp1251"


def test_serbian_names_do_not_make_a_russian_file_kazakh() -> None:
    names = "Андрић, Иво. Мост на Дрини : роман. Ћопић, Бранко. Рассказы. Вук Стефановић Караџић"
    assert decide(names.encode("cp1251")).charset == "cp1251"


def test_the_margin_is_small_where_little_speaks_for_the_set() -> None:
    assert decide("№ 5".encode("cp1251")).margin < decide(KAZAKH.encode("kz1048")).margin


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"\xef\xbb\xbfabc", Decision("utf-8", 1.0, "bom")),
        (b"abc", Decision("utf-8", 1.0, "ascii")),
        (KAZAKH.encode(), Decision("utf-8", 1.0, "multibyte")),
        (b"\x1fa\x1b(No^ERKI\x1b(B /", Decision("marc-8", 1.0, "escapes")),
    ],
)
def test_what_is_sure_at_sight_is_asked_first(data: bytes, wanted: Decision) -> None:
    assert decide(data) == wanted


def test_a_file_of_utf8_with_some_wrong_bytes_stays_utf8() -> None:
    damaged = (KAZAKH * 20).encode() + b" \xb9 5 \xff"
    found = decide(damaged)
    assert found.charset == "utf-8"
    assert 0.9 < found.margin < 1
    charset_of = reader(found)
    assert charset_of("Қарағанды".encode() + b"\xb9") == "utf-8"
    assert charset_of(b"Pages \xb9 5") == "utf-8"


def test_where_the_sample_was_ascii_two_letters_are_a_word_and_no_damage() -> None:
    raw = "Ол".encode("cp1251")
    assert reader(Decision("utf-8", 1.0, "ascii"))(raw) == "cp1251"
    assert reader(Decision("utf-8", 1.0, "multibyte"))(raw) == "utf-8"


def test_a_name_holds_for_every_record_whatever_its_bytes() -> None:
    assert reader("CP1251")(KAZAKH.encode()) == "cp1251"


def test_a_record_that_reads_well_in_the_files_set_is_not_scored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raws = [*iso2709.write(articles("kaz", 60), "kz1048")]
    charset_of = reader(Decision("kz1048", 1.0, "pairs"))
    scored: list[bytes] = []

    def noted(data: bytes) -> pairs.Pairs:
        scored.append(data)
        return {}

    monkeypatch.setattr(pairs, "high_pairs", noted)
    assert {charset_of(raw) for raw in raws} == {"kz1048"}
    assert len(scored) <= 3


def test_marks_before_their_letters_are_marc8_or_iso5426_or_else_letters() -> None:
    assert decide(b"De la solitude \xe1a la communaut\xe2e, D\xe8usseldorf").charset == "marc-8"
    assert decide(b"Orgueil et pr\xc2ejug\xc2es, H\xc2el\xc1ene").charset == "iso5426"
    assert decide("Förlaget, Gävle, Linköping, Finspång".encode("cp1252")).charset == "cp1252"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Bol\xa7sha\xebi\xeca", "Bolʹshai︠a︡"),
        (b"\xe7EKSMO", "ĖKSMO"),
        (b"\x1b(No^ERKI\x1b(B / 1", "Очерки / 1"),
        (b"\x1f\x61\x1b(NrABINA\x1f\x62abc", "\x1faРабина\x1fbabc"),
        (b"\x1b$1!0!\x1b(B!", "一!"),
        (b"x\x1bp5\x1bs", "x⁵"),
    ],
)
def test_marc8_is_read_with_its_escapes(data: bytes, text: str) -> None:
    assert decode(data, "marc-8") == text


@pytest.mark.parametrize("byte", [b"\xff", b"\xaf", b"\x80"])
def test_a_byte_that_means_nothing_in_marc8_is_an_error_or_is_shown(byte: bytes) -> None:
    with pytest.raises(UnicodeDecodeError) as caught:
        decode(b"ab" + byte, "marc-8")
    assert caught.value.start == 2
    assert decode(b"ab" + byte, "marc-8", "replace") == "ab\ufffd"


def test_marc8_of_real_files_is_what_pymarc_reads() -> None:
    for name in ("marc4j/cyrillic_capital_e.mrc", "pymarc-suite/marc8.dat"):
        path = DATA / name
        if not path.is_file():
            pytest.skip("the shared data are not here")
        for one in iso2709.read(io.BytesIO(path.read_bytes()), "marc21", "marc-8"):
            for piece in one.raw[24:].replace(b"\x1e", b"\x1f").split(b"\x1f"):
                assert decode(piece, "marc-8") == marc8_to_unicode(piece, True) or b"\x1d" in piece


def test_iso5426_puts_marks_behind_their_letters() -> None:
    assert decode(b"pr\xc2ejug\xc2es \xabG\xc1enes\xbb", "iso5426") == "préjugés «Gènes»"
    assert decode(b"\xe8od\x1fb\xcfs", "iso5426") == "Łod\x1fbš"
    with pytest.raises(UnicodeDecodeError):
        decode(b"\xfe", "iso5426")


def test_iso5427_is_basic_cyrillic_in_the_right_half() -> None:
    assert decode(b"\xeb\xc1\xda\xc1\xc8, 1", "iso5427") == "Казах, 1"


def test_a_font_table_stands_over_its_code_page() -> None:
    data = "Ќараѓанды, Њ, єдеп".encode("cp1251")
    assert decode(data, "font:kaz_serbian") == "Қарағанды, Ң, әдеп"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("UTF8", "utf-8"),
        ("windows-1251", "cp1251"),
        ("KZ-1048", "kz1048"),
        ("pt154", "ptcp154"),
        ("866", "cp866"),
        ("KOI8_R", "koi8-r"),
        ("marc8", "marc-8"),
        ("font:kaz_serbian", "font:kaz_serbian"),
    ],
)
def test_names_are_taken_as_people_write_them(name: str, wanted: str) -> None:
    assert named(name) == wanted


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("cp9999", "error.charset"),
        ("utf-16", "error.charset"),
        ("font:none", "error.charset-font"),
        ("font:../pairs", "error.charset-font"),
    ],
)
def test_names_that_are_not_known_are_refused(name: str, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        named(name)
    assert caught.value.key == key


@pytest.mark.parametrize("charset", [c for c in CHARSETS if c not in ("iso5426", "iso5427")])
def test_separators_stay_where_they_are(charset: str) -> None:
    assert decode(b"a\x1e\x1fb\x1d", charset) == "a\x1e\x1fb\x1d"


def test_what_a_set_lacks_is_not_written() -> None:
    assert encode("Қ", "kz1048") == b"\x8d"
    with pytest.raises(UnicodeEncodeError):
        encode("Қ", "cp1251")
