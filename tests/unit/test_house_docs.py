"""What the program can do is written down: commands, options, codes, settings, dependencies."""

import ast
import json
import re
from collections.abc import Iterator
from configparser import ConfigParser
from dataclasses import fields

import click
import jsonschema
import pytest

from commands.group import root
from digitize.recognition.page_job import NO_MODEL, NO_TEXT
from digitize.scan.codes import REFUSALS, WARNINGS
from digitize.work import worker
from olketanu.errors import ExitCode
from olketanu.settings import Settings
from store.digitised.batches import SOURCE_STATES
from store.digitised.documents import DOCUMENT_STATES
from store.digitised.pages import PAGE_STATES
from tests.house import ROOT, sources

REFERENCE = ROOT / "docs" / "reference"
SCHEMAS = sorted((REFERENCE / "json").glob("*.json"))
GLOBAL = {"--home", "--json", "--lang", "--dry-run", "--quiet", "--help"}


def text_of(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    """Command path to its section of the commands page."""
    parts = re.split(r"^## `olketanu ([^`]+)`$", text_of("docs/reference/commands.md"), flags=re.M)
    names = (re.split(r" [^a-z]", head)[0] for head in parts[1::2])
    return dict(zip(names, parts[2::2], strict=True))


def leaves(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path.strip(), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, f"{path} {name}")


def options(command: click.Command) -> set[str]:
    return {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
        if name.startswith("--")
    } - GLOBAL


def test_every_command_has_a_section_and_no_section_is_left_over() -> None:
    assert sections().keys() == {path for path, _ in leaves(root)}


def test_every_option_stands_in_the_section_of_its_command() -> None:
    written = sections()
    for path, command in leaves(root):
        named = set(re.findall(r"`(--[a-z-]+)", written.get(path, ""))) - GLOBAL
        assert named == options(command), path


def test_global_options_are_described() -> None:
    assert (
        set(re.findall(r"^\| `(--[a-z-]+)", text_of("docs/reference/commands.md"), re.M)) >= GLOBAL
    )


def test_every_exit_code_is_described() -> None:
    rows = re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", text_of("docs/reference/commands.md"), re.M)
    assert {(int(number), name) for number, name in rows} == {(c.value, c.name) for c in ExitCode}


def test_every_setting_is_described_with_its_default() -> None:
    table = text_of("docs/reference/settings.md")
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| `([^`]*)` \|", table, re.M))
    settings = Settings()
    known = {
        f"{section.name}.{field.name}": json.dumps(
            getattr(getattr(settings, section.name), field.name)
        )
        for section in fields(settings)
        for field in fields(getattr(settings, section.name))
    }
    assert rows == known


@pytest.mark.parametrize(
    "code",
    [
        *REFUSALS,
        *WARNINGS,
        *{*SOURCE_STATES, *DOCUMENT_STATES, *PAGE_STATES},
        NO_MODEL,
        NO_TEXT,
        *(worker.TIMEOUT, worker.OUT_OF_MEMORY, worker.CRASHED, worker.CANNOT_WRITE),
    ],
)
def test_every_state_and_code_is_described(code: str) -> None:
    assert f"`{code}`" in text_of("docs/reference/codes.md")


def test_every_finding_of_the_batch_check_is_described() -> None:
    page = text_of("docs/reference/codes.md")
    sentences = text_of("olketanu/messages/en/LC_MESSAGES/olketanu.po")
    codes = re.findall(r'^msgid "(?:check|quarantine|warning)\.(\w+)', sentences, re.M)
    assert codes
    assert not [code for code in codes if f"`{code}`" not in page]


def test_every_dependency_has_a_decision() -> None:
    note = text_of("docs/decisions/0002-dependencies.md")
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    base = re.findall(r"^([\w-]+)", config["options"]["install_requires"], re.M)
    tools = re.findall(r"^([\w-]+)", config["options.extras_require"]["dev"], re.M)
    assert base
    assert tools
    assert re.findall(r"^\| ([\w-]+) \|", note, re.M)[1:] == sorted(base, key=str.lower)
    assert not [name for name in tools if not re.search(rf"\b{name}\b", note)]


def test_notes_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    link = re.compile(r"\]\(([^)#]+)[^)]*\)")
    lost = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in link.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not lost


def test_the_last_command_of_ci_is_the_test_command_of_the_readme() -> None:
    lines = [line for line in text_of(".ci/run").splitlines() if line.strip()]
    commands = re.findall(r"^    (make \w+)  +#", text_of("README.md"), re.M)
    assert commands == ["make demo", "make test"]
    assert lines[-1] == f"step {commands[-1]}"
    assert f"step {commands[0]}" in lines


def test_the_makefile_stays_small_and_explains_itself() -> None:
    makefile = text_of("Makefile")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    assert {"demo", "test", "check", "help"} <= targets
    assert len(targets - {"help"}) <= 6
    explained = re.findall(r'echo "make (\w+) ', makefile)
    assert set(explained) == targets - {"help"}


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_schemas_of_json_lines_are_schemas(path: object) -> None:
    assert path in SCHEMAS
    schema = json.loads(text_of("docs/reference/json", getattr(path, "name", "")))
    jsonschema.Draft202012Validator.check_schema(schema)


def described() -> set[frozenset[str]]:
    """The sets of names that the schemas allow on one line."""
    found = set()
    for path in SCHEMAS:
        schema = json.loads(path.read_text(encoding="utf-8"))
        for shape in schema.get("oneOf", [schema]):
            found.add(frozenset(shape["properties"]) - {"v"})
    return found


def emitted() -> set[tuple[str, frozenset[str]]]:
    """Place and names of every line that commands emit or an ``as_json`` returns as a literal."""
    found = set()
    for source in sources():
        for node in ast.walk(source.tree):
            value: ast.AST | None = None
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "emit" and node.args:
                value = node.args[0]
            elif isinstance(node, ast.FunctionDef) and node.name == "as_json":
                value = getattr(node.body[-1], "value", None)
            if isinstance(value, ast.Dict) and all(isinstance(k, ast.Constant) for k in value.keys):
                names = frozenset(str(k.value) for k in value.keys if isinstance(k, ast.Constant))
                found.add((f"{source.path}:{value.lineno}", names))
    return found


def test_every_json_line_has_its_schema() -> None:
    assert len(emitted()) > 8
    known = described()
    assert not [(place, sorted(names)) for place, names in emitted() if names not in known]


def test_kinds_in_the_schemas_and_pages_are_those_of_the_messages() -> None:
    sentences = text_of("olketanu/messages/en/LC_MESSAGES/olketanu.po")
    kinds = re.findall(r'^msgid "kind\.(\w+)"', sentences, re.M)
    page = text_of("docs/reference/codes.md")
    assert kinds
    assert not [kind for kind in kinds if f"`{kind}`" not in page]


def test_the_documentation_speaks_of_no_command_that_does_not_exist() -> None:
    known = {path for path, _ in leaves(root)}
    groups = {path.split()[0] for path in known}
    known |= {path.rsplit(" ", 1)[0] for path in known if path.count(" ") > 1}
    pages = [ROOT / "README.md", *(ROOT / "docs" / "howto").glob("*.md")]
    wrong = []
    for page in pages:
        for words in re.findall(r"\bolketanu ([a-z]+(?: [a-z]+)?)", page.read_text("utf-8")):
            first = words.split()[0]
            if first not in groups or (first not in known and words not in known):
                wrong.append(f"{page.name}: olketanu {words}")
    assert not wrong


def test_no_source_speaks_of_work_left_undone() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert not [source.path for source in sources() if marks.search(source.text)]
