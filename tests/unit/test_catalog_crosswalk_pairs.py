"""Pairs of fields that cataloguers know, by hand: RUSMARC on the left, MARC 21 on the right.

``_`` is a blank indicator, ``{…}`` an embedded field; several fields are parted by `` | ``.
"""

import re

import pytest

from catalog.crosswalk.convert import convert
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield

RUSMARC = "00000nam0 2200000   450 "
MARC21 = "00000nam a2200000 c 4500"

BOTH_WAYS = [
    ("001 KRG-17", "001 KRG-17"),
    ("010 __ $a978-601-99-9101-0$bв пер.$d1200 т.", "020 __ $a978-601-99-9101-0$qв пер.$c1200 т."),
    ("010 __ $z5-7110-0177-8", "020 __ $z5-7110-0177-8"),
    ("011 __ $a2079-0000$y0130-0000", "022 __ $a2079-0000$y0130-0000"),
    ("013 __ $a979-0-706060-00-1", "024 2_ $a979-0-706060-00-1"),
    ("035 __ $a(KZ-NB)123", "035 __ $a(KZ-NB)123"),
    ("101 0_ $akaz$arus", "041 0_ $akaz$arus"),
    ("101 1_ $akaz$crus", "041 1_ $akaz$hrus"),
    ("102 __ $aKZ", "044 __ $cKZ"),
    ("200 1_ $aАбай жолы$eроман$fМ. Әуезов", "245 00 $aАбай жолы$bроман$cМ. Әуезов"),
    ("200 1_ $aТарих$hБөл. 2$iХХ ғасыр", "245 00 $aТарих$nБөл. 2$pХХ ғасыр"),
    ("205 __ $a2-бас.", "250 __ $a2-бас."),
    ("207 _0 $a1931, № 1-", "362 0_ $a1931, № 1-"),
    ("210 __ $aАлматы$cЖазушы$d1985", "264 _1 $aАлматы$bЖазушы$c1985"),
    ("215 __ $a320 б.$cсур.$d21 см$e1 карта", "300 __ $a320 б.$bсур.$c21 см$e1 карта"),
    ("225 1_ $aӨлке кітапханасы$v3-кіт.", "490 0_ $aӨлке кітапханасы$v3-кіт."),
    ("300 __ $aАвтор мұқабада", "500 __ $aАвтор мұқабада"),
    ("320 __ $aБиблиогр.: 310-318 б.", "504 __ $aБиблиогр.: 310-318 б."),
    ("324 __ $aАлматы : Жазушы, 1985 бас. көшірме", "534 __ $nАлматы : Жазушы, 1985 бас. көшірме"),
    ("327 1_ $aБірінші бөлім$aЕкінші бөлім", "505 0_ $aБірінші бөлім$aЕкінші бөлім"),
    ("328 __ $bДис.$cҚарМУ$d2001", "502 __ $bДис.$cҚарМУ$d2001"),
    ("330 __ $aШахтёрлер туралы", "520 __ $aШахтёрлер туралы"),
    ("333 __ $aОқу залында", "506 __ $aОқу залында"),
    ("337 __ $aPDF оқу құралы", "538 __ $aPDF оқу құралы"),
    ("371 0_ $aТек оқу залында$cшарт № 5", "506 1_ $aТек оқу залында$cшарт № 5"),
    ("371 1_ $aКөшіруге рұқсат жоқ", "540 __ $aКөшіруге рұқсат жоқ"),
    ("430 _0 {200 1_ $aСоветтік Қарағанды}", "780 00 $tСоветтік Қарағанды"),
    ("440 _0 {200 1_ $aОрталық Қазақстан}", "785 00 $tОрталық Қазақстан"),
    ("451 _0 {200 1_ $aАбай жолы} {210 __ $d1960}", "775 0_ $tАбай жолы$d1960"),
    ("452 _0 {001 e17} {200 1_ $aАбай жолы}", "776 0_ $we17$tАбай жолы"),
    ("454 _0 {200 1_ $aПуть Абая}", "765 0_ $tПуть Абая"),
    ("455 _0 {001 p17} {200 1_ $aҚарағанды}", "776 08 $wp17$tҚарағанды"),
    ("464 _0 {200 1_ $aҚан мен тер}", "774 0_ $tҚан мен тер"),
    ("500 10 $aКоран$mkaz", "240 10 $aКоран$lkaz"),
    ("510 1_ $aThe Path of Abai", "246 11 $aThe Path of Abai"),
    ("512 1_ $aӨлке тарихы", "246 14 $aӨлке тарихы"),
    ("517 1_ $aКараганда", "246 13 $aКараганда"),
    ("541 1_ $aКөмір өлкесі$zkaz", "242 10 $aКөмір өлкесі$ykaz"),
    ("600 _1 $aСәтпаев$bҚ. И.$f1899-1964", "600 14 $aСәтпаев, Қ. И.$d1899-1964"),
    ("601 02 $aҚарағанды көмір тресі", "610 24 $aҚарағанды көмір тресі"),
    ("606 0_ $aШахтёрлер$xТарихы$yНұра$zХХ ғ.", "650 _4 $aШахтёрлер$xТарихы$zНұра$yХХ ғ."),
    ("606 0_ $3NLR\\7$aӨлкетану$2nlr-sh", "650 _7 $0NLR\\7$aӨлкетану$2nlr-sh"),
    ("607 __ $aҚарағанды облысы", "651 _4 $aҚарағанды облысы"),
    ("608 __ $aОчерктер", "655 _4 $aОчерктер"),
    ("610 0_ $aкөмір", "653 __ $aкөмір"),
    ("675 __ $a94(574.31)$v4", "080 __ $a94(574.31)$24"),
    ("676 __ $a958.45$v23", "082 04 $a958.45$223"),
    ("686 __ $a63.3(5Қаз)$2rubbk", "084 __ $a63.3(5Қаз)$2rubbk"),
    ("686 __ $a03.20$2rugasnti", "084 __ $a03.20$2rugasnti"),
    ("700 _1 $aӘуезов$bМ. О.$gМұхтар Омарханұлы$f1897-1961$4070",
     "100 1_ $aӘуезов, М. О.$qМұхтар Омарханұлы$d1897-1961$4aut"),
    ("700 _0 $aАбай$4070", "100 0_ $aАбай$4aut"),
    ("701 _1 $aИванов$bИ.$4070", "700 1_ $aИванов, И.$4aut"),
    ("702 _1 $aПетров$bП.$4340", "700 1_ $aПетров, П.$4edt"),
    ("702 _1 $aЖұмабаев$bМ.$4730", "700 1_ $aЖұмабаев, М.$4trl"),
    ("710 01 $aҚазақстан$bӘділет министрлігі", "110 1_ $aҚазақстан$bӘділет министрлігі"),
    ("711 02 $aҚарағанды ОКЖ", "710 2_ $aҚарағанды ОКЖ"),
    ("710 12 $aӨлкетану оқулары$d3$f2005$eҚарағанды",
     "111 2_ $aӨлкетану оқулары$n3$d2005$cҚарағанды"),
    ("720 __ $aСәтпаевтар", "100 3_ $aСәтпаевтар"),
    ("856 4_ $uhttps://kitap.example/d/1$2Мәтін", "856 41 $uhttps://kitap.example/d/1$3Мәтін"),
    ("899 __ $aҚОӘҒК$j84(5Каз)-44$p12345", "852 8_ $aҚОӘҒК$j84(5Каз)-44$p12345"),
]  # fmt: skip

