"""The explanation of a cell as text, Markdown and JSON, with the same names as the matrix."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from scs_kg.analysis.citations import CitedClaim
from scs_kg.analysis.explanation import ConditionExplanation, CriterionExplanation, Explanation, MissingFinding
from scs_kg.analysis.proof import MinimalRetractions, Proof
from scs_kg.judging.objections import Objection
from scs_kg.model.claims import Finding, Mode
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.render.cell_sentence import (
    cell_sentence,
    element_sentence,
    scope_sentences,
    uncounted_sentence,
)
from scs_kg.render.citation import cell_citation, citation_text
from scs_kg.render.data import MODE_IDS, as_json, cell_data, selection_json, thing_json
from scs_kg.render.document_templates import template, words
from scs_kg.render.language import gettext as _
from scs_kg.render.language import joined, messages_in
from scs_kg.render.principle_labels import principle_place
from scs_kg.render.searches import search_json, search_sentence
from scs_kg.render.sentences import CELL_RULES, applicability_sentence, selection_sentence
from scs_kg.render.table import marked

if TYPE_CHECKING:  # import only for annotations
    from scs_kg.render.json_record_shapes import ObjectionJson
    from scs_kg.render.json_shapes import (
        CitedClaimJson,
        ConditionExplanationJson,
        CriterionExplanationJson,
        ExplanationJson,
        MissingFindingJson,
        ProofJson,
        RetractionJson,
        RetractionsJson,
    )

SHOWN: Final = 12
"""The maximum number of sets of a proof that a text lists; the text also states how many more sets there are."""
VERIFICATIONS: Final[Mapping[str, str]] = {
    "Verified": "Checked against the document or its library record.",
    "SecondHand": "Known only from citations in other documents.",
    "Likely": "A document that fits the citation was found, but it may be another one.",
    "Unverified": "Nothing was found beyond the citation.",
}
"""Sentences that say how far the record of a source was checked."""


def explanation_text(found: Explanation, form: str, width: int = 100) -> str:
    """Return an explanation as text or markdown."""
    settings = {"SHOWN": SHOWN, "mark": marked(found.cell), "verifications": VERIFICATIONS}
    counted, applicability = (
        selection_sentence(found.matrix.selection),
        applicability_sentence(found.matrix.applicability),
    )
    sentences = {"counted": counted, "applicability": applicability, "sentence": cell_sentence(found)}
    sentences |= {"scope": joined(scope_sentences(found).values()), "place": principle_place(found)}
    sentences["rule"] = _(CELL_RULES[found.matrix.rule])
    sentences["citation"] = citation_text(cell_citation(found))
    settings |= {"element_sentence": element_sentence, "search_sentence": search_sentence}
    settings |= {"uncounted_sentence": uncounted_sentence}
    return template(f"explain.{form}.j2", width).render(e=found, **sentences, **settings, **words())


def explanation_json(found: Explanation) -> str:
    """Return an explanation as JSON, with the same names as the matrix; its sentences are English."""
    with messages_in("en"):
        return as_json(explanation_data(found))


def explanation_data(found: Explanation) -> "ExplanationJson":
    """Return an explanation as the object that its JSON encodes."""
    cell, matrix = found.cell, found.matrix
    return {
        "guideline": matrix.guideline.id,
        "reading": matrix.reading.id,
        "asOf": matrix.selection.as_of,
        "selection": selection_json(matrix.selection),
        "system": thing_json(found.system),
        "principle": {**thing_json(found.principle), "demand": found.demand},
        **cell_data(cell),
        "sentence": cell_sentence(found),
        "premises": [_condition(premise) for premise in found.premises],
        "criteria": [_criterion(step) for step in found.steps],
        "proof": _proof(found.proof),
        "citation": citation_text(cell_citation(found)),
    }


def _criterion(step: CriterionExplanation) -> "CriterionExplanationJson":
    return {
        "criterion": step.criterion.iri,
        "label": step.criterion.label,
        "demand": step.demand,
        "role": "supporting" if step.supporting else "deciding",
        "outcome": Outcome(step.outcome),
        "why": OpenReason(step.open_reason) if step.open_reason else None,
        "provisions": [
            {
                "locator": c.locator,
                "rationale": c.rationale,
                "basis": c.basis,
                "force": c.force,
                "role": c.role,
                "conditions": list(c.conditions),
            }
            for c in step.clauses
        ],
        "conditions": [_condition(one) for one in step.conditions],
        "elements": [_condition(one) for one in step.elements],
        "claims": [_claim(claim) for claim in step.claims],
        "open": [thing.iri for thing in step.open],
        "wouldSettle": [missing_json(missing) for missing in step.settling],
        "uncounted": [{"claim": one.claim, "dataset": one.dataset} for one in step.uncounted],
        "searches": search_json(step.searches),
        "objections": [_objection(objection) for objection in step.objections],
    }


def _condition(found: ConditionExplanation) -> "ConditionExplanationJson":
    return {
        "condition": found.condition.iri,
        "label": found.condition.label,
        "definition": found.definition,
        "outcome": Outcome(found.outcome),
        "why": OpenReason(found.open_reason) if found.open_reason else None,
        "claims": [_claim(claim) for claim in found.claims],
    }


def missing_json(missing: MissingFinding) -> "MissingFindingJson":
    """Return a single finding that would decide a verdict as a JSON object."""
    return {
        "feature": missing.feature.iri,
        "finding": Finding(missing.finding),
        "outcome": Outcome(missing.outcome),
    }


def _objection(objection: Objection) -> "ObjectionJson":
    return {
        "iri": objection.iri,
        "object": objection.object,
        "kind": objection.kind,
        "ground": objection.ground,
        "by": objection.by,
        "date": objection.date,
        "decisions": [
            {"iri": one.iri, "ruling": one.ruling, "reason": one.reason, "by": one.by, "date": one.date}
            for one in objection.decisions
        ],
    }


def _proof(found: Proof | None) -> "ProofJson | None":
    if found is None:
        return None
    return {
        "decidedBy": None if found.deciding is None else [list(chosen) for chosen in found.deciding],
        "sources": list(found.witnesses),
        "changedByLossOf": {"claims": _losses(found.claims), "independentSources": _losses(found.sources)},
    }


def _losses(found: MinimalRetractions) -> "RetractionsJson":
    sets: list[RetractionJson] = [
        {"lost": list(loss.names), "outcome": loss.outcome, "partlyMet": loss.partly_met} for loss in found.sets
    ]
    return {"atLeast": found.fewest or None, "complete": found.complete, "sets": sets}


def _claim(claim: CitedClaim) -> "CitedClaimJson":
    return {
        "claim": claim.iri,
        "finding": Finding(claim.finding),
        "feature": claim.feature,
        "mode": MODE_IDS[Mode(claim.mode)],
        "statement": claim.statement,
        "source": claim.source.id,
        "reference": claim.source.reference,
        "locator": claim.locator,
        "asOf": claim.as_of or None,
        "confidence": claim.confidence or None,
        "note": claim.note or None,
        "replaces": list(claim.replaces),
        "primarySources": [source.id for source in claim.primary],
    }
