"""Publishes one claim, or one cell of a matrix, as a nanopublication.

A nanopublication (Nanopublication Guidelines, version 3, section 3) has four graphs. These are an assertion, its
provenance, information about the publication, and a head that names the other three. The IRI contains the version of
the data, because the content that is published under an IRI must not change. The IRI has no hash, so it is not a trusty
URI.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from scs_kg import store
from scs_kg.exchange.cell_nanopub import ALL, CellPublisher
from scs_kg.exchange.nanopub_parts import DCTERMS, PROV, THIS, graphs, iris, link, name, pubinfo, sources
from scs_kg.judging.matrix import compare
from scs_kg.judging.principle_numbers import resolve_principle
from scs_kg.judging.readings import choose_reading
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.namespaces import RDF, SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import asserted_triples
from scs_kg.store.labels import resolve
from scs_kg.store.line_split import split_lines
from scs_kg.store.name_search import unknown_name
from scs_kg.store.ontology_header import ontology_header
from scs_kg.store.trig_texts import graph_texts, trig

GRAPH: Final = re.compile(r"\S+ \{\n|\}\n")
SOURCED: Final = ("source", "primarySource", "locator", "confidence")
"""The properties of a claim that belong to its provenance, not to its assertion."""


def nanopublication(dataset: Dataset, iri: str) -> str:
    """Return the nanopublication of a claim (given by IRI) or of a cell (given by IRI of the nanopublication) as TriG.

    The dataset must be judged. The IRI of a cell names the datasets whose claims count (``all`` or ``agrawal-2022``).
    If the matrix is available, ``of_cell`` is faster.

    Raises:
        UnknownNameError: there is no such claim or cell.
    """
    start = f"{name(ontology_header(dataset).version)}cell/"
    if not iri.startswith(start):
        return of_claim(dataset, iri)
    parts = iri.removeprefix(start).split("/")
    if len(parts) != 4:
        raise UnknownNameError("cell", iri, [f"{start}READING/all/SYSTEM/PRINCIPLE"])
    reading, claims, system, principle = parts
    selection = Selection(datasets=() if claims == ALL else tuple(claims.split("+")))
    matrix = compare(dataset, choose_reading(dataset, None, reading), selection)
    return of_cell(dataset, *find_cell(dataset, matrix, system, principle))


def find_cell(dataset: Dataset, matrix: Matrix, system: str, principle: str) -> tuple[Matrix, Cell]:
    """Return the matrix, and its cell of a system and a principle, each given by id, IRI or label.

    The principle may also be given by its number, which ``resolve_principle`` interprets.

    Raises:
        UnknownNameError: there is no such system or principle.
    """
    across = resolve(dataset, system, "system", matrix.systems)
    down = resolve_principle(dataset, principle, matrix.principles, matrix.numbers)
    return matrix, next(c for c in matrix.cells if (c.system, c.principle) == (across.iri, down.iri))


def of_claim(dataset: Dataset, iri: str) -> str:
    """Return the nanopublication of a claim; the source and the locator are in its provenance.

    Raises:
        UnknownNameError: there is no such claim.
    """
    if not _is_claim(dataset, iri):
        known = [store.text(claim) for claim in store.subjects(dataset, RDF + "type", SCS + "Claim")]
        raise unknown_name(dataset, "claim", local_id(iri), known)
    triples = sorted(asserted_triples(dataset, iri), key=str)
    head = ontology_header(dataset)
    this = f"{name(head.version)}claim/{local_id(iri)}"
    origin = [triple for triple in triples if triple.predicate.value in {SCS + part for part in SOURCED}]
    statement = next(t.object for t in triples if t.predicate.value == SCS + "statement")
    wholes = store.objects(dataset, NamedNode(iri), SCS + "inDataset")
    parts = graphs(
        this,
        assertion=[triple for triple in triples if triple not in origin],
        provenance=[*_derived(this, origin), *origin, *sources(dataset, iri)],
        pubinfo=[
            *pubinfo(this, head, statement),
            *(link(this, DCTERMS + "isPartOf", w.value) for w in iris(wholes)),
        ],
    )
    names = {THIS: f"{this}#"}
    return trig(graph_texts(parts, names), names)


def _is_claim(dataset: Dataset, iri: str) -> bool:
    """Return whether a claim has this IRI; False for a malformed IRI."""
    try:
        return store.has_triple(dataset, iri, RDF + "type", SCS + "Claim")
    except ValueError:
        return False


def _derived(this: str, origin: Iterable[Triple]) -> Iterator[Triple]:
    """Yield links to the document that was read and to the primary source: the cited document, or else the one read."""
    named = {part: [t.object for t in origin if t.predicate.value == SCS + part] for part in SOURCED}
    yield from (link(this + "#assertion", PROV + "wasDerivedFrom", source.value) for source in iris(named["source"]))
    first = named["primarySource"] or named["source"]
    yield from (link(this + "#assertion", PROV + "hadPrimarySource", source.value) for source in iris(first))


def of_cell(dataset: Dataset, matrix: Matrix, cell: Cell) -> str:
    """Return the nanopublication of a cell: an EARL 1.0 assertion about a system and a principle under a reading.

    The provenance graph has the provisions, criteria, verdicts and claims, with the sources of the claims. A
    ``CellPublisher`` is faster for several cells.
    """
    return CellPublisher(dataset).publish(matrix, cell)


def in_one_graph(trig: str) -> str:
    """Return the triples of all graphs of a nanopublication as Turtle: its TriG without the lines of the graph braces.

    The serializer writes each graph brace on its own line, and writes no line break in a literal.
    """
    return "".join(line.removeprefix("\t") for line in split_lines(trig) if not GRAPH.fullmatch(line))
