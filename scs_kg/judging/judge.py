"""Judges every system by every criterion, and writes the verdicts back as EARL.

A criterion holds for sure if the system matches its shape on what the claims establish. It fails for sure if the
system does not match even on what the claims leave open. Otherwise nobody can tell. Where a criterion says when it
applies, a system that surely falls outside is inapplicable, and nothing is told of one that may.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg import store
from scs_kg.model.claims import Finding
from scs_kg.model.errors import EmptyInputError
from scs_kg.model.formula import Fact, Formula, dual, facts, minimal_models, open_facts, value
from scs_kg.model.namespaces import BASE, EARL, PREFIXES, RDF, SCS, local_id
from scs_kg.model.verdicts import Criterion, OpenReason, Outcome, Verdict
from scs_kg.rules import engines
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset, NamedNode, Triple, query_library
from scs_kg.store.dataset import add_triples
from scs_kg.store.serialize import asserted_ntriples

SOFTWARE: Final = BASE + "software"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the claims say of one system: facts that are known, claimed but contested, or looked for and not found.

    Each comes with its claims; of what is not reported, ``present`` says nothing and is True.
    """

    known: Mapping[Fact, frozenset[str]]
    contested: Mapping[Fact, frozenset[str]]
    not_reported: Mapping[Fact, frozenset[str]]


_Claims = dict[Fact, set[str]]
Valuer = Callable[[str, str, Formula], bool | None]


def derive(dataset: Dataset) -> None:
    """Add what follows from the claims: what they bear on, where they contradict each other, what they establish."""
    for name in ("bearing", "contradictions"):
        add_triples(dataset, query_library.triples(dataset, name))
    add_triples(dataset, query_library.triples(dataset, "known"))


def nothing_left(dataset: Dataset) -> EmptyInputError:
    """Return the error that says that there is no claim to judge by."""
    return EmptyInputError(f"{dataset.root}: no claim is left to judge by; check data/ and the options")


def evidence(dataset: Dataset) -> dict[str, Evidence]:
    """Return the evidence on each system, by IRI, from a dataset with what ``derive`` adds.

    Raises:
        EmptyInputError: there is no system or no claim.
    """
    about, finding = (
        dict(store.subject_objects(dataset, SCS + "about")),
        dict(store.subject_objects(dataset, SCS + "finding")),
    )
    if not finding:
        raise nothing_left(dataset)
    systems = sorted(store.text(s) for s in set(store.subjects(dataset, RDF + "type", SCS + "SocialCreditSystem")))
    if not systems:
        raise EmptyInputError(f"{dataset.root}: no system in data/; a comparison needs at least one")
    establishing = set(store.subject_objects(dataset, SCS + "establishes"))
    sorted_out: dict[str, tuple[_Claims, _Claims, _Claims]] = {
        system: (defaultdict(set), defaultdict(set), defaultdict(set)) for system in systems
    }
    for claim, feature in store.subject_objects(dataset, SCS + "bearsOn"):
        known, contested, not_reported = sorted_out[about[claim]]
        said = Finding(local_id(finding[claim]))
        unsettled = not_reported if said is Finding.NOT_REPORTED else contested
        heap = known if (claim, feature) in establishing else unsettled
        heap[Fact(feature, said is not Finding.ABSENT)].add(claim)
    return {
        system: Evidence(*({fact: frozenset(claims) for fact, claims in heap.items()} for heap in heaps))
        for system, heaps in sorted_out.items()
    }


def judge(criterion: Criterion, system: str, found: Evidence, valuer: Valuer) -> Verdict:
    """Judge one system by one criterion; ``valuer`` gives the three-valued result of a shape on the system."""
    applies = criterion.applies_if is None or valuer(applicability(criterion), system, criterion.applies_if)
    if applies is False and criterion.applies_if is not None:
        return Verdict(system, criterion.iri, Outcome.INAPPLICABLE, resting(found, [dual(criterion.applies_if)]))
    matched = valuer(criterion.iri, system, criterion.formula)
    if applies is None or matched is None:
        return _undecided(criterion, system, found)
    decisive = [criterion.formula if matched else dual(criterion.formula)]
    decisive += [criterion.applies_if] if criterion.applies_if is not None else []
    outcome = Outcome.PASSED if matched is criterion.upholds else Outcome.FAILED
    return Verdict(system, criterion.iri, outcome, resting(found, decisive))


