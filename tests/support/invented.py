"""Hypothesis strategies for hierarchies, claims, formulas and conditions, and datasets made of them."""

from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store, parse

from scs_kg.exchange.shacl_report import turtle
from scs_kg.model.claims import Claim, Finding, Mode
from scs_kg.model.formula import AtLeast, Fact, Formula, opposite
from scs_kg.model.namespaces import PREFIXES, SCS
from scs_kg.model.verdicts import Criterion
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import add_triples
from tests.conftest import ROOT

FEATURES = tuple(PREFIXES["feat"] + name for name in ("a", "b", "c", "d", "e"))
SYSTEM = PREFIXES["sys"] + "any"
OTHER = PREFIXES["sys"] + "other"
NAMES = tuple(f"{PREFIXES['claim']}{name}" for name in ("p", "q", "r", "s", "t", "u"))
SOURCES = tuple(f"{PREFIXES['src']}{name}" for name in ("k", "l", "m"))
CONDITIONS = tuple(f"{PREFIXES['cond']}{name}" for name in ("one", "two", "three"))
MODES = (Mode.DE_JURE, Mode.DE_FACTO, Mode.DE_JURE, Mode.DE_FACTO, Mode.PLANNED)
"""The modes to draw from; plans, which establish nothing, occur half as often as other modes."""
NO_CONDITIONS: Mapping[str, Formula] = {}
ACT = "urn:act"
HEAD = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("scs", "sh", "skos"))

Hierarchy = Mapping[str, frozenset[str]]
NamedClaims = Mapping[str, Claim]


class Report(NamedTuple):
    """The content of a claim about the only system: a finding on a feature, in a mode."""

    feature: str
    finding: Finding
    mode: Mode = Mode.DE_FACTO


Claims = tuple[Report, ...]

facts = st.builds(Fact, st.sampled_from(FEATURES), st.booleans())


@st.composite
def counted(draw: st.DrawFn, children: st.SearchStrategy[Formula]) -> Formula:
    """Draw a conjunction or a disjunction."""
    parts = tuple(draw(st.lists(children, min_size=1, max_size=3)))
    return AtLeast(draw(st.sampled_from([1, len(parts)])), parts)


@st.composite
def qualified(draw: st.DrawFn) -> Formula:
    """Draw a formula "at least k of some features are present" (or absent), which SHACL can count."""
    chosen = sorted(draw(st.sets(st.sampled_from(FEATURES), min_size=2, max_size=4)))
    present = draw(st.booleans())
    return AtLeast(draw(st.integers(1, len(chosen))), tuple(Fact(feature, present) for feature in chosen))


formulas: st.SearchStrategy[Formula] = st.recursive(st.one_of(facts, qualified()), counted, max_leaves=6)
claims: st.SearchStrategy[Claims] = st.lists(
    st.builds(Report, st.sampled_from(FEATURES), st.sampled_from(Finding), st.sampled_from(MODES)), max_size=6
).map(tuple)


@st.composite
def hierarchies(draw: st.DrawFn) -> Hierarchy:
    """Draw the more general features of each feature.

    More general features come earlier in the list, so that there is no cycle.
    """
    return {
        feature: frozenset(draw(st.sets(st.sampled_from(FEATURES[:number]), max_size=2))) if number else frozenset()
        for number, feature in enumerate(FEATURES)
    }


def above(hierarchy: Hierarchy, feature: str) -> frozenset[str]:
    """Return a feature and all more general features."""
    return frozenset({feature}).union(*(above(hierarchy, general) for general in hierarchy[feature]))


def stated(hierarchy: Hierarchy, report: Report | Claim) -> frozenset[Fact]:
    """Return the facts that a claim states directly or through the hierarchy."""
    if report.finding is Finding.PRESENT:
        return frozenset(Fact(feature, present=True) for feature in above(hierarchy, report.feature))
    if report.finding is Finding.ABSENT:
        return frozenset(Fact(f, present=False) for f in hierarchy if report.feature in above(hierarchy, f))
    return frozenset()


def known_facts(hierarchy: Hierarchy, reports: Iterable[Report | Claim]) -> frozenset[Fact]:
    """Return the facts that claims about one system establish, computed directly from the definition.

    In each mode, facts that uncontradicted claims state are sure. Facts that only contradicted claims state are in
    doubt. A fact that is sure in one mode is known, unless the other mode has the opposite fact (sure or in doubt).
    """
    sure: dict[Mode, set[Fact]] = {Mode.DE_JURE: set(), Mode.DE_FACTO: set()}
    doubt: dict[Mode, set[Fact]] = {Mode.DE_JURE: set(), Mode.DE_FACTO: set()}
    given = tuple(reports)
    for one in given:
        if one.mode is not Mode.PLANNED:
            against = [two for two in given if two.mode is one.mode and _contradict(hierarchy, one, two)]
            (doubt if against else sure)[one.mode] |= stated(hierarchy, one)
    pairs = ((Mode.DE_JURE, Mode.DE_FACTO), (Mode.DE_FACTO, Mode.DE_JURE))
    return frozenset(
        fact for mode, other in pairs for fact in sure[mode] if opposite(fact) not in sure[other] | doubt[other]
    )


