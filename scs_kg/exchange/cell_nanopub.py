"""Publishes the cells of a matrix as nanopublications."""

from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple

from scs_kg import store
from scs_kg.exchange.nanopub_parts import PROV, THIS, graphs, link, name, pubinfo, sources
from scs_kg.judging.earl import SOFTWARE, cell_values, verdict_iri
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.namespaces import EARL, PREFIXES, RDF, SCS
from scs_kg.model.verdicts import Outcome
from scs_kg.store import Dataset, Literal, Triple
from scs_kg.store.dataset import asserted_triples, statements_of, subfolders
from scs_kg.store.ontology_header import ontology_header
from scs_kg.store.trig_texts import SubjectText, graph_texts, trig

ALL: Final = "all"


def cell_name(version: str, matrix: Matrix, system: str, principle: str) -> str:
    """Return the IRI of the nanopublication of a cell, from the ids of its system and principle."""
    return f"{name(version)}cell/{matrix.reading.id}/{'+'.join(matrix.selection.datasets) or ALL}/{system}/{principle}"


class _Records(NamedTuple):
    """The IRIs of the provisions, verdicts and claims from which a cell was derived."""

    provisions: tuple[str, ...]
    verdicts: tuple[str, ...]
    claims: tuple[str, ...]


class CellPublisher:
    """Publishes cells of a judged dataset, which must not change.

    The class caches the texts of records that cells share.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset: Final = dataset
        self._head: Final = ontology_header(dataset)
        self._datasets: Final = tuple(subfolders(dataset, "data"))
        self._texts: Final[dict[str, list[SubjectText]]] = {}

    def publish(self, matrix: Matrix, cell: Cell) -> str:
        """Return the nanopublication of a cell as ``nanopub.of_cell`` does."""
        labels = {thing.iri: thing for thing in (*matrix.systems, *matrix.principles)}
        system, principle = labels[cell.system], labels[cell.principle]
        this = cell_name(self._head.version, matrix, system.id, principle.id)
        mark = f"{system.label} × {principle.label}, {matrix.reading.label}: {cell.mark}"
        counted = " or ".join(matrix.selection.datasets) or "all datasets"
        counts = f"{cell.counts.met} of {cell.counts.of} criteria met, {cell.counts.not_met} not met"
        label = f"{mark}, {counts}, scope {' and '.join(cell.scope)}, on the claims of {counted}"
        records = self._records(matrix, cell)
        own = graphs(
            this,
            assertion=_mark(this, matrix, cell),
            provenance=self._judging(this, matrix, cell, records),
            pubinfo=pubinfo(this, self._head, Literal(label, language="en")),
        )
        names = {THIS: f"{this}#"}
        new = {iri: self._record(iri) for iri in chain(*records) if iri not in self._texts}
        texts = graph_texts({**own, **new}, names)
        self._texts.update((iri, texts[iri]) for iri in new)
        shown = {graph: texts[graph] for graph in own}
        shown[f"{THIS}:provenance"] += chain.from_iterable(self._texts[iri] for iri in chain(*records))
        return trig(shown, names)

    def _records(self, matrix: Matrix, cell: Cell) -> _Records:
        """Return the IRIs of the provisions, verdicts and claims from which a cell was derived."""
        asked = set(map(store.text, store.subjects(self._dataset, SCS + "principle", cell.principle)))
        reading = matrix.reading.iri
        provisions = sorted(iri for iri in asked if store.has_triple(self._dataset, iri, SCS + "inReading", reading))
        claims = sorted({claim for verdict in cell.verdicts for claim in verdict.claims})
        return _Records(tuple(provisions), tuple(map(verdict_iri, cell.verdicts)), tuple(claims))

    def _judging(self, this: str, matrix: Matrix, cell: Cell, records: _Records) -> Iterator[Triple]:
        """Yield the provenance triples that say from which records a cell was derived."""
        judging, assertion = this + "#judging", this + "#assertion"
        wholes = (PREFIXES["dataset"] + name for name in matrix.selection.datasets or self._datasets)
        criteria = (verdict.criterion for verdict in cell.verdicts)
        used = (matrix.reading.iri, *wholes, *records.provisions, *criteria, *records.claims)
        yield link(assertion, PROV + "wasGeneratedBy", judging)
        yield link(judging, RDF + "type", PROV + "Activity")
        yield link(judging, PROV + "wasAssociatedWith", SOFTWARE)
        yield link(SOFTWARE, RDF + "type", PROV + "SoftwareAgent")
        yield from (link(judging, PROV + "used", thing) for thing in used)
        yield from (link(assertion, PROV + "wasDerivedFrom", thing) for thing in (*records.verdicts, *records.claims))

    def _record(self, iri: str) -> Iterator[Triple]:
        """Yield the triples of a verdict with its result, of a provision, or of a claim with its sources."""
        if iri.startswith(PREFIXES["verdict"]):
            yield from statements_of(self._dataset, iri)
            yield from statements_of(self._dataset, iri + "-result")
        else:
            yield from asserted_triples(self._dataset, iri)
            yield from sources(self._dataset, iri)


def _mark(this: str, matrix: Matrix, cell: Cell) -> Iterator[Triple]:
    mark, result = this + "#cell", this + "#result"
    yield link(mark, RDF + "type", EARL + "Assertion")
    yield link(mark, EARL + "subject", cell.system)
    yield link(mark, EARL + "test", cell.principle)
    yield link(mark, SCS + "inReading", matrix.reading.iri)
    yield link(mark, EARL + "assertedBy", SOFTWARE)
    yield link(mark, EARL + "mode", EARL + "automatic")
    yield link(mark, EARL + "result", result)
    yield link(result, RDF + "type", EARL + "TestResult")
    yield link(result, EARL + "outcome", EARL + cell.outcome)
    yield from cell_values(mark, cell)
    if cell.outcome is Outcome.CANT_TELL and cell.open_reason:
        yield link(mark, SCS + "openBecause", SCS + cell.open_reason[0].upper() + cell.open_reason[1:])
