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