def _contradict(hierarchy: Hierarchy, one: Report | Claim, two: Report | Claim) -> bool:
    findings = {one.finding: one.feature, two.finding: two.feature}
    if findings.keys() != {Finding.PRESENT, Finding.ABSENT}:
        return False
    return findings[Finding.ABSENT] in above(hierarchy, findings[Finding.PRESENT])


def completions(hierarchy: Hierarchy) -> Iterable[frozenset[Fact]]:
    """Yield every complete set of facts on the features that is consistent with the hierarchy."""
    for values in product((True, False), repeat=len(FEATURES)):
        world = dict(zip(FEATURES, values, strict=True))
        if all(world[general] for feature in FEATURES if world[feature] for general in hierarchy[feature]):
            yield frozenset(Fact(feature, present) for feature, present in world.items())


def dataset_of(
    hierarchy: Hierarchy,
    reported: Claims,
    criteria: Mapping[str, Formula | Criterion],
    conditions: Mapping[str, Formula] = NO_CONDITIONS,
) -> Dataset:
    """Return a dataset of one system, its claims, the hierarchy, criteria and conditions; a match upholds a formula."""
    graph = PREFIXES["graph"] + "ontology/criteria"
    dataset = Dataset(ROOT, Store(), {graph: Path("criteria.ttl")})
    shapes = "".join(
        shape(criterion if isinstance(criterion, Criterion) else Criterion(iri, True, criterion))
        for iri, criterion in criteria.items()
    )
    shapes += "".join(condition(iri, formula) for iri, formula in conditions.items())
    add_triples(dataset, triples(shapes), graph)
    broader = "".join(f"<{f}> skos:broader <{g}> .\n" for f, generals in hierarchy.items() for g in generals)
    claimed = "".join(
        f"<{PREFIXES['claim']}{number}> a scs:Claim ; scs:about <{SYSTEM}> ; scs:feature <{feature}> ;"
        f" scs:finding <{SCS}{finding}> ; scs:mode <{SCS}{mode}> .\n"
        for number, (feature, finding, mode) in enumerate(reported)
    )
    add_triples(dataset, triples(f"<{SYSTEM}> a scs:SocialCreditSystem .\n{broader}{claimed}"), "urn:data")
    return dataset


def shape(criterion: Criterion) -> str:
    """Return a criterion as Turtle without prefix declarations."""
    iri, polarity = criterion.iri, "Upholds" if criterion.upholds else "Violates"
    reported = f"<{iri}> a scs:Criterion , sh:NodeShape ; scs:polarity scs:{polarity} ; sh:node <{iri}-shape> .\n"
    reported += f"<{iri}-shape> a sh:NodeShape ; sh:and ( {turtle(criterion.formula)} ) .\n"
    if criterion.applies_if is not None:
        reported += f"<{iri}> scs:appliesIf <{iri}-applies> .\n"
        reported += f"<{iri}-applies> a sh:NodeShape ; sh:and ( {turtle(criterion.applies_if)} ) .\n"
    return reported


def condition(iri: str, formula: Formula) -> str:
    """Return a condition as Turtle without prefixes."""
    return f"<{iri}> a scs:Condition , sh:NodeShape ; sh:and ( {turtle(formula)} ) .\n"


def triples(body: str) -> Iterable[Triple]:
    """Parse Turtle, given without prefix declarations."""
    return [quad.triple for quad in parse((HEAD + body).encode(), format=RdfFormat.TURTLE)]


@st.composite
def named_claims(draw: st.DrawFn) -> NamedClaims:
    """Draw a few claims about two systems: the finding, the system, the mode, the superseded claims and the sources."""
    return {
        name: Claim(
            name,
            draw(st.sampled_from([SYSTEM, OTHER])),
            draw(st.sampled_from(FEATURES)),
            draw(st.sampled_from(Finding)),
            draw(st.frozensets(st.sampled_from(NAMES), max_size=1)),
            draw(st.frozensets(st.sampled_from(SOURCES), min_size=1, max_size=2)),
            mode=draw(st.sampled_from(MODES)),
        )
        for name in NAMES
    }


def world(
    general: Hierarchy,
    criteria: Mapping[str, Formula | Criterion],
    claims: Iterable[Claim],
    aside: Iterable[str] = (),
    conditions: Mapping[str, Formula] = NO_CONDITIONS,
) -> Dataset:
    """Return a dataset of two systems with these claims, of an act that retracts claims, and of conditions."""
    dataset = dataset_of(general, (), criteria, conditions)
    add_triples(dataset, triples(f"<{OTHER}> a scs:SocialCreditSystem .\n"), "urn:data")
    links = [(ACT, "retracts", earlier) for earlier in aside]
    for claim in claims:
        links += [
            (claim.iri, "about", claim.system),
            (claim.iri, "feature", claim.feature),
            (claim.iri, "finding", SCS + claim.finding),
            (claim.iri, "mode", SCS + claim.mode),
            *((claim.iri, "supersedes", earlier) for earlier in claim.supersedes),
            *((claim.iri, "source", source) for source in claim.sources),
        ]
    statements = (Triple(NamedNode(subject), NamedNode(SCS + name), NamedNode(value)) for subject, name, value in links)
    add_triples(dataset, statements, "urn:data")
    return dataset
