"""The research agenda: a claim that gives an answer decides the listed cells, and no question is missing."""

import csv
import io
import json
from pathlib import Path

import pytest

from scs_kg.analysis.research_agenda import OpenQuestion, Settled, open_questions
from scs_kg.analysis.workspace import Workspace, cell, open_workspace
from scs_kg.judging.judge import open_features
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.judging.project import open_guarded
from scs_kg.judging.state import change
from scs_kg.model.claims import Claim, Finding
from scs_kg.model.verdicts import Outcome
from scs_kg.render.documents import Terminal, as_text
from scs_kg.render.rankings import agenda_csv, agenda_json, agenda_table
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text
from tests.conftest import TESTS

GOLDEN = TESTS / "golden" / "agenda.txt"


@pytest.fixture(scope="session")
def workspace(shared_world: Path) -> Workspace:
    """Return the workspace of the invented world."""
    dataset = open_guarded(shared_world)
    return open_workspace(dataset, read_principle_criteria(dataset))


Places = dict[tuple[str, str], Outcome]


@pytest.fixture(scope="session")
def found(workspace: Workspace) -> tuple[OpenQuestion, ...]:
    """Return all open questions of the invented world."""
    return open_questions(workspace)


def settled_cells(workspace: Workspace, system: str, feature: str, finding: Finding) -> Places:
    """Return the open cells of a system that one more claim decides, keyed by reading and principle."""
    more = Claim("urn:more", system, feature, finding)
    now: Places = {}
    for principle in workspace.principles:
        before = workspace.scope(principle).state
        then = cell(change(before, [more]), principle, system).outcome
        if cell(before, principle, system).outcome is Outcome.CANT_TELL and then is not Outcome.CANT_TELL:
            now[principle.choice.reading.id, principle.principle.iri] = then
    return now


def listed_cells(settled: Settled) -> Places:
    """Return the cells that an answer decides according to the agenda."""
    return {(principle.choice.reading.id, principle.principle.iri): outcome for principle, outcome in settled}


def test_each_answer_decides_the_listed_cells(workspace: Workspace, found: tuple[OpenQuestion, ...]) -> None:
    assert found
    for one in found:
        for finding, settled in ((Finding.PRESENT, one.if_present), (Finding.ABSENT, one.if_absent)):
            now = settled_cells(workspace, one.system.iri, one.feature.iri, finding)
            assert listed_cells(settled) == now


def test_every_question_with_an_answer_that_decides_a_cell_is_listed(
    workspace: Workspace, found: tuple[OpenQuestion, ...]
) -> None:
    listed = {(one.system.iri, one.feature.iri) for one in found}
    rules = workspace.whole.rules
    for system, judged in workspace.whole.system_states.items():
        known = judged.evidence.known
        tests = (*rules.criteria, *rules.conditions)
        for feature in {feature for test in tests for feature in open_features(test, known)}:
            settles = any(settled_cells(workspace, system, feature, f) for f in (Finding.PRESENT, Finding.ABSENT))
            assert settles == ((system, feature) in listed)


def test_the_features_of_the_agenda_are_in_the_result_of_the_query(
    judged_world: Dataset, found: tuple[OpenQuestion, ...]
) -> None:
    named = {row_text(row, "feature") for row in query_library.rows(judged_world, "research-agenda")}
    assert {one.feature.iri for one in found} <= named


def test_questions_are_ranked_by_the_less_decisive_answer(found: tuple[OpenQuestion, ...]) -> None:
    counts = [(len(one.if_present), len(one.if_absent)) for one in found]
    assert [one.worth for one in found] == [(min(pair), sum(pair)) for pair in counts]
    assert [one.worth for one in found] == sorted((one.worth for one in found), reverse=True)
    assert {min(pair) > 0 for pair in counts} == {True, False}


def test_the_agenda_of_the_invented_world_equals_the_golden_file(found: tuple[OpenQuestion, ...]) -> None:
    assert as_text(agenda_table(found), Terminal()) == GOLDEN.read_text("utf-8")


def test_a_shortened_agenda_gives_the_total(found: tuple[OpenQuestion, ...]) -> None:
    assert f"{len(found) - 1} more rows; --top all prints them." in as_text(agenda_table(found, 1), Terminal())


def test_csv_and_json_have_the_same_content(found: tuple[OpenQuestion, ...]) -> None:
    rows = list(csv.DictReader(io.StringIO(agenda_csv(found))))
    cells = [
        (question, finding, settled)
        for question in json.loads(agenda_json(found))
        for finding, name in (("Present", "ifPresent"), ("Absent", "ifAbsent"))
        for settled in question[name]
    ]
    assert len(rows) == len(cells)
    for row, (question, finding, settled) in zip(rows, cells, strict=True):
        assert (row["system"], row["finding"], row["worth"]) == (question["system"], finding, str(question["worth"]))
        assert question["feature"].endswith(f"/{row['feature']}")
        assert {name: row[name] for name in settled} == settled
