"""Finds dates in the future in the whole data, with the rule that applies to drafts."""

from typing import Final

from scs_kg import store
from scs_kg.contribute.validate.problem_at import problem_at
from scs_kg.model.namespaces import BASE, PREFIXES, RDF, SCS, SH, curie
from scs_kg.model.problem import Problem
from scs_kg.rules.engines import Engine
from scs_kg.store import Dataset, NamedNode
from scs_kg.store.line_split import split_lines
from scs_kg.store.serialize import asserted_ntriples

RULE: Final = PREFIXES["integrity"] + "DraftDatesShape"
DATED: Final = (SCS + "asOf", PREFIXES["dcterms"] + "date", PREFIXES["dcterms"] + "issued")


def future_dates(dataset: Dataset, today: str, engine: Engine) -> list[Problem]:
    """Return the claims, sources, acts and searches that are dated after a day (``2026-11-30``).

    The rule applies to drafts with a day of creation, so the function makes a draft of everything that has a date.
    """
    draft = BASE + "draft"
    dated = {quad.triple for p in DATED for quad in dataset.quads.quads_for_pattern(None, NamedNode(p), None, None)}
    lines = {f"{triple} .\n<{draft}> <{SCS}proposes> {triple.subject} .\n" for triple in dated}
    head = f'<{draft}> <{RDF}type> <{SCS}Draft> .\n<{draft}> <{PREFIXES["dcterms"]}created> "{today}" .\n'
    found = engine(head + "".join(sorted(lines)), _rule(dataset))
    return [problem_at(dataset, v.value, v.path, v.message, curie(v.rule)) for v in found if v.rule == RULE]


def _rule(dataset: Dataset) -> str:
    """Return the shape of the rule, its constraint and the prefixes as N-Triples, without the other rules."""
    constraints = (store.text(term) for term in store.objects(dataset, NamedNode(RULE), SH + "sparql"))
    prefixes = PREFIXES["integrity"].removesuffix("#")
    kept = tuple(f"<{subject}> " for subject in (RULE, prefixes, *constraints))
    lines = split_lines(asserted_ntriples(dataset, ("ontology/integrity/drafts", "ontology/integrity/statements")))
    return "".join(line for line in lines if line.startswith((*kept, "_:")))
