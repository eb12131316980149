"""Proofs of cells compared with brute force, which judges every subset of claims and of sources."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg.analysis.dependencies import dependencies
from scs_kg.analysis.proof import (
    MinimalRetraction,
    MinimalRetractions,
    canonical_sources,
    minimal_retractions,
    prove,
    sources_of,
)
from scs_kg.judging.cells import PrincipleCriteria, decide_cell, outcome_of, read_principle_criteria
from scs_kg.judging.evidence import derive
from scs_kg.judging.hierarchy import FeatureHierarchy
from scs_kg.judging.judge import judge_all
from scs_kg.judging.judged import judge_dataset
from scs_kg.judging.readings import ReadingChoice
from scs_kg.judging.state import JudgedState, JudgingRules, change, judge_claims, read_judging_rules
from scs_kg.model.claims import Claim, Finding
from scs_kg.model.entity import Entity
from scs_kg.model.errors import EngineError
from scs_kg.model.formula import AtLeast, Fact, Formula, conjunction, disjunction
from scs_kg.model.namespaces import PREFIXES, local_id
from scs_kg.model.verdicts import Criterion, Outcome
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset
from tests.support.invented import OTHER, SYSTEM, Hierarchy, NamedClaims, formulas, hierarchies, named_claims, world

ANY = Entity("any", "urn:any", "any")
CRITERIA = tuple(f"{PREFIXES['crit']}{name}" for name in ("one", "two", "three"))

Without = Callable[[frozenset[str]], Outcome]


@st.composite
def demands(draw: st.DrawFn) -> tuple[Mapping[str, Criterion], PrincipleCriteria]:
    """Draw one to three criteria and a principle that requires them, some by aspirational provisions."""
    criteria = {
        iri: Criterion(iri, draw(st.booleans()), draw(formulas), draw(st.one_of(st.none(), formulas)))
        for iri in CRITERIA[: draw(st.integers(1, 3))]
    }
    deciding = frozenset(iri for iri in criteria if draw(st.integers(0, 3)))
    return criteria, PrincipleCriteria(ReadingChoice(ANY, ANY, None), ANY, dict.fromkeys(criteria, ""), deciding)


def subsets(names: Iterable[str]) -> Iterable[frozenset[str]]:
    """Yield every subset, small ones first."""
    ordered = sorted(names)
    for size in range(len(ordered) + 1):
        yield from map(frozenset, combinations(ordered, size))


def least(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Return the minimal sets; the given sets are sorted by size."""
    found: list[frozenset[str]] = []
    for chosen in sets:
        found += [] if any(other <= chosen for other in found) else [chosen]
    return found


def changing(units: Mapping[str, frozenset[str]], without: Without) -> dict[tuple[str, ...], Outcome]:
    """Return every minimal set of units whose removal changes the outcome, with the new outcome."""
    names = {name for unit in units.values() for name in unit}
    now = without(frozenset())
    found: dict[tuple[str, ...], Outcome] = {}
    for chosen in subsets(names):
        if not any(set(other) <= chosen for other in found):
            then = without(frozenset(claim for claim, unit in units.items() if unit & chosen))
            found |= {tuple(sorted(chosen)): then} if then is not now else {}
    return found


def named(found: MinimalRetractions) -> dict[tuple[str, ...], Outcome]:
    """Return retractions in the form of the brute-force result."""
    return {retraction.names: retraction.outcome for retraction in found.sets}


def cell(principle: PrincipleCriteria, state: JudgedState) -> Outcome:
    """Return the outcome of the cell."""
    return decide_cell(principle, SYSTEM, {v.criterion: v for v in state.system_states[SYSTEM].verdicts}).outcome


def judged_by_queries(dataset: Dataset, principle: PrincipleCriteria) -> Outcome:
    """Return the outcome of the cell according to the queries of the library and ``judge_all``."""
    derive(dataset)
    verdicts = [verdict for verdict in judge_all(dataset) if verdict.system == SYSTEM]
    return outcome_of(principle, verdicts)


