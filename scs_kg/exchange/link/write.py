"""Writes candidates for review: as JSON, an SSSOM table, or Turtle in the form of ``data/links``.

In Turtle, each link is a comment that a reviewer can uncomment, so a file of candidates states no link. The Turtle and
the SSSOM output omit known links.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Final

from scs_kg.exchange.link.match import LinkCandidate
from scs_kg.exchange.link.schemes import SCHEMES
from scs_kg.exchange.link.suggestions import Suggestions
from scs_kg.exchange.sssom import SLOTS, mapping_set
from scs_kg.model.namespaces import PREFIXES, curie, local_id
from scs_kg.store import Literal, NamedNode

COLUMNS: Final = (*SLOTS, "confidence", "mapping_tool", "comment")
TOOL: Final = "scs-kg link suggest"
STATUS: Final = "To be reviewed"


def written(found: Suggestions, form: str) -> str:
    """Return the suggestions in one of ``FORMS``."""
    return FORMS[form](found)


def _json(found: Suggestions) -> str:
    return json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n"


def _to_review(found: Suggestions) -> Iterable[LinkCandidate]:
    return (each for each in found.candidates if each.status != "known")


def _comment(each: LinkCandidate) -> str:
    conflicts = f"; conflicts: {'; '.join(each.against)}" if each.against else ""
    return f"{STATUS} ({each.status}): evidence: {'; '.join(each.because)}{conflicts}."


def _sssom(found: Suggestions) -> str:
    candidates = list(_to_review(found))
    entities = [each for each in candidates if ":" in each.target]
    codes = len(candidates) - len(entities)
    note = f"{codes} more candidates are codes, which are not entities; the Turtle output has them" if codes else ""
    return mapping_set("candidates", COLUMNS, map(_row, entities), note)


def _row(each: LinkCandidate) -> tuple[str, ...]:
    match = (each.region, each.label, each.predicate, each.target, each.justification)
    return *match, each.source, f"{each.confidence:.2f}", TOOL, _comment(each)


def _turtle(found: Suggestions) -> str:
    own = {curie(each.region).partition(":")[0] for each in _to_review(found)} & PREFIXES.keys()
    prefixes = sorted({"link", "owl", "rdfs", "region", "scs", "semapv", "skos", "sssom", "xsd"} | own)
    lines = [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in prefixes]
    lines += ["", "# Candidates. After review, uncomment the link, and say where it was read."]
    for number, each in enumerate(_to_review(found), 1):
        scheme = SCHEMES.get(each.source)
        target = str(Literal(each.target) if scheme and not scheme.iri else NamedNode(each.target))
        region, predicate = curie(each.region), curie(each.predicate)
        lines += [
            "",
            f"# {region} {predicate} {target} .",
            f"link:{local_id(each.region)}-candidate-{number} a owl:Axiom ;",
            f"  owl:annotatedSource {region} ;",
            f"  owl:annotatedProperty {predicate} ;",
            f"  owl:annotatedTarget {target} ;",
            f"  sssom:mapping_justification {curie(each.justification)} ;",
            f"  sssom:object_source {Literal(each.source)} ;",
            f'  sssom:confidence "{each.confidence:.2f}"^^xsd:decimal ;',
            f"  sssom:mapping_tool {Literal(TOOL)} ;",
            f"  rdfs:comment {Literal(_comment(each), language='en')} .",
        ]
    return "\n".join(lines) + "\n"


FORMS: Final[Mapping[str, Callable[[Suggestions], str]]] = {
    "json": _json,
    "sssom": _sssom,
    "turtle": _turtle,
}
