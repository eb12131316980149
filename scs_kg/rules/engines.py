"""Runs SHACL engines; the only door to them.

Two engines read the same shapes: ``shacl``, fast enough to guard every start, and pySHACL, the reference. Both are
given everything as N-Triples, follow no import and reach no network.
"""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

import shacl as fast

from scs_kg import store
from scs_kg.model.errors import BadFileError, EmptyInputError, EngineError
from scs_kg.model.namespaces import RDF, SCS, SH, curie, local_id
from scs_kg.model.problem import Problem
from scs_kg.store import Dataset
from scs_kg.store.locate import locate
from scs_kg.store.serialize import asserted_ntriples

if TYPE_CHECKING:
    from rdflib import Graph

RULES: Final = ("ontology/integrity", "ontology/style")


@dataclass(frozen=True, order=True, slots=True)
class Violation:
    """One result of a validation: IRIs as they stand, blank nodes as ``_:label``."""

    focus: str
    rule: str
    path: str
    value: str
    message: str
    severity: str


Engine = Callable[[str, str], list[Violation]]


def run_fast(data: str, shapes: str) -> list[Violation]:
    """Validate N-Triples against shapes in N-Triples with ``shacl``; raise EngineError if it cannot."""
    try:
        report = _compiled(shapes).validate_text(data, "ntriples")
    except ValueError as error:
        raise EngineError(f"the SHACL engine refuses its input: {error}") from error
    return sorted(
        Violation(_bare(r.focus_node), _bare(r.root_shape), _path(r.path), _value(r), r.message or "", r.severity)
        for r in report.results
    )


@cache
def _compiled(shapes: str) -> fast.Shapes:
    return fast.Shapes.from_text(shapes, "ntriples")


def _bare(term: str | None) -> str:
    return (term or "").removeprefix("<").removesuffix(">")


def _path(path: str | None) -> str:
    """Return a path that is one IRI as such; a longer one is a blank node to the other engine, and so to us."""
    bare = _bare(path)
    return "_:path" if re.search(r"[<>^|*?+]", bare) else bare


def _value(result: fast.Result) -> str:
    return result.value if result.value and result.value.startswith("_:") else result.value_plain or ""


def run_reference(data: "str | Graph", shapes: str) -> list[Violation]:
    """Hold N-Triples, or an rdflib graph, against shapes in N-Triples with pySHACL; raise EngineError if it cannot."""
    report = report_reference(data, shapes)
    from rdflib import RDF as RDF_TERMS
    from rdflib import SH as TERMS
    from rdflib import BNode

    def value(result: Any, predicate: Any) -> str:
        term = report.value(result, predicate)
        return "" if term is None else f"_:{term}" if isinstance(term, BNode) else str(term)

    nested = set(report.objects(None, TERMS.detail))
    return sorted(
        Violation(
            value(result, TERMS.focusNode),
            value(result, TERMS.sourceShape),
            value(result, TERMS.resultPath),
            value(result, TERMS.value),
            value(result, TERMS.resultMessage),
            local_id(value(result, TERMS.resultSeverity)),
        )
        for result in report.subjects(RDF_TERMS.type, TERMS.ValidationResult)
        if result not in nested
    )


def report_reference(data: "str | Graph", shapes: str) -> Any:
    """Return pySHACL's ``sh:ValidationReport`` on N-Triples, or on a graph of rdflib, as an rdflib graph."""
    import pyshacl
    from rdflib import Graph

    from scs_kg.rules.pyshacl_graph import QueryCachingGraph

    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # ill-typed literals are what we look for
    try:
        given = Graph().parse(data=data, format="nt") if isinstance(data, str) else data
        _, report, _ = pyshacl.validate(
            QueryCachingGraph(given.store, given.identifier),
            shacl_graph=_read(shapes),
            inference="none",
            do_owl_imports=False,
        )
    except Exception as error:  # pySHACL raises what it likes, also bare exceptions of rdflib
        raise EngineError(f"pySHACL cannot validate: {error}") from error
    if isinstance(report, Exception):
        raise EngineError(f"pySHACL cannot validate: {report}") from report
    return report


@lru_cache(maxsize=1)
def _read(shapes: str) -> "Graph":
    """Read shapes for pySHACL once for all data in a row; it adds two statements to them, always the same."""
    from rdflib import Graph

    return Graph().parse(data=shapes, format="nt")


