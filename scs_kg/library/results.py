"""The results of the methods of ``KnowledgeGraph``. The results are frozen; each result has a table and data.

``print`` gives the text of the command of the same name, and a notebook shows a table. Every result converts to a data
frame, and to the JSON of the command.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from scs_kg.analysis.explanation import Explanation
from scs_kg.analysis.research_agenda import OpenQuestion
from scs_kg.analysis.robustness import CellRobustness
from scs_kg.analysis.sensitivity import Sensitivity
from scs_kg.analysis.whatif import WhatIf
from scs_kg.contribute.report import ValidationReport
from scs_kg.library.result import WIDTH, Result, records_table
from scs_kg.model.matrix import Matrix
from scs_kg.model.selection import Selection
from scs_kg.render import data, impact, problems, rankings
from scs_kg.render.explanation import explanation_json, explanation_text
from scs_kg.render.sensitivity import core_records, sensitivity_json, sensitivity_table
from scs_kg.render.table import Table, matrix_table


@dataclass(frozen=True, slots=True)
class Comparison(Result):
    """A matrix; its records are the cells, with the names of the columns of ``compare --format csv``."""

    matrix: Matrix

    def records(self) -> list[dict[str, Any]]:
        """Return a record for each cell."""
        return data.matrix_records(self.matrix)

    def to_dict(self) -> Any:
        """Return the data of ``compare --format json``."""
        return json.loads(data.matrix_json(self.matrix))

    def table(self) -> Table:
        """Return the matrix as a table of marks."""
        return matrix_table(self.matrix)


@dataclass(frozen=True, slots=True)
class CellExplanation(Result):
    """The explanation of a cell; its records are its criteria."""

    explanation: Explanation

    def records(self) -> list[dict[str, Any]]:
        """Return a record for each criterion: verdict, clauses, claims (ids) and open features (ids)."""
        return [
            {
                "criterion": one.criterion.id,
                "demand": one.demand,
                "outcome": str(one.outcome),
                "why": one.open_reason,
                "clauses": [clause.locator for clause in one.clauses],
                "claims": [claim.iri.rpartition("/")[2] for claim in one.claims],
                "open": [feature.id for feature in one.open],
            }
            for one in self.explanation.steps
        ]

    def to_dict(self) -> Any:
        """Return the data of ``explain --format json``."""
        return json.loads(explanation_json(self.explanation))

    def table(self) -> Table:
        """Return the criteria of the cell as a table."""
        found = self.explanation
        title = f"{found.system.label} × {found.principle.label}: {found.cell.outcome}"
        return records_table(title, self.records())

    def __str__(self) -> str:
        return explanation_text(self.explanation, "text", WIDTH)


@dataclass(frozen=True, slots=True)
class Answer(Result):
    """The answer to a query: names of the columns, and rows of IRIs, texts or None."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]

    def records(self) -> list[dict[str, Any]]:
        """Return a record for each row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_dict(self) -> Any:
        """Return the records."""
        return self.records()

    def table(self) -> Table:
        """Return the rows as a table; a value without a binding is an empty text."""
        return Table(self.title, self.columns, tuple(tuple(value or "" for value in row) for row in self.rows))


@dataclass(frozen=True, slots=True)
class Impact(Result):
    """The consequences of new or withdrawn claims; its records are the affected cells."""

    whatif: WhatIf
    selection: Selection

    @property
    def of(self) -> int:
        """The number of all cells."""
        return self.whatif.of

    def records(self) -> list[dict[str, Any]]:
        """Return a record for each affected cell, with its mark before and after."""
        return [
            {
                "reading": cell.principle_criteria.choice.reading.id,
                "principle": cell.principle_criteria.principle.id,
                "system": cell.system.id,
                "before": str(cell.before.mark),
                "after": str(cell.after.mark),
                "changed": cell.before.mark is not cell.after.mark,
            }
            for cell in self.whatif.cells
        ]

    def to_dict(self) -> Any:
        """Return the data of ``whatif --format json``."""
        return json.loads(impact.whatif_json(self.whatif, self.selection))

    def table(self) -> Table:
        """Return the cells whose mark would change as a table."""
        changed = [record for record in self.records() if record.pop("changed")]
        return records_table(f"{len(changed)} of {self.whatif.of} marks would change", changed)

    def __str__(self) -> str:
        return impact.whatif_text(self.whatif, "text", WIDTH)


@dataclass(frozen=True, slots=True)
class Validation(Result):
    """Problems in the data; its records are the problems."""

    report: ValidationReport

    def records(self) -> list[dict[str, Any]]:
        """Return a record for each problem."""
        return [
            {
                "severity": one.severity,
                "file": one.file,
                "line": one.line,
                "node": one.node,
                "message": one.message,
                "rule": one.rule,
            }
            for one in self.report.problems
        ]

    def to_dict(self) -> Any:
        """Return the data of ``validate --format json``."""
        return json.loads(problems.as_problems_json(self.report))

    def table(self) -> Table:
        """Return the problems as a table."""
        return records_table(", ".join(f"{count} {name}" for name, count in self.report.counts.items()), self.records())


@dataclass(frozen=True, slots=True)
class Robustness(Result):
    """The decided cells, the least robust first; the records are the cells."""

    cells: tuple[CellRobustness, ...]
    selection: Selection = field(default_factory=Selection)

    def records(self) -> list[dict[str, Any]]:
        """Return a record for each decided cell."""
        rows: list[dict[str, Any]] = self.to_dict()
        return rows

    def to_dict(self) -> Any:
        """Return the data of ``robustness --format json``."""
        return json.loads(rankings.robustness_json(self.cells))

    def table(self) -> Table:
        """Return the cells as a table."""
        return rankings.robustness_table(self.cells, selection=self.selection)


@dataclass(frozen=True, slots=True)
class SensitivityResult(Result):
    """How marks depend on provisions; its records are the decided cells, and say whether each mark is robust."""

    sensitivity: Sensitivity
    selection: Selection = field(default_factory=Selection)

    def records(self) -> list[dict[str, Any]]:
        """Return a record for each decided cell."""
        return core_records(self.sensitivity.cells)

    def to_dict(self) -> Any:
        """Return the data of ``sensitivity --format json``."""
        return json.loads(sensitivity_json(self.sensitivity))

    def table(self) -> Table:
        """Return the provisions as a table."""
        return sensitivity_table(self.sensitivity, selection=self.selection)


@dataclass(frozen=True, slots=True)
class Questions(Result):
    """The open questions, ordered by the number of cells that an answer would decide. Each record is one question."""

    questions: tuple[OpenQuestion, ...]
    selection: Selection = field(default_factory=Selection)

    def records(self) -> list[dict[str, Any]]:
        """Return a record for each question, with the number of cells that each answer would decide."""
        return [
            {
                "system": one.system.id,
                "feature": one.feature.id,
                "ifPresent": len(one.if_present),
                "ifAbsent": len(one.if_absent),
            }
            for one in self.questions
        ]

    def to_dict(self) -> Any:
        """Return the data of ``settle --format json``."""
        return json.loads(rankings.agenda_json(self.questions))

    def table(self) -> Table:
        """Return the questions as a table."""
        return rankings.agenda_table(self.questions, selection=self.selection)
