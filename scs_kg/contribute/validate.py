"""Checks the project's own data: integrity and style by pySHACL, consistency by owlrl, and that every check checks.

Problems are values; a check that would find nothing to check is a problem itself.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scs_kg import store
from scs_kg.judging.judge import derive
from scs_kg.judging.matrix import compare
from scs_kg.judging.selection import open_judged
from scs_kg.model.errors import BadFileError, EngineError, ScsError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, SH, curie
from scs_kg.model.problem import Problem
from scs_kg.rules import engines
from scs_kg.rules.criteria import criteria, read_criterion
from scs_kg.store import Dataset, query_library
from scs_kg.store.dataset import empty_dataset
from scs_kg.store.loading import syntax_errors
from scs_kg.store.locate import locate
from scs_kg.store.serialize import asserted_ntriples

LOGIC: Final = tuple(
    f"<{name}"
    for name in (
        PREFIXES["rdfs"] + "sub",
        PREFIXES["owl"],
        PREFIXES["skos"] + "broader",
        RDF + "first",
        RDF + "rest",
        RDF + "type",
    )
)
DRAFTED: Final = frozenset({SCS + "Draft", SCS + "proposes"})  # what only a draft has, and the data never


@dataclass(frozen=True, slots=True)
class Validation:
    """What is wrong, and on what sources contradict each other, which is no fault; by file and line.

    ``contested`` are not known if anything else is wrong.
    """

    problems: tuple[Problem, ...]
    contested: tuple[Problem, ...] = ()


def validate(root: Path) -> Validation:
    """Hold a project folder against everything that must be true of it; no problem means that it is sound.

    Raises:
        EmptyInputError: there is nothing to check.
        EngineError: an engine gave up.
    """
    syntax = [_from_error(error) for error in syntax_errors(root)]
    if syntax:
        return Validation(_in_order(syntax))
    dataset = store.load(root)
    found = [*engines.problems(dataset, engines.run_reference), *_misspelt(dataset), *_aimless(dataset)]
    found += [*_criteria(dataset, {problem.node for problem in found}), *_queries(root)]
    if not found:
        found += _comparison(root)
    if found:
        return Validation(_in_order(found))
    derive(dataset)
    contradictions = inconsistencies(dataset)
    return Validation(
        _in_order(problem for problem in contradictions if problem.severity == "Violation"),
        _in_order(problem for problem in contradictions if problem.severity == "Info"),
    )


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda p: (p.file, p.line or 0, p.node, p.message, p.rule)))


def _from_error(error: BadFileError) -> Problem:
    return Problem(error.file, error.line, "file", error.reason, "syntax")


def _misspelt(dataset: Dataset) -> Iterable[Problem]:
    """Find predicates and classes in the SHACL namespace that SHACL does not define; engines pass over them."""
    from rdflib import SH as DEFINED
    from rdflib import URIRef

    for subject, term in sorted(_used(dataset)):
        if URIRef(term) not in DEFINED:
            yield _problem(dataset, subject, term, f"uses {curie(term)}, which SHACL does not define", "shacl-term")


def _used(dataset: Dataset) -> set[tuple[str, str]]:
    """Return each subject with each predicate or class in the SHACL namespace that is said of it."""
    lines = (line.split(" ", 2) for line in asserted_ntriples(dataset).splitlines())
    said = {(subject, value if predicate == f"<{RDF}type>" else predicate) for subject, predicate, value in lines}
    return {(s.strip("<>"), t.split(">")[0].strip("<> .")) for s, t in said if t.startswith(f"<{SH}")}


def _aimless(dataset: Dataset) -> Iterable[Problem]:
    """Find rules whose target matches nothing, so that they can never find fault; a term of ours may come into use."""
    classes = _instantiated(dataset)
    for kind in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"):
        for shape, target in sorted(store.subject_objects(dataset, SH + kind)):
            if target in DRAFTED:
                continue
            by_class = kind in {"targetClass", "targetNode"}
            matched = target in classes if by_class else store.has_triple(dataset, None, target, None)
            matched |= store.has_triple(dataset, target, PREFIXES["rdfs"] + "isDefinedBy", None)
            if not matched:
                message = f"aims at {curie(target)}, which matches nothing; check its spelling"
                yield _problem(dataset, shape, SH + kind, message, "empty-target")


def _instantiated(dataset: Dataset) -> set[str]:
    """Return the classes that have an instance, directly or by a subclass."""
    above = list(store.subject_objects(dataset, PREFIXES["rdfs"] + "subClassOf"))
    classes = {name for _, name in store.subject_objects(dataset, RDF + "type")}
    while more := {general for specific, general in above if specific in classes} - classes:
        classes |= more
    return classes


def _criteria(dataset: Dataset, known: Collection[str]) -> Iterable[Problem]:
    """Find criteria that cannot be judged by, leaving out those of which a rule already complains."""
    for iri in criteria(dataset):
        try:
            read_criterion(dataset, iri)
        except BadFileError as error:
            if curie(iri) not in known:
                reason = error.reason.removeprefix(f"{curie(iri)}: ")
                yield Problem(error.file, error.line, curie(iri), reason, "criterion")


def _comparison(root: Path) -> Iterable[Problem]:
    """Find what keeps a comparison from being made of sound data, such as a question that asks something else."""
    try:
        compare(open_judged(root))
    except BadFileError as error:
        yield replace(_from_error(error), rule="guard")
    except ScsError as error:
        yield Problem(str(root / "queries"), None, "comparison", str(error), "library")


def _queries(root: Path) -> Iterable[Problem]:
    """Find library queries whose header or syntax is wrong."""
    empty = empty_dataset()
    for path in sorted((root / "queries").rglob("*.rq")):
        try:
            store.run_query(empty, query_library.read(path).sparql)
        except BadFileError as error:
            yield _from_error(error)
        except EngineError as error:
            line = query_library.line_suffix(error).removeprefix(":")
            yield Problem(str(path), int(line) if line else None, "query", str(error), "syntax")


def inconsistencies(dataset: Dataset) -> list[Problem]:
    """Close the stated facts under OWL 2 RL with owlrl and return its contradictions.

    The facts are those of all standing claims, contested or not (OWL 2 RL/RDF rules prp-spo2 and prp-pdw). What is
    contested is marked as information; what no claims contest is a violation.
    """
    closed, messages = close(dataset, stated(dataset))
    if not closed:
        raise EngineError("owlrl derived nothing; the consistency of the data is not known")
    contested = set(contested_pairs(dataset))
    both = {(s, f) for s, p, f in closed if p == SCS + "hasFeature" and (s, SCS + "lacksFeature", f) in closed}
    found = [_both(dataset, system, feature, contested) for system, feature in sorted(both)]
    others = [message for message in messages if SCS + "hasFeature" not in message]
    return found + [Problem(str(dataset.root), None, "ontology", message, "owlrl") for message in others]


def _both(dataset: Dataset, system: str, feature: str, contested: Collection[tuple[str, str]]) -> Problem:
    explained = (system, feature) in contested
    why = "by claims that contradict each other" if explained else "though no claims contest it"
    found = _problem(dataset, system, None, f"both has and lacks {curie(feature)} {why}", "owlrl")
    return replace(found, severity="Info") if explained else found


def stated(dataset: Dataset) -> set[tuple[str, str, str]]:
    """Return what the standing claims say, each of its own feature only: system, has or lacks, feature."""
    about, feature = (
        dict(store.subject_objects(dataset, SCS + "about")),
        dict(store.subject_objects(dataset, SCS + "feature")),
    )
    fallen = {old for link in ("supersedes", "retracts") for _, old in store.subject_objects(dataset, SCS + link)}
    links = {SCS + "Present": SCS + "hasFeature", SCS + "Absent": SCS + "lacksFeature"}
    return {
        (about[claim], links[finding], feature[claim])
        for claim, finding in store.subject_objects(dataset, SCS + "finding")
        if finding in links and claim not in fallen
    }


def contested_pairs(dataset: Dataset) -> Iterable[tuple[str, str]]:
    """Yield each system with each feature on which standing claims about it contradict each other."""
    about, bearing = (
        dict(store.subject_objects(dataset, SCS + "about")),
        set(store.subject_objects(dataset, SCS + "bearsOn")),
    )
    for claim, other in store.subject_objects(dataset, SCS + "contradicts"):
        for feature in {f for c, f in bearing if c == claim} & {f for c, f in bearing if c == other}:
            yield about[claim], feature


def close(dataset: Dataset, facts: set[tuple[str, str, str]]) -> tuple[set[tuple[str, str, str]], list[str]]:
    """Return the has- and lacks-facts that owlrl derives from facts and ontology, and its error messages."""
    from owlrl import OWLRL_Semantics
    from rdflib import Graph, URIRef

    graph = Graph().parse(data=_logic(dataset), format="nt")
    for subject, predicate, value in sorted(facts):
        graph.add((URIRef(subject), URIRef(predicate), URIRef(value)))
    semantics = OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False)
    semantics.closure()
    links = (URIRef(SCS + "hasFeature"), URIRef(SCS + "lacksFeature"))
    closed = {(str(s), str(link), str(o)) for link in links for s, o in graph.subject_objects(link)}
    return closed, sorted(semantics.error_messages)


def _logic(dataset: Dataset) -> str:
    """Return the axioms and the hierarchy as N-Triples, without labels, shapes and data, which entail nothing."""
    lines = asserted_ntriples(dataset, ("ontology",)).splitlines(keepends=True)
    return "".join(line for line in lines if line.split(" ", 2)[1].startswith(LOGIC))


def _problem(dataset: Dataset, node: str, predicate: str | None, message: str, rule: str) -> Problem:
    file, line = locate(dataset, node, predicate)
    shown = "a blank node" if node.startswith("_:") else curie(node)
    return Problem(str(file or dataset.root), line, shown, message, rule)
