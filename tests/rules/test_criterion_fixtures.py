"""Each fixture has the outcome in its file name, and each mutant of a criterion gives another outcome for a fixture."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from scs_kg import store
from scs_kg.judging.evidence import Evidence, derive, derived_evidence
from scs_kg.judging.judge import by_formula, by_pyshacl, fact_triples, judge
from scs_kg.model.formula import AtLeast, Fact, Formula
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, local_id
from scs_kg.model.verdicts import Criterion, Outcome
from scs_kg.rules import engines
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import add_triples
from scs_kg.store.serialize import asserted_ntriples
from tests.conftest import FIXTURE_FOLDER, ROOT
from tests.support.every import every

FIXTURES = sorted((FIXTURE_FOLDER / "criteria").glob("*/*.ttl"))
SYSTEM = PREFIXES["sys"] + "any"
PROJECT = store.load_ontology(ROOT)
ONTOLOGY = [
    quad
    for graph in PROJECT.files
    if graph.startswith(
        tuple(PREFIXES["graph"] + "ontology/" + name for name in ("conditions", "criteria", "features/"))
    )
    for quad in PROJECT.quads.quads_for_pattern(None, None, None, NamedNode(graph))
]
CRITERIA = {local_id(criterion.iri): criterion for criterion in read_criteria(PROJECT)}


def world_of(fixture: Path) -> Dataset:
    """Return a dataset of the project's features and criteria and the claims of one fixture."""
    dataset = Dataset(ROOT, Store(), PROJECT.files)
    dataset.quads.extend(ONTOLOGY)
    kind = Triple(NamedNode(SYSTEM), NamedNode(RDF + "type"), NamedNode(SCS + "SocialCreditSystem"))
    add_triples(dataset, [kind, *(quad.triple for quad in parse(fixture.read_bytes(), format=RdfFormat.TURTLE))])
    derive(dataset)
    return dataset


@cache
def evidence_in(fixture: Path) -> Mapping[str, Evidence]:
    """Return the evidence on the system of a fixture; several tests of a criterion need it."""
    return derived_evidence(world_of(fixture))


def outcome(fixture: Path, criterion: Criterion) -> Outcome:
    """Judge the system of a fixture by a criterion."""
    found = evidence_in(fixture)
    return judge(criterion, SYSTEM, found[SYSTEM], by_formula(found)).outcome


def expected(fixture: Path) -> Outcome:
    """Return the expected outcome according to the name of a fixture."""
    return Outcome(fixture.name.split(".")[0])


@every("name", CRITERIA)
def test_every_criterion_has_a_fixture_for_each_outcome(name: str) -> None:
    wanted = {Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL}
    wanted |= {Outcome.INAPPLICABLE} if CRITERIA[name].applies_if else set()
    assert {expected(fixture) for fixture in FIXTURES if fixture.parent.name == name} == wanted


def test_every_fixture_belongs_to_a_criterion() -> None:
    assert {fixture.parent.name for fixture in FIXTURES} == CRITERIA.keys()


@pytest.mark.no_cover
@pytest.mark.parametrize("name", CRITERIA)
def test_fixtures_have_the_outcome_in_their_name_and_notice_every_changed_criterion(name: str) -> None:
    fixtures = [fixture for fixture in FIXTURES if fixture.parent.name == name]
    outcomes = {fixture.name: outcome(fixture, CRITERIA[name]) for fixture in fixtures}
    assert outcomes == {fixture.name: expected(fixture) for fixture in fixtures}
    mutants = list(mutate(CRITERIA[name]))
    assert mutants
    for mutant in mutants:
        changed = any(outcome(fixture, mutant) is not expected(fixture) for fixture in fixtures)
        assert changed, f"no fixture notices {mutant}"


def mutate(criterion: Criterion) -> Iterator[Criterion]:
    """Yield the criterion with its polarity inverted, and with each part removed, negated or counted differently."""
    yield replace(criterion, upholds=not criterion.upholds)
    for formula in mutants(criterion.formula):
        yield replace(criterion, formula=formula)
    if criterion.applies_if is not None:
        yield replace(criterion, applies_if=None)
        for formula in mutants(criterion.applies_if):
            yield replace(criterion, applies_if=formula)


def mutants(formula: Formula) -> Iterator[Formula]:
    """Yield formulas that differ in one place: the sign of a fact, a missing part, or a count."""
    if isinstance(formula, Fact):
        yield Fact(formula.feature, not formula.present)
        yield Fact(PREFIXES["feat"] + "nothing", formula.present)
        return
    for count in {formula.count - 1, formula.count + 1} & set(range(1, len(formula.parts) + 1)):
        yield AtLeast(count, formula.parts)
    for number, part in enumerate(formula.parts):
        rest = formula.parts[:number] + formula.parts[number + 1 :]
        if rest:
            yield AtLeast(min(formula.count, len(rest)), rest)
        for mutant in mutants(part):
            yield AtLeast(formula.count, (*formula.parts[:number], mutant, *formula.parts[number + 1 :]))


@pytest.mark.slow
@pytest.mark.parametrize("name", CRITERIA)
def test_pyshacl_gives_the_same_verdict_on_every_fixture(name: str) -> None:
    fixtures = {f"{SYSTEM}-{fixture.stem}": fixture for fixture in FIXTURES if fixture.parent.name == name}
    found = {system: evidence_in(fixture)[SYSTEM] for system, fixture in fixtures.items()}
    valuer = by_pyshacl(world_of(next(iter(fixtures.values()))), [CRITERIA[name]], found)
    for system, fixture in fixtures.items():
        assert judge(CRITERIA[name], system, found[system], valuer).outcome is expected(fixture), fixture


def test_no_criterion_names_a_system_or_has_a_target() -> None:
    text = asserted_ntriples(PROJECT, ["ontology/conditions", "ontology/criteria"])
    assert CRITERIA
    assert PREFIXES["sys"] not in text
    assert "shacl#target" not in text


def test_the_reference_engine_finds_matches(judged: Dataset) -> None:
    known = {system: found.known for system, found in derived_evidence(judged).items()}
    shapes = asserted_ntriples(judged, ["ontology/conditions", "ontology/criteria"])
    assert engines.matches(fact_triples(known), shapes, [criterion.iri for criterion in CRITERIA.values()])