@pytest.mark.no_cover
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(hierarchies(), demands(), named_claims())
def test_minimal_retractions_are_those_of_brute_force(
    general: Hierarchy, drawn: tuple[Mapping[str, Criterion], PrincipleCriteria], claims: NamedClaims
) -> None:
    criteria, principle = drawn
    chosen = {iri: claims[iri] for iri in sorted(claims)[:5]}
    rest = Claim("urn:rest", OTHER, "urn:other", Finding.PRESENT)

    def without(removed: frozenset[str]) -> Outcome:
        kept = [claim for iri, claim in chosen.items() if iri not in removed]
        return judged_by_queries(world(general, criteria, [*kept, rest]), principle)

    rules = read_judging_rules(world(general, criteria, ()))
    found = prove(judge_claims(rules, [SYSTEM, OTHER], chosen.values()), principle, SYSTEM, {})
    assert named(found.claims) == changing({iri: frozenset({iri}) for iri in chosen}, without)


@pytest.mark.no_cover
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(hierarchies(), demands(), named_claims(), st.sampled_from([{}, {PREFIXES["src"] + "l": PREFIXES["src"] + "k"}]))
def test_proofs_are_exactly_those_of_brute_force(
    general: Hierarchy,
    drawn: tuple[Mapping[str, Criterion], PrincipleCriteria],
    claims: NamedClaims,
    same: Mapping[str, str],
) -> None:
    criteria, principle = drawn
    rules = read_judging_rules(world(general, criteria, ()))
    state = judge_claims(rules, [SYSTEM, OTHER], claims.values())
    found = prove(state, principle, SYSTEM, same)

    @cache
    def without(removed: frozenset[str]) -> Outcome:
        return cell(principle, change(state, withdrawn=removed))

    assert named(found.claims) == changing({iri: frozenset({iri}) for iri in claims}, without)
    sources = {iri: frozenset(same.get(s, s) for s in claim.sources) for iri, claim in claims.items()}
    assert named(found.sources) == changing(sources, without)
    assert found.deciding is not None
    assert [frozenset(chosen) for chosen in found.deciding] == deciding(rules, principle, state, cell(principle, state))
    establishing = {claim for chosen in found.deciding for claim in chosen}
    assert set(found.witnesses) == {source for claim in establishing for source in sources[claim]}
    quick = minimal_retractions(
        dependencies(state, principle, SYSTEM), {iri: frozenset({iri}) for iri in claims}, smallest_only=True
    )
    assert quick.sets == tuple(
        retraction for retraction in found.claims.sets if len(retraction.names) == found.claims.fewest
    )


def deciding(
    rules: JudgingRules, principle: PrincipleCriteria, state: JudgedState, outcome: Outcome
) -> list[frozenset[str]]:
    """Return, by brute force, the minimal sets of establishing claims that decide the cell by themselves."""
    if outcome is Outcome.CANT_TELL:
        return []
    judged = state.system_states[SYSTEM]
    establishing = {claim for by in judged.evidence.known.values() for claim in by}
    alone = (
        (chosen, judge_claims(rules, [SYSTEM], (judged.claims[iri] for iri in chosen)))
        for chosen in subsets(establishing)
    )
    return least(chosen for chosen, then in alone if cell(principle, then) is outcome)


def one_cell(formula: Formula, claims: Iterable[Claim], upholds: bool = True) -> tuple[JudgedState, PrincipleCriteria]:
    """Return a state with one criterion over features without a hierarchy, and a principle that requires it."""
    criterion = Criterion(CRITERIA[0], upholds, formula)
    principle = PrincipleCriteria(ReadingChoice(ANY, ANY, None), ANY, {criterion.iri: ""}, frozenset({criterion.iri}))
    return judge_claims(JudgingRules((criterion,), FeatureHierarchy({}, {})), [SYSTEM], claims), principle


def test_removing_a_contradicting_claim_can_decide_a_cell() -> None:
    formula = AtLeast(1, (Fact("urn:f", present=True),))
    claims = [Claim("urn:yes", SYSTEM, "urn:f", Finding.PRESENT), Claim("urn:no", SYSTEM, "urn:f", Finding.ABSENT)]
    state, principle = one_cell(formula, claims)
    found = prove(state, principle, SYSTEM, {})
    assert (cell(principle, state), found.deciding) == (Outcome.CANT_TELL, ())
    assert named(found.claims) == {("urn:no",): Outcome.PASSED, ("urn:yes",): Outcome.FAILED}
    assert (found.sources.fewest, found.sources.sets) == (0, ())


def test_removing_a_correction_restores_the_superseded_claim() -> None:
    formula = AtLeast(1, (Fact("urn:f", present=True),))
    old = Claim("urn:old", SYSTEM, "urn:f", Finding.PRESENT)
    new = Claim("urn:new", SYSTEM, "urn:f", Finding.ABSENT, frozenset({"urn:old"}))
    state, principle = one_cell(formula, [old, new])
    found = prove(state, principle, SYSTEM, {})
    assert named(found.claims) == {("urn:new",): Outcome.PASSED}
    assert found.deciding == (("urn:new",),)