TO_MARC21 = [
    ("210 __ $aМ.$aСПб.$cНаука$d1999", "264 _1 $aМ.$aСПб.$bНаука$c1999"),
    ("200 1_ $aТаң$dРассвет$eжинақ", "245 00 $aТаң$bРассвет : жинақ"),
    ("301 __ $aISBN қате", "500 __ $aISBN қате"),
    ("461 _0 {001 h1} {200 1_ $aОрталық Қазақстан}"
     " | 463 _0 {200 1_ $a№ 14 (17 қаң.)$vБ. 3} {210 __ $d1985}",
     "773 0_ $wh1$tОрталық Қазақстан$d1985$g№ 14 (17 қаң.)$gБ. 3"),
    ("461 _0 {200 1_ $aТаң} | 463 _0 {200 1_ $a№ 1$vБ. 2} | 463 _0 {200 1_ $a№ 2$vБ. 4}",
     "773 0_ $tТаң$g№ 1$gБ. 2 | 773 0_ $tТаң$g№ 2$gБ. 4"),
    ("462 _0 {200 1_ $aТарих сериясы}", "773 0_ $tТарих сериясы"),
    ("463 _0 {200 1_ $aҚарағанды$vС. 5-9} {210 __ $d1990}", "773 0_ $tҚарағанды$d1990$gС. 5-9"),
    ("856 40 $uhttps://kitap.example/d/2", "856 41 $uhttps://kitap.example/d/2"),
    ("856 41 $uhttps://kitap.example/t/2", "856 42 $uhttps://kitap.example/t/2"),
]  # fmt: skip

