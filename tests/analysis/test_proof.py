"""Compares proofs of cells with brute force, which removes every set of claims or sources and judges the rest."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
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
from scs_kg.judging.cells import decide_cell
from scs_kg.judging.evidence import derive
from scs_kg.judging.hierarchy import FeatureHierarchy
from scs_kg.judging.judge import judge_all
from scs_kg.judging.judged import judge_dataset
from scs_kg.judging.principles import PrincipleCriteria, Provision, read_principle_criteria
from scs_kg.judging.state import JudgedState, JudgingRules, change, judge_claims, read_judging_rules, uncount
from scs_kg.judging.supersessions import Supersession
from scs_kg.model.claims import Claim, Finding, Mode
from scs_kg.model.errors import EngineError
from scs_kg.model.formula import AtLeast, Fact, Formula, conjunction, disjunction
from scs_kg.model.matrix import Cell, Mark
from scs_kg.model.namespaces import PREFIXES, SCS, local_id
from scs_kg.model.verdicts import Criterion, Outcome
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import add_triples
from tests.support.invented import ACT, NAMES, OTHER, SYSTEM, Hierarchy, NamedClaims, hierarchies, named_claims
from tests.support.random_principles import CRITERIA, Demands, demands, principle_of

Result = tuple[Outcome, bool]
"""The outcome of a cell, and whether the cell is partly met."""
Without = Callable[[frozenset[str]], Result]
SAME_TEXTS: tuple[dict[str, str], ...] = ({}, {PREFIXES["src"] + "l": PREFIXES["src"] + "k"})
some_names = st.frozensets(st.sampled_from(NAMES), max_size=2)


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


def changing(units: Mapping[str, frozenset[str]], without: Without) -> dict[tuple[str, ...], Result]:
    """Return every minimal set of units whose removal changes the outcome or the mark of an open cell."""
    names = {name for unit in units.values() for name in unit}
    now = without(frozenset())
    found: dict[tuple[str, ...], Result] = {}
    for chosen in subsets(names):
        if not any(set(other) <= chosen for other in found):
            then = without(frozenset(claim for claim, unit in units.items() if unit & chosen))
            found |= {tuple(sorted(chosen)): then} if then != now else {}
    return found


def named(found: MinimalRetractions) -> dict[tuple[str, ...], Result]:
    """Return retractions in the form of the brute-force result."""
    return {retraction.names: (retraction.outcome, retraction.partly_met) for retraction in found.sets}


def retractions(claims: Iterable[str]) -> list[Supersession]:
    """Return the retractions of claims that one act makes."""
    return [Supersession(ACT, iri, retracts=True) for iri in sorted(claims)]


def cell(principle: PrincipleCriteria, state: JudgedState) -> Outcome:
    """Return the outcome of the cell."""
    return decide_cell(principle, SYSTEM, state.system_states[SYSTEM].by_test).outcome


def result(cell: Cell) -> Result:
    """Return the outcome of a cell, and whether the cell is partly met."""
    return cell.outcome, cell.mark is Mark.PARTLY_MET


def judged_from_scratch(dataset: Dataset, principle: PrincipleCriteria) -> Result:
    """Return the result of the cell, judged from the evidence that the queries derive."""
    derive(dataset)
    return result(decide_cell(principle, SYSTEM, {v.criterion: v for v in judge_all(dataset) if v.system == SYSTEM}))


@pytest.mark.slow
@pytest.mark.no_cover
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(hierarchies(), demands(), named_claims(), some_names, some_names)
def test_the_losses_are_the_minimal_sets_whose_removal_changes_the_judged_cell(
    general: Hierarchy, drawn: Demands, claims: NamedClaims, uncounted: frozenset[str], retracted: frozenset[str]
) -> None:
    principle = drawn.principle
    chosen = {iri: claims[iri] for iri in sorted(claims)[:5]}
    rest = Claim("urn:rest", OTHER, "urn:other", Finding.PRESENT)

    def without(lost: frozenset[str]) -> Result:
        kept = [claim for iri, claim in chosen.items() if iri not in lost]
        dataset = drawn.world(general, [*kept, rest], uncounted)
        links = ((ACT, SCS + "retracts", iri) for iri in retracted)
        add_triples(dataset, (Triple(*map(NamedNode, link)) for link in links), "urn:data")
        return judged_from_scratch(dataset, principle)

    rules = read_judging_rules(drawn.world(general, ()))
    state = judge_claims(rules, [SYSTEM, OTHER], chosen.values(), retractions(retracted), uncounted)
    found = prove(state, principle, SYSTEM, {})
    assert cell(principle, state) is without(frozenset())[0]
    assert named(found.claims) == changing({iri: frozenset({iri}) for iri in chosen}, without)


@pytest.mark.slow
@pytest.mark.no_cover
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(hierarchies(), demands(), named_claims(), st.tuples(some_names, some_names), st.sampled_from(SAME_TEXTS))
def test_proofs_are_exactly_those_of_brute_force(
    general: Hierarchy,
    drawn: Demands,
    claims: NamedClaims,
    left_out: tuple[frozenset[str], frozenset[str]],
    same: Mapping[str, str],
) -> None:
    principle, (uncounted, retracted) = drawn.principle, left_out
    rules = read_judging_rules(drawn.world(general, ()))
    state = uncount(judge_claims(rules, [SYSTEM, OTHER], claims.values(), retractions(retracted)), uncounted)
    found = prove(state, principle, SYSTEM, same)

    @cache
    def without(removed: frozenset[str]) -> Result:
        judged = change(state, withdrawn=removed).system_states[SYSTEM].by_test
        return result(decide_cell(principle, SYSTEM, judged))

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
    """Find by brute force the minimal sets of claims that establish facts that decide the cell.

    A claim can establish one fact and not another. For example, a rule says that scores are public, and a report of
    practice says that they are not. The known fact in this case is only that scores are not on the web.
    """
    if outcome is Outcome.CANT_TELL:
        return []
    known = state.system_states[SYSTEM].evidence.known
    flat = replace(rules, hierarchy=FeatureHierarchy({}, {}))  # the facts are given and imply no others

    def decided(chosen: frozenset[str]) -> bool:
        facts = (fact for fact, by in known.items() if not chosen.isdisjoint(by))
        claims = (Claim(f"urn:{n}", SYSTEM, fact.feature, finding(fact)) for n, fact in enumerate(facts))
        return cell(principle, judge_claims(flat, [SYSTEM], claims)) is outcome

    return least(filter(decided, subsets({claim for by in known.values() for claim in by})))


def finding(fact: Fact) -> Finding:
    """Return the finding of a claim that reports a fact."""
    return Finding.PRESENT if fact.present else Finding.ABSENT


def one_cell(formula: Formula, claims: Iterable[Claim], upholds: bool = True) -> tuple[JudgedState, PrincipleCriteria]:
    """Return a state with one criterion over features without a hierarchy, and a principle that requires it."""
    criterion = Criterion(CRITERIA[0], upholds, formula)
    asked = principle_of([criterion.iri], (Provision("urn:provision", criterion.iri, deciding=True, plain=True),))
    return judge_claims(JudgingRules((criterion,), FeatureHierarchy({}, {})), [SYSTEM], claims), asked


def test_removing_a_contradicting_claim_can_decide_a_cell() -> None:
    formula = AtLeast(1, (Fact("urn:f", present=True),))
    claims = [Claim("urn:yes", SYSTEM, "urn:f", Finding.PRESENT), Claim("urn:no", SYSTEM, "urn:f", Finding.ABSENT)]
    state, principle = one_cell(formula, claims)
    found = prove(state, principle, SYSTEM, {})
    assert (cell(principle, state), found.deciding) == (Outcome.CANT_TELL, ())
    assert named(found.claims) == {("urn:no",): (Outcome.PASSED, False), ("urn:yes",): (Outcome.FAILED, False)}
    assert (found.sources.fewest, found.sources.sets) == (0, ())


def test_removing_a_correction_restores_the_superseded_claim() -> None:
    formula = AtLeast(1, (Fact("urn:f", present=True),))
    old = Claim("urn:old", SYSTEM, "urn:f", Finding.PRESENT)
    new = Claim("urn:new", SYSTEM, "urn:f", Finding.ABSENT, frozenset({"urn:old"}))
    state, principle = one_cell(formula, [old, new])
    found = prove(state, principle, SYSTEM, {})
    assert named(found.claims) == {("urn:new",): (Outcome.PASSED, False)}
    assert found.deciding == (("urn:new",),)


def test_removing_one_side_decides_a_cell_in_which_rule_and_practice_differ() -> None:
    formula = AtLeast(1, (Fact("urn:f", present=True),))
    rule = Claim("urn:rule", SYSTEM, "urn:f", Finding.PRESENT, mode=Mode.DE_JURE)
    practice = Claim("urn:practice", SYSTEM, "urn:f", Finding.ABSENT, mode=Mode.DE_FACTO)
    plan = Claim("urn:plan", SYSTEM, "urn:f", Finding.ABSENT, mode=Mode.PLANNED)
    state, principle = one_cell(formula, [rule, practice, plan])
    found = prove(state, principle, SYSTEM, {})
    assert (cell(principle, state), found.deciding) == (Outcome.CANT_TELL, ())
    assert named(found.claims) == {("urn:practice",): (Outcome.PASSED, False), ("urn:rule",): (Outcome.FAILED, False)}


def test_the_proof_of_an_open_cell_is_a_proof_of_its_mark() -> None:
    criteria = tuple(Criterion(iri, True, Fact(f"urn:{n}", present=True)) for n, iri in enumerate(CRITERIA[:2]))
    provisions = tuple(Provision(f"urn:{c.iri}", c.iri, deciding=True, plain=True) for c in criteria)
    principle = principle_of([c.iri for c in criteria], provisions)
    first, second = (Claim(f"urn:yes-{n}", SYSTEM, "urn:0", Finding.PRESENT) for n in range(2))

    def proven(*claims: Claim) -> tuple[Mark, dict[tuple[str, ...], Result]]:
        state = judge_claims(JudgingRules(criteria, FeatureHierarchy({}, {})), [SYSTEM], claims)
        mark = decide_cell(principle, SYSTEM, state.system_states[SYSTEM].by_test).mark
        return mark, named(prove(state, principle, SYSTEM, {}).claims)

    assert proven() == (Mark.NOT_KNOWN, {})
    assert proven(first, second) == (Mark.PARTLY_MET, {("urn:yes-0", "urn:yes-1"): (Outcome.CANT_TELL, False)})
    no = Claim("urn:no", SYSTEM, "urn:0", Finding.ABSENT)
    changes = {("urn:no",): (Outcome.CANT_TELL, True), ("urn:yes-0",): (Outcome.FAILED, False)}
    assert proven(first, no) == (Mark.NOT_KNOWN, changes)
    other = Claim("urn:other", SYSTEM, "urn:1", Finding.PRESENT)
    partly = {("urn:other",): (Outcome.CANT_TELL, True), ("urn:yes-0",): (Outcome.CANT_TELL, True)}
    assert proven(first, other) == (Mark.MET, partly)


def test_a_claim_decides_only_by_the_facts_that_it_establishes() -> None:
    public, on_the_web, sold = "urn:public", "urn:on-the-web", "urn:sold"
    hierarchy = FeatureHierarchy(
        {on_the_web: frozenset({on_the_web, public})}, {public: frozenset({on_the_web, public})}
    )
    criteria = tuple(
        Criterion(iri, False, Fact(feature, present))
        for iri, feature, present in zip(CRITERIA, (public, sold, on_the_web), (False, True, False), strict=False)
    )
    claims = [
        Claim("urn:rule", SYSTEM, public, Finding.PRESENT, mode=Mode.DE_JURE),
        Claim("urn:practice", SYSTEM, public, Finding.ABSENT, mode=Mode.DE_FACTO),
        Claim("urn:sale", SYSTEM, sold, Finding.PRESENT),
    ]
    state = judge_claims(JudgingRules(criteria, hierarchy), [SYSTEM], claims)

    def proven(*chosen: Criterion) -> tuple[tuple[str, ...], ...] | None:
        provisions = (Provision(f"urn:{c.iri}", c.iri, deciding=True, plain=True) for c in chosen)
        return prove(state, principle_of([c.iri for c in chosen], tuple(provisions)), SYSTEM, {}).deciding

    differing, sale, follows = criteria
    assert proven(differing) == ()
    assert proven(differing, sale) == (("urn:sale",),)
    assert proven(follows) == (("urn:practice",),)


def test_a_claim_that_does_not_count_neither_decides_nor_contests_and_still_supersedes() -> None:
    formula = AtLeast(1, (Fact("urn:f", present=True),))
    old = Claim("urn:old", SYSTEM, "urn:f", Finding.PRESENT)
    new = Claim("urn:new", SYSTEM, "urn:f", Finding.ABSENT, frozenset({"urn:old"}))
    yes = Claim("urn:yes", SYSTEM, "urn:f", Finding.PRESENT)
    state, principle = one_cell(formula, [old, new, yes])
    found = prove(uncount(state, ["urn:new"]), principle, SYSTEM, {})
    assert found.deciding == (("urn:yes",),)
    assert named(found.claims) == {("urn:yes",): (Outcome.CANT_TELL, False)}
    found = prove(uncount(state, ["urn:new", "urn:yes"]), principle, SYSTEM, {})
    assert found.deciding == ()
    assert named(found.claims) == {("urn:new",): (Outcome.PASSED, False)}


def hostile(pairs: int) -> tuple[Formula, list[Claim]]:
    """Return a formula that is true if both features of any pair are present, and its claims."""
    names = [(f"urn:f{number}", f"urn:g{number}") for number in range(pairs)]
    formula = disjunction(*(conjunction(Fact(f, present=True), Fact(g, present=True)) for f, g in names))
    return formula, [Claim(f"{name}-claim", SYSTEM, name, Finding.PRESENT) for pair in names for name in pair]


def test_a_search_through_too_many_sets_is_an_error() -> None:
    state, principle = one_cell(*hostile(12))
    with pytest.raises(EngineError, match=r"was not found among 500 sets; select fewer claims"):
        prove(state, principle, SYSTEM, {}, most=500)


def test_the_smallest_size_is_exact_even_if_not_all_sets_can_be_listed() -> None:
    formula, claims = hostile(12)
    key = Claim("urn:key", SYSTEM, "urn:k", Finding.PRESENT)
    state, principle = one_cell(conjunction(formula, Fact("urn:k", present=True)), [*claims, key])
    found = prove(state, principle, SYSTEM, {}, most=500)
    assert found.claims == MinimalRetractions(1, (MinimalRetraction(("urn:key",), Outcome.CANT_TELL),), complete=False)
    assert len(found.deciding or ()) == 12


def test_too_many_deciding_sets_are_not_listed_in_part() -> None:
    formula = conjunction(*(Fact(f"urn:f{number}", present=True) for number in range(5)))
    claims = [
        Claim(f"urn:f{number}-{n}", SYSTEM, f"urn:f{number}", Finding.PRESENT, sources=frozenset({f"urn:{n}"}))
        for number in range(5)
        for n in range(3)
    ]
    state, principle = one_cell(formula, claims)
    assert len(prove(state, principle, SYSTEM, {}, most=100_000).deciding or ()) == 3**5
    found = prove(state, principle, SYSTEM, {})
    assert found.deciding is None
    assert found.witnesses == ("urn:0", "urn:1", "urn:2")
    assert (found.claims.fewest, len(found.claims.sets), found.claims.complete) == (3, 5, True)
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


@pytest.mark.crosscheck
@pytest.mark.no_cover
def test_proofs_of_the_real_data_agree_with_its_cells(field: Dataset) -> None:
    state, same = judge_dataset(field), canonical_sources(field)
    assert read_criteria(field) == state.rules.criteria
    for principle in read_principle_criteria(field)[::6]:
        for system, judged in state.system_states.items():
            cell = decide_cell(principle, system, judged.by_test)
            found = prove(state, principle, system, same)
            assert found.deciding is not None
            assert bool(found.deciding) == (cell.outcome is not Outcome.CANT_TELL)
            for loss in found.claims.sets[:3]:
                less = change(state, withdrawn=loss.names).system_states[system]
                then = decide_cell(principle, system, less.by_test)
                assert result(then) == (loss.outcome, loss.partly_met) != result(cell)
