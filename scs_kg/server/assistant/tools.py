"""The tools of an assistant as functions on a knowledge graph.

Each answer says which claims count, and how to cite the answer.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from scs_kg.analysis.citations import CitedClaim, cited_claims
from scs_kg.contribute.check import check, check_context
from scs_kg.contribute.read import read_draft, reading_context
from scs_kg.exchange.reconcile import EntityIndex, ReconQuery, entity_index, find, suggest
from scs_kg.judging.project import reopen
from scs_kg.library.graph import KnowledgeGraph
from scs_kg.model.errors import WrongUseError
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.namespaces import local_id
from scs_kg.model.selection import Selection
from scs_kg.model.version import __version__
from scs_kg.render.cell_sentence import cell_words
from scs_kg.render.citation import cell_citation, citation_text
from scs_kg.render.data import selection_json
from scs_kg.render.problems import as_problems_json
from scs_kg.render.sentences import applicability_sentence, selection_sentence
from scs_kg.render.table import marked
from scs_kg.server.advice import ASSISTANT
from scs_kg.store import Dataset

MAX_CELLS: Final = 400
MAX_ROWS: Final = 500
LIMITS: Final = (
    "A mark says only how a system meets these criteria according to these claims. 'Not known' is not a finding. "
    "Quote a mark with its counts, its scope and this selection."
)


@dataclass(frozen=True)
class Toolbox:
    """The tools, which use one opened dataset. Every tool returns a JSON object and changes nothing."""

    dataset: Dataset
    graph: KnowledgeGraph = field(init=False)

    def __post_init__(self) -> None:
        """Open the library on the dataset."""
        object.__setattr__(self, "graph", KnowledgeGraph(self.dataset))

    @cached_property
    def claims(self) -> Mapping[str, CitedClaim]:
        """All claims with their citations, keyed by IRI."""
        return cited_claims(self.dataset)

    @cached_property
    def index(self) -> EntityIndex:
        """The names of all systems, features, guidelines and other things."""
        return entity_index(self.dataset)

    def compare(self, **options: Any) -> dict[str, Any]:
        """Compare systems with the principles of a guideline; options are those of ``KnowledgeGraph.compare``.

        Raises:
            WrongUseError: the matrix has more than ``MAX_CELLS`` cells.
        """
        matrix = self.graph.compare(**options).matrix
        if len(matrix.cells) > MAX_CELLS:
            raise WrongUseError(
                f"the matrix has {len(matrix.cells)} cells, more than {MAX_CELLS}; choose systems or kinds"
            )
        return {
            "guideline": matrix.guideline.label,
            "reading": matrix.reading.id,
            "cells": [_cell(matrix, cell) for cell in matrix.cells],
            **_context(matrix.selection, self._sources(matrix.cells), _cite(matrix)),
            "applicability": applicability_sentence(matrix.applicability),
        }

    def explain(self, system: str, principle: str, **options: Any) -> dict[str, Any]:
        """Explain one cell; options are those of ``KnowledgeGraph.explain``."""
        result = self.graph.explain(system, principle, **options)
        found = result.explanation
        return {
            **_cell(found.matrix, found.cell),
            "explanation": result.to_dict(),
            **_context(found.matrix.selection, self._sources([found.cell]), citation_text(cell_citation(found))),
            "applicability": applicability_sentence(found.matrix.applicability),
        }

    def query(self, query: str, parameters: Mapping[str, str] | None = None, timeout: float = 8.0) -> dict[str, Any]:
        """Answer a SPARQL query, or a prepared query by its name; at most ``MAX_ROWS`` rows."""
        answer = self.graph.query(query, timeout=timeout, **(parameters or {}))
        return {
            "title": answer.title,
            "columns": list(answer.columns),
            "rows": [list(row) for row in answer.rows[:MAX_ROWS]],
            "count": len(answer.rows),
            "complete": len(answer.rows) <= MAX_ROWS,
            **_context(Selection(), [], f"scs-kg {__version__}, query: {answer.title}"),
        }

    def what_if(self, claims: str = "", without: Sequence[str] = (), **options: Any) -> dict[str, Any]:
        """Say which cells new claims (YAML) or withdrawn claims and sources would change."""
        with TemporaryDirectory() as folder:
            files = []
            if claims:
                path = Path(folder, "claims.yaml")
                path.write_text(claims, "utf-8")
                files = [str(path)]
            impact = self.graph.what_if(files, without=without, **options)
        records = impact.records()
        return {
            "changed": [record for record in records if record["changed"]],
            "counts": {"changed": sum(record["changed"] for record in records), "of": impact.of},
            "report": impact.to_dict(),
            **_context(impact.selection, [], f"scs-kg {__version__}, what-if"),
        }

    def check(self, claims: str, form: str = "yaml") -> dict[str, Any]:
        """Validate claims in the context of the data; ``form`` is a format of ``scs-kg check``."""
        context = reading_context(reopen(self.dataset))
        draft = read_draft(context, "claims", form, claims.encode())
        report = check(check_context(context), [draft], datetime.now(UTC).date().isoformat())
        return {
            "conforms": report.conforms,
            "counts": dict(report.counts),
            "report": json.loads(as_problems_json(report, ASSISTANT)),
            **_context(Selection(), [], f"scs-kg {__version__}, check"),
        }

    def search(self, name: str, limit: int = 10) -> dict[str, Any]:
        """Find systems, features, criteria, guidelines and other things by a name in English or Chinese."""
        if not 1 <= limit <= 50:
            raise WrongUseError("limit is a number from 1 to 50")
        near = [candidate.entity for candidate in find(self.index, ReconQuery(name, limit=limit))]
        found = list(dict.fromkeys((*suggest(self.index, name, limit), *near)))[:limit]
        things = [
            {"id": one.id, "iri": one.iri, "type": one.type, "label": one.label, "description": one.description}
            for one in found
        ]
        return {"found": things, "count": len(things), **_context(Selection(), [], f"scs-kg {__version__}, names")}

    def _sources(self, cells: Iterable[Cell]) -> list[dict[str, str]]:
        """Return the sources of the claims that the cells list, without duplicates."""
        iris = sorted({iri for cell in cells for verdict in cell.verdicts for iri in verdict.claims})
        cited = {self.claims[iri].source for iri in iris if iri in self.claims}
        return [
            {"id": one.id, "reference": one.reference, "page": one.page}
            for one in sorted(cited, key=lambda source: source.id)
        ]


def _cell(matrix: Matrix, cell: Cell) -> dict[str, Any]:
    counts = cell.counts
    return {
        "system": local_id(cell.system),
        "principle": local_id(cell.principle),
        "mark": marked(cell),
        "words": cell_words(matrix, cell),
        "counts": {"met": counts.met, "notMet": counts.not_met, "open": counts.open, "of": counts.of},
        "scope": [str(scope) for scope in cell.scope],
        "modes": [str(mode) for mode in cell.modes],
    }


def _context(selection: Selection, sources: list[dict[str, str]], cite: str) -> dict[str, Any]:
    """Return the parts that every answer has besides its result."""
    return {
        "selection": {"sentence": selection_sentence(selection), **selection_json(selection)},
        "sources": sources,
        "cite": cite,
        "limits": LIMITS,
    }


def _cite(matrix: Matrix) -> str:
    parts = [f"scs-kg {__version__}", f"{matrix.guideline.id} read {matrix.reading.id}"]
    return ", ".join([*parts, selection_sentence(matrix.selection).rstrip(".")])
