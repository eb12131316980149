"""Matrices as tables: a tidy table of all cells, and wide tables with one row for each system."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.namespaces import BASE, EARL, PREFIXES, SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.release.tables import Column, Tabular, ids, variable
from scs_kg.render.table import shown_counts

CLAIMS_OF: Final = "The datasets whose claims counted, joined by plus signs; all if every claim counted."


def claims_of(matrix: Matrix) -> str:
    """Return the ids of the datasets whose claims count in a matrix, or ``all``."""
    return "+".join(matrix.selection.datasets) or "all"


def cells(matrices: Iterable[Matrix]) -> Tabular:
    """Return the cells of matrices as a tidy table."""
    columns = (
        ids("reading", "reading", SCS + "inReading"),
        Column("claimsOf", "", note=CLAIMS_OF),
        ids("guideline", "gl", SCS + "inGuideline"),
        Column("principle", EARL + "test", BASE + "guideline/{guideline}/{principle}"),
        ids("system", "sys", EARL + "subject"),
        ids("outcome", "earl", EARL + "outcome"),
        Column(
            "mark", "", note="The mark: met, partlyMet, notMet, notMetInterpreted, notKnown, notAsked, inapplicable."
        ),
        Column("met", "", kind="integer", note="The number of deciding criteria that are met."),
        Column("notMet", "", kind="integer", note="The number of deciding criteria that are not met."),
        Column("open", "", kind="integer", note="The number of deciding criteria that are not decided."),
        Column("of", "", kind="integer", note="The number of deciding criteria that apply: met, notMet and open."),
        Column("scope", "", note="How the text covers the system.", many=True),
        ids("modes", "scs", SCS + "mode", many=True, required=False),
        Column(
            "onPaper",
            "",
            kind="integer",
            note="Of the criteria that determine the mark, the number that only de jure claims decide.",
        ),
        ids("why", "scs", SCS + "openBecause", required=False),
        ids("claims", "claim", SCS + "restsOn", many=True, required=False),
    )
    rows = tuple(_cell_row(matrix, cell) for matrix in matrices for cell in matrix.cells)
    key = ("reading", "claimsOf", "principle", "system")
    title = "The cells of all matrices, by reading and by the datasets whose claims count"
    return Tabular("cells", title, "", key, columns, rows, {"system": "systems"})


def _cell_row(matrix: Matrix, cell: Cell) -> tuple[str, ...]:
    claims = sorted({local_id(claim) for verdict in cell.verdicts for claim in verdict.claims})
    why = cell.open_reason[0].upper() + cell.open_reason[1:] if cell.open_reason else ""
    places = (matrix.guideline.id, local_id(cell.principle), local_id(cell.system))
    counts = (cell.counts.met, cell.counts.not_met, cell.counts.open, cell.counts.of)
    how = (" ".join(cell.scope), " ".join(cell.modes), str(cell.on_paper))
    marked = (str(cell.outcome), str(cell.mark), *map(str, counts), *how, why)
    return (matrix.reading.id, claims_of(matrix), *places, *marked, " ".join(claims))


def wide_tables(tables: Sequence[Tabular], matrices: Iterable[Matrix]) -> tuple[Tabular, ...]:
    """Return tables with one row for each system: findings on features, verdicts on criteria, and each matrix."""
    by_name = {table.name: table for table in tables}
    systems = tuple(row[0] for row in by_name["systems"].rows)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in by_name["claims"].records():
        if row["valid"] == "true":
            found[row["system"], row["feature"]].add(row["finding"])
    claims = {key: " ".join(sorted(findings)) for key, findings in found.items()}
    verdicts = {(row["system"], row["criterion"]): row["outcome"] for row in by_name["verdicts"].records()}
    findings, outcomes = PREFIXES["scs"], EARL
    claims_title = "The findings of valid claims on each system, by feature"
    verdicts_title = "The verdicts on each system, by criterion, on all claims"
    return (
        _wide("claims-wide", claims_title, _Pivot(systems, claims, PREFIXES["feat"], findings)),
        _wide(
            "verdicts-wide",
            verdicts_title,
            _Pivot(systems, verdicts, PREFIXES["crit"], outcomes, selection=Selection()),
        ),
        *(_matrix(matrix) for matrix in matrices),
    )


def _matrix(matrix: Matrix) -> Tabular:
    """Return a matrix with one row for each system: marks with counts and scope, as ``met 1/3 assumed``."""
    marks = {
        (local_id(cell.system), local_id(cell.principle)): f"{cell.mark} {shown_counts(cell)} {' '.join(cell.scope)}"
        for cell in matrix.cells
    }
    systems = tuple(system.id for system in matrix.systems)
    title = f"{matrix.guideline.label}, read {matrix.reading.label}, claims of {claims_of(matrix)}"
    principles = tuple(principle.id for principle in matrix.principles)
    pivot = _Pivot(systems, marks, f"{matrix.guideline.iri}/", "", principles, matrix.selection)
    return _wide(f"matrix-{stem(matrix)}", title, pivot)


def stem(matrix: Matrix) -> str:
    """Return the file name of a matrix, without an extension.

    The name consists of the id of the reading and, if not all claims count, the ids of the datasets.
    """
    return "-on-".join((matrix.reading.id, *matrix.selection.datasets))


@dataclass(frozen=True, slots=True)
class _Pivot:
    """The contents of a wide table: values, keyed by system and heading.

    ``heading_namespace`` and ``value_namespace`` are the namespaces of the IRIs of headings and values; values are
    texts if the second is empty. If no headings are given, they are taken from the values and sorted. ``selection`` is
    the selection of claims for the values.
    """

    systems: tuple[str, ...]
    values: Mapping[tuple[str, str], str]
    heading_namespace: str
    value_namespace: str
    headings: tuple[str, ...] = ()
    selection: Selection | None = None


def _wide(name: str, title: str, pivot: _Pivot) -> Tabular:
    headings = pivot.headings or tuple(sorted({heading for _, heading in pivot.values}))
    many = bool(pivot.value_namespace) and any(" " in value for value in pivot.values.values())
    columns = tuple(_pivot_column(pivot, heading, many=many) for heading in headings)
    rows = tuple(
        (system, *(pivot.values.get((system, heading), "") for heading in headings)) for system in pivot.systems
    )
    first, about = ids("system", "sys", SCS + "SocialCreditSystem"), PREFIXES["sys"] + "{system}"
    refers, selection = {"system": "systems"}, pivot.selection
    return Tabular(name, title, about, ("system",), (first, *columns), rows, refers, wide=True, selection=selection)


def _pivot_column(pivot: _Pivot, heading: str, *, many: bool) -> Column:
    values = f"{pivot.value_namespace}{{{variable(heading)}}}" if pivot.value_namespace else ""
    return Column(heading, pivot.heading_namespace + heading, values, many=many, required=False)
