"""Problems as text, JSON, SARIF, JUnit XML and annotations of GitHub Actions."""

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from scs_kg.contribute.report import ValidationReport
from scs_kg.model.advice import COMMAND_LINE, FrontEnd
from scs_kg.model.hidden_characters import HIDDEN
from scs_kg.model.namespaces import BASE, expand
from scs_kg.model.problem import Problem
from scs_kg.model.version import __version__
from scs_kg.render.language import gettext, listed, ngettext, translated

if TYPE_CHECKING:  # import only for annotations
    from scs_kg.render.json_change_shapes import CheckJson, ClaimProblemJson, Severity

WORDS: Final["Mapping[str, Severity]"] = {"Violation": "error", "Warning": "warning", "Info": "note"}
COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "Violation": ("{number} error", "{number} errors"),
    "Warning": ("{number} warning", "{number} warnings"),
    "Info": ("{number} note", "{number} notes"),
}
READ: Final[Mapping[str, tuple[str, str]]] = {
    "Claim": ("{number} claim", "{number} claims"),
    "Source": ("{number} source", "{number} sources"),
    "Guideline": ("{number} guideline", "{number} guidelines"),
    "Principle": ("{number} principle", "{number} principles"),
    "Reading": ("{number} reading", "{number} readings"),
    "Provision": ("{number} provision", "{number} provisions"),
    "SocialCreditSystem": ("{number} system", "{number} systems"),
    "Region": ("{number} region", "{number} regions"),
    "Feature": ("{number} feature", "{number} features"),
    "Criterion": ("{number} criterion", "{number} criteria"),
    "Condition": ("{number} condition", "{number} conditions"),
}
"""The words for a number of records, for each kind of record."""
_GITHUB: Final[Mapping[str, str]] = {"Violation": "error", "Warning": "warning", "Info": "notice"}
_HIDDEN: Final = re.compile(rf"[\t\n\r\ud800-\udfff]|{HIDDEN}")


def shown(text: str) -> str:
    """Return a text with control characters and invisible characters escaped."""
    return _HIDDEN.sub(lambda found: "".join(map(_code_point, found[0])), text)


def _code_point(character: str) -> str:
    return f"\\u{ord(character):04x}" if character <= "\uffff" else f"\\U{ord(character):08x}"


def as_lines(report: ValidationReport) -> str:
    """Return one line for each problem, and the count."""
    lines = [shown(f"{p.place}: {_level(p)}{_sentence(p)} [{_page(p)}]") for p in report.problems]
    return "".join(f"{line}\n" for line in (*lines, _count(report) + _read(report)))


def _level(problem: Problem) -> str:
    return gettext(WORDS[problem.severity]) + gettext(": ")


def _sentence(problem: Problem) -> str:
    return problem.node + gettext(": ") + _advised(problem)


def _advised(problem: Problem) -> str:
    return problem.correction() + translated(problem.offer())


def _page(problem: Problem) -> str:
    return expand(problem.rule) or problem.rule


def _count(report: ValidationReport) -> str:
    parts = [ngettext(*COUNTED[name], count) for name, count in report.counts.items() if count]
    found = listed(parts) or gettext("no problem")
    if not report.files:
        return found
    return ngettext("{problems} in {number} file", "{problems} in {number} files", len(report.files), problems=found)


def _read(report: ValidationReport) -> str:
    """Return how many records of each kind were read; empty if the files are not files of records."""
    parts = [ngettext(*READ[kind], number) for kind, number in report.read.items()]
    return gettext("; read: {records}", records=listed(parts)) if parts else ""


def as_problems_json(report: ValidationReport, front_end: FrontEnd = COMMAND_LINE) -> str:
    """Return the problems as JSON in the words of a front end; the unknown parts of a position are null."""
    problems: list[ClaimProblemJson] = [
        {
            "file": p.file,
            "line": p.line,
            "column": p.column,
            "cell": p.cell or None,
            "node": p.node,
            "severity": WORDS[p.severity],
            "message": p.correction(front_end),
            "rule": p.rule,
            "page": _page(p),
            "nearest": list(p.near),
        }
        for p in report.problems
    ]
    found: CheckJson = {"files": list(report.files), "read": dict(report.read), "problems": problems}
    return _json(found)


