"""Tests the RDF store: loading files, positions of statements, and serialization without loss."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
)
from pyoxigraph import Dataset as QuadSet

from scs_kg import store
from scs_kg.model.errors import BadFileError, EmptyInputError, EngineError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, local_id
from scs_kg.store import Dataset
from scs_kg.store import locate as locating
from scs_kg.store.atomic_write import atomic_writer, write_atomically
from scs_kg.store.dataset import INFERRED, add_triples, empty_dataset, predicates, remove_subjects
from scs_kg.store.loading import syntax_errors
from scs_kg.store.locate import locate
from scs_kg.store.serialize import (
    DATASET_FORMATS,
    RESULT_FORMATS,
    asserted_ntriples,
    canonical_graph_lines,
    ntriples_to_turtle,
    serialize_in_formats,
)
from scs_kg.store.turtle_positions import Position
from tests.cli.test_bad_input import ALPHA, FEATURES, PLACES, adds, alters, line_of, loses
from tests.conftest import ROOT

ALPHA_SYSTEM: Final = PREFIXES["sys"] + "alpha"
LABEL: Final = PREFIXES["skos"] + "prefLabel"


@pytest.fixture(scope="module")
def loaded(shared_world: Path) -> Dataset:
    """Return the invented world as loaded from its files."""
    return store.load(shared_world)


# Loading


def test_every_turtle_file_becomes_a_graph_of_its_own(loaded: Dataset, shared_world: Path) -> None:
    files = {path for folder in ("ontology", "data") for path in (shared_world / folder).rglob("*.ttl")}
    turtle = {graph: path for graph, path in loaded.files.items() if path.suffix == ".ttl"}
    assert set(turtle.values()) == files
    assert loaded.files[PREFIXES["graph"] + "data/tales/alpha"] == shared_world / ALPHA
    for graph, path in turtle.items():
        quads = loaded.quads.quads_for_pattern(None, None, None, NamedNode(graph))
        assert len(list(quads)) == len(list(parse(path.read_bytes(), format=RdfFormat.TURTLE))) > 0


def test_only_turtle_under_the_two_folders_is_loaded(world: Path, loaded: Dataset) -> None:
    adds("data/notes.txt", "this is no Turtle")(world)
    adds("stray.ttl", "this is no Turtle")(world)
    assert len(store.load(world).quads) == len(loaded.quads)


def test_the_default_root_is_the_checkout() -> None:
    assert store.default_root() == ROOT


@pytest.mark.parametrize("folder", store.loading.FOLDERS)
def test_a_folder_without_turtle_is_an_error(folder: str, world: Path) -> None:
    loses(folder)(world)
    with pytest.raises(EmptyInputError, match=f"{folder}: contains no Turtle file"):
        store.load(world)
    with pytest.raises(EmptyInputError, match=f"{folder}: contains no Turtle file"):
        list(syntax_errors(world))


def test_the_first_file_that_is_not_turtle_stops_loading(world: Path) -> None:
    for file in (ALPHA, FEATURES):
        adds(file, "\nthis is no Turtle\n")(world)
    with pytest.raises(BadFileError) as caught:
        store.load(world)
    assert (caught.value.file, caught.value.line) == (str(world / FEATURES), line_of(world / FEATURES, "no Turtle"))


def test_every_file_that_is_not_turtle_is_found(world: Path) -> None:
    for file in (ALPHA, FEATURES):
        adds(file, "\nthis is no Turtle\n")(world)
    assert [error.file for error in syntax_errors(world)] == [str(world / FEATURES), str(world / ALPHA)]


def test_data_that_can_be_loaded_has_no_syntax_error(shared_world: Path) -> None:
    assert list(syntax_errors(shared_world)) == []


# Finding lines


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.parametrize(("root", "step"), [(ROOT, 61), (None, 1)], ids=["project", "world"])
def test_a_statement_about_a_named_node_is_found_on_its_line(root: Path | None, step: int, shared_world: Path) -> None:
    dataset = store.load(root or shared_world)
    said = {
        (quad.subject.value, quad.predicate.value)
        for quad in dataset.quads
        if isinstance(quad.subject, NamedNode) and "/data/" in str(quad.graph_name)
    }
    assert len(said) > 100
    for node, predicate in sorted(said)[::step]:
        path, line = locate(dataset, node, predicate)
        assert path is not None
        assert line is not None
        text = path.read_text("utf-8").splitlines()[line - 1]
        if path.suffix == ".csv":
            assert text.startswith(f"{local_id(node)},")
            continue
        assert (" a " if predicate == RDF + "type" else f":{local_id(predicate)} ") in text


def test_a_node_is_found_on_the_line_of_its_subject(loaded: Dataset, shared_world: Path) -> None:
    place = shared_world / PLACES, line_of(shared_world / PLACES, "sys:alpha a")
    assert locate(loaded, ALPHA_SYSTEM) == place
    assert locate(loaded, ALPHA_SYSTEM, SCS + "level") == place


def test_a_file_with_the_statement_is_preferred_to_one_with_the_node(world: Path) -> None:
    adds("data/a.ttl", f"<{ALPHA_SYSTEM}>\n  <{SCS}unit> 1 .\n")(world)
    dataset = store.load(world)
    assert locate(dataset, ALPHA_SYSTEM)[0] == world / PLACES
    assert locate(dataset, ALPHA_SYSTEM, SCS + "unit") == (world / "data" / "a.ttl", 2)
    label = line_of(world / PLACES, '"Alpha"')
    assert locate(dataset, ALPHA_SYSTEM, LABEL) == (world / PLACES, label)


def test_a_multiline_string_does_not_shift_lines(world: Path) -> None:
    alters(PLACES, '"Isle"@en', '"""Isle\n\n. sys:alpha a \\""""@en')(world)
    dataset = store.load(world)
    assert locate(dataset, ALPHA_SYSTEM)[1] == line_of(world / PLACES, "sys:alpha a scs:SocialCreditSystem")


def test_a_blank_node_is_found_where_it_is_a_subject(world: Path) -> None:
    adds("data/a.ttl", "# nothing\n\n[] <urn:p> 1 .\n")(world)
    assert locate(store.load(world), "_:any", "urn:p") == (world / "data" / "a.ttl", 3)


def test_a_file_is_read_once_for_its_nodes_and_again_after_a_change(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, read_positions = list[Path](), locating._positions

    def recorded(path: Path) -> Iterable[Position]:
        read.append(path)
        return read_positions(path)

    monkeypatch.setattr(locating, "_positions", recorded)
    adds("data/a.ttl", "<urn:a> <urn:p> 1 .\n<urn:b> <urn:p> 2 .\n")(world)
    dataset = store.load(world)
    assert [locate(dataset, node)[1] for node in ("urn:a", "urn:b")] == [1, 2]
    assert read == [world / "data" / "a.ttl"]
    alters("data/a.ttl", "<urn:b>", "\n<urn:b>")(world)
    assert locate(dataset, "urn:b")[1] == 3
    assert len(read) == 2


def test_an_unknown_node_has_no_position(loaded: Dataset) -> None:
    assert locate(loaded, "urn:nothing", LABEL) == (None, None)


def test_a_node_that_is_only_an_object_is_found_there(world: Path) -> None:
    adds("data/a.ttl", "<urn:a> <urn:p> 1 ;\n  <urn:q> <urn:nowhere> .\n")(world)
    assert locate(store.load(world), "urn:nowhere") == (world / "data" / "a.ttl", 2)


# Reading


def test_terms_are_read_by_pattern(loaded: Dataset) -> None:
    alpha = NamedNode(ALPHA_SYSTEM)
    assert [store.text(term) for term in store.objects(loaded, alpha, LABEL)] == ["Alpha", "甲"]
    assert store.objects(loaded, Literal("Alpha"), LABEL) == []
    assert SCS + "operatesIn" in predicates(loaded, alpha)
    assert predicates(loaded, Literal("Alpha")) == set()
    systems = {store.text(term) for term in store.subjects(loaded, RDF + "type", SCS + "SocialCreditSystem")}
    assert {local_id(system) for system in systems} == {"alpha", "beta", "gamma"}
    assert (ALPHA_SYSTEM, PREFIXES["region"] + "town") in set(store.subject_objects(loaded, SCS + "operatesIn"))
    assert store.text(Triple(alpha, alpha, alpha)).count(ALPHA_SYSTEM) == 3


@pytest.mark.parametrize(
    ("pattern", "there"),
    [
        ((ALPHA_SYSTEM, None, None), True),
        ((None, SCS + "operatesIn", PREFIXES["region"] + "isle"), True),
        ((ALPHA_SYSTEM, SCS + "operatesIn", PREFIXES["region"] + "isle"), False),
        ((None, SCS + "hasFeature", None), False),
        ((None, None, None), True),
    ],
)
def test_a_pattern_is_true_if_a_triple_matches(
    pattern: tuple[str | None, str | None, str | None], there: bool, loaded: Dataset
) -> None:
    assert store.has_triple(loaded, *pattern) is there


def test_the_triples_of_a_subject_can_be_removed(world: Path) -> None:
    dataset = store.load(world)
    before = len(dataset.quads)
    gone = len(list(dataset.quads.quads_for_pattern(NamedNode(ALPHA_SYSTEM), None, None, None)))
    remove_subjects(dataset, [ALPHA_SYSTEM, "urn:nothing"])
    assert gone > 3
    assert len(dataset.quads) == before - gone
    assert not store.has_triple(dataset, ALPHA_SYSTEM, None, None)
    assert store.has_triple(dataset, None, SCS + "about", ALPHA_SYSTEM)


def test_added_triples_are_in_the_graph_of_inferred_triples() -> None:
    dataset, node = empty_dataset(), NamedNode("urn:a")
    add_triples(dataset, [Triple(node, node, node), Triple(node, node, node)])
    assert [quad.graph_name for quad in dataset.quads] == [NamedNode(INFERRED)]


@pytest.mark.parametrize(
    ("sparql", "kind"),
    [
        ("SELECT * { ?a ?b ?c }", QuerySolutions),
        ("ASK { ?a ?b ?c }", QueryBoolean),
        ("CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }", QueryTriples),
    ],
)
def test_a_query_sees_all_graphs_as_one(sparql: str, kind: type, loaded: Dataset) -> None:
    found = store.run_query(loaded, sparql)
    assert isinstance(found, kind)
    if not isinstance(found, QueryBoolean):
        assert len(list(found)) == len({quad.triple for quad in loaded.quads})


@pytest.mark.parametrize("sparql", ["SELEC", "", "INSERT DATA { <urn:a> <urn:b> <urn:c> }"])
def test_an_invalid_query_is_an_error_of_one_line(sparql: str) -> None:
    with pytest.raises(EngineError, match=r"\Athe query cannot be answered: .+\Z"):
        store.run_query(empty_dataset(), sparql)


# Writing


def test_the_triples_of_some_files_exclude_inferred_ones(judged_world: Dataset) -> None:
    every = asserted_ntriples(judged_world)
    some = asserted_ntriples(judged_world, ("data/tales/alpha", "data/places"))
    assert 0 < len(some) < len(every)
    assert set(some.splitlines()) < set(every.splitlines())
    assert f"<{ALPHA_SYSTEM}> <{SCS}hasFeature> " not in every
    assert store.has_triple(judged_world, ALPHA_SYSTEM, SCS + "hasFeature", None)
    assert every.splitlines() == sorted(set(every.splitlines()))


WORLDWIDE: Final = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
IRIS: Final = st.sampled_from([NamedNode(PREFIXES["sys"] + name) for name in ("a", "b-c", "ü", "a.b", "a/b", "")])
BLANKS: Final = st.sampled_from([BlankNode(f"b{number}") for number in range(4)])
LITERALS: Final = st.one_of(
    WORLDWIDE.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), WORLDWIDE, st.sampled_from(["en", "zh-hans"])),
    st.builds(lambda text: Literal(text, datatype=NamedNode("urn:type")), WORLDWIDE),
    st.integers().map(Literal),
    st.booleans().map(Literal),
    st.floats(allow_nan=False).map(Literal),
)
GRAPHS: Final = st.sampled_from([NamedNode(PREFIXES["graph"] + name) for name in ("one", "data/two", "inferred")])
QUADS: Final = st.builds(Quad, st.one_of(IRIS, BLANKS), IRIS, st.one_of(IRIS, BLANKS, LITERALS), GRAPHS)


def dataset_of(quads: list[Quad]) -> Dataset:
    """Return a dataset of these quads."""
    dataset = Dataset(Path(), Store(), {})
    dataset.quads.extend(quads)
    return dataset


def canonical(quads: list[Quad]) -> set[Quad]:
    """Return quads with the labels of RDFC-1.0 for blank nodes."""
    found = QuadSet(quads)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


@pytest.mark.no_cover
@pytest.mark.parametrize("form", ["trig", "nquads", "jsonld"])
@given(quads=st.lists(QUADS, max_size=8))
def test_an_export_can_be_read_again(form: str, quads: list[Quad]) -> None:
    written = store.serialize_dataset(dataset_of(quads), form, inferred=True)
    assert canonical(list(parse(written, format=DATASET_FORMATS[form]))) == canonical(quads)


@given(quads=st.lists(QUADS, max_size=8))
def test_the_export_as_turtle_is_the_union_of_the_graphs(quads: list[Quad]) -> None:
    written = store.serialize_dataset(dataset_of(quads), "turtle", inferred=True)
    read = canonical(list(parse(written, format=RdfFormat.TURTLE)))
    assert {quad.triple for quad in read} == {
        quad.triple for quad in canonical([Quad(q.subject, q.predicate, q.object) for q in canonical(quads)])
    }


@pytest.mark.no_cover
@pytest.mark.parametrize("form", DATASET_FORMATS)
@given(quads=st.lists(QUADS, max_size=8), data=st.data())
def test_order_and_blank_node_names_do_not_change_the_bytes(form: str, quads: list[Quad], data: st.DataObject) -> None:
    names: dict[object, Any] = {BlankNode(f"b{number}"): BlankNode(f"x{9 - number}") for number in range(4)}
    others = [
        Quad(names.get(q.subject, q.subject), q.predicate, names.get(q.object, q.object), q.graph_name)
        for q in data.draw(st.permutations(quads))
    ]
    assert store.serialize_dataset(dataset_of(others), form, inferred=True) == store.serialize_dataset(
        dataset_of(quads), form, inferred=True
    )


@pytest.mark.parametrize("form", DATASET_FORMATS)
@given(quads=st.lists(QUADS, max_size=8))
def test_inferred_triples_are_excluded_by_default(form: str, quads: list[Quad]) -> None:
    stated = [quad for quad in quads if quad.graph_name != NamedNode(INFERRED)]
    assert store.serialize_dataset(dataset_of(quads), form, inferred=False) == store.serialize_dataset(
        dataset_of(stated), form, inferred=True
    )


def test_the_whole_world_is_exported_and_read_again(judged_world: Dataset) -> None:
    written = store.serialize_dataset(judged_world, "trig", inferred=True)
    assert len(judged_world.quads) > 1000
    assert canonical(list(parse(written, format=RdfFormat.TRIG))) == canonical(list(judged_world.quads))
    head = [line for line in written.splitlines() if line.startswith(b"@prefix ")]
    assert head == sorted(head) == written.splitlines()[: len(head)]


@given(quads=st.lists(QUADS, min_size=1, max_size=8))
def test_equal_graphs_have_the_same_canonical_text(quads: list[Quad]) -> None:
    turtle = "".join(f"{quad.triple} .\n" for quad in quads)
    normal = store.canonical_ntriples(turtle)
    assert store.canonical_ntriples(normal) == normal
    assert store.canonical_ntriples(turtle.replace("_:b", "_:other")) == normal
    assert store.canonical_ntriples(ntriples_to_turtle(normal)) == normal


def test_an_answer_is_written_in_the_formats_of_its_kind(loaded: Dataset) -> None:
    rows, graph = "SELECT ?a { ?a ?b ?c }", "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }"
    for form in RESULT_FORMATS:
        assert len(store.serialize_result(store.run_query(loaded, rows), form)) > 1000
        with pytest.raises(EngineError, match=f"a graph, which cannot be written as {form}; use --format turtle"):
            store.serialize_result(store.run_query(loaded, graph), form)
    assert list(parse(store.serialize_result(store.run_query(loaded, graph), "turtle"), format=RdfFormat.TURTLE))
    with pytest.raises(EngineError, match="a table, which cannot be written as turtle; use one of csv, json, tsv, xml"):
        store.serialize_result(store.run_query(loaded, rows), "turtle")


def test_an_answer_is_serialized_the_same_way_each_time(loaded: Dataset) -> None:
    graph = "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c FILTER (!ISBLANK(?a) && !ISBLANK(?c)) }"
    first, second = (store.serialize_result(store.run_query(loaded, graph), "turtle") for _ in range(2))
    assert first == second


# Whole files


def test_a_file_is_written_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.ttl"
    assert write_atomically(path, "第一\n") == path
    assert path.read_text("utf-8") == "第一\n"
    write_atomically(path, "second\n")
    assert path.read_text("utf-8") == "second\n"
    assert list(path.parent.iterdir()) == [path]


def _half_written(path: Path, content: bytes) -> int:
    with path.open("wb") as stream:
        stream.write(content[: len(content) // 2])
    raise OSError(28, "No space left on device")


def _not_moved(path: Path, target: Path) -> Path:
    raise OSError(18, f"Invalid cross-device link from {path} to {target}")


@pytest.mark.parametrize(("method", "failure"), [("write_bytes", _half_written), ("replace", _not_moved)])
def test_the_old_file_is_kept_when_writing_fails(
    method: str, failure: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_atomically(tmp_path / "a.ttl", "the old file\n")
    monkeypatch.setattr(Path, method, failure)
    with pytest.raises(BadFileError, match=r"a\.ttl: cannot be written: "):
        write_atomically(path, "the new file\n")
    monkeypatch.undo()
    assert path.read_text("utf-8") == "the old file\n"
    assert list(tmp_path.iterdir()) == [path]


def _not_on_the_disk(descriptor: int) -> None:
    raise OSError(5, f"Input/output error at {descriptor}")


def test_a_stream_replaces_the_file_only_once_it_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new" / "a.nq"
    for text in (b"the old file\n", b"the next file\n"):
        with atomic_writer(path) as file:
            file.write(text)
        assert path.read_bytes() == text
    monkeypatch.setattr(os, "fsync", _not_on_the_disk)
    with (
        pytest.raises(BadFileError, match=r"a\.nq: cannot be written: Input/output error"),
        atomic_writer(path) as file,
    ):
        file.write(b"the new file\n")
    assert path.read_bytes() == b"the next file\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_text_that_cannot_be_encoded_leaves_no_file(tmp_path: Path) -> None:
    path = write_atomically(tmp_path / "a.ttl", "the old file\n")
    with pytest.raises((BadFileError, UnicodeEncodeError)):
        write_atomically(path, "\ud800")
    assert path.read_text("utf-8") == "the old file\n"
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_folder_with_the_name_of_the_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").mkdir()
    with pytest.raises(BadFileError, match=r"a\.ttl: cannot be written: Is a directory"):
        write_atomically(tmp_path / "a.ttl", "text")
    assert list(tmp_path.iterdir()) == [tmp_path / "a.ttl"]


def test_a_canonical_graph_has_the_labels_that_all_its_quads_get_together(loaded: Dataset) -> None:
    for graph in map(NamedNode, loaded.files):
        quads = [Quad(*quad.triple) for quad in loaded.quads.quads_for_pattern(None, None, None, graph)]
        expected = sorted(f"{quad.triple} .\n" for quad in canonical(quads))
        assert canonical_graph_lines(loaded, graph.value) == expected, graph
    assert any("_:" in line for graph in loaded.files for line in canonical_graph_lines(loaded, graph))


def test_the_ontology_alone_has_the_graphs_that_it_has_with_the_data(shared_world: Path) -> None:
    alone, whole = store.load_ontology(shared_world), store.load(shared_world)
    assert alone.files.items() <= whole.files.items()
    assert {name.rsplit("/graph/", 1)[1].split("/", 1)[0] for name in alone.files} == {"ontology"}
    for graph in alone.files:
        assert canonical_graph_lines(alone, graph) == canonical_graph_lines(whole, graph), graph


def test_a_dataset_is_the_same_in_one_format_and_in_several(judged_world: Dataset) -> None:
    whole = {form: store.serialize_dataset(judged_world, form, inferred=True) for form in DATASET_FORMATS}
    assert serialize_in_formats(judged_world, DATASET_FORMATS, inferred=True) == whole
