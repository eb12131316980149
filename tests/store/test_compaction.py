"""JSON-LD exports have the names of the published context, and the same quads as the other formats."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, parse, serialize
from rdflib.compare import isomorphic

from scs_kg import store
from scs_kg.model.namespaces import PREFIXES, RDF, SCS
from scs_kg.store.compaction import Compaction
from tests.conftest import ROOT

CONTEXT: Final = json.loads((ROOT / "ontology" / "context.jsonld").read_text("utf-8"))["@context"]
COMPACTION: Final = Compaction(CONTEXT)
BASES: Final = ("claim", "feat", "sys", "src", "scs", "skos", "gl", "xsd")
PREDICATES: Final = sorted({*COMPACTION.terms, RDF + "type", "https://example.org/p", SCS + "other", SCS + "system"})
IRIS: Final = st.one_of(
    st.builds(
        lambda base, local: NamedNode(PREFIXES[base] + local),
        st.sampled_from(BASES),
        st.sampled_from(["a", "b/c", "title", "id", "type", "Present", "//x", "%E4%B8", "a:b", "-a", "1", "_:b", ""]),
    ),
    st.sampled_from(
        [NamedNode(iri) for iri in ("urn:a", "doi:10.1/x", "mailto:a@example.org", "https://example.org/")]
    ),
)
LITERALS: Final = st.one_of(
    st.builds(Literal, st.sampled_from(["", "Cake.", "claim:a", "@id", "true"])),
    st.builds(
        lambda text, tag: Literal(text, language=tag),
        st.sampled_from(["a", "b", ""]),
        st.sampled_from(["en", "zh-hans"]),
    ),
    st.builds(
        lambda text, kind: Literal(text, datatype=NamedNode(PREFIXES["xsd"] + kind)),
        st.sampled_from(["2019", "1.50", "true", "x", "1E0"]),
        st.sampled_from(["gYear", "decimal", "boolean", "integer", "double", "anyURI"]),
    ),
)
QUADS: Final = st.builds(
    Quad,
    IRIS,
    st.sampled_from(PREDICATES).map(NamedNode),
    st.one_of(IRIS, LITERALS),
    st.sampled_from([NamedNode("https://example.org/graph"), NamedNode(PREFIXES["sys"] + "g")]),
)


def read(written: bytes) -> set[Quad]:
    """Return the quads of a document."""
    return set(parse(written, format=RdfFormat.JSON_LD))


def canonical(quads: Iterable[Quad]) -> set[Quad]:
    """Return quads with blank nodes that are labelled by RDFC-1.0, so that isomorphic sets are equal."""
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


@given(st.sets(QUADS, max_size=12))
def test_compacted_json_ld_has_the_same_quads(quads: set[Quad]) -> None:
    expanded = serialize(quads, format=RdfFormat.JSON_LD)
    assert expanded
    assert read(expanded) == quads
    document = {"@context": CONTEXT, "@graph": COMPACTION.nodes(json.loads(expanded))}
    assert read(json.dumps(document).encode()) == quads


def test_the_invented_world_is_exported_with_the_names_of_the_context(shared_world: Path) -> None:
    dataset = store.load(shared_world)
    written = store.serialize_dataset(dataset, "jsonld", inferred=True)
    quads = parse(store.serialize_dataset(dataset, "nquads", inferred=True), format=RdfFormat.N_QUADS)
    assert canonical(read(written)) == canonical(quads)
    nodes = {node["id"]: node for graph in json.loads(written)["@graph"] for node in graph.get("@graph", ())}
    claim = nodes["claim:alpha-punishment-book-2001"]
    assert (claim["type"], claim["system"], claim["finding"]) == ("scs:Claim", "alpha", "Absent")
    assert isinstance(claim["statement"], str)


def test_rdflib_reads_the_same_claims(shared_world: Path) -> None:
    dataset = store.load(shared_world)
    document = json.loads(store.serialize_dataset(dataset, "jsonld", inferred=False))
    graphs = [graph for graph in document["@graph"] if "/data/" in graph["id"]]
    found = rdflib.Dataset()
    found.parse(data=json.dumps(document | {"@graph": graphs}), format="json-ld")
    assert len(graphs) > 3
    for name in (graph["id"] for graph in graphs):
        triples = dataset.quads.quads_for_pattern(None, None, None, NamedNode(name))
        lines = "".join(f"{quad.triple} .\n" for quad in triples).replace("@zh-hans", "@zh-Hans")
        wanted = rdflib.Graph().parse(data=lines, format="nt")
        assert isomorphic(wanted, rdflib.Graph().parse(data=found.graph(name).serialize(format="nt"), format="nt"))


@pytest.mark.parametrize("term", ["system", "finding", "page", "title", "approximate"])
def test_a_value_that_a_term_does_not_fit_keeps_its_meaning(term: str) -> None:
    predicate = next(iri for iri, (name, _) in COMPACTION.terms.items() if name == term)
    quads = {Quad(NamedNode("urn:a"), NamedNode(predicate), Literal("x"), NamedNode("urn:g"))}
    expanded = json.loads(serialize(quads, format=RdfFormat.JSON_LD) or b"[]")
    (graph,) = COMPACTION.nodes(expanded)
    assert term not in graph["@graph"][0]
    assert read(json.dumps({"@context": CONTEXT, "@graph": [graph]}).encode()) == quads
