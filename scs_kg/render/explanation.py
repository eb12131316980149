"""The explanation of a cell as text, Markdown and JSON, with the same names as the matrix."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from scs_kg.analysis.citations import CitedClaim
from scs_kg.analysis.explain import Explanation
from scs_kg.analysis.proof import MinimalRetractions, Proof
from scs_kg.render.data import as_json, selection_json, thing_json
from scs_kg.render.documents import template, words
from scs_kg.render.sentences import applicability_sentence, selection_sentence
from scs_kg.render.table import NOTHING

SHOWN: Final = 12
"""How many sets of a proof a text shows; it says how many more there are."""
VERIFICATIONS: Final[Mapping[str, str]] = {
    "Verified": "verified",
    "SecondHand": "second hand",
    "Likely": "likely",
    "Unverified": "unverified",
}
"""How far the record of a source was verified, in words."""


def explanation_text(found: Explanation, form: str, width: int = 100) -> str:
    """Return an explanation as text or markdown."""
    settings = {"SHOWN": SHOWN, "nothing": NOTHING, "verifications": VERIFICATIONS}
    counted, applicability = (
        selection_sentence(found.matrix.selection),
        applicability_sentence(found.matrix.applicability),
    )
    sentences = {"counted": counted, "applicability": applicability}
    return template(f"explain.{form}.j2", width).render(e=found, **sentences, **settings, **words())


def explanation_json(found: Explanation) -> str:
    """Return an explanation as JSON, with the same names as the matrix."""
    cell = found.cell
    matrix = found.matrix
    head = {"guideline": matrix.guideline.id, "reading": matrix.reading.id, "asOf": matrix.selection.as_of}
    counted = {"selection": selection_json(matrix.selection)}
    what = {"outcome": cell.outcome, "decided": cell.decided, "of": cell.of, "why": cell.why}
    criteria = [
        {
            "criterion": step.criterion.iri,
            "label": step.criterion.label,
            "demand": step.demand,
            "outcome": step.outcome,
            "why": step.why,
            "provisions": [
                {"locator": c.locator, "rationale": c.rationale, "basis": c.basis, "force": c.force}
                for c in step.clauses
            ],
            "claims": [_claim(claim) for claim in step.claims],
            "open": [thing.iri for thing in step.open],
            "wouldSettle": [
                {"feature": m.feature.iri, "finding": m.finding, "outcome": m.outcome} for m in step.settling
            ],
            "objections": [asdict(objection) for objection in step.objections],
        }
        for step in found.steps
    ]
    places = {"system": thing_json(found.system), "principle": {**thing_json(found.principle), "demand": found.demand}}
    return as_json({**head, **counted, **places, **what, "criteria": criteria, "proof": _proof(found.proof)})


def _proof(found: Proof | None) -> dict[str, Any] | None:
    if found is None:
        return None
    decided = None if found.deciding is None else [list(chosen) for chosen in found.deciding]
    lost = {"claims": _losses(found.claims), "independentSources": _losses(found.sources)}
    return {"decidedBy": decided, "sources": list(found.witnesses), "changedByLossOf": lost}


def _losses(found: MinimalRetractions) -> dict[str, Any]:
    sets = [{"lost": list(loss.names), "outcome": loss.outcome} for loss in found.sets]
    return {"atLeast": found.fewest or None, "complete": found.complete, "sets": sets}


def _claim(claim: CitedClaim) -> dict[str, Any]:
    return {
        "claim": claim.iri,
        "finding": claim.finding,
        "feature": claim.feature,
        "statement": claim.statement,
        "source": claim.source.id,
        "reference": claim.source.reference,
        "locator": claim.locator,
        "asOf": claim.as_of or None,
        "primarySources": [source.id for source in claim.primary],
    }
