"""The README cannot lie: what it shows is what comes out, and what exists is in it."""

import re

import pytest
from click import Context

from scs_kg.cli import COMMANDS, cli
from scs_kg.judging.matrix import compare
from scs_kg.render.documents import Terminal, as_text
from scs_kg.render.table import matrix_table
from scs_kg.store import Dataset
from tests.conftest import PAPER, ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_the_matrix_shown_is_the_one_that_comes_out(judged: Dataset) -> None:
    (shown,) = re.findall(r"<!-- scs-kg compare -->\n```text\n(.*?)```\n<!-- end -->", README, re.DOTALL)
    assert shown == as_text(matrix_table(compare(judged, selection=PAPER)), Terminal(120))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_mentioned_and_shows_an_example(name: str) -> None:
    command = cli.get_command(Context(cli), name)
    assert command is not None
    assert f"scs-kg {name}" in README
    assert f"Example: scs-kg {name}" in str(command.epilog)
    assert command.help


def test_the_rooms_are_those_of_the_package() -> None:
    listed = README[README.index("scs_kg/     ") : README.index("tests/      ")]
    named = re.findall(r"^(?:scs_kg/)? +(\w+)/ ", listed, re.MULTILINE)
    assert sorted(named) == sorted(path.parent.name for path in (ROOT / "scs_kg").glob("*/__init__.py"))


def test_every_folder_of_the_house_is_there() -> None:
    named = re.findall(r"^(\w+)/ ", README, re.MULTILINE)
    assert named == ["ontology", "data", "queries", "scs_kg", "tests"]
    assert all((ROOT / name).is_dir() for name in named)
    for name in re.findall(r"\b([\w-]+\.ttl)\b", README):
        assert list(ROOT.glob(f"*/**/{name}")), name


def test_the_readme_names_the_version() -> None:
    from scs_kg import __version__

    assert f"scs-kg {__version__}" in README
