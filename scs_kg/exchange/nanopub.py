"""Publishes one claim, or one cell of a matrix, as a nanopublication.

A nanopublication (Nanopublication Guidelines, version 3, section 3) has four graphs: a head that names the other three,
an assertion, the provenance of the assertion, and information about the publication. Its IRI contains the version of
the data, because what is published under an IRI must not change. The IRI has no hash, so it is not a trusty URI.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from scs_kg import store
from scs_kg.judging.earl import SOFTWARE, cell_values, verdict_iri
from scs_kg.judging.matrix import compare
from scs_kg.judging.principle_numbers import resolve_principle
from scs_kg.judging.readings import choose_reading
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.namespaces import BASE, EARL, PREFIXES, RDF, SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import Outcome
from scs_kg.store import Dataset, Literal, NamedNode, Triple
from scs_kg.store.dataset import asserted_triples, statements_of, subfolders
from scs_kg.store.labels import resolve
from scs_kg.store.line_split import split_lines
from scs_kg.store.name_search import unknown_name
from scs_kg.store.ontology_header import OntologyHeader, ontology_header
from scs_kg.store.serialize import graphs_to_trig

NP: Final = PREFIXES["np"]
PROV: Final = PREFIXES["prov"]
DCTERMS: Final = PREFIXES["dcterms"]
CONTRIBUTORS: Final = BASE + "contributors"
ALL: Final = "all"
GRAPH: Final = re.compile(r"\S+ \{\n|\}\n")
SOURCED: Final = ("source", "primarySource", "locator", "confidence")
"""The properties of a claim that belong to its provenance, not to its assertion."""


def nanopublication(dataset: Dataset, iri: str) -> str:
    """Return a nanopublication as TriG: of a claim, given its IRI, or of a cell, given the IRI of the nanopublication.

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


def name(version: str) -> str:
    """Return the namespace of the nanopublications of a version."""
    return f"{BASE}nanopub/{version}/"


def cell_name(version: str, matrix: Matrix, system: str, principle: str) -> str:
    """Return the IRI of the nanopublication of a cell, from the ids of its system and principle."""
    return f"{name(version)}cell/{matrix.reading.id}/{'+'.join(matrix.selection.datasets) or ALL}/{system}/{principle}"


