"""Tests SHACL engines: which datasets are rejected, the positions of problems, and errors for unusable input."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.model.errors import BadFileError, EmptyInputError, EngineError
from scs_kg.model.namespaces import PREFIXES, SCS
from scs_kg.rules.engines import RULES, Engine, guard, matches, problems, run_fast, run_reference
from scs_kg.store import Dataset
from scs_kg.store.serialize import asserted_ntriples
from tests.cli.test_bad_input import ALPHA, FEATURES, PLACES, adds, alters, line_of, loses

ENGINES: Final = pytest.mark.parametrize("engine", [run_fast, run_reference])
HEAD: Final = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("rdfs", "scs", "sh", "sys")) + (
    "@prefix : <urn:> .\n"
)
SHAPE: Final = store.canonical_ntriples(
    f"{HEAD}:shape a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property :value . :value sh:path :p ; sh:class :C ; "
    'sh:message "needs a C"@en .'
)


def ntriples(body: str) -> str:
    """Convert Turtle, given without prefix declarations, to N-Triples."""
    return store.canonical_ntriples(HEAD + body)


# The guard


def test_valid_data_passes_the_guard(shared_world: Path) -> None:
    dataset = store.load(shared_world)
    assert problems(dataset) == ()
    guard(dataset)


def test_the_guard_names_the_first_violation_with_file_and_line(world: Path) -> None:
    alters(ALPHA, '  scs:locator "p. 4" ;\n', "")(world)
    with pytest.raises(BadFileError) as caught:
        guard(store.load(world))
    assert caught.value.file == str(world / ALPHA)
    assert caught.value.line == line_of(world / ALPHA, "claim:alpha-punishment-book-2001 a")
    assert caught.value.reason.startswith("claim:alpha-punishment-book-2001: needs exactly one locator")
    assert "more, see" not in caught.value.reason


def test_the_guard_counts_further_violations(world: Path) -> None:
    for page in ("p. 3", "p. 4", "p. 5"):
        alters(ALPHA, f'  scs:locator "{page}" ;\n', "")(world)
    with pytest.raises(BadFileError, match=r"; and 2 more, see 'scs-kg validate'$"):
        guard(store.load(world))


def test_a_warning_is_a_problem_but_passes_the_guard(world: Path) -> None:
    alters(FEATURES, '"stocks"@en , "枷锁示众"@zh-Hans', '"stocks"@en')(world)
    dataset = store.load(world)
    (found,) = problems(dataset)
    assert (found.severity, found.rule) == ("Warning", "style:ChineseLabel")
    assert found.line == line_of(world / FEATURES, '"stocks"@en')
    guard(dataset)


@pytest.mark.parametrize("lost", [RULES, RULES[:1], RULES[1:]], ids=["all", "integrity", "style"])
def test_missing_rules_are_an_error(lost: tuple[str, ...], world: Path) -> None:
    for name in lost:
        loses(name if (world / name).is_dir() else f"{name}.ttl")(world)
    with pytest.raises(EmptyInputError, match="no rule in"):
        guard(store.load(world))


# Problems


@ENGINES
def test_a_problem_has_position_message_and_rule(engine: Engine, world: Path) -> None:
    alters(ALPHA, "about sys:alpha", "about sys:alpah")(world)
    (found,) = problems(store.load(world), engine)
    line = line_of(world / ALPHA, "sys:alpah")
    assert str(found) == (
        f"{world / ALPHA}:{line}: claim:alpha-cake-book-2001: needs exactly one system that is described in "
        "data/systems.ttl: check the name, or describe the system there (found: scs:about sys:alpah) "
        "[integrity:ClaimAbout]"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "text"),
    [
        (ALPHA, 'claim:alpha-cake-book-2001 scs:asOf "2001-02-30"^^xsd:date .'),
        (ALPHA, "claim:alpha-cake-book-2001 scs:locator 5 ."),
        (ALPHA, "claim:alpha-cake-book-2001 scs:statement 'Alpha gibt Kuchen.'@de ."),
        (ALPHA, "claim:alpha-cake-book-2001 scs:finding [] ."),
        (ALPHA, "claim:alpha-cake-book-2001 scs:note <mailto:a@example.org> ."),
        (ALPHA, "[] scs:feature feat:cake ."),
        (PLACES, "sys:alpha scs:operatesIn [ a scs:Region ] ."),
        (FEATURES, "feat:cake skos:broader feat:punishment ."),
        (FEATURES, 'feat:cake skos:altLabel "Kuchen"@de .'),
        ("ontology/criteria.ttl", "crit:gentle sh:property [ sh:path scs:hasFeature ; sh:hasValue feat:undefined ] ."),
    ],
)
def test_both_engines_give_the_same_problems(file: str, text: str, world: Path) -> None:
    adds(file, f"\n{text}\n")(world)
    dataset = store.load(world)
    found = problems(dataset, run_fast)
    assert found
    assert found == problems(dataset, run_reference)


def test_problems_are_sorted_by_file_and_line(world: Path) -> None:
    adds(ALPHA, "\nclaim:alpha-appeal-book-2001 scs:asOf 1 .\n\nclaim:alpha-cake-book-2001 scs:asOf 1 .\n")(world)
    alters("data/tales/beta.ttl", "scs:Absent", "scs:Absnt")(world)
    found = problems(store.load(world))
    assert len(found) > 2
    assert [(problem.file, problem.line) for problem in found] == sorted(
        (problem.file, problem.line or 0) for problem in found
    )


# Engines


@ENGINES
def test_an_engine_reports_focus_rule_path_value_and_message(engine: Engine) -> None:
    (found,) = engine(ntriples(":a :p :b . :c :p :d . :d a :C ."), SHAPE)
    assert (found.focus, found.rule, found.path, found.value) == ("urn:a", "urn:value", "urn:p", "urn:b")
    assert (found.message, found.severity) == ("needs a C", "Violation")


@ENGINES
@pytest.mark.parametrize("value", ['"5"^^<urn:type>', '"b"@en', '"b > c"', '"<b>"', "5", "true"])
def test_an_engine_reports_a_literal_by_its_lexical_form(engine: Engine, value: str) -> None:
    (found,) = engine(ntriples(f":a :p {value} ."), SHAPE)
    assert found.value == re.sub(r"(\^\^|@).*", "", value).strip('"')


@ENGINES
def test_an_engine_marks_blank_nodes(engine: Engine) -> None:
    (found,) = engine(ntriples("[] :p [] ."), SHAPE)
    assert found.focus.startswith("_:")
    assert found.value.startswith("_:")


@ENGINES
@pytest.mark.parametrize("data", ["no N-Triples", '<urn:a> <urn:b> "c', "<urn:a> <urn:b> <urn:c>"])
def test_data_that_an_engine_cannot_read_is_an_error(engine: Engine, data: str) -> None:
    with pytest.raises(EngineError):
        engine(data, SHAPE)


@ENGINES
@pytest.mark.parametrize(
    "shape",
    [
        ':s a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path "p" ; sh:minCount 1 ] .',
        ':s a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ; sh:pattern "(" ] .',
        ':s a sh:NodeShape ; sh:targetNode :a ; sh:sparql [ sh:select "SELECT $this WHERE {" ] .',
    ],
    ids=["path", "pattern", "query"],
)
def test_a_shape_that_an_engine_cannot_run_is_an_error(engine: Engine, shape: str) -> None:
    with pytest.raises(EngineError):
        engine(ntriples(":a :p 'b' ."), ntriples(shape))


@pytest.fixture
def unused_server() -> Iterator[socket.socket]:
    """Return a server socket to which nothing may connect."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        yield server


