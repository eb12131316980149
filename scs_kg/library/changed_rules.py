"""The result of a what-if analysis with a change of rules."""

from dataclasses import dataclass
from typing import Any

from scs_kg.analysis.rule_changes import RuleImpact
from scs_kg.library.result import Result
from scs_kg.model.selection import Selection
from scs_kg.render.sensitivity import rule_impact_records, rule_impact_table
from scs_kg.render.table import Table


@dataclass(frozen=True, slots=True)
class ChangedRules(Result):
    """The consequences of changed provisions or criteria; the records are the affected cells."""

    impact: RuleImpact
    selection: Selection

    @property
    def of(self) -> int:
        """The number of all cells."""
        return self.impact.of

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
            for cell in self.impact.cells
        ]

    def to_dict(self) -> Any:
        """Return the data of ``whatif --format json`` with a change of rules."""
        return rule_impact_records(self.impact)

    def table(self) -> Table:
        """Return the cells whose mark would change as a table."""
        return rule_impact_table(self.impact, self.selection)
