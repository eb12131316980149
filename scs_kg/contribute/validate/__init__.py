"""Validates the whole project: syntax, integrity and style (SHACL), shapes, criteria, queries, contradictions.

If a step has nothing to check, it reports a problem.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.contribute.report import ValidationReport, validation_report
from scs_kg.contribute.validate.consistency import contradictions, inconsistencies
from scs_kg.contribute.validate.dates import future_dates
from scs_kg.contribute.validate.queries import comparison, query_problems
from scs_kg.contribute.validate.shapes import criterion_problems, empty_targets, undefined_shacl_terms
from scs_kg.model.errors import BadFileError
from scs_kg.model.problem import Problem
from scs_kg.rules import engines
from scs_kg.store.loading import syntax_errors
from scs_kg.store.search_log import LOG

RULES: Final = MappingProxyType(
    {
        "syntax": "A file can be read and follows its grammar.",
        "shacl-term": "Shapes use only terms that SHACL defines.",
        "empty-target": "The target of a shape matches at least one node.",
        "criterion": "A criterion can be evaluated.",
        "guard": "The library queries return the columns that a comparison needs.",
        "library": "A comparison can be made with the queries of the library.",
        "contradiction": "Claims about a system do not contradict each other.",
        "owlrl": "The claims and the ontology are consistent under OWL 2 RL.",
    }
)
"""The requirements of the rules that are checked in Python; all other rules are shapes in the ontology."""


def validate(root: Path, engine: str = "fast") -> ValidationReport:
    """Validate a project folder. Features on which claims contradict each other are reported as information.

    ``engine`` is ``fast`` or ``pyshacl``. With ``pyshacl``, pySHACL runs the rules, and owlrl checks that the claims
    and the ontology are consistent. Tests show that both engines report the same problems.

    Later steps need valid data: consistency and contradictions are checked only if the earlier steps find no problem.

    Raises:
        EmptyInputError: there is nothing to validate.
        EngineError: an engine failed.
    """
    files = _files(root)
    try:
        dataset = store.load(root)
    except BadFileError:  # the report names all files with an error
        syntax = [Problem(e.file, e.line, "file", e.reason, "syntax") for e in syntax_errors(root)]
        if not syntax:
            raise
        return validation_report(None, files, _ordered(syntax), RULES)
    run = engines.run_reference if engine == "pyshacl" else engines.run_fast
    found = [
        *engines.problems(dataset, run),
        *future_dates(dataset, datetime.now(UTC).date().isoformat(), run),
        *undefined_shacl_terms(dataset),
    ]
    found += empty_targets(dataset)
    found += [*criterion_problems(dataset, {problem.node for problem in found}), *query_problems(dataset.library)]
    if not found:
        evident, found = comparison(dataset)
        if evident:
            found += inconsistencies(evident) if engine == "pyshacl" else contradictions(evident)
    return validation_report(dataset, files, _ordered(found), RULES)


def _files(root: Path) -> list[str]:
    """Return the Turtle files, the log of searches and the queries of a project folder."""
    patterns = ("ontology/**/*.ttl", "data/**/*.ttl", LOG, "queries/**/*.rq")
    return [str(path) for pattern in patterns for path in sorted(root.glob(pattern))]


def _ordered(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda p: (p.file, p.line or 0, p.node, p.message, p.rule))