@ENGINES
def test_an_engine_does_not_follow_imports(engine: Engine, unused_server: socket.socket) -> None:
    address = f"http://127.0.0.1:{unused_server.getsockname()[1]}/"
    imports = f"<urn:o> a <{PREFIXES['owl']}Ontology> ; <{PREFIXES['owl']}imports> <{address}> ."
    data, shapes = ntriples(f":a :p :b . {imports}"), SHAPE + ntriples(imports)
    assert len(engine(data, shapes)) == 1
    with pytest.raises(TimeoutError):
        unused_server.accept()


@pytest.fixture(scope="module")
def regions(opened: Dataset) -> tuple[str, ...]:
    """Return the regions and the vocabulary as lines of N-Triples."""
    return tuple(asserted_ntriples(opened, ("data/regions", "ontology/scs")).splitlines(keepends=True))


@given(st.randoms(use_true_random=True))  # a drawn seed, because drawing a permutation of so many lines is slow
def test_the_order_of_the_data_does_not_matter(regions: tuple[str, ...], random: Random) -> None:
    shuffled = random.sample(regions, len(regions))
    found = run_fast("".join(shuffled), SHAPE.replace("urn:p>", f"{SCS}partOf>"))
    assert found
    assert found == run_fast("".join(regions), SHAPE.replace("urn:p>", f"{SCS}partOf>"))


# Which systems match which shapes

CRITERIA: Final = """
:has a sh:NodeShape ; sh:property [ sh:path scs:hasFeature ; sh:hasValue :f ] .
:lacks a sh:NodeShape ; sh:property [ sh:path scs:lacksFeature ; sh:hasValue :f ] .
:both a sh:NodeShape ; sh:and ( :has [ sh:path scs:hasFeature ; sh:hasValue :g ] ) .
:either a sh:NodeShape ; sh:or ( :has :lacks ) .
:two a sh:NodeShape ; sh:property [
  sh:path scs:hasFeature ; sh:qualifiedValueShape [ sh:in ( :f :g :h ) ] ; sh:qualifiedMinCount 2 ] .
"""
FACTS: Final = """
sys:a a scs:SocialCreditSystem ; scs:hasFeature :f .
sys:b a scs:SocialCreditSystem ; scs:lacksFeature :f ; scs:hasFeature :g , :h .
sys:c a scs:SocialCreditSystem .
:d a scs:Region ; scs:hasFeature :f , :g .
"""


@pytest.mark.parametrize(
    ("shape", "systems"), [("has", "a"), ("lacks", "b"), ("both", ""), ("either", "ab"), ("two", "b")]
)
def test_exactly_the_matching_systems_are_found(shape: str, systems: str) -> None:
    found = matches(ntriples(FACTS), ntriples(CRITERIA), [f"urn:{shape}"])
    assert found == {(f"urn:{shape}", PREFIXES["sys"] + system) for system in systems}


def test_several_shapes_are_matched_at_once() -> None:
    names = [f"urn:{name}" for name in ("has", "lacks", "both", "either", "two")]
    found = matches(ntriples(FACTS), ntriples(CRITERIA), names)
    assert found == frozenset().union(*(matches(ntriples(FACTS), ntriples(CRITERIA), [name]) for name in names))
    assert len(found) == 5


def test_without_a_system_nothing_matches() -> None:
    assert matches(ntriples(":d a scs:Region ."), ntriples(CRITERIA), ["urn:has"]) == frozenset()


def test_a_missing_shape_is_an_error() -> None:
    with pytest.raises(EngineError, match="urn:nothing"):
        matches(ntriples(FACTS), ntriples(CRITERIA), ["urn:has", "urn:nothing"])
