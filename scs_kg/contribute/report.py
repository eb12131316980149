"""The result of validating files, which ``check`` and ``validate`` return."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.model.namespaces import PREFIXES, SH, expand
from scs_kg.model.problem import Problem
from scs_kg.store import Dataset, NamedNode

SEVERITIES: Final = ("Violation", "Warning", "Info")


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The files that were validated, the problems in these files, and the requirements of the rules that they break.

    ``rules`` has the requirements, keyed by the short name of the rule (``integrity:ClaimAbout``). ``read`` has the
    number of records of each kind in checked files, by class (``Claim``); it is empty for validated project folders.
    """

    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    rules: Mapping[str, str]
    read: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of problems of each severity, in the order of ``SEVERITIES``."""
        counted = Counter(problem.severity for problem in self.problems)
        return MappingProxyType({severity: counted[severity] for severity in SEVERITIES})

    def of(self, *severities: str) -> tuple[Problem, ...]:
        """Return the problems with one of these severities, in order."""
        return tuple(problem for problem in self.problems if problem.severity in severities)

    @property
    def rules_of_fields(self) -> frozenset[str]:
        """The rules that only files of fields break (CSV, XLSX, YAML, JSON); their authors do not write Turtle."""
        return frozenset(self.rules) - {problem.rule for problem in self.problems if not problem.of_fields}

    @property
    def violations(self) -> tuple[Problem, ...]:
        """The problems that must be corrected before the files can be used."""
        return self.of("Violation")

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.violations


def validation_report(
    dataset: Dataset | None, files: Iterable[str], problems: Iterable[Problem], rules: Mapping[str, str] | None = None
) -> ValidationReport:
    """Return a report on the files, including the files that problems name.

    The requirement of a rule comes from ``rules`` or else from the dataset. If there is no requirement in ``rules`` or
    the dataset, the name of the rule is used.
    """
    found, known = tuple(problems), rules or {}
    names = sorted({problem.rule for problem in found})
    return ValidationReport(
        tuple(dict.fromkeys((*files, *(problem.file for problem in found)))),
        found,
        MappingProxyType({name: known.get(name) or _requirement(dataset, name) for name in names}),
    )


def _requirement(dataset: Dataset | None, rule: str) -> str:
    """Return the definition of a rule, or the message of its shape or of the shape's SPARQL constraint."""
    if dataset is None or (iri := expand(rule)) is None:
        return rule
    node = NamedNode(iri)
    for part in (node, *store.objects(dataset, node, SH + "sparql")):
        for predicate in (PREFIXES["skos"] + "definition", SH + "message"):
            for value in store.objects(dataset, part, predicate):
                return store.text(value)
    return rule