TO_RUSMARC = [
    ("260 __ $aАлматы$bЖазушы$c1985", "210 __ $aАлматы$cЖазушы$d1985"),
    ("440 _0 $aӨлке$v2", "225 1_ $aӨлке$v2"),
    ("856 42 $uhttps://kitap.example/r", "856 4_ $uhttps://kitap.example/r"),
    ("773 0_ $tТаң$g№ 1$gБ. 2", "461 _0 {200 1_ $aТаң} | 463 _0 {200 1_ $a№ 1$vБ. 2}"),
    ("100 1_ $aӘуезов, Мұхтар,$d1897-1961$eавтор", "700 _1 $aӘуезов$bМұхтар,$f1897-1961"),
]


def fields_of(text: str) -> tuple[Field, ...]:
    return tuple(field_of(part) for part in text.split(" | "))


def field_of(text: str) -> Field:
    tag, _, rest = text.partition(" ")
    if tag.startswith("00"):
        return ControlField(tag, rest)
    indicators, content = rest[:2].replace("_", " "), rest[3:]
    inner = re.findall(r"\{([^}]*)\}", content)
    if inner:
        embedded = (field_of(part) for part in inner)
        kept = tuple(f for f in embedded if not isinstance(f, LinkField))
        return LinkField(tag, indicators, kept)
    pieces = content.split("$")[1:]
    return DataField(tag, indicators, tuple(Subfield(p[0], p[1:]) for p in pieces))


def converted(fields: tuple[Field, ...], form: str, tags: set[str]) -> tuple[Field, ...]:
    leader, target = (RUSMARC, "marc21") if form == "rusmarc" else (MARC21, "rusmarc")
    if any(field.tag in ("463", "773") for field in fields):
        leader = leader[:7] + "a" + leader[8:]
    done = convert(Record(form, leader, fields), target).record
    return tuple(field for field in done.fields if field.tag in tags)


@pytest.mark.parametrize(("left", "right"), BOTH_WAYS)
def test_pairs_of_fields_go_both_ways(left: str, right: str) -> None:
    ours, theirs = fields_of(left), fields_of(right)
    assert converted(ours, "rusmarc", {f.tag for f in theirs}) == theirs
    assert converted(theirs, "marc21", {f.tag for f in ours}) == ours


@pytest.mark.parametrize(("left", "right"), TO_MARC21)
def test_what_goes_to_marc21(left: str, right: str) -> None:
    theirs = fields_of(right)
    assert converted(fields_of(left), "rusmarc", {f.tag for f in theirs}) == theirs


@pytest.mark.parametrize(("left", "right"), TO_RUSMARC)
def test_what_goes_to_rusmarc(left: str, right: str) -> None:
    ours = fields_of(right)
    assert converted(fields_of(left), "marc21", {f.tag for f in ours}) == ours


def test_a_digital_resource_is_linked_as_itself() -> None:
    link = field_of("856 40 $uhttps://kitap.example/e")
    record = Record("rusmarc", RUSMARC[:6] + "l" + RUSMARC[7:], (link,))
    done = convert(record, "marc21").record
    assert done.leader[6] == "m"
    assert next(done.data("856")).indicators == "40"


def test_coded_data_goes_position_by_position() -> None:
    fields = fields_of(
        "100 __ $a20260117d1985    m  y0kazy50      ca | 101 0_ $akaz | 102 __ $aKZ"
        " | 105 __ $aac  z   000yy"
    )
    done = convert(Record("rusmarc", RUSMARC, fields), "marc21").record
    fixed = next(f.data for f in done.fields if isinstance(f, ControlField) and f.tag == "008")
    assert fixed == "260117s1985    kz ac  g||    000|0 kaz d"
