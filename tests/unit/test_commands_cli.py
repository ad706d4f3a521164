import pytest

import cli
from olketanu.errors import ExitCode


def test_a_defect_of_the_program_does_not_look_like_a_result(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import commands.group

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(commands.group.root, "main", broken)
    assert cli.run(["doctor", "--lang", "en"]) == ExitCode.CRASHED
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert "A defect of the program" in told


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "kk", "run"], "kk"),
        (["run", "--lang=ru"], "ru"),
        (["run"], None),
        (["--lang"], None),
    ],
)
def test_the_language_is_found_before_the_command_is(
    arguments: list[str], language: str | None
) -> None:
    assert cli.language_of(arguments) == language


def test_global_options_work_before_and_after_the_command(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    nowhere = str(tmp_path_factory.mktemp("none"))
    before = cli.run(["--home", nowhere, "--json", "document", "list"])
    first = capsys.readouterr().out
    after = cli.run(["document", "list", "--home", nowhere, "--json"])
    assert (before, after) == (ExitCode.USAGE, ExitCode.USAGE)
    assert first == capsys.readouterr().out
    assert "error.no-home" in first


@pytest.mark.parametrize(
    ("arguments", "key", "words"),
    [
        (["record", "import", "a.iso"], "error.usage-missing", "--catalogue көрсетілмеген"),
        (["record", "export", "a.iso", "--as", "word"], "error.usage-choice", "iso2709, marcxml"),
        (["record", "show", "1", "--soon"], "error.usage-option", "--soon деген опция жоқ"),
        (["record", "sing"], "error.usage-command", "show, describe, import"),
        (["record", "undo", "x"], "error.usage-value", "olketanu record undo --help"),
        (["document", "list", "b"], "error.usage-other", "olketanu document list --help"),
    ],
)
def test_a_wrong_call_is_told_in_the_language_of_messages(
    arguments: list[str], key: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([*arguments, "--lang", "kk", "--json"]) == ExitCode.USAGE
    told = capsys.readouterr()
    assert key in told.out
    assert words in told.err


def test_help_is_in_one_language(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["record", "--help"], ["record", "undo", "--help"]):
        assert cli.run([*words, "--lang", "ru"]) == ExitCode.DONE
        told = capsys.readouterr().out
        assert told.startswith("Вызов: olketanu")
        assert "Параметры:" in told
        assert "Show this" not in told
