"""Computes how verdicts changed over time, from the dates of the claims."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scs_kg.judging.earl import verdict_iri
from scs_kg.judging.judged import system_iris
from scs_kg.judging.read_claims import read_claims, read_supersessions
from scs_kg.judging.state import change, judge_claims, read_judging_rules
from scs_kg.model.claims import Claim
from scs_kg.model.namespaces import EARL, PREFIXES, RDF, SCS
from scs_kg.model.selection import last_day
from scs_kg.model.verdicts import Outcome
from scs_kg.store import Dataset, Literal, NamedNode, Triple
from scs_kg.store.dataset import add_triples


@dataclass(frozen=True, order=True, slots=True)
class VerdictPeriod:
    """The outcome of a verdict, given by its IRI, from the day ``since`` (``2018-12-31``) until its next period."""

    verdict: str
    since: str
    outcome: Outcome


def verdict_periods(dataset: Dataset) -> Iterator[VerdictPeriod]:
    """Yield the periods of each verdict on a criterion that was ever decided, in chronological order.

    Claims are added day by day; undated claims never count. For each day, the result equals the verdicts from all
    claims up to this day.
    """
    by_day: dict[str, list[Claim]] = defaultdict(list)
    claims = read_claims(dataset)
    for claim in claims:
        if claim.as_of:
            by_day[last_day(claim.as_of)].append(claim)
    iris = {claim.iri for claim in claims}
    acts = (link for link in read_supersessions(dataset) if link.later not in iris)
    state = judge_claims(read_judging_rules(dataset), system_iris(dataset), (), acts)
    latest: dict[str, Outcome] = {}
    for day in sorted(by_day):
        state = change(state, by_day[day])
        for verdict in (verdict for system in state.touched for verdict in state.system_states[system].verdicts):
            name = verdict_iri(verdict)
            if verdict.outcome is not latest.get(name, Outcome.CANT_TELL):
                latest[name] = verdict.outcome
                yield VerdictPeriod(name, day, verdict.outcome)


def publish_verdict_periods(dataset: Dataset) -> None:
    """Add the periods of all verdicts to a judged dataset."""
    add_verdict_periods(dataset, verdict_periods(dataset))


def add_verdict_periods(dataset: Dataset, found: Iterable[VerdictPeriod]) -> None:
    """Add periods of verdicts to a dataset."""
    date = NamedNode(PREFIXES["xsd"] + "date")
    for period in found:
        name = NamedNode(f"{period.verdict}-{period.since}")
        statements = (
            (RDF + "type", NamedNode(SCS + "VerdictState")),
            (SCS + "ofVerdict", NamedNode(period.verdict)),
            (EARL + "outcome", NamedNode(EARL + period.outcome)),
            (SCS + "since", Literal(period.since, datatype=date)),
        )
        add_triples(dataset, (Triple(name, NamedNode(predicate), value) for predicate, value in statements))