def many_pairs(pairs: int) -> tuple[Formula, list[Claim]]:
    """Return a disjunction of conjunctions of two features, with very many minimal retractions, and claims."""
    names = [(f"urn:f{number}", f"urn:g{number}") for number in range(pairs)]
    formula = disjunction(*(conjunction(Fact(f, present=True), Fact(g, present=True)) for f, g in names))
    return formula, [Claim(f"{name}-claim", SYSTEM, name, Finding.PRESENT) for pair in names for name in pair]


def test_a_search_through_too_many_sets_is_an_error() -> None:
    state, principle = one_cell(*many_pairs(12))
    with pytest.raises(EngineError, match=r"was not found among 500 sets; select fewer claims"):
        prove(state, principle, SYSTEM, {}, most=500)


def test_the_smallest_size_is_exact_even_if_not_all_sets_can_be_listed() -> None:
    formula, claims = many_pairs(12)
    key = Claim("urn:key", SYSTEM, "urn:k", Finding.PRESENT)
    state, principle = one_cell(conjunction(formula, Fact("urn:k", present=True)), [*claims, key])
    found = prove(state, principle, SYSTEM, {}, most=500)
    assert found.claims == MinimalRetractions(1, (MinimalRetraction(("urn:key",), Outcome.CANT_TELL),), complete=False)
    assert len(found.deciding or ()) == 12


def test_too_many_deciding_sets_are_not_listed_in_part() -> None:
    formula = conjunction(*(Fact(f"urn:f{number}", present=True) for number in range(8)))
    claims = [
        Claim(f"urn:f{number}-{n}", SYSTEM, f"urn:f{number}", Finding.PRESENT, sources=frozenset({f"urn:{n}"}))
        for number in range(8)
        for n in range(3)
    ]
    state, principle = one_cell(formula, claims)
    found = prove(state, principle, SYSTEM, {})
    assert found.deciding is None
    assert found.witnesses == ("urn:0", "urn:1", "urn:2")
    assert (found.claims.fewest, len(found.claims.sets), found.claims.complete) == (3, 8, True)
    assert [retraction.names for retraction in found.sources.sets] == [found.witnesses]


def test_too_many_claims_for_one_cell_are_an_error() -> None:
    claims = [Claim(f"urn:{number}", SYSTEM, "urn:f", Finding.PRESENT) for number in range(301)]
    state, principle = one_cell(disjunction(Fact("urn:f", present=True)), claims)
    with pytest.raises(EngineError, match=r"sys:any: 301 claims affect one cell; at most 300"):
        prove(state, principle, SYSTEM, {})


def test_sources_with_the_same_text_count_once(field: Dataset) -> None:
    same = canonical_sources(field)
    assert same[PREFIXES["src"] + "bluebiz-2017"] == PREFIXES["src"] + "schmitz-2017"
    state = judge_dataset(field)
    principle = [one for one in read_principle_criteria(field) if one.criteria]
    for one in principle[::10]:
        for system in state.system_states:
            found = dependencies(state, one, system)
            assert not {s for names in sources_of(found, same).values() for s in names} & same.keys()


def test_a_cycle_of_sources_with_the_same_text_terminates(judged_world: Dataset) -> None:
    assert {local_id(k): local_id(v) for k, v in canonical_sources(judged_world).items()} == {"news-2002": "book-2001"}


@pytest.mark.no_cover
def test_proofs_of_the_real_data_agree_with_its_cells(field: Dataset) -> None:
    state, same = judge_dataset(field), canonical_sources(field)
    assert read_criteria(field) == state.rules.criteria
    for principle in read_principle_criteria(field)[::6]:
        for system, judged in state.system_states.items():
            cell = decide_cell(principle, system, {verdict.criterion: verdict for verdict in judged.verdicts})
            found = prove(state, principle, system, same)
            assert found.deciding is not None
            assert bool(found.deciding) == (cell.outcome is not Outcome.CANT_TELL)
            for retraction in found.claims.sets[:3]:
                less = change(state, withdrawn=retraction.names).system_states[system]
                then = decide_cell(principle, system, {verdict.criterion: verdict for verdict in less.verdicts})
                assert then.outcome is retraction.outcome is not cell.outcome
