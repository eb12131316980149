"""The README agrees with the code: its output, commands, options, packages, files and links."""

import re

import pytest
from click import Command, Context, Group

from scs_kg.cli import COMMANDS, cli
from scs_kg.judging.matrix import compare
from scs_kg.judging.readings import choices
from scs_kg.model.version import __version__
from scs_kg.render.documents import Terminal, as_text
from scs_kg.render.table import matrix_table
from scs_kg.store import Dataset
from tests.conftest import PAPER, ROOT
from tests.support.every import every

README = (ROOT / "README.md").read_text("utf-8")
COMMAND_GROUPS = README[README.index("## Commands") : README.index("## Take part")]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def test_the_matrix_is_the_output_of_the_command(judged: Dataset) -> None:
    (shown,) = re.findall(r"<!-- scs-kg compare -->\n```text\n(.*?)```\n<!-- end -->", README, re.DOTALL)
    assert shown == as_text(matrix_table(compare(judged, selection=PAPER)), Terminal(120))


def test_every_guideline_is_mentioned(opened: Dataset) -> None:
    assert {f"`{choice.guideline.id}`" for choice in choices(opened)} <= set(re.findall(r"`[\w-]+`", README))


@every("name", sorted(COMMANDS))
def test_every_command_is_mentioned_and_shows_an_example(name: str) -> None:
    command = cli.get_command(Context(cli), name)
    assert command is not None
    assert f"`{name}`" in COMMAND_GROUPS
    assert f"Example: scs-kg {name}" in str(command.epilog)
    assert command.help


def _options(words: list[str]) -> tuple[set[str], set[str]]:
    """Return the long options that a command line uses, and the long options that the help lists."""
    command: Command | None = cli
    known = {"--help"} | {option for param in cli.params for option in param.opts}
    for word in words:
        if not isinstance(command, Group) or word.startswith("-"):
            break
        command = command.get_command(Context(command), word)
    assert command is not None, words
    known |= {option for param in command.params if not getattr(param, "hidden", False) for option in param.opts}
    return {word for word in words if word.startswith("--")}, known


@pytest.mark.parametrize("line", sorted(set(re.findall(r"`scs-kg ([^`]+)`", README))))
def test_every_command_line_has_a_command_and_options_that_exist(line: str) -> None:
    if not line.startswith(__version__):  # this block is a citation
        used, known = _options(line.split())
        assert used <= known


@every("path", sorted(set(re.findall(r"`([a-z_]+/[\w/]*(?:\.py|\.rq|/))`", ARCHITECTURE))))
def test_every_path_in_the_architecture_page_exists(path: str) -> None:
    assert (ROOT / path).exists() or (ROOT / "scs_kg" / path).exists()


def test_the_packages_in_the_architecture_page_are_those_of_the_code() -> None:
    listed = ARCHITECTURE[ARCHITECTURE.index("scs_kg/     ") : ARCHITECTURE.index("tests/      ")]
    named = re.findall(r"^(?:scs_kg/)? +(\w+)/ ", listed, re.MULTILINE)
    assert sorted(named) == sorted(path.parent.name for path in (ROOT / "scs_kg").glob("*/__init__.py"))


def test_every_folder_and_turtle_file_exists() -> None:
    named = re.findall(r"^(\w+)/ ", ARCHITECTURE, re.MULTILINE)
    assert named == ["ontology", "data", "queries", "scs_kg", "tests"]
    assert all((ROOT / name).is_dir() for name in named)
    for name in re.findall(r"\b([\w-]+\.ttl)\b", ARCHITECTURE):
        assert list(ROOT.glob(f"*/**/{name}")), name


def test_the_readme_stays_short_and_the_groups_list_no_other_command() -> None:
    assert README.count("\n") <= 140
    assert set(re.findall(r"`([a-z]+)`", COMMAND_GROUPS.partition("`scs-kg")[0])) == set(COMMANDS)


def test_the_readme_names_the_version() -> None:
    assert f"scs-kg {__version__}" in README
