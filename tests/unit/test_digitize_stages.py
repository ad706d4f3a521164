from dataclasses import fields, replace

import pytest

from digitize.recognition.profiles import Profile, profile_for, profile_from_dict, profile_names
from digitize.recognition.recognise import EngineIdentity
from digitize.work.stages import DOCUMENT_STAGES, PAGE_STAGES, document_key, page_key
from olketanu.errors import SettingsError
from pages.text import Box, PageFrame

FRAME = PageFrame("ab" * 32, 0, None, 0, 2480, 3508, 300)
PROFILE = profile_for("modern", "newspaper_article", 0, 1)
ENGINE = EngineIdentity("tesseract", "5.3.0", (("kaz", "1" * 64), ("rus", "2" * 64)))
KEY = page_key(FRAME, PROFILE, ENGINE)

OTHER_FRAMES = [
    replace(FRAME, master="cd" * 32),
    replace(FRAME, frame=1),
    replace(FRAME, crop=Box(0, 0, 10, 10)),
    replace(FRAME, quarter_turn=1),
    replace(FRAME, dpi=400),
]
OTHER_PROFILES = [
    replace(PROFILE, languages="kaz"),
    replace(PROFILE, psm=4),
    replace(PROFILE, threshold=0),
    replace(PROFILE, noise_limit=2.0),
    replace(PROFILE, max_skew=3.0),
    replace(PROFILE, embedded=False),
]
OTHER_ENGINES = [
    replace(ENGINE, version="5.5.0"),
    replace(ENGINE, models=(("kaz", "1" * 64), ("rus", "3" * 64))),
]


def test_the_same_input_gives_the_same_key_of_64_hexadecimal_digits() -> None:
    again = page_key(replace(FRAME), profile_from_dict(PROFILE.to_dict()), replace(ENGINE))
    assert again == KEY
    assert len(KEY) == 64
    assert set(KEY) <= set("0123456789abcdef")


def test_whatever_the_text_depends_on_changes_the_page_key() -> None:
    keys = [page_key(frame, PROFILE, ENGINE) for frame in OTHER_FRAMES]
    keys += [page_key(FRAME, profile, ENGINE) for profile in OTHER_PROFILES]
    keys += [page_key(FRAME, PROFILE, engine) for engine in OTHER_ENGINES]
    assert len({KEY, *keys}) == 1 + len(keys)


@pytest.mark.parametrize("stages", [PAGE_STAGES, DOCUMENT_STAGES])
def test_a_new_version_of_any_stage_changes_the_key(
    stages: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (page_key(FRAME, PROFILE, ENGINE), document_key("d"))
    name = "PAGE_STAGES" if stages is PAGE_STAGES else "DOCUMENT_STAGES"
    raised = tuple(replace(stage, version="99") for stage in PAGE_STAGES)
    monkeypatch.setattr(f"digitize.work.stages.{name}", raised)
    after = (page_key(FRAME, PROFILE, ENGINE), document_key("d"))
    assert [old != new for old, new in zip(before, after, strict=True)] == [
        stages is PAGE_STAGES,
        stages is DOCUMENT_STAGES,
    ]


def test_the_document_key_depends_on_parts_and_their_order_but_not_on_dict_order() -> None:
    assert document_key("a", {"x": 1, "y": 2}) == document_key("a", {"y": 2, "x": 1})
    assert document_key("a", "b") != document_key("b", "a")
    assert document_key(["a"], "b") != document_key("a", ["b"])
    with pytest.raises(TypeError):
        document_key({1, 2})


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_in_the_table_is_whole_and_survives_the_payload(name: str) -> None:
    profile = profile_for(name, "newspaper_article", 0, 1)
    assert profile.name == name
    assert all(getattr(profile, field.name) is not None for field in fields(Profile))
    assert profile_from_dict(profile.to_dict()) == profile
    assert profile.psm in range(14)
    assert profile.threshold in (0, 1, 2)


def test_ends_of_books_are_read_with_the_imprint_profile() -> None:
    names = [profile_for("modern", "book", place, 12).name for place in range(12)]
    assert names == ["imprint"] * 4 + ["modern"] * 4 + ["imprint"] * 4
    assert {profile_for("modern", "book", place, 3).name for place in range(3)} == {"imprint"}


def test_newspapers_and_other_profiles_have_no_imprint() -> None:
    assert profile_for("modern", "newspaper_issue", 0, 8).name == "modern"
    assert profile_for("old-soviet", "book", 0, 8).name == "old-soviet"


def test_an_unknown_profile_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(SettingsError) as caught:
        profile_for("gothic", "book", 0, 1)
    assert "old-soviet" in str(caught.value.facts["known"])