def problems(dataset: Dataset, engine: Engine = run_fast, *, warnings: bool = True) -> tuple[Problem, ...]:
    """Hold the whole dataset against the rules of ``ontology/integrity/`` and ``ontology/style.ttl``.

    Without ``warnings``, node shapes of that severity are not even tried.

    Raises:
        EmptyInputError: there is no rule, so that nothing would be checked.
        EngineError: the engine cannot run the rules.
    """
    rules = {name: asserted_ntriples(dataset, (name,)) for name in RULES}
    for name, text in rules.items():
        if SH + "NodeShape" not in text:
            raise EmptyInputError(f"{dataset.root}: no rule in {name}; nothing would be checked")
    shapes = "".join(rules.values())
    try:
        found = engine(asserted_ntriples(dataset), shapes if warnings else _without_warnings(dataset, shapes))
    except EngineError as error:
        raise EngineError(f"{' or '.join(RULES)}: {error}") from error
    return tuple(sorted({_problem(dataset, violation) for violation in found}, key=_order))


def _without_warnings(dataset: Dataset, shapes: str) -> str:
    """Take the targets away from the node shapes that only warn."""
    mild = tuple(
        f"<{store.text(shape)}> <{SH}target" for shape in store.subjects(dataset, SH + "severity", SH + "Warning")
    )
    return "".join(line for line in shapes.splitlines(keepends=True) if not line.startswith(mild))


def _problem(dataset: Dataset, violation: Violation) -> Problem:
    at_fault, value = violation.focus, violation.value
    named = not violation.rule.startswith("_:") and not at_fault.startswith("_:")
    if named and store.has_triple(dataset, violation.rule, SH + "targetNode", at_fault):
        at_fault, value = value, ""  # the rule aims at a class and names the node at fault as the value
    file, line = locate(dataset, at_fault, violation.path)
    node = "a blank node" if at_fault.startswith("_:") else curie(at_fault)
    path = "" if violation.path.startswith("_:") else violation.path
    found = " ".join(_shown(term) for term in (path, value) if term)
    message = f"{violation.message} (found: {found})" if value else violation.message
    return Problem(str(file or dataset.root), line, node, message, curie(violation.rule), violation.severity)


def _shown(term: str) -> str:
    return curie(term) if term.startswith("http") else "a blank node" if term.startswith("_:") else term


def _order(problem: Problem) -> tuple[str, int, str, str, str]:
    return problem.file, problem.line or 0, problem.node, problem.rule, problem.message


def guard(dataset: Dataset) -> None:
    """Refuse a dataset that breaks a rule, so that no matrix is ever made from it; warnings pass.

    Raises:
        BadFileError: with the first violation, its file and its line.
    """
    broken = [problem for problem in problems(dataset, warnings=False) if problem.severity == "Violation"]
    if broken:
        first, more = broken[0], len(broken) - 1
        rest = f"; and {more} more, see 'scs-kg validate'" if more else ""
        raise BadFileError(first.file, first.line, f"{first.node}: {first.message}{rest}")


def matches(data: str, shapes: str, criteria: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Ask pySHACL which systems match which untargeted node shapes: pairs of criterion and system IRI.

    Each shape gets a target by a wrapper of one line, so that a miss is exactly one result for criterion and system.
    """
    wanted = sorted(criteria)
    for iri in wanted:
        if f"<{iri}> <{SH}" not in shapes:
            raise EngineError(f"the shape {curie(iri)} is not among the shapes; nothing would be asked of it")
    wrapped = {f"{iri}#wrapped": iri for iri in wanted}
    wrappers = "".join(
        f"<{wrapper}> <{RDF}type> <{SH}NodeShape> .\n"
        f"<{wrapper}> <{SH}targetClass> <{SCS}SocialCreditSystem> .\n"
        f"<{wrapper}> <{SH}node> <{iri}> .\n"
        for wrapper, iri in wrapped.items()
    )
    missed = {(wrapped[v.rule], v.focus) for v in run_reference(data, shapes + wrappers) if v.rule in wrapped}
    marker = f" <{RDF}type> <{SCS}SocialCreditSystem> ."
    systems = {line[1:].split(">", 1)[0] for line in data.splitlines() if line.endswith(marker)}
    return frozenset((iri, system) for iri in wanted for system in systems) - missed
