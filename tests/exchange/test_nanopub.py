"""Nanopublications have four linked graphs with provenance from sources, claims and provisions."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from nanopub.nanopub import Nanopub
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS

from scs_kg import store
from scs_kg.cli import run
from scs_kg.exchange import nanopub
from scs_kg.exchange.cell_nanopub import cell_name
from scs_kg.judging.matrix import compare
from scs_kg.judging.readings import choose_reading
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.matrix import Matrix
from scs_kg.model.namespaces import EARL, PREFIXES, SCS
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset
from scs_kg.store.dataset import subfolders
from scs_kg.store.ontology_header import ontology_header
from tests.conftest import PAPER, ROOT

NP = rdflib.Namespace(PREFIXES["np"])
PARTS = ("Assertion", "Provenance", "PublicationInfo")


@pytest.fixture(scope="module")
def matrix(judged: Dataset) -> Matrix:
    """Return the matrix of the base paper."""
    return compare(judged, selection=PAPER)


def read(trig: str) -> tuple[rdflib.URIRef, dict[str, rdflib.Graph]]:
    """Read a nanopublication with rdflib: its name, and its graphs by their roles in the head."""
    found = rdflib.Dataset()
    found.parse(data=trig, format="trig")
    ((this, head),) = {(s, g) for s, _, _, g in found.quads((None, RDF.type, NP.Nanopublication, None))}
    assert isinstance(this, rdflib.URIRef)
    graphs = {}
    for part in PARTS:
        (name,) = found.graph(head).objects(this, NP["has" + part])
        assert isinstance(name, rdflib.URIRef)
        graphs[part] = found.graph(name)
    named = {graph.identifier for graph in (*graphs.values(), found.graph(head))}
    assert {graph for *_, graph in found.quads()} == named
    assert not any(isinstance(term, rdflib.BNode) for quad in found.quads() for term in quad)
    return this, graphs


def claims(dataset: Dataset) -> Iterator[str]:
    """Yield the IRIs of all claims."""
    yield from sorted(store.text(term) for term in store.subjects(dataset, PREFIXES["rdf"] + "type", SCS + "Claim"))


def test_a_claim_leads_to_its_source_and_locator(judged: Dataset) -> None:
    for iri in claims(judged):
        this, graphs = read(nanopub.of_claim(judged, iri))
        assertion, provenance = graphs["Assertion"], graphs["Provenance"]
        claim, scs = rdflib.URIRef(iri), rdflib.Namespace(SCS)
        assert str(this) == f"https://w3id.org/scs-kg/nanopub/0.1.0/claim/{iri.rsplit('/', 1)[1]}"
        assert {*assertion.predicates(claim)} >= {scs.about, scs.feature, scs.finding, scs.statement}
        assert set(assertion.subjects()) == {claim}
        (source,) = provenance.objects(claim, scs.source)
        assert (assertion.identifier, PROV.wasDerivedFrom, source) in provenance
        assert provenance.value(claim, scs.locator)
        first = set(provenance.objects(claim, scs.primarySource)) or {source}
        assert set(provenance.objects(assertion.identifier, PROV.hadPrimarySource)) == first
        assert all(provenance.value(document, DCTERMS.creator) for document in {source, *first})


def test_a_cell_leads_to_provisions_criteria_and_claims(judged: Dataset, matrix: Matrix) -> None:
    assert matrix.cells
    for cell in matrix.cells:
        this, graphs = read(nanopub.of_cell(judged, matrix, cell))
        assertion, provenance = graphs["Assertion"], graphs["Provenance"]
        (mark,) = assertion.subjects(RDF.type, rdflib.URIRef(EARL + "Assertion"))
        assert assertion.value(mark, rdflib.URIRef(EARL + "subject")) == rdflib.URIRef(cell.system)
        assert assertion.value(mark, rdflib.URIRef(EARL + "test")) == rdflib.URIRef(cell.principle)
        (outcome,) = assertion.objects(None, rdflib.URIRef(EARL + "outcome"))
        assert str(outcome) == EARL + cell.outcome
        (judging,) = provenance.objects(assertion.identifier, PROV.wasGeneratedBy)
        used = {str(thing) for thing in provenance.objects(judging, PROV.used)}
        assert used >= {matrix.reading.iri, *(verdict.criterion for verdict in cell.verdicts)}
        assert used >= {claim for verdict in cell.verdicts for claim in verdict.claims}
        assert len([thing for thing in used if thing.startswith(PREFIXES["provision"])]) >= len(cell.verdicts)
        assert "/cell/agrawal-2022/agrawal-2022/" in this
        assert {thing for thing in used if thing.startswith(PREFIXES["dataset"])} == {
            PREFIXES["dataset"] + "agrawal-2022"
        }


def test_a_cell_on_all_claims_names_every_dataset(judged: Dataset, matrix: Matrix) -> None:
    every = replace(matrix, selection=Selection())
    this, graphs = read(nanopub.of_cell(judged, every, matrix.cells[0]))
    assert "/all/" in this
    (judging,) = graphs["Provenance"].subjects(RDF.type, PROV.Activity)
    used = {str(thing) for thing in graphs["Provenance"].objects(judging, PROV.used)}
    datasets = {PREFIXES["dataset"] + name for name in subfolders(judged, "data")}
    assert datasets
    assert datasets <= used
    assert str(graphs["PublicationInfo"].value(this, RDFS.label)).endswith("on the claims of all datasets")


def test_the_publication_has_its_date_author_and_licence(judged: Dataset, matrix: Matrix) -> None:
    head = ontology_header(judged)
    for trig in (nanopub.of_claim(judged, next(claims(judged))), nanopub.of_cell(judged, matrix, matrix.cells[0])):
        this, graphs = read(trig)
        said = graphs["PublicationInfo"]
        assert str(said.value(this, DCTERMS.created)) == head.modified
        assert str(said.value(this, DCTERMS.license)) == head.licence
        assert said.value(this, DCTERMS.creator)


def test_the_library_nanopub_accepts_each_nanopublication(judged: Dataset, matrix: Matrix, tmp_path: Path) -> None:
    shown = [nanopub.of_claim(judged, iri) for iri in list(claims(judged))[:5]]
    shown += [nanopub.of_cell(judged, matrix, cell) for cell in matrix.cells[:5]]
    for number, trig in enumerate(shown):
        path = tmp_path / f"{number}.trig"
        path.write_text(trig, "utf-8")
        assert Nanopub(rdf=path).is_valid


def test_a_claim_can_be_given_by_its_iri(judged: Dataset, matrix: Matrix) -> None:
    claim = next(claims(judged))
    assert nanopub.nanopublication(judged, claim) == nanopub.of_claim(judged, claim)
    cell = matrix.cells[7]
    system, principle = (iri.rsplit("/", 1)[1] for iri in (cell.system, cell.principle))
    iri = cell_name("0.1.0", matrix, system, principle)
    assert nanopub.nanopublication(judged, iri) == nanopub.of_cell(judged, matrix, cell)


def test_the_selection_of_all_claims_is_named_all(field: Dataset) -> None:
    matrix = compare(field, choose_reading(field, None, "oecd-2024-full-text"), Selection())
    shown = nanopub.of_cell(field, matrix, matrix.cells[0])
    assert "/cell/oecd-2024-full-text/all/" in shown
    assert shown == nanopub.of_cell(field, matrix, matrix.cells[0])


@pytest.mark.parametrize("iri", ["claim/nobody", "nanopub/0.1.0/cell/agrawal-2022", "nanopub/0.0.1/cell/a/all/b/c"])
def test_an_unknown_iri_is_not_published(iri: str, judged: Dataset) -> None:
    with pytest.raises(UnknownNameError, match=r"no (claim|cell) is called"):
        nanopub.nanopublication(judged, "https://w3id.org/scs-kg/" + iri)


def printed(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[str, str]:
    """Run the command and return its standard output and standard error."""
    monkeypatch.setattr("sys.argv", ["scs-kg", "nanopub", *words])
    with suppress(SystemExit):  # the callers also check the output of failed commands
        run()
    out, err = capfdbinary.readouterr()
    return out.decode(), err.decode()


def test_the_command_prints_claims_and_cells(
    shared_world: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    judged_world: Dataset,
) -> None:
    root = ("--root", str(shared_world))
    claim = next(claims(judged_world)).rsplit("/", 1)[1]
    for name in (claim, f"claim:{claim}", f"https://w3id.org/scs-kg/claim/{claim}"):
        out, err = printed(capfdbinary, monkeypatch, name, *root)
        assert f"/claim/{claim}#" in out
        assert not err
    out, err = printed(capfdbinary, monkeypatch, "gamma", "kindness", *root)
    assert "/gamma/kindness#" in out
    assert not err


def test_the_error_for_a_system_outside_the_dataset_names_an_option_that_works(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = ("suining", "respect-for-privacy", "--root", str(ROOT))
    out, err = printed(capfdbinary, monkeypatch, *cell)
    assert (out, err) == ("", "scs-kg: no claim of agrawal-2022 is about suining; --dataset all uses every claim\n")
    out, err = printed(capfdbinary, monkeypatch, *cell, "--dataset", "all")
    assert "/all/suining/respect-for-privacy#" in out
    assert not err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("nobody",), "no claim is called 'nobody'"),
        (("no <body>",), "no claim is called 'no <body>'"),
        (("gamma", "nothing"), "no principle is called 'nothing'"),
        (("a", "b", "c"), "name one claim, or one system and one principle"),
        (("a-claim", "--reading", "r"), "a claim has no reading and no selection of datasets"),
        (("a-claim", "--dataset", "all"), "a claim has no reading and no selection of datasets"),
        ((), "Missing argument"),
    ],
)
def test_wrong_use_is_reported_in_one_line(
    words: tuple[str, ...],
    reason: str,
    shared_world: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, err = printed(capfdbinary, monkeypatch, *words, "--root", str(shared_world))
    assert not out
    assert reason in err
    assert err.count("\n") == 1
