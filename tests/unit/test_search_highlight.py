from search.results.highlight import snippet

TEXT = (
    "Бүгін қалада жиналыс өтті. Оған көп адам келді.\n"
    "Шахтерлердің балалары жаңа мектепте оқиды,\n"
    "мектептің директоры сөз сөйледі. Кеш соңында ән айтылды."
)


def marked(query: str, **options: object) -> list[str]:
    found = snippet(TEXT, query, line_languages=("kaz",) * 3, **options)  # type: ignore[arg-type]  # width only
    return [found.text[start:end] for start, end in found.marks]


def test_inflected_words_are_marked_and_stand_in_the_piece() -> None:
    assert marked("мектеп бала", width=60) == ["балалары", "мектепте", "мектептің"]


def test_a_prefix_and_another_spelling_are_marked() -> None:
    assert marked("дирек*") == ["директоры"]
    assert marked("mektep", width=200) == ["мектепте", "мектептің"]


def test_what_is_excluded_or_of_another_field_is_not_marked() -> None:
    assert marked("мектеп НЕ кеш автор:директор", width=300) == ["мектепте", "мектептің"]


def test_without_a_match_the_text_begins_the_piece() -> None:
    found = snippet(TEXT, "жоқсөз", width=40)
    assert found.marks == ()
    assert found.text.startswith("Бүгін қалада")
    assert found.text.endswith("…")


def test_the_piece_is_one_line_cut_between_words() -> None:
    found = snippet(TEXT, "мектеп", line_languages=("kaz",) * 3, width=50)
    assert "\n" not in found.text
    assert set(found.text.strip("…").split()) <= set(TEXT.split())


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("Жаңа мектеп", "мектеп", "kaz").text == "Жаңа мектеп"