def applicability(criterion: Criterion) -> str:
    """Name the shape of a criterion's applicability for a valuer."""
    return criterion.iri + "#applies"


def resting(found: Evidence, decisive: Iterable[Formula]) -> tuple[str, ...]:
    """Return the claims that stand in some smallest set that makes the formulas true, sorted."""
    used = {fact for formula in decisive for proof in minimal_models(formula, found.known) for fact in proof}
    return tuple(sorted({claim for fact in used for claim in found.known[fact]}))


def open_features(criterion: Criterion, known: Collection[Fact]) -> frozenset[str]:
    """Return the features on which the verdict hangs and of which nothing is established."""
    formulas = [criterion.formula] + ([criterion.applies_if] if criterion.applies_if is not None else [])
    return frozenset(fact.feature for formula in formulas for fact in open_facts(formula, known))


def _undecided(criterion: Criterion, system: str, found: Evidence) -> Verdict:
    hanging = open_features(criterion, found.known)
    why, claims = OpenReason.SILENT, frozenset[str]()
    for reason, heap in ((OpenReason.NOT_REPORTED, found.not_reported), (OpenReason.CONTESTED, found.contested)):
        bearing = frozenset(c for fact, said in heap.items() if fact.feature in hanging for c in said)
        why, claims = (reason, bearing) if bearing else (why, claims)
    return Verdict(system, criterion.iri, Outcome.CANT_TELL, tuple(sorted(claims)), why, tuple(sorted(hanging)))


def by_formula(found: Mapping[str, Evidence]) -> Valuer:
    """Return the valuer of the project: each criterion as a formula over the known facts."""
    return lambda _, system, formula: value(formula, found[system].known)


def by_pyshacl(dataset: Dataset, criteria: Collection[Criterion], found: Mapping[str, Evidence]) -> Valuer:
    """Return the reference valuer: pySHACL on the known facts, and again on all that they do not rule out."""
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
    surely = engines.matches(fact_triples(known), shapes, names.values())
    maybe = engines.matches(fact_triples(possible), shapes, names.values())

    def valuer(shape: str, system: str, _: Formula) -> bool | None:
        pair = names[shape], system
        return True if pair in surely else None if pair in maybe else False

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
    """Judge every system by every criterion, sorted by system and criterion; ``engine`` is formula or pyshacl."""
    criteria, found = read_criteria(dataset), evidence(dataset)
    valuer = by_formula(found) if engine == "formula" else by_pyshacl(dataset, criteria, found)
    return tuple(judge(c, system, e, valuer) for system, e in found.items() for c in criteria)


def verdict_iri(verdict: Verdict) -> str:
    """Return the name that a verdict is published under."""
    return f"{PREFIXES['verdict']}{local_id(verdict.system)}-{local_id(verdict.criterion)}"


def assertion(verdict: Verdict) -> list[tuple[str, str, str]]:
    """Return a verdict as triples of IRIs: an assertion of EARL 1.0, section 2, with a name and what it rests on."""
    name = verdict_iri(verdict)
    said = [
        (name, RDF + "type", EARL + "Assertion"),
        (name, EARL + "assertedBy", SOFTWARE),
        (name, EARL + "subject", verdict.system),
        (name, EARL + "test", verdict.criterion),
        (name, EARL + "mode", EARL + "automatic"),
        (name, EARL + "result", name + "-result"),
        (name + "-result", RDF + "type", EARL + "TestResult"),
        (name + "-result", EARL + "outcome", EARL + verdict.outcome),
        *((name, SCS + "restsOn", claim) for claim in verdict.claims),
        *((name, SCS + "hangsOn", feature) for feature in verdict.open),
    ]
    if verdict.why:
        said.append((name, SCS + "openBecause", SCS + verdict.why[0].upper() + verdict.why[1:]))
    return said


def publish(dataset: Dataset, verdicts: Iterable[Verdict]) -> None:
    """Add verdicts to the dataset as assertions."""
    for verdict in verdicts:
        said = assertion(verdict)
        add_triples(dataset, (Triple(NamedNode(s), NamedNode(p), NamedNode(o)) for s, p, o in said))
