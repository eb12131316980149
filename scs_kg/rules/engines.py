"""Runs SHACL engines. All validation in the project goes through this module.

Two SHACL engines read the same shapes. ``shacl`` is fast enough to validate the data at every start, and pySHACL is the
reference. Both engines read N-Triples. Neither engine follows imports or uses the network.
"""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

import shacl as fast

from scs_kg import store
from scs_kg.model.advice import Advice
from scs_kg.model.errors import BadFileError, EmptyInputError, EngineError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, SH, curie, local_id
from scs_kg.model.problem import Problem
from scs_kg.store import Dataset
from scs_kg.store.line_split import split_lines
from scs_kg.store.locate import locate
from scs_kg.store.serialize import asserted_ntriples

if TYPE_CHECKING:
    from rdflib import Graph

RULES: Final = ("ontology/integrity", "ontology/style")
TRANSLATIONS: Final = "ontology/translations"
"""The requirements on translations, which apply to the data of the project and not to an overlay (``store.load``)."""

_PERSON_RULE: Final = PREFIXES["integrity"] + "PersonNumber"


@dataclass(frozen=True, order=True, slots=True)
class Violation:
    """One result of a validation; IRIs are complete, and blank nodes are ``_:label``."""

    focus: str
    rule: str
    path: str
    value: str
    message: str
    severity: str


Engine = Callable[[str, str], list[Violation]]


def run_fast(data: str, shapes: str) -> list[Violation]:
    """Validate N-Triples against shapes in N-Triples with ``shacl``; raise EngineError if the engine fails."""
    try:
        report = _compiled(shapes).validate_text(data, "ntriples")
    except ValueError as error:
        raise EngineError(f"the SHACL engine rejects its input: {error}") from error
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
    """Return the IRI of a path; ``_:path`` for a complex path, which is a blank node for pySHACL."""
    bare = _bare(path)
    return "_:path" if re.search(r"[<>^|*?+]", bare) else bare


def _value(result: fast.Result) -> str:
    return result.value if result.value and result.value.startswith("_:") else result.value_plain or ""


def run_reference(data: "str | Graph", shapes: str) -> list[Violation]:
    """Validate N-Triples, or an rdflib graph, against shapes in N-Triples with pySHACL.

    Raises:
        EngineError: pySHACL fails.
    """
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
    """Return pySHACL's ``sh:ValidationReport`` on N-Triples or an rdflib graph; raise EngineError if pySHACL fails."""
    import pyshacl

    from scs_kg.rules.pyshacl_graph import data_graph, read_data
    from scs_kg.rules.pyshacl_speed import without_descriptions

    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # rdflib would log the ill-typed literals of the report
    try:
        given = read_data(data) if isinstance(data, str) else data
        with without_descriptions():
            _, report, _ = pyshacl.validate(
                data_graph(given),
                shacl_graph=_read(shapes),
                inference="none",
                do_owl_imports=False,
            )
    except Exception as error:  # pySHACL and rdflib raise exceptions of many types
        raise EngineError(f"pySHACL cannot validate: {error}") from error
    if isinstance(report, Exception):
        raise EngineError(f"pySHACL cannot validate: {report}") from report
    return report


@lru_cache(maxsize=1)
def _read(shapes: str) -> "Graph":
    """Parse shapes for pySHACL, and cache the graph.

    A validation adds two triples to the graph. They are the same each time, so the graph can be used again.
    """
    from scs_kg.rules.pyshacl_graph import shapes_graph

    return shapes_graph(shapes)


def problems(dataset: Dataset, engine: Engine = run_fast, *, warnings: bool = True) -> tuple[Problem, ...]:
    """Validate the whole dataset against the rules of ``ontology/integrity/`` and ``ontology/style.ttl``.

    Without ``warnings``, node shapes with the severity ``sh:Warning`` are skipped.

    Raises: EmptyInputError: one of the two sources of rules has no rule. EngineError: the engine cannot run the rules.
    """
    rules = {name: asserted_ntriples(dataset, (name,)) for name in RULES}
    for name, text in rules.items():
        if SH + "NodeShape" not in text:
            raise EmptyInputError(f"{dataset.root}: no rule in {name}; restore its rules")
    translations = asserted_ntriples(dataset, (TRANSLATIONS,)) if warnings else ""
    shapes = "".join([*rules.values(), translations])
    try:
        found = engine(asserted_ntriples(dataset), shapes if warnings else _without_warnings(dataset, shapes))
    except EngineError as error:
        raise EngineError(f"{' or '.join(RULES)}: {error}") from error
    of_project = {
        _problem(dataset, violation) for violation in found if not _is_optional(dataset, violation, translations)
    }
    return tuple(sorted(of_project, key=_order))


