"""Validates drafts in the context of the existing data.

For claims and sources, the engine gets only the draft and its neighbourhood. The neighbourhood is the part of the data
that the rules can reach from the draft. Therefore the time to check one claim does not grow with the data. Other
records, such as readings, are validated with all of the data, because their rules reach all of it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.contribute.check.field_words import field_names, in_field_words
from scs_kg.contribute.check.neighbourhood import neighbourhood, schema
from scs_kg.contribute.check.problems import DRAFT, ProblemBuilder
from scs_kg.contribute.check.shared_names import shared_names
from scs_kg.contribute.read import Draft, ReadingContext
from scs_kg.contribute.read.draft import merge_ntriples
from scs_kg.contribute.read.kinds import KINDS, is_evidence
from scs_kg.contribute.report import ValidationReport, validation_report
from scs_kg.model.namespaces import PREFIXES, RDF, SCS
from scs_kg.model.problem import Problem
from scs_kg.rules import engines
from scs_kg.rules.engines import Engine
from scs_kg.store import Dataset, Triple
from scs_kg.store.dataset import asserted_triples
from scs_kg.store.serialize import asserted_ntriples

RULES: Final = ("ontology/integrity",)
RULES_ON_ALTERED: Final = tuple(PREFIXES["integrity"] + name for name in ("Alteration", "ProposalShape"))
"""The rules whose violations are reported for an altered record."""
STYLE: Final = ("ontology/style",)
"""The rules on guidelines, readings, provisions, features and criteria."""


@dataclass(frozen=True, slots=True)
class CheckContext:
    """The input of every check: the reading context, and the rules and the schema of the data as N-Triples.

    ``schema`` has the classes with their order, and the hierarchy of features.
    """

    reading: ReadingContext
    shapes: str
    schema: str


def check_context(reading: ReadingContext) -> CheckContext:
    """Prepare a dataset for any number of checks."""
    return CheckContext(reading, asserted_ntriples(reading.dataset, RULES), schema(reading.dataset))


def check(
    context: CheckContext, drafts: Iterable[Draft], today: str, engine: Engine = engines.run_fast
) -> ValidationReport:
    """Validate drafts that are to be added together on a day (``2026-11-25``); the problems are sorted by position.

    Raises:
        EngineError: the engine cannot run the rules.
    """
    given = list(drafts)
    found = [problem for draft in given for problem in draft.problems] + shared_names(given)
    ntriples = merge_ntriples(draft.ntriples for draft in given)
    if ntriples:
        found += _rule_problems(context, given, ntriples, today, engine)
    problems = sorted(set(found), key=_order)
    report = validation_report(context.reading.dataset, (draft.file for draft in given), problems)
    names, of_fields = field_names(context.reading.fields), report.rules_of_fields
    rules = {rule: in_field_words(text, names) if rule in of_fields else text for rule, text in report.rules.items()}
    return replace(report, rules=MappingProxyType(rules), read=_counted(ntriples))


def _counted(ntriples: str) -> Mapping[str, int]:
    """Return the number of records of each kind of ``KINDS`` in N-Triples; a claim on a level counts as a claim."""
    classes = re.findall(rf"^\S+ <{RDF}type> <{SCS}(?:Level|Study)?(\w+)> \.$", ntriples, re.MULTILINE)
    found = Counter(classes)
    return MappingProxyType({kind.name: found[kind.name] for kind in KINDS if found[kind.name]})


def _order(problem: Problem) -> tuple[str | int, ...]:
    """Return the sort key of a problem: cells row by row, and within a row from left to right."""
    sheet, _, cell = problem.cell.rpartition("!")
    letters = cell.rstrip("0123456789")
    line, column = problem.line or int(cell[len(letters) :] or 0), problem.column or len(letters)
    return problem.file, sheet, line, column, letters, problem.node, problem.rule, problem.message


def _rule_problems(
    context: CheckContext, drafts: list[Draft], ntriples: str, today: str, engine: Engine
) -> list[Problem]:
    """Return rule violations in the drafts. For an altered record, report only the alteration."""
    triples = store.parse_triples(ntriples.encode(), "ntriples")
    dataset = context.reading.dataset
    restated, altered = _compare_with_data(dataset, triples)
    whole = triples + [triple for subject in sorted(restated) for triple in asserted_triples(dataset, subject)]
    proposed = {store.text(triple.subject) for triple in triples}
    if all(map(is_evidence, proposed)):
        shapes, around = context.shapes, context.schema + neighbourhood(dataset, whole)
    else:
        shapes, around = context.shapes + asserted_ntriples(dataset, STYLE), asserted_ntriples(dataset)
    data = ntriples + around + _proposal(proposed, restated, altered, today)  # a repeated triple changes nothing
    builder = ProblemBuilder(context.reading, drafts)
    found = []
    for violation in engine(data, shapes):
        node = violation.value if violation.focus == DRAFT else violation.focus
        if node in proposed and (node not in altered or violation.rule in RULES_ON_ALTERED):
            found.append(builder.problem(violation, node))
    reported = {_position(problem) for draft in drafts for problem in draft.problems if problem.line or problem.cell}
    return [problem for problem in found if _position(problem) not in reported]


def _position(problem: Problem) -> tuple[str, int | None, int | None, str]:
    return problem.file, problem.line, problem.column, problem.cell


def _compare_with_data(dataset: Dataset, triples: Iterable[Triple]) -> tuple[set[str], set[str]]:
    """Split the subjects that are already in the data into subjects with the same triples and with other triples."""
    changed: dict[str, bool] = {}
    known: dict[str, set[Triple]] = {}
    for triple in triples:
        subject = store.text(triple.subject)
        if subject not in known:
            known[subject] = set(asserted_triples(dataset, subject))
        changed[subject] = changed.get(subject, False) or triple not in known[subject]
    existing = {subject for subject, found in known.items() if found}
    return {s for s in existing if not changed[s]}, {s for s in existing if changed[s]}


def _proposal(proposed: Iterable[str], restated: Iterable[str], altered: Iterable[str], today: str) -> str:
    """Return the description of the draft itself as N-Triples; the rules on drafts target it."""
    links = {"proposes": proposed, "restates": restated, "alters": altered}
    lines = [f"<{DRAFT}> <{SCS}{link}> <{thing}> .\n" for link, things in links.items() for thing in sorted(things)]
    day = f'"{today}"^^<{PREFIXES["xsd"]}date>'
    head = f"<{DRAFT}> <{RDF}type> <{SCS}Draft> .\n<{DRAFT}> <{PREFIXES['dcterms']}created> {day} .\n"
    return head + "".join(lines)
