"""Judges a system by a criterion.

A shape is true if the system matches it with the known facts. A shape is false if the system does not match it even
with all possible facts; a fact is possible unless its opposite is known. Otherwise the value of the shape is unknown,
and the verdict is undecided. If a criterion has a condition, the verdict is inapplicable if the condition is false, and
undecided if the condition is unknown.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from scs_kg import store
from scs_kg.judging.evidence import NO_EVIDENCE, Evidence, derived_evidence
from scs_kg.model.formula import Fact, Formula, dual, facts, minimal_models, open_facts, value
from scs_kg.model.namespaces import PREFIXES, RDF, SCS
from scs_kg.model.verdicts import Criterion, OpenReason, Outcome, Verdict
from scs_kg.rules import engines
from scs_kg.rules.criteria import read_conditions, read_criteria
from scs_kg.store import Dataset, NamedNode
from scs_kg.store.serialize import asserted_ntriples

Valuer = Callable[[str, str, Formula], bool | None]


def judge(criterion: Criterion, system: str, found: Evidence, valuer: Valuer) -> Verdict:
    """Judge one system by one criterion; ``valuer`` returns the three-valued result of a shape on the system."""
    applies = criterion.applies_if is None or valuer(applicability(criterion), system, criterion.applies_if)
    if applies is False and criterion.applies_if is not None:
        return Verdict(
            system, criterion.iri, Outcome.INAPPLICABLE, supporting_claims(found, [dual(criterion.applies_if)])
        )
    matched = valuer(criterion.iri, system, criterion.formula)
    if applies is None or matched is None:
        return _undecided(criterion, system, found)
    demand = supporting_claims(found, [criterion.formula if matched else dual(criterion.formula)])
    condition = supporting_claims(found, [criterion.applies_if] if criterion.applies_if is not None else [])
    outcome = Outcome.PASSED if matched is criterion.upholds else Outcome.FAILED
    claims = tuple(sorted({*demand, *condition}))
    return Verdict(system, criterion.iri, outcome, claims, premises=tuple(c for c in condition if c not in demand))


@dataclass(frozen=True, slots=True)
class BlankVerdict:
    """A criterion, the features that it tests, and its verdict on a system with an empty IRI and no evidence."""

    criterion: Criterion
    features: frozenset[str]
    verdict: Verdict


def blank_verdict(criterion: Criterion) -> BlankVerdict:
    """Judge a criterion without evidence."""
    formulas = [criterion.formula] + ([criterion.applies_if] if criterion.applies_if is not None else [])
    tested = frozenset(fact.feature for formula in formulas for fact in facts(formula))
    return BlankVerdict(criterion, tested, judge(criterion, "", NO_EVIDENCE, by_formula({"": NO_EVIDENCE})))


def judge_from(blank: BlankVerdict, system: str, found: Evidence, valuer: Valuer, reported: Collection[str]) -> Verdict:
    """Judge as ``judge`` does. If no evidence concerns a tested feature, reuse the verdict of ``blank``.

    ``reported`` are the features of the evidence.
    """
    if not blank.features.isdisjoint(reported):
        return judge(blank.criterion, system, found, valuer)
    same = blank.verdict
    return Verdict(system, same.criterion, same.outcome, same.claims, same.open_reason, same.open, same.premises)


def applicability(criterion: Criterion) -> str:
    """Return the name under which a valuer evaluates the condition of a criterion."""
    return criterion.iri + "#applies"


def supporting_claims(found: Evidence, decisive: Iterable[Formula]) -> tuple[str, ...]:
    """Return the claims in any minimal set that makes one of the formulas true, sorted."""
    used = {fact for formula in decisive for proof in minimal_models(formula, found.known) for fact in proof}
    return tuple(sorted({claim for fact in used for claim in found.known[fact]}))


def open_features(criterion: Criterion, known: Collection[Fact]) -> frozenset[str]:
    """Return the features on which the verdict depends and about which no fact is known."""
    formulas = [criterion.formula] + ([criterion.applies_if] if criterion.applies_if is not None else [])
    return frozenset(fact.feature for formula in formulas for fact in open_facts(formula, known))


def _undecided(criterion: Criterion, system: str, found: Evidence) -> Verdict:
    features = open_features(criterion, found.known)
    reason, claims = OpenReason.SILENT, frozenset[str]()
    for stronger, facts_found in (
        (OpenReason.PLANNED, found.planned),
        (OpenReason.NOT_REPORTED, found.not_reported),
        (OpenReason.RULE_AND_PRACTICE_DIFFER, found.differing),
        (OpenReason.CONTESTED, found.contested),
    ):
        concerned = frozenset(c for fact, iris in facts_found.items() if fact.feature in features for c in iris)
        reason, claims = (stronger, concerned) if concerned else (reason, claims)
    return Verdict(system, criterion.iri, Outcome.CANT_TELL, tuple(sorted(claims)), reason, tuple(sorted(features)))


def by_formula(found: Mapping[str, Evidence]) -> Valuer:
    """Return the built-in valuer, which evaluates the formula of a shape on the known facts."""
    return lambda _, system, formula: value(formula, found[system].known)


def by_pyshacl(dataset: Dataset, criteria: Collection[Criterion], found: Mapping[str, Evidence]) -> Valuer:
    """Return the reference valuer, which runs pySHACL on the known facts and on all possible facts."""
    names = {c.iri: c.iri for c in criteria}
    for criterion in criteria:
        for shape in store.objects(dataset, NamedNode(criterion.iri), SCS + "appliesIf"):
            names[applicability(criterion)] = store.text(shape)
    shapes = asserted_ntriples(
        dataset, [g.removeprefix(PREFIXES["graph"]) for g in sorted(dataset.files) if not _is_rule(g)]
    )
    known = {system: set(e.known) for system, e in found.items()}
    tested = {f.feature for c in criteria for form in (c.formula, c.applies_if) if form for f in facts(form)}
    every = {Fact(feature, present) for feature in tested for present in (True, False)}
    possible = {s: {f for f in every if Fact(f.feature, not f.present) not in k} for s, k in known.items()}
    certain = engines.matches(fact_triples(known), shapes, names.values())
    perhaps = engines.matches(fact_triples(possible), shapes, names.values())

    def valuer(shape: str, system: str, _: Formula) -> bool | None:
        pair = names[shape], system
        return True if pair in certain else None if pair in perhaps else False

    return valuer


def _is_rule(graph: str) -> bool:
    return graph.startswith(tuple(PREFIXES["graph"] + name for name in (*engines.RULES, "data/")))


def fact_triples(known: Mapping[str, Iterable[Fact]]) -> str:
    """Return facts as N-Triples, with the type of each system."""
    lines = [f"<{system}> <{RDF}type> <{SCS}SocialCreditSystem> .\n" for system in known]
    lines += [
        f"<{system}> <{SCS}{'has' if fact.present else 'lacks'}Feature> <{fact.feature}> .\n"
        for system, system_facts in known.items()
        for fact in system_facts
    ]
    return "".join(sorted(lines))


def judge_all(dataset: Dataset, engine: str = "formula") -> tuple[Verdict, ...]:
    """Judge every system by every criterion and condition on the evidence that ``derive`` added.

    The function is the specification of ``state.judge_claims``; tests compare their results. Verdicts are sorted by
    system and criterion. ``engine`` is ``formula`` or ``pyshacl``.
    """
    criteria, found = (*read_criteria(dataset), *read_conditions(dataset)), derived_evidence(dataset)
    valuer = by_formula(found) if engine == "formula" else by_pyshacl(dataset, criteria, found)
    return tuple(judge(c, system, e, valuer) for system, e in found.items() for c in criteria)
