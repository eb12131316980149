"""Problems in Chinese: replaces the English message of a rule by the Chinese requirement from the ontology."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from scs_kg import store
from scs_kg.contribute.check.field_words import field_names, in_field_words
from scs_kg.contribute.read.fields import all_fields
from scs_kg.contribute.report import ValidationReport
from scs_kg.model.advice import COMMAND_LINE
from scs_kg.model.errors import ScsError
from scs_kg.model.namespaces import PREFIXES, SH, expand
from scs_kg.model.problem import Problem
from scs_kg.render.language import advice_text, gettext, language, translated
from scs_kg.store import Dataset

CHINESE = (SH + "description", PREFIXES["skos"] + "definition")
"""The properties with the Chinese requirement of a rule: the first for shapes, the second for rules on files."""


def localized_report(dataset: Dataset | None, report: ValidationReport) -> ValidationReport:
    """Return a report with messages in the language of the context; pass None if the dataset cannot be loaded."""
    if language() == "en":
        return report
    known = requirements(dataset) if dataset else {}
    names = field_names(all_fields(dataset)) if dataset and any(p.of_fields for p in report.problems) else {}
    of_fields = report.rules_of_fields
    rules = {name: _requirement(known, names, name, name in of_fields) or text for name, text in report.rules.items()}
    problems = tuple(_localized(problem, known, names) for problem in report.problems)
    return replace(report, problems=problems, rules=MappingProxyType(rules))


def requirements(dataset: Dataset) -> Mapping[str, str]:
    """Return the Chinese requirement of each rule, keyed by IRI."""
    return {
        subject: store.text(value)
        for predicate in CHINESE
        for subject, _ in store.subject_objects(dataset, predicate)
        if subject.startswith((PREFIXES["integrity"], PREFIXES["style"]))
        for value in store.objects(dataset, store.NamedNode(subject), predicate)
        if getattr(value, "language", "") in {"zh-hans", "zh-Hans"}
    }


def _requirement(known: Mapping[str, str], names: Mapping[str, str], rule: str, of_fields: bool) -> str:
    """Return the Chinese requirement of a rule or ""; with ``of_fields``, in the words of a file of fields."""
    requirement = known.get(expand(rule) or "", "").rstrip("。")
    return in_field_words(requirement, names) if of_fields else requirement


def _localized(problem: Problem, known: Mapping[str, str], names: Mapping[str, str]) -> Problem:
    """Replace the message by the requirement; the found values are kept. A problem of a whole file is translated."""
    requirement = _requirement(known, names, problem.rule, problem.of_fields)
    if not requirement:
        return replace(problem, message=_translated(problem), advice=())
    if problem.rule.startswith("integrity:File"):
        message, english = _translated(problem), problem.correction()
        known_message = message if message != english else requirement + gettext(" ({reason})", reason=message)
        return replace(problem, node=translated(problem.node), message=known_message, advice=())
    found = re.search(r" \(found: .*\)$", problem.message, re.DOTALL)
    return replace(problem, message=requirement + (translated(found[0]) if found else ""))


def _translated(problem: Problem) -> str:
    """Return the message and the advice of a problem in Chinese."""
    return "".join(map(translated, (problem.message, *map(COMMAND_LINE.clause, problem.advice))))


def error_in_chinese(error: ScsError) -> str:
    """Return an error in Chinese; messages of rules are replaced by their requirements."""
    found = translated(error.message)
    dataset = store.load_ontology(store.default_root())
    known = requirements(dataset)
    messages = {
        store.text(value): known[subject].rstrip("。")
        for subject, _ in store.subject_objects(dataset, SH + "message")
        if subject in known
        for value in store.objects(dataset, store.NamedNode(subject), SH + "message")
    }
    for message in sorted(messages, key=len, reverse=True):
        found = found.replace(message, messages[message])
    return re.sub(r" \(found: .*?\)", lambda note: translated(note[0]), found) + advice_text(error)
