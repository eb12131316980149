"""Writes verdicts as assertions of the Evaluation and Report Language (EARL 1.0), and the cells that they decide."""

from collections.abc import Iterable, Iterator
from typing import Final

from scs_kg.judging.cells import deciding_verdicts
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import BASE, EARL, PREFIXES, RDF, SCS, local_id
from scs_kg.model.verdicts import Verdict
from scs_kg.store import Dataset, Literal, NamedNode, Triple
from scs_kg.store.dataset import add_triples

SOFTWARE: Final = BASE + "software"


def verdict_iri(verdict: Verdict) -> str:
    """Return the IRI of a verdict. A condition and a criterion with the same id have different verdict IRIs."""
    kind = "condition-" if verdict.criterion.startswith(PREFIXES["cond"]) else ""
    return f"{PREFIXES['verdict']}{local_id(verdict.system)}-{kind}{local_id(verdict.criterion)}"


def assertion(verdict: Verdict) -> list[tuple[str, str, str]]:
    """Return a verdict as triples of IRIs: an assertion (EARL 1.0, section 2) with the claims that support it."""
    name = verdict_iri(verdict)
    stated = [
        (name, RDF + "type", EARL + "Assertion"),
        (name, EARL + "assertedBy", SOFTWARE),
        (name, EARL + "subject", verdict.system),
        (name, EARL + "test", verdict.criterion),
        (name, EARL + "mode", EARL + "automatic"),
        (name, EARL + "result", name + "-result"),
        (name + "-result", RDF + "type", EARL + "TestResult"),
        (name + "-result", EARL + "outcome", EARL + verdict.outcome),
        *((name, SCS + "restsOn", claim) for claim in verdict.claims),
        *((name, SCS + "hangsOn", feature) for feature in verdict.open),
    ]
    if verdict.open_reason:
        stated.append((name, SCS + "openBecause", SCS + verdict.open_reason[0].upper() + verdict.open_reason[1:]))
    return stated


def cell_triples(reading: str, cell: Cell) -> list[tuple[str, str, str]]:
    """Return the triples of a cell whose objects are IRIs: reading, principle, system, outcome, deciding verdicts."""
    name = cell_iri(reading, cell)
    deciding = [verdict for verdict in cell.verdicts if verdict.criterion not in cell.supporting]
    return [
        (name, RDF + "type", SCS + "Cell"),
        (name, SCS + "underReading", reading),
        (name, SCS + "forPrinciple", cell.principle),
        (name, EARL + "subject", cell.system),
        (name, EARL + "outcome", EARL + cell.outcome),
        *((name, SCS + "givenBy", verdict_iri(verdict)) for verdict in deciding_verdicts(cell.mark, deciding)),
    ]


def cell_iri(reading: str, cell: Cell) -> str:
    """Return the IRI of a cell; ``reading`` is the IRI of its reading."""
    principle = cell.principle.removeprefix(PREFIXES["gl"]).replace("/", "-")
    return f"{BASE}mark/{local_id(reading)}-{principle}-{local_id(cell.system)}"


def publish_cells(dataset: Dataset, reading: str, cells: Iterable[Cell]) -> None:
    """Add to the dataset each cell of a reading in which a deciding criterion is met or not met."""
    decided = [cell for cell in cells if cell.counts.met or cell.counts.not_met]
    add_triples(dataset, (triple for cell in decided for triple in _as_triples(cell_triples(reading, cell))))
    add_triples(dataset, (triple for cell in decided for triple in cell_values(cell_iri(reading, cell), cell)))


def cell_values(name: str, cell: Cell) -> list[Triple]:
    """Return the triples of a cell whose objects are literals: mark, scope, counts; ``name`` is its IRI."""
    values = [
        ("cellMark", Literal(cell.mark)),
        *(("cellScope", Literal(scope)) for scope in cell.scope),
        ("criteriaMet", Literal(cell.counts.met)),
        ("criteriaNotMet", Literal(cell.counts.not_met)),
        ("criteriaOpen", Literal(cell.counts.open)),
    ]
    return [Triple(NamedNode(name), NamedNode(SCS + predicate), value) for predicate, value in values]


def publish(dataset: Dataset, verdicts: Iterable[Verdict]) -> None:
    """Add verdicts to the dataset as assertions."""
    add_triples(dataset, (triple for verdict in verdicts for triple in _as_triples(assertion(verdict))))


def _as_triples(stated: Iterable[tuple[str, str, str]]) -> Iterator[Triple]:
    return (Triple(NamedNode(s), NamedNode(p), NamedNode(o)) for s, p, o in stated)
