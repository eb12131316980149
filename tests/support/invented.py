"""Hypothesis strategies for hierarchies, claims and formulas, and datasets built from them."""

from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path

from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store, parse

from scs_kg.exchange.shacl_report import turtle
from scs_kg.model.claims import Claim, Finding
from scs_kg.model.formula import AtLeast, Fact, Formula
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
ACT = "urn:act"
HEAD = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("scs", "sh", "skos"))

Hierarchy = Mapping[str, frozenset[str]]
Claims = tuple[tuple[str, Finding], ...]
NamedClaims = Mapping[str, Claim]

facts = st.builds(Fact, st.sampled_from(FEATURES), st.booleans())


@st.composite
def counted(draw: st.DrawFn, children: st.SearchStrategy[Formula]) -> Formula:
    """Draw a conjunction or a disjunction."""
    parts = tuple(draw(st.lists(children, min_size=1, max_size=3)))
    return AtLeast(draw(st.sampled_from([1, len(parts)])), parts)


@st.composite
def qualified(draw: st.DrawFn) -> Formula:
    """Draw "at least k of some features", all present or all absent, which SHACL can count."""
    chosen = sorted(draw(st.sets(st.sampled_from(FEATURES), min_size=2, max_size=4)))
    present = draw(st.booleans())
    return AtLeast(draw(st.integers(1, len(chosen))), tuple(Fact(feature, present) for feature in chosen))


formulas: st.SearchStrategy[Formula] = st.recursive(st.one_of(facts, qualified()), counted, max_leaves=6)
claims: st.SearchStrategy[Claims] = st.lists(
    st.tuples(st.sampled_from(FEATURES), st.sampled_from(Finding)), max_size=6
).map(tuple)


@st.composite
def hierarchies(draw: st.DrawFn) -> Hierarchy:
    """Draw the more general features of each feature, from the features before it, so that there is no cycle."""
    return {
        feature: frozenset(draw(st.sets(st.sampled_from(FEATURES[:number]), max_size=2))) if number else frozenset()
        for number, feature in enumerate(FEATURES)
    }


def above(hierarchy: Hierarchy, feature: str) -> frozenset[str]:
    """Return a feature and all more general features."""
    return frozenset({feature}).union(*(above(hierarchy, general) for general in hierarchy[feature]))


def completions(hierarchy: Hierarchy) -> Iterable[frozenset[Fact]]:
    """Yield every complete set of facts on the features that is consistent with the hierarchy."""
    for values in product((True, False), repeat=len(FEATURES)):
        world = dict(zip(FEATURES, values, strict=True))
        if all(world[general] for feature in FEATURES if world[feature] for general in hierarchy[feature]):
            yield frozenset(Fact(feature, present) for feature, present in world.items())


def dataset_of(hierarchy: Hierarchy, reported: Claims, criteria: Mapping[str, Formula | Criterion]) -> Dataset:
    """Return a dataset with one system, its claims, a hierarchy and criteria; a formula is a criterion that upholds."""
    graph = PREFIXES["graph"] + "ontology/criteria"
    dataset = Dataset(ROOT, Store(), {graph: Path("criteria.ttl")})
    shapes = "".join(
        shape(criterion if isinstance(criterion, Criterion) else Criterion(iri, True, criterion))
        for iri, criterion in criteria.items()
    )
    add_triples(dataset, triples(shapes), graph)
    broader = "".join(f"<{f}> skos:broader <{g}> .\n" for f, generals in hierarchy.items() for g in generals)
    claimed = "".join(
        f"<{PREFIXES['claim']}{number}> a scs:Claim ; scs:about <{SYSTEM}> ; scs:feature <{feature}> ;"
        f" scs:finding <{SCS}{finding}> .\n"
        for number, (feature, finding) in enumerate(reported)
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


def triples(body: str) -> Iterable[Triple]:
    """Parse Turtle, given without prefix declarations."""
    return [quad.triple for quad in parse((HEAD + body).encode(), format=RdfFormat.TURTLE)]


@st.composite
def named_claims(draw: st.DrawFn) -> NamedClaims:
    """Draw a few claims on two systems, with superseded claims and sources, by name."""
    return {
        name: Claim(
            name,
            draw(st.sampled_from([SYSTEM, OTHER])),
            draw(st.sampled_from(FEATURES)),
            draw(st.sampled_from(Finding)),
            draw(st.frozensets(st.sampled_from(NAMES), max_size=1)),
            draw(st.frozensets(st.sampled_from(SOURCES), min_size=1, max_size=2)),
        )
        for name in NAMES
    }


def world(
    general: Hierarchy, criteria: Mapping[str, Formula | Criterion], claims: Iterable[Claim], aside: Iterable[str] = ()
) -> Dataset:
    """Return a dataset with two systems, these claims, and an act that supersedes the claims ``aside``."""
    dataset = dataset_of(general, (), criteria)
    add_triples(dataset, triples(f"<{OTHER}> a scs:SocialCreditSystem .\n"), "urn:data")
    links = [(ACT, "supersedes", earlier) for earlier in aside]
    for claim in claims:
        links += [
            (claim.iri, "about", claim.system),
            (claim.iri, "feature", claim.feature),
            (claim.iri, "finding", SCS + claim.finding),
            *((claim.iri, "supersedes", earlier) for earlier in claim.supersedes),
            *((claim.iri, "source", source) for source in claim.sources),
        ]
    statements = (Triple(NamedNode(subject), NamedNode(SCS + name), NamedNode(value)) for subject, name, value in links)
    add_triples(dataset, statements, "urn:data")
    return dataset
