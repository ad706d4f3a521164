"""What only the catalogue as a whole shows: spelling, hosts, issues, headings."""

import pytest

from catalog.quality.example import example_record
from catalog.quality.rules import changed, own_rules
from catalog.quality.whole.findings import findings_in
from catalog.quality.whole.near import Neighbours, edit_place
from catalog.quality.whole.statistics import gather
from catalog.record import Record


def article(
    title: str = "Көмір туралы",
    *,
    host: str = "Индустриальная Караганда",
    issue: str = "№ 14 (17 янв.)",
    year: str = "1985",
    person: str = "$aОмаров$bА. Б.",
    language: str = "rus",
) -> Record:
    return example_record(
        [
            "LDR 00000nab0 2200000   450 ",
            f"101 0_ $a{language}",
            f"200 1_ $a{title}",
            f"461 _0 $12001_$a{host}",
            f"463 _0 $12001_$a{issue}$12101_$d{year}",
            f"700 _1 {person}",
        ],
        "rusmarc",
    )


def found(odd: Record, *others: Record) -> list[tuple[str, str, str]]:
    """Rule, what stands there, what it should be, of ``odd`` in a catalogue with the others."""
    whole = gather([odd, *others])
    return [
        (f.rule, f.facts["value"], f.facts["meant"]) for f in findings_in(odd, whole, own_rules())
    ]


@pytest.mark.parametrize(
    ("one", "other", "at"),
    [
        ("шахта", "шахта", None),
        ("шахта", "шехта", 1),
        ("шахта", "шата", 2),
        ("шахта", "шаххта", 3),
        ("шахта", "шхата", 1),
        ("шахта", "шахты", 4),
        ("шахта", "шахтёр", None),
        ("шахта", "кахты", None),
        ("", "я", 0),
    ],
)
def test_one_edit_is_told_with_its_place(one: str, other: str, at: int | None) -> None:
    assert edit_place(one, other) == at


def test_neighbours_are_found_among_many() -> None:
    known = Neighbours(["бассейн", "область", "шахта"])
    assert list(known.of("басейн")) == [("бассейн", 3)]
    assert list(known.of("облсать")) == [("область", 3)]
    assert list(known.of("завод")) == []


def test_a_word_that_occurs_once_is_held_against_a_frequent_neighbour() -> None:
    usual = [article(f"Угольный бассейн {n}") for n in range(8)]
    assert found(article("Угольный басейн"), *usual) == [("spelling", "басейн", "бассейн")]
    assert found(article("УГОЛЬНЫЙ БАСЕЙН"), *usual) == [("spelling", "БАСЕЙН", "БАССЕЙН")]
    assert found(article("Угольный басейн"), *usual[:5]) == []


def test_endings_and_words_with_a_family_are_left_alone() -> None:
    usual = [article(f"Угольный бассейн {n}") for n in range(8)]
    assert found(article("Угольные бассейны"), *usual) == []
    family = [article("Кассейном"), article("Кассейну")]
    assert found(article("О кассейне"), *usual, *family) == []


def test_kazakh_typed_without_its_letters_is_found_by_the_frequent_form() -> None:
    usual = [article("Қарағанды шахтасы", language="kaz") for _ in range(12)]
    odd = article("Караганды шахтасы", language="kaz")
    assert found(odd, *usual) == [("spelling-kazakh", "Караганды", "Қарағанды")]
    russian = article("Караганды шахты", language="rus")
    assert found(russian, *usual) == []


def test_a_newspaper_under_another_spelling_is_led_to_the_usual_one() -> None:
    usual = [article() for _ in range(4)]
    odd = article(host='Газета "Индустриальная Караганда"')
    value, meant = 'Газета "Индустриальная Караганда"', "Индустриальная Караганда"
    assert found(odd, *usual) == [("host-variant", value, meant)]


def test_a_slip_in_the_title_of_a_newspaper_is_found() -> None:
    usual = [article() for _ in range(5)]
    odd = article(host="Индустральная Караганда")
    wanted = ("host-near", "Индустральная Караганда", "Индустриальная Караганда")
    assert wanted in found(odd, *usual)


@pytest.mark.parametrize("short", ["Индустр. Караганда", "Индустриал. Караг."])
def test_an_abbreviated_title_is_led_to_the_full_one(short: str) -> None:
    usual = [article() for _ in range(5)]
    wanted = ("host-near", short, "Индустриальная Караганда")
    assert found(article(host=short), *usual) == [wanted]
    assert found(article(host="Инд. Темиртау"), *usual) == []
    assert found(article(host=short), *usual[:3]) == []


def test_an_abbreviation_of_two_titles_stays() -> None:
    usual = [article() for _ in range(5)] + [article(host="Индустрия Караганды") for _ in range(5)]
    assert found(article(host="Индустр. Караганд."), *usual) == []


def test_two_newspapers_of_different_titles_stay_two() -> None:
    usual = [article() for _ in range(9)]
    assert found(article(host="Орталық Қазақстан"), *usual) == []


def test_articles_of_one_issue_agree_on_its_date_and_number() -> None:
    usual = [article() for _ in range(3)]
    assert found(article(issue="№ 14 (18 янв.)"), *usual) == [
        ("issue-date", "1985-01-18", "1985-01-17")
    ]
    assert found(article(issue="№ 41 (17 янв.)"), *usual) == [("issue-number", "41", "14")]
    assert found(article(issue="№ 15 (18 янв.)"), *usual) == []


def test_a_person_is_led_to_the_usual_form_and_both_parts_change() -> None:
    usual = [article() for _ in range(4)]
    odd = article(person="$aОМАРОВ$bА.Б.")
    whole = gather([odd, *usual])
    (one,) = findings_in(odd, whole, own_rules())
    assert one.rule == "heading-variant"
    assert one.proposal is not None
    assert one.proposal.apply(odd).record == usual[0]


def test_a_slip_in_a_surname_is_a_hint_and_another_person_is_none() -> None:
    usual = [article() for _ in range(6)]
    assert found(article(person="$aОмраов$bА. Б."), *usual) == [
        ("heading-near", "Омраов, А. Б.", "Омаров, А. Б.")
    ]
    assert found(article(person="$aОспанов$bА. Б."), *usual) == []
    assert found(article(person="$aОмаров$bА. В."), *usual) == []


def test_a_rule_that_is_off_finds_nothing() -> None:
    usual = [article() for _ in range(4)]
    odd = article(host='Газета "Индустриальная Караганда"')
    rules = changed(own_rules(), {"off": ["host-variant"]})
    assert findings_in(odd, gather([odd, *usual]), rules) == ()


def irbis_article(host: str, person: str) -> Record:
    lines = ["920 ASP", "101 rus", "200 __ $AКөмір туралы", f"463 __ $C{host}$J1985", person]
    return example_record({"format": "irbis", "fields": lines}, "irbis")


def test_hosts_and_persons_of_irbis_are_compared_in_either_case_of_codes() -> None:
    usual = [irbis_article("Индустриальная Караганда", "700 __ $AОмаров$BА. Б.")] * 5
    odd = irbis_article("Индустриальная караганда", "701 __ $aОмаров$bА.Б.")
    told = found(odd, *usual)
    assert ("host-variant", "Индустриальная караганда", "Индустриальная Караганда") in told
    assert ("heading-variant", "Омаров, А.Б.", "Омаров, А. Б.") in told
