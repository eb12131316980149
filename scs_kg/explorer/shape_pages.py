"""Pages of criteria, and of the conditions of provisions and principles."""

from collections.abc import Mapping, Sequence

from scs_kg import store
from scs_kg.analysis.deciding_findings import deciding_findings
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.entity_pages import notes, require, systems_by_outcome
from scs_kg.explorer.page import Page
from scs_kg.judging.evidence import NO_EVIDENCE
from scs_kg.judging.judge import by_formula, judge
from scs_kg.model.namespaces import SCS
from scs_kg.store import NamedNode
from scs_kg.store.query_library import Row, row_text


def criterion(content: SiteContent, name: str) -> Page:
    """Build the page of a criterion: its demand, its provisions, and the systems grouped by outcome."""
    iri, _ = require(content, "criteria-record", "criterion", name)
    (polarity,) = store.objects(content.source, NamedNode(iri), SCS + "polarity")
    rules = content.edition().judged.state.rules
    unknown = judge(next(c for c in rules.criteria if c.iri == iri), "", NO_EVIDENCE, by_formula({"": NO_EVIDENCE}))
    data = {
        "polarity": store.text(polarity),
        "features": sorted(content.tested_features[iri]),
        "elements": content.elements[iri],
        "settling": list(deciding_findings(rules, NO_EVIDENCE, unknown)),
        "provisions": content.grouped("provisions", "criterion").get(iri, ()),
        "verdicts": systems_by_outcome(content, iri),
        "scope_notes": notes(content, iri, "scopeNote"),
    }
    return Page(f"criterion/{name}", "criterion", iri, data, iri)


def condition(content: SiteContent, name: str) -> Page:
    """Build the page of a condition: its systems, and the provisions, principles and criteria with it."""
    iri, _ = require(content, "condition-list", "condition", name)
    used = content.grouped("conditions", "condition").get(iri, ())
    provisions = {row_text(row, "provision") for row in used} - {""}
    data = {
        "features": sorted(content.tested_features[iri]),
        "provisions": [row for row in content.rows["provisions"] if row_text(row, "provision") in provisions],
        "principles": _principles(used),
        "criteria": [criterion for criterion, parts in content.elements.items() if iri in parts],
        "verdicts": systems_by_outcome(content, iri),
        "scope_notes": notes(content, iri, "scopeNote"),
    }
    return Page(f"condition/{name}", "condition", iri, data, iri)


def _principles(rows: Sequence[Row]) -> Mapping[str, Sequence[str]]:
    """Return the principles that have a condition as premise, grouped by reading."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if not row_text(row, "provision"):
            found.setdefault(row_text(row, "reading"), []).append(row_text(row, "principle"))
    return found
