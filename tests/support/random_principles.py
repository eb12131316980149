"""Hypothesis strategies for criteria and conditions over features, and for a principle with provisions for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from scs_kg.judging.principles import PrincipleCriteria, Provision
from scs_kg.judging.readings import ReadingChoice
from scs_kg.model.claims import Claim
from scs_kg.model.entity import Entity
from scs_kg.model.formula import Formula
from scs_kg.model.matrix import CellRule
from scs_kg.model.namespaces import PREFIXES, SCS
from scs_kg.model.verdicts import Criterion
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import add_triples
from tests.support.invented import CONDITIONS, Hierarchy, formulas, world

ANY = Entity("any", "urn:any", "any")
CRITERIA = tuple(f"{PREFIXES['crit']}{name}" for name in ("one", "two", "three"))


@dataclass(frozen=True, slots=True)
class Demands:
    """Criteria and conditions, keyed by IRI, and a principle with provisions for them."""

    criteria: Mapping[str, Criterion]
    conditions: Mapping[str, Formula]
    principle: PrincipleCriteria

    def condition_tests(self) -> list[Criterion]:
        """Return the conditions as criteria that a match upholds."""
        return [Criterion(iri, True, formula) for iri, formula in self.conditions.items()]

    def world(self, general: Hierarchy, claims: Iterable[Claim], uncounted: frozenset[str] = frozenset()) -> Dataset:
        """Return a dataset of claims; for claims that do not count, it has only their supersessions."""
        made = list(claims)
        counted = [claim for claim in made if claim.iri not in uncounted]
        dataset = world(general, self.criteria, counted, (), self.conditions)
        links = [(c.iri, SCS + "supersedes", old) for c in made if c.iri in uncounted for old in c.supersedes]
        add_triples(dataset, (Triple(*map(NamedNode, link)) for link in links), "urn:data")
        return dataset


@st.composite
def demands(draw: st.DrawFn) -> Demands:
    """Draw one or two criteria, up to two conditions, and a principle under one of the cell rules."""
    criteria = {
        iri: Criterion(iri, draw(st.booleans()), draw(formulas), draw(st.one_of(st.none(), formulas)))
        for iri in CRITERIA[: draw(st.integers(1, 2))]
    }
    conditions = {iri: draw(formulas) for iri in CONDITIONS[: draw(st.integers(0, 2))]}
    chosen = st.frozensets(st.sampled_from(sorted(conditions)), max_size=2) if conditions else st.just(frozenset())
    deciding = st.sampled_from([True, True, True, False])
    provisions = tuple(
        Provision(f"urn:provision-{number}", iri, draw(deciding), draw(st.booleans()), draw(chosen))
        for number, iri in enumerate([*criteria, *draw(st.lists(st.sampled_from(sorted(criteria)), max_size=1))])
    )
    premises = draw(st.one_of(st.just(frozenset()), chosen))
    asked = principle_of(criteria, provisions, draw(st.sampled_from(CellRule)), premises)
    return Demands(criteria, conditions, asked)


def principle_of(
    criteria: Iterable[str],
    provisions: tuple[Provision, ...],
    rule: CellRule = CellRule.EVERY,
    premises: frozenset[str] = frozenset(),
) -> PrincipleCriteria:
    """Return a principle with these provisions."""
    choice = ReadingChoice(ANY, ANY, None, rule)
    return PrincipleCriteria(choice, ANY, dict.fromkeys(criteria, ""), provisions, rule, premises)
