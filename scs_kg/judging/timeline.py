"""Tells how verdicts changed over time: judged anew for each date of a claim, by the same path as today's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scs_kg.judging.judge import derive, judge_all, verdict_iri
from scs_kg.judging.selection import last_day
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.namespaces import EARL, PREFIXES, RDF, SCS
from scs_kg.model.verdicts import Outcome
from scs_kg.store import Dataset, Literal, NamedNode, Triple, query_library
from scs_kg.store.dataset import add_triples, copy_asserted, remove_subjects
from scs_kg.store.query_library import row_text


@dataclass(frozen=True, order=True, slots=True)
class VerdictPeriod:
    """The outcome of a verdict, by its IRI, from a day on (``2018-12-31``) until its next state."""

    verdict: str
    since: str
    outcome: Outcome


def verdict_periods(dataset: Dataset) -> Iterator[VerdictPeriod]:
    """Yield each state of each verdict that was decided at some time, in the order of time."""
    dates = {row_text(row, "claim"): row_text(row, "asOf") for row in query_library.rows(dataset, "claims")}
    days = sorted({last_day(date) for date in dates.values() if date})
    before: dict[str, Outcome] = {}
    for day in days:
        then = copy_asserted(dataset)
        remove_subjects(then, (claim for claim, date in dates.items() if not date or last_day(date) > day))
        derive(then)
        try:
            verdicts = judge_all(then)
        except EmptyInputError:
            continue
        for verdict in verdicts:
            name = verdict_iri(verdict)
            if verdict.outcome is not before.get(name, Outcome.CANT_TELL):
                before[name] = verdict.outcome
                yield VerdictPeriod(name, day, verdict.outcome)


def publish_verdict_periods(dataset: Dataset) -> None:
    """Add the states of all verdicts to a judged dataset."""
    add_verdict_periods(dataset, verdict_periods(dataset))


def add_verdict_periods(dataset: Dataset, found: Iterable[VerdictPeriod]) -> None:
    """Add states of verdicts to a dataset."""
    date = NamedNode(PREFIXES["xsd"] + "date")
    for state in found:
        name = NamedNode(f"{state.verdict}-{state.since}")
        said = (
            (RDF + "type", NamedNode(SCS + "VerdictState")),
            (SCS + "ofVerdict", NamedNode(state.verdict)),
            (EARL + "outcome", NamedNode(EARL + state.outcome)),
            (SCS + "since", Literal(state.since, datatype=date)),
        )
        add_triples(dataset, (Triple(name, NamedNode(predicate), value) for predicate, value in said))