def as_sarif(report: ValidationReport) -> str:
    """Return the problems as a log in SARIF 2.1.0 (OASIS standard, section 3)."""
    ids = list(report.rules)
    rules = [
        {"id": name, "shortDescription": {"text": shown(text)}, "helpUri": expand(name) or BASE}
        for name, text in report.rules.items()
    ]
    driver = {"name": "scs-kg", "version": __version__, "informationUri": BASE, "rules": rules}
    results = [_result(p, ids.index(p.rule)) for p in report.problems]
    run = {
        "tool": {"driver": driver},
        "artifacts": [{"location": {"uri": _uri(file)}} for file in report.files],
        "results": results,
        "columnKind": "unicodeCodePoints",
    }
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    return _json({"$schema": schema, "version": "2.1.0", "runs": [run]})


def _result(problem: Problem, index: int) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(problem.file)}}
    if problem.line:
        physical["region"] = {"startLine": problem.line, "startColumn": problem.column or 1}
    location: dict[str, Any] = {"physicalLocation": physical, "logicalLocations": [{"name": shown(problem.node)}]}
    if problem.cell:
        location["logicalLocations"].append({"name": shown(problem.cell), "kind": "element"})
    where = f"{problem.cell}: " if problem.cell else ""
    return {
        "ruleId": problem.rule,
        "ruleIndex": index,
        "level": WORDS[problem.severity],
        "message": {"text": shown(where + _sentence(problem))},
        "locations": [location],
    }


def _uri(file: str) -> str:
    """Return a file as a relative reference, or as a file URI if its path is absolute (RFC 8089)."""
    path = quote("stdin" if file == "-" else file.replace("\\", "/"), errors="surrogateescape")
    return f"file://{path}" if path.startswith("/") else path


def as_junit(report: ValidationReport) -> str:
    """Return the problems as JUnit XML for Jenkins, with a suite for each file and a failed case for each error."""
    root = Element("testsuites", name="scs-kg check")
    for file in report.files or ("data",):
        found = [p for p in report.problems if p.file == file]
        failed = [p for p in found if p.severity == "Violation"]
        counts = {"tests": str(len(failed) or 1), "failures": str(len(failed)), "errors": "0", "skipped": "0"}
        suite = SubElement(root, "testsuite", {"name": shown(file), **counts})
        for p in failed:
            case = SubElement(suite, "testcase", classname=p.rule, name=shown(f"{p.place}: {p.node}"))
            SubElement(case, "failure", type=p.rule, message=shown(_advised(p))).text = _page(p)
        if not failed:
            SubElement(suite, "testcase", classname="scs-kg", name=gettext("breaks no rule"))
        rest = [shown(f"{p.place}: {_level(p)}{_sentence(p)}") for p in found if p not in failed]
        if rest:
            SubElement(suite, "system-out").text = "\n".join(rest)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def as_github(report: ValidationReport) -> str:
    """Return the problems as workflow commands of GitHub Actions, which become annotations of a change."""
    return "".join(_annotation(problem) for problem in report.problems)


def _annotation(problem: Problem) -> str:
    place = {"file": problem.file, "line": problem.line, "col": problem.column, "title": problem.rule}
    named = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in place.items() if value)
    cell = f"{problem.cell}: " if problem.cell else ""
    text = cell + _sentence(problem) + gettext(" See {page}", page=_page(problem))
    return f"::{_GITHUB[problem.severity]} {named}::{_escaped(text)}\n"


def _escaped(text: str, more: str = "") -> str:
    """Escape the characters that would end a workflow command or one of its properties."""
    return "".join(f"%{ord(char):02X}" if char in "%" + more else char for char in shown(text))


def _json(value: object) -> str:
    """Return a value as JSON with control characters and invisible characters escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _HIDDEN.sub(lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], text) + "\n"


REPORTS: Final[Mapping[str, Callable[[ValidationReport], str]]] = MappingProxyType(
    {"text": as_lines, "json": as_problems_json, "sarif": as_sarif, "junit": as_junit, "github": as_github}
)