def _is_optional(dataset: Dataset, violation: Violation, translations: str) -> bool:
    """Return whether a violation is only a missing translation of a record in an overlay."""
    if not dataset.overlay or f"<{violation.rule}> <{RDF}type>" not in translations:
        return False
    file, _ = locate(dataset, violation.focus)
    return file is not None and file.is_relative_to(dataset.root)


def _without_warnings(dataset: Dataset, shapes: str) -> str:
    """Remove the targets of the node shapes that only warn, so that they select no node."""
    warning_targets = tuple(
        f"<{store.text(shape)}> <{SH}target" for shape in store.subjects(dataset, SH + "severity", SH + "Warning")
    )
    return "".join(line for line in split_lines(shapes) if not line.startswith(warning_targets))


def _problem(dataset: Dataset, violation: Violation) -> Problem:
    """Return a violation as a problem, with the file and line of the faulty node."""
    faulty, value = violation.focus, violation.value
    named = not violation.rule.startswith("_:") and not faulty.startswith("_:")
    if named and store.has_triple(dataset, violation.rule, SH + "targetNode", faulty):
        faulty, value = value, ""  # the rule targets a class, and the value is the faulty node
    file, line = locate(dataset, faulty, violation.path)
    node = "a blank node" if faulty.startswith("_:") else curie(faulty)
    path = "" if violation.path.startswith("_:") else violation.path
    found = without_numbers(violation.rule, " ".join(_shown(term) for term in (path, value) if term))
    message = f"{violation.message} (found: {found})" if value else violation.message
    return Problem(str(file or dataset.root), line, node, message, curie(violation.rule), violation.severity)


def without_numbers(rule: str, found: str) -> str:
    """Hide the digits of a value that contains a personal number, because reports of checks can be public."""
    return re.sub(r"\d", "*", found) if rule == _PERSON_RULE else found


def _shown(term: str) -> str:
    return curie(term) if term.startswith("http") else "a blank node" if term.startswith("_:") else term


def _order(problem: Problem) -> tuple[str, int, str, str, str]:
    return problem.file, problem.line or 0, problem.node, problem.rule, problem.message


def guard(dataset: Dataset) -> None:
    """Raise an error if a dataset violates a rule, so that an invalid dataset is never judged. Warnings are ignored.

    Raises:
        BadFileError: the dataset violates a rule; the message has the first violation with its file and line.
    """
    broken = [problem for problem in problems(dataset, warnings=False) if problem.severity == "Violation"]
    if broken:
        first, more = broken[0], len(broken) - 1
        rest = (Advice(f"; and {more} more"), Advice(", see {command}", command="validate")) if more else ()
        raise BadFileError(first.file, first.line, f"{first.node}: {first.message}", advice=rest)


def matches(data: str, shapes: str, criteria: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return which systems match which node shapes, according to pySHACL: pairs of criterion and system IRI.

    The shapes have no targets. Therefore each shape gets a wrapper shape that targets all systems. For each system that
    does not match, pySHACL reports exactly one result of the wrapper.

    Raises:
        EngineError: a shape does not exist, or pySHACL fails.
    """
    wanted = sorted(criteria)
    for iri in wanted:
        if f"<{iri}> <{SH}" not in shapes:
            raise EngineError(f"the shape {curie(iri)} does not exist; define it in ontology/")
    wrapped = {f"{iri}#wrapped": iri for iri in wanted}
    wrappers = "".join(
        f"<{wrapper}> <{RDF}type> <{SH}NodeShape> .\n"
        f"<{wrapper}> <{SH}targetClass> <{SCS}SocialCreditSystem> .\n"
        f"<{wrapper}> <{SH}node> <{iri}> .\n"
        for wrapper, iri in wrapped.items()
    )
    mismatches = {(wrapped[v.rule], v.focus) for v in run_reference(data, shapes + wrappers) if v.rule in wrapped}
    marker = f" <{RDF}type> <{SCS}SocialCreditSystem> .\n"
    systems = {line[1:].split(">", 1)[0] for line in split_lines(data) if line.endswith(marker)}
    return frozenset((iri, system) for iri in wanted for system in systems) - mismatches
