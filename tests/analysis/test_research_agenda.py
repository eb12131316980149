"""The research agenda: each finding decides the listed cells when claimed, and no deciding finding is missing."""

import csv
import io
import json
from pathlib import Path

import pytest

from scs_kg.analysis.research_agenda import FindingToSeek, findings_to_seek
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


@pytest.fixture(scope="session")
def found(workspace: Workspace) -> tuple[FindingToSeek, ...]:
    """Return all findings to seek in the invented world."""
    return findings_to_seek(workspace)


def decided_cells(workspace: Workspace, system: str, feature: str, finding: Finding) -> dict[tuple[str, str], Outcome]:
    """Return the open cells of a system, by reading and principle, that one more claim decides."""
    more = Claim("urn:more", system, feature, finding)
    now: dict[tuple[str, str], Outcome] = {}
    for principle in workspace.principles:
        before = workspace.scope(principle).state
        then = cell(change(before, [more]), principle, system).outcome
        if cell(before, principle, system).outcome is Outcome.CANT_TELL and then is not Outcome.CANT_TELL:
            now[principle.choice.reading.id, principle.principle.iri] = then
    return now


def listed_cells(one: FindingToSeek) -> dict[tuple[str, str], Outcome]:
    """Return the cells that a finding decides according to the agenda."""
    return {(principle.choice.reading.id, principle.principle.iri): outcome for principle, outcome in one.settles}


def test_each_finding_decides_the_listed_cells(workspace: Workspace, found: tuple[FindingToSeek, ...]) -> None:
    assert found
    for one in found:
        assert listed_cells(one) == decided_cells(workspace, one.system.iri, one.feature.iri, one.finding)


def test_no_deciding_finding_is_missing(workspace: Workspace, found: tuple[FindingToSeek, ...]) -> None:
    listed = {(one.system.iri, one.feature.iri, one.finding) for one in found}
    for system, judged in workspace.whole.system_states.items():
        known = judged.evidence.known
        open_iris = {feature for c in workspace.whole.rules.criteria for feature in open_features(c, known)}
        for feature in open_iris:
            for finding in (Finding.PRESENT, Finding.ABSENT):
                assert bool(decided_cells(workspace, system, feature, finding)) == (
                    (system, feature, finding) in listed
                )


def test_the_features_are_among_those_of_the_query(judged_world: Dataset, found: tuple[FindingToSeek, ...]) -> None:
    named = {row_text(row, "feature") for row in query_library.rows(judged_world, "research-agenda")}
    assert {one.feature.iri for one in found} <= named


def test_the_agenda_of_the_invented_world_equals_the_golden_file(found: tuple[FindingToSeek, ...]) -> None:
    assert as_text(agenda_table(found), Terminal()) == GOLDEN.read_text("utf-8")
    assert [len(one.settles) for one in found] == sorted((len(one.settles) for one in found), reverse=True)


def test_a_shortened_agenda_gives_the_total(found: tuple[FindingToSeek, ...]) -> None:
    assert f"{len(found) - 1} more rows; --top all prints them." in as_text(agenda_table(found, 1), Terminal())


def test_all_formats_have_the_same_content(found: tuple[FindingToSeek, ...]) -> None:
    rows = list(csv.DictReader(io.StringIO(agenda_csv(found))))
    cells = [(finding, settled) for finding in json.loads(agenda_json(found)) for settled in finding["settles"]]
    assert len(rows) == len(cells)
    for row, (finding, settled) in zip(rows, cells, strict=True):
        assert (row["system"], row["finding"], row["cells"]) == (
            finding["system"],
            finding["finding"],
            str(len(finding["settles"])),
        )
        assert {name: row[name] for name in settled} == settled
