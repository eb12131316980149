"""Robustness: the ranking agrees with the proofs of the cells that it ranks."""

import csv
import io
import json
from pathlib import Path

import pytest

from scs_kg.analysis.dependencies import MOST_CLAIMS
from scs_kg.analysis.proof import prove
from scs_kg.analysis.robustness import CellRobustness, rank
from scs_kg.analysis.workspace import Workspace, open_workspace
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.judging.project import open_guarded
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import Outcome
from scs_kg.render.documents import Terminal, as_text
from scs_kg.render.rankings import robustness_csv, robustness_json, robustness_table
from scs_kg.store import Dataset
from tests.conftest import TESTS

GOLDEN = TESTS / "golden" / "robustness.txt"


@pytest.fixture(scope="session")
def workspace(shared_world: Path) -> Workspace:
    """Return the workspace of the invented world."""
    dataset = open_guarded(shared_world)
    return open_workspace(dataset, read_principle_criteria(dataset))


@pytest.fixture(scope="session")
def ranked(workspace: Workspace) -> tuple[CellRobustness, ...]:
    """Return the robustness of every decided cell of the invented world."""
    return rank(workspace)


def test_exactly_the_decided_cells_are_ranked(workspace: Workspace, ranked: tuple[CellRobustness, ...]) -> None:
    decided = {
        (principle.choice.reading.id, principle.principle.iri, cell.system)
        for principle, cell in workspace.cells()
        if cell.outcome is not Outcome.CANT_TELL
    }
    assert {
        (one.principle_criteria.choice.reading.id, one.principle_criteria.principle.iri, one.system.iri)
        for one in ranked
    } == decided
    assert len(ranked) == len(decided)


def test_the_numbers_equal_those_of_the_proofs(workspace: Workspace, ranked: tuple[CellRobustness, ...]) -> None:
    for one in ranked:
        found = prove(
            workspace.scope(one.principle_criteria).state,
            one.principle_criteria,
            one.system.iri,
            workspace.canonical_sources,
        )
        assert (one.claims, one.sources) == (found.claims.fewest, found.sources.fewest)
        assert one.only == tuple(loss.names[0] for loss in found.sources.sets if len(loss.names) == 1)


def test_the_least_robust_cells_come_first(opened: Dataset) -> None:
    found = rank(open_workspace(opened, read_principle_criteria(opened, "china-2019")))
    numbers = [(one.sources or MOST_CLAIMS, one.claims or MOST_CLAIMS) for one in found]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[-1]
    assert all(bool(one.only) == (one.sources == 1) for one in found)


def test_the_ranking_of_the_invented_world_equals_the_golden_file(ranked: tuple[CellRobustness, ...]) -> None:
    assert as_text(robustness_table(ranked), Terminal()) == GOLDEN.read_text("utf-8")


def test_a_shortened_ranking_gives_the_total(ranked: tuple[CellRobustness, ...]) -> None:
    assert f"{len(ranked) - 2} more rows; --top all prints them." in as_text(robustness_table(ranked, 2), Terminal())
    assert "more row" not in as_text(robustness_table(ranked, len(ranked)), Terminal())


def test_all_formats_have_the_same_content(ranked: tuple[CellRobustness, ...]) -> None:
    rows = list(csv.DictReader(io.StringIO(robustness_csv(ranked))))
    cells = json.loads(robustness_json(ranked))
    for row, cell in zip(rows, cells, strict=True):
        assert {name: str(cell[name]) for name in row if name != "only"} == {k: row[k] for k in row if k != "only"}
        assert row["only"].split() == [local_id(source) for source in cell["only"]]


def test_an_unknown_number_is_shown_as_unknown(ranked: tuple[CellRobustness, ...]) -> None:
    one = ranked[0]
    unknown = CellRobustness(one.principle_criteria, one.system, one.cell, None, None, ())
    assert " ?        ?       " in as_text(robustness_table([unknown]), Terminal())
    assert ",passed,met,2,0,2,,,,all\r\n" in robustness_csv([unknown])
    assert json.loads(robustness_json([unknown]))[0]["sources"] is None
