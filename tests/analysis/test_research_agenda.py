"""The agenda: each finding on it settles what it says, once claimed, and none on an open feature is missed."""

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
    """Return the invented world, ready for questions."""
    dataset = open_guarded(shared_world)
    return open_workspace(dataset, read_principle_criteria(dataset))


@pytest.fixture(scope="session")
def found(workspace: Workspace) -> tuple[FindingToSeek, ...]:
    """Return all leads of the invented world."""
    return findings_to_seek(workspace)


def settled(workspace: Workspace, system: str, feature: str, finding: Finding) -> dict[tuple[str, str], Outcome]:
    """Return the open cells of a system, by reading and principle, that one more claim decides when judged."""
    more = Claim("urn:more", system, feature, finding)
    now: dict[tuple[str, str], Outcome] = {}
    for principle in workspace.principles:
        before = workspace.scope(principle).state
        then = cell(change(before, [more]), principle, system).outcome
        if cell(before, principle, system).outcome is Outcome.CANT_TELL and then is not Outcome.CANT_TELL:
            now[principle.choice.reading.id, principle.principle.iri] = then
    return now


def told(lead: FindingToSeek) -> dict[tuple[str, str], Outcome]:
    """Return what a lead says that it settles."""
    return {(principle.choice.reading.id, principle.principle.iri): outcome for principle, outcome in lead.settles}


def test_each_lead_settles_what_it_says(workspace: Workspace, found: tuple[FindingToSeek, ...]) -> None:
    assert found
    for lead in found:
        assert told(lead) == settled(workspace, lead.system.iri, lead.feature.iri, lead.finding)


def test_no_finding_that_settles_is_missed(workspace: Workspace, found: tuple[FindingToSeek, ...]) -> None:
    listed = {(lead.system.iri, lead.feature.iri, lead.finding) for lead in found}
    for system, judged in workspace.whole.system_states.items():
        known = judged.evidence.known
        hanging = {feature for c in workspace.whole.rules.criteria for feature in open_features(c, known)}
        for feature in hanging:
            for finding in (Finding.PRESENT, Finding.ABSENT):
                assert bool(settled(workspace, system, feature, finding)) == ((system, feature, finding) in listed)


def test_the_leads_are_among_what_the_question_of_the_library_names(
    judged_world: Dataset, found: tuple[FindingToSeek, ...]
) -> None:
    named = {row_text(row, "feature") for row in query_library.rows(judged_world, "research-agenda")}
    assert {lead.feature.iri for lead in found} <= named


def test_the_agenda_of_the_invented_world_is_the_golden_one(found: tuple[FindingToSeek, ...]) -> None:
    assert as_text(agenda_table(found), Terminal()) == GOLDEN.read_text("utf-8")
    assert [len(lead.settles) for lead in found] == sorted((len(lead.settles) for lead in found), reverse=True)


def test_an_agenda_that_is_cut_short_says_so(found: tuple[FindingToSeek, ...]) -> None:
    assert f"{len(found) - 1} more rows; --top all prints them." in as_text(agenda_table(found, 1), Terminal())


def test_every_format_says_the_same(found: tuple[FindingToSeek, ...]) -> None:
    rows = list(csv.DictReader(io.StringIO(agenda_csv(found))))
    cells = [(lead, one) for lead in json.loads(agenda_json(found)) for one in lead["settles"]]
    assert len(rows) == len(cells)
    for row, (lead, one) in zip(rows, cells, strict=True):
        assert (row["system"], row["finding"], row["cells"]) == (
            lead["system"],
            lead["finding"],
            str(len(lead["settles"])),
        )
        assert {name: row[name] for name in one} == one
