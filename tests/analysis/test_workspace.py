"""The scopes of a workspace: which systems and claims count for each reading."""

import pytest

from scs_kg.analysis.workspace import open_workspace
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset
from tests.support.opened_once import printed

PAPER = "agrawal-2022"


@pytest.mark.parametrize("systems", [("red-and-black-lists",), ("xiamen", "rongcheng")])
def test_a_reading_leaves_out_named_systems_that_its_dataset_says_nothing_about(
    systems: tuple[str, ...], opened: Dataset
) -> None:
    found = open_workspace(opened, read_principle_criteria(opened), Selection(systems=systems))
    named = {PREFIXES["sys"] + system for system in systems}
    assert found.scopes[None].systems == named
    assert found.scopes[PAPER].systems == named & {PREFIXES["sys"] + "xiamen"}


@pytest.mark.parametrize("chosen", [Selection(systems=("rongcheng",)), Selection(kinds=("comparator",))])
def test_a_selection_without_a_system_is_an_error(chosen: Selection, opened: Dataset) -> None:
    principles = read_principle_criteria(opened, "china-2019", PAPER)
    with pytest.raises(EmptyInputError, match=f"no claim of {PAPER} is about these systems; choose other systems"):
        open_workspace(opened, principles, chosen)


@pytest.mark.parametrize("reading", [None, "pipl-2021-full-text"])
@pytest.mark.parametrize("datasets", [(), ("all",)])
def test_names_and_kinds_without_a_common_system_are_an_error(
    reading: str | None, datasets: tuple[str, ...], opened: Dataset
) -> None:
    principles = read_principle_criteria(opened, None, reading)
    chosen = Selection(systems=("schufa",), kinds=("local",), datasets=datasets)
    with pytest.raises(EmptyInputError, match=r"^no system has these names and kinds; choose other names or kinds$"):
        open_workspace(opened, principles, chosen)


def test_a_system_without_claims_in_a_chosen_dataset_is_an_error(opened: Dataset) -> None:
    with pytest.raises(EmptyInputError, match="no claim of agrawal-2022 is about rongcheng"):
        open_workspace(opened, read_principle_criteria(opened), Selection(datasets=(PAPER,), systems=("rongcheng",)))


@pytest.mark.parametrize("command", ["settle", "robustness"])
def test_a_ranking_accepts_systems_that_one_reading_does_not_compare(command: str, opened: Dataset) -> None:
    found = printed(opened, command, "--systems", "red-and-black-lists", "--top", "1", "--format", "csv")
    assert "red-and-black-lists" in found
