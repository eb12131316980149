"""Verdicts over time: on each day they equal the verdicts of a comparison as of that day."""

from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.judging.earl import verdict_iri
from scs_kg.judging.judge import judge_all
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.project import evidence_graph, open_guarded, open_judged
from scs_kg.judging.timeline import VerdictPeriod, publish_verdict_periods, verdict_periods
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.namespaces import SCS
from scs_kg.model.selection import Selection, last_day
from scs_kg.model.verdicts import Outcome
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text


def judged_as_of(opened: Dataset, day: str) -> dict[str, Outcome]:
    """Return the outcome of each verdict on a criterion, judged from the claims up to a day."""
    try:
        dataset = evidence_graph(judge_selection(opened, Selection(as_of=day)))
    except EmptyInputError:
        return {}
    criteria = {criterion.iri for criterion in read_criteria(dataset)}
    return {verdict_iri(v): v.outcome for v in judge_all(dataset) if v.criterion in criteria}


def outcomes(found: list[VerdictPeriod], day: str) -> dict[str, Outcome]:
    """Return the outcome of each verdict on a day, according to its periods."""
    return {state.verdict: state.outcome for state in found if state.since <= day}


def days(dataset: Dataset) -> list[str]:
    """Return the last day of each period that is the date of a claim."""
    return sorted(
        {last_day(row_text(row, "asOf")) for row in query_library.rows(dataset, "claims") if row_text(row, "asOf")}
    )


def test_states_of_the_invented_world_are_the_verdicts_as_of_each_day(shared_world: Path) -> None:
    opened = open_guarded(shared_world)
    found = list(verdict_periods(opened))
    assert {state.outcome for state in found} == set(Outcome)
    for day in ["1999-12-31", *days(opened), "2024-01-01"]:
        by_periods, judged = outcomes(found, day), judged_as_of(opened, day)
        assert {name: judged[name] for name in by_periods if name in judged} == by_periods
        assert all(outcome is Outcome.CANT_TELL for name, outcome in judged.items() if name not in by_periods)


@pytest.mark.crosscheck
@pytest.mark.no_cover
@pytest.mark.parametrize("day", ["2014-12-31", "2018-06-30", "2021-12-31"])
def test_states_of_the_real_data_are_the_verdicts_as_of_a_day(
    day: str, history: list[VerdictPeriod], opened: Dataset
) -> None:
    by_periods, judged = outcomes(history, day), judged_as_of(opened, day)
    decided = {name: outcome for name, outcome in judged.items() if outcome is not Outcome.CANT_TELL}
    assert decided
    assert decided == {name: outcome for name, outcome in by_periods.items() if outcome is not Outcome.CANT_TELL}


@pytest.fixture(scope="module")
def history(opened: Dataset) -> list[VerdictPeriod]:
    """Return the states of all verdicts on the real data."""
    return list(verdict_periods(opened))


def test_consecutive_states_differ(history: list[VerdictPeriod]) -> None:
    before: dict[str, Outcome] = {}
    for state in history:
        assert before.get(state.verdict, Outcome.CANT_TELL) is not state.outcome
        before[state.verdict] = state.outcome


def test_published_states_can_be_queried(shared_world: Path) -> None:
    dataset = open_judged(shared_world)
    assert not list(store.subject_objects(dataset, SCS + "ofVerdict"))
    publish_verdict_periods(dataset)
    by_periods = {verdict for _, verdict in store.subject_objects(dataset, SCS + "ofVerdict")}
    assert by_periods == {state.verdict for state in verdict_periods(open_guarded(shared_world))}