def find_cell(dataset: Dataset, matrix: Matrix, system: str, principle: str) -> tuple[Matrix, Cell]:
    """Return the matrix, and its cell of a system and a principle, each given by id, IRI or label.

    The principle may also be given by its number, as ``resolve_principle`` reads it.

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
    return _trig(
        this,
        assertion=[triple for triple in triples if triple not in origin],
        provenance=[*_derived(this, origin), *origin, *_sources(dataset, [iri])],
        pubinfo=[
            *_pubinfo(this, head, statement),
            *(_link(this, DCTERMS + "isPartOf", w.value) for w in _iris(wholes)),
        ],
    )


def _is_claim(dataset: Dataset, iri: str) -> bool:
    """Return whether a claim has this IRI; False for a malformed IRI."""
    try:
        return store.has_triple(dataset, iri, RDF + "type", SCS + "Claim")
    except ValueError:
        return False


def _derived(this: str, origin: Iterable[Triple]) -> Iterator[Triple]:
    """Yield links to the document that was read and to the primary source: the cited one, else the document read."""
    named = {part: [t.object for t in origin if t.predicate.value == SCS + part] for part in SOURCED}
    yield from (_link(this + "#assertion", PROV + "wasDerivedFrom", source.value) for source in _iris(named["source"]))
    first = named["primarySource"] or named["source"]
    yield from (_link(this + "#assertion", PROV + "hadPrimarySource", source.value) for source in _iris(first))


def of_cell(dataset: Dataset, matrix: Matrix, cell: Cell) -> str:
    """Return the nanopublication of a cell: an EARL 1.0 assertion about a system and a principle under a reading.

    Its provenance has the provisions, criteria, verdicts and claims, with the sources of the claims.
    """
    head = ontology_header(dataset)
    labels = {thing.iri: thing for thing in (*matrix.systems, *matrix.principles)}
    system, principle = labels[cell.system], labels[cell.principle]
    this = cell_name(head.version, matrix, system.id, principle.id)
    mark = f"{system.label} × {principle.label}, {matrix.reading.label}: {cell.mark}"
    counted = " or ".join(matrix.selection.datasets) or "all datasets"
    counts = f"{cell.counts.met} of {cell.counts.of} criteria met, {cell.counts.not_met} not met"
    label = f"{mark}, {counts}, scope {' and '.join(cell.scope)}, on the claims of {counted}"
    return _trig(
        this,
        assertion=_mark(this, matrix, cell),
        provenance=_judging(dataset, this, matrix, cell),
        pubinfo=_pubinfo(this, head, Literal(label, language="en")),
    )


def in_one_graph(trig: str) -> str:
    """Return the triples of all graphs of a nanopublication as Turtle: its TriG without the lines of the graph braces.

    The serializer puts each of these on its own line, and writes no line break in a literal.
    """
    return "".join(line.removeprefix("\t") for line in split_lines(trig) if not GRAPH.fullmatch(line))


def _mark(this: str, matrix: Matrix, cell: Cell) -> Iterator[Triple]:
    mark, result = this + "#cell", this + "#result"
    yield _link(mark, RDF + "type", EARL + "Assertion")
    yield _link(mark, EARL + "subject", cell.system)
    yield _link(mark, EARL + "test", cell.principle)
    yield _link(mark, SCS + "inReading", matrix.reading.iri)
    yield _link(mark, EARL + "assertedBy", SOFTWARE)
    yield _link(mark, EARL + "mode", EARL + "automatic")
    yield _link(mark, EARL + "result", result)
    yield _link(result, RDF + "type", EARL + "TestResult")
    yield _link(result, EARL + "outcome", EARL + cell.outcome)
    yield from cell_values(mark, cell)
    if cell.outcome is Outcome.CANT_TELL and cell.open_reason:
        yield _link(mark, SCS + "openBecause", SCS + cell.open_reason[0].upper() + cell.open_reason[1:])


def _judging(dataset: Dataset, this: str, matrix: Matrix, cell: Cell) -> Iterator[Triple]:
    """Yield how a cell was derived, with complete verdicts, claims and provisions."""
    judging, assertion = this + "#judging", this + "#assertion"
    asked = set(map(store.text, store.subjects(dataset, SCS + "principle", cell.principle)))
    applied = (iri for iri in asked if store.has_triple(dataset, iri, SCS + "inReading", matrix.reading.iri))
    provisions, verdicts = sorted(applied), [verdict_iri(verdict) for verdict in cell.verdicts]
    claims = sorted({claim for verdict in cell.verdicts for claim in verdict.claims})
    wholes = [PREFIXES["dataset"] + name for name in matrix.selection.datasets or subfolders(dataset, "data")]
    used = (matrix.reading.iri, *wholes, *provisions, *(verdict.criterion for verdict in cell.verdicts), *claims)
    yield _link(assertion, PROV + "wasGeneratedBy", judging)
    yield _link(judging, RDF + "type", PROV + "Activity")
    yield _link(judging, PROV + "wasAssociatedWith", SOFTWARE)
    yield _link(SOFTWARE, RDF + "type", PROV + "SoftwareAgent")
    yield from (_link(judging, PROV + "used", thing) for thing in used)
    yield from (_link(assertion, PROV + "wasDerivedFrom", thing) for thing in (*verdicts, *claims))
    for thing in (*verdicts, *(verdict + "-result" for verdict in verdicts)):
        yield from statements_of(dataset, thing)
    for thing in (*provisions, *claims):
        yield from asserted_triples(dataset, thing)
    yield from _sources(dataset, claims)


def _sources(dataset: Dataset, claims: Iterable[str]) -> Iterator[Triple]:
    """Yield the records of the documents that claims come from."""
    for claim in claims:
        for link in ("source", "primarySource"):
            for source in _iris(store.objects(dataset, NamedNode(claim), SCS + link)):
                yield from asserted_triples(dataset, source.value)


def _pubinfo(this: str, head: OntologyHeader, label: store.Term) -> Iterator[Triple]:
    day = Literal(head.modified, datatype=NamedNode(PREFIXES["xsd"] + "date"))
    for predicate, value in (
        (PREFIXES["rdfs"] + "label", label),
        (DCTERMS + "created", day),
        (DCTERMS + "license", NamedNode(head.licence)),
        (DCTERMS + "creator", NamedNode(CONTRIBUTORS)),
        (PREFIXES["dcat"] + "version", Literal(head.version)),
    ):
        yield Triple(NamedNode(this), NamedNode(predicate), value)
    yield Triple(NamedNode(CONTRIBUTORS), NamedNode(PREFIXES["foaf"] + "name"), Literal(head.creator))


def _trig(this: str, **parts: Iterable[Triple]) -> str:
    kinds = {"assertion": "Assertion", "provenance": "Provenance", "pubinfo": "PublicationInfo"}
    head = [_link(this, RDF + "type", NP + "Nanopublication")]
    head += [_link(this, NP + "has" + kind, f"{this}#{part}") for part, kind in kinds.items()]
    graphs = {"head": head, **parts}
    return graphs_to_trig({f"{this}#{part}": triples for part, triples in graphs.items()}, {"this": this + "#"})


def _link(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def _iris(terms: Iterable[store.Term]) -> Iterator[NamedNode]:
    return (term for term in terms if isinstance(term, NamedNode))
