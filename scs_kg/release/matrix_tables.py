"""Matrices as tables: their cells as a tidy one, and wide ones with a row for each system."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scs_kg.model.namespaces import BASE, EARL, PREFIXES, SCS, local_id
from scs_kg.model.nouns import Cell, Matrix
from scs_kg.release.tables import Column, Tabular, ids, variable


def claims_of(matrix: Matrix) -> str:
    """Say whose claims a matrix rests on: the ids of datasets, or all."""
    return "+".join(matrix.datasets) or "all"


def cells(matrices: Iterable[Matrix]) -> Tabular:
    """Return the cells of matrices as a tidy table."""
    columns = (
        ids("reading", "reading", SCS + "inReading"),
        Column("claimsOf", ""),
        ids("guideline", "gl", SCS + "inGuideline"),
        Column("principle", EARL + "test", BASE + "guideline/{guideline}/{principle}"),
        ids("system", "sys", EARL + "subject"),
        ids("outcome", "earl", EARL + "outcome"),
        Column("decided", "", kind="integer"),
        Column("of", "", kind="integer"),
        ids("why", "scs", SCS + "openBecause", required=False),
        ids("claims", "claim", SCS + "restsOn", many=True, required=False),
    )
    rows = tuple(_cell_row(matrix, cell) for matrix in matrices for cell in matrix.cells)
    key = ("reading", "claimsOf", "principle", "system")
    title = "Each cell of each matrix, by the reading and by whose claims count"
    return Tabular("cells", title, "", key, columns, rows, {"system": "systems"})


def _cell_row(matrix: Matrix, cell: Cell) -> tuple[str, ...]:
    claims = sorted({local_id(claim) for verdict in cell.verdicts for claim in verdict.claims})
    why = cell.why[0].upper() + cell.why[1:] if cell.why else ""
    places = (matrix.guideline.id, local_id(cell.principle), local_id(cell.system))
    counts = (str(cell.decided), str(cell.of))
    return (matrix.reading.id, claims_of(matrix), *places, str(cell.outcome), *counts, why, " ".join(claims))


def wide(tables: Sequence[Tabular], matrices: Iterable[Matrix]) -> tuple[Tabular, ...]:
    """Return a table with a row for each system: of claims by feature, of verdicts, and of each matrix."""
    by_name = {table.name: table for table in tables}
    systems = tuple(row[0] for row in by_name["systems"].rows)
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, system, feature, finding, *rest in by_name["claims"].rows:
        if rest[-2] == "true":
            said[system, feature].add(finding)
    claims = {key: " ".join(sorted(findings)) for key, findings in said.items()}
    verdicts = {(row[1], row[2]): row[3] for row in by_name["verdicts"].rows}
    findings, outcomes = PREFIXES["scs"], EARL
    title = "What standing claims say of each system, feature by feature"
    each = "Verdicts on all claims, criterion by criterion"
    return (
        _wide("claims-wide", title, _Spread(systems, claims, PREFIXES["feat"], findings)),
        _wide("verdicts-wide", each, _Spread(systems, verdicts, PREFIXES["crit"], outcomes)),
        *(_matrix(matrix) for matrix in matrices),
    )


def _matrix(matrix: Matrix) -> Tabular:
    """Return a matrix with a row for each system; where the reading asks for nothing, the field is empty."""
    asked = [cell for cell in matrix.cells if cell.of]
    marks = {(local_id(cell.system), local_id(cell.principle)): str(cell.outcome) for cell in asked}
    systems = tuple(system.id for system in matrix.systems)
    title = f"{matrix.guideline.label}, read {matrix.reading.label}, claims of {claims_of(matrix)}"
    start = f"{matrix.guideline.iri}/"
    down = [principle.id for principle in matrix.principles]
    return _wide(f"matrix-{stem(matrix)}", title, _Spread(systems, marks, start, EARL, tuple(down)))


def stem(matrix: Matrix) -> str:
    """Return the name of a matrix in file names: its reading, and whose claims count unless all do."""
    return "-on-".join((matrix.reading.id, *matrix.datasets))


@dataclass(frozen=True, slots=True)
class _Spread:
    """What a wide table holds: values by system and heading, in which space of IRIs headings are and in which values.

    The headings are in their order, or else sorted.
    """

    systems: tuple[str, ...]
    values: Mapping[tuple[str, str], str]
    start: str
    space: str
    across: tuple[str, ...] = ()


def _wide(name: str, title: str, spread: _Spread) -> Tabular:
    headings = spread.across or tuple(sorted({heading for _, heading in spread.values}))
    many = any(" " in value for value in spread.values.values())
    columns = tuple(
        Column(heading, spread.start + heading, f"{spread.space}{{{variable(heading)}}}", many=many, required=False)
        for heading in headings
    )
    rows = tuple(
        (system, *(spread.values.get((system, heading), "") for heading in headings)) for system in spread.systems
    )
    first, about = ids("system", "sys", SCS + "SocialCreditSystem"), PREFIXES["sys"] + "{system}"
    return Tabular(name, title, about, ("system",), (first, *columns), rows, {"system": "systems"}, wide=True)
