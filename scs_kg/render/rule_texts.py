"""Problems in Chinese: what each rule requires, as the ontology has it, in the place of the English message."""

import re
from collections.abc import Mapping
from dataclasses import replace

from scs_kg import store
from scs_kg.contribute.report import ValidationReport
from scs_kg.model.namespaces import PREFIXES, SH, expand
from scs_kg.model.problem import Problem
from scs_kg.render.language import gettext, language, translated
from scs_kg.store import Dataset

CHINESE = (SH + "description", PREFIXES["skos"] + "definition")
"""The properties that hold the Chinese requirement of a rule: of a shape, and of a demand on files."""


def localized_report(dataset: Dataset | None, report: ValidationReport) -> ValidationReport:
    """Return a report whose messages are in the language of the context; None is a dataset that cannot be loaded."""
    if language() == "en":
        return report
    known = requirements(dataset) if dataset else {}
    return replace(report, problems=tuple(_localized(problem, known) for problem in report.problems))


def requirements(dataset: Dataset) -> Mapping[str, str]:
    """Return the Chinese requirement of each rule by its IRI."""
    return {
        subject: store.text(value)
        for predicate in CHINESE
        for subject, _ in store.subject_objects(dataset, predicate)
        if subject.startswith(PREFIXES["integrity"])
        for value in store.objects(dataset, store.NamedNode(subject), predicate)
        if getattr(value, "language", "") in {"zh-hans", "zh-Hans"}
    }


def _localized(problem: Problem, known: Mapping[str, str]) -> Problem:
    """Put the requirement in the place of the message; what was found is kept, and so are details of a file."""
    requirement = known.get(expand(problem.rule) or "", "").rstrip("。")
    if not requirement:
        return replace(problem, message=translated(problem.message))
    if problem.rule.startswith("integrity:File"):
        return replace(problem, message=requirement + gettext(" ({reason})", reason=translated(problem.message)))
    found = re.search(r" \(found: .*\)$", problem.message, re.DOTALL)
    return replace(problem, message=requirement + (translated(found[0]) if found else ""))


def error_in_chinese(sentence: str) -> str:
    """Return a finished error message in Chinese, with the requirements of rules in the place of their messages."""
    found = translated(sentence)
    dataset = store.load(store.default_root())
    known = requirements(dataset)
    messages = {
        store.text(value): known[subject].rstrip("。")
        for subject, _ in store.subject_objects(dataset, SH + "message")
        if subject in known
        for value in store.objects(dataset, store.NamedNode(subject), SH + "message")
    }
    for message in sorted(messages, key=len, reverse=True):
        found = found.replace(message, messages[message])
    found = re.sub(r" \(found: .*?\)", lambda note: translated(note[0]), found)
    return re.sub(r"; and \d+ more, see 'scs-kg validate'", lambda note: translated(note[0]), found)
