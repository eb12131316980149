"""Records are formatted like the data and inserted in order, and the rest of the file is unchanged."""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from scs_kg import store
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES, RDF, local_id
from scs_kg.store import Literal, NamedNode, Triple
from scs_kg.store.turtle_edit import FIELDS, check_only_added, format_record, insert_statements
from scs_kg.store.turtle_positions import statements
from tests.conftest import FIXTURE_FOLDER, ROOT

KINDS = {"Claim", "Source", "LevelClaim", "Retraction", "Supersession", "Objection", "Decision"}
DATA = sorted([*(ROOT / "data").rglob("*.ttl"), *(FIXTURE_FOLDER / "world" / "data").glob("*s.ttl")])
SUBJECT = PREFIXES["claim"] + "new"
XSD = PREFIXES["xsd"]

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
names = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).map(lambda name: NamedNode(PREFIXES["feat"] + name))
literals = st.one_of(
    texts.map(Literal),
    texts.map(lambda text: Literal(text, language="en")),
    texts.map(lambda text: Literal(text, language="zh-Hans")),
    st.integers(-999, 999).map(lambda number: Literal(str(number), datatype=NamedNode(XSD + "integer"))),
    st.sampled_from(["0.5", "-2.0", "7.", "x"]).map(lambda text: Literal(text, datatype=NamedNode(XSD + "decimal"))),
    st.sampled_from(["true", "1"]).map(lambda text: Literal(text, datatype=NamedNode(XSD + "boolean"))),
    st.sampled_from(["2019", "2020"]).map(lambda text: Literal(text, datatype=NamedNode(XSD + "gYear"))),
)
pages = st.sampled_from(["https://example.org/a?b=c#d", "https://example.org/ü", PREFIXES["feat"] + "a/b", "urn:x"])
values = st.one_of(names, literals, pages.map(NamedNode))
fields = st.sampled_from([name.split(":") for name in FIELDS]).map(lambda name: PREFIXES[name[0]] + name[1])
said = st.lists(st.tuples(fields, values), min_size=1, max_size=8)


def triples_of(text: str) -> Mapping[str, set[Triple]]:
    """Return the triples of a Turtle text, grouped by subject."""
    found: dict[str, set[Triple]] = {}
    for quad in parse(text.encode(), format=RdfFormat.TURTLE):
        found.setdefault(store.text(quad.subject), set()).add(quad.triple)
    return found


def formatted(path: Path) -> bool:
    """Return whether turtlefmt would not change a file."""
    formatter = shutil.which("turtlefmt", path=str(Path(sys.executable).parent))
    assert formatter
    command = [formatter, "--indentation", "2", "--check", str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def by_name(subject: str) -> Any:
    """Sort by IRI."""
    return subject


def a_record(name: str, *about: tuple[str, str]) -> str:
    """Return a record with string values."""
    subject = PREFIXES["claim"] + name
    links = about or (("scs:locator", name),)
    pairs = [(field.split(":"), text) for field, text in links]
    return format_record(subject, [triple(subject, PREFIXES[p] + n, Literal(text)) for (p, n), text in pairs])


def triple(subject: str, predicate: str, value: NamedNode | Literal) -> Triple:
    """Return a triple of IRIs and a value."""
    return Triple(NamedNode(subject), NamedNode(predicate), value)


@pytest.mark.slow
def test_every_record_of_the_data_is_written_as_in_its_file() -> None:
    written = 0
    for path in DATA:
        text = path.read_text("utf-8")
        lines, found = text.splitlines(keepends=True), triples_of(text)
        for statement in statements(text):
            triples = found.get(statement.subject, set())
            kinds = {local_id(store.text(t.object)) for t in triples if t.predicate.value == RDF + "type"}
            single = len({t.predicate for t in triples}) == len(triples)  # the order of values is not kept
            if kinds & KINDS and single:
                assert format_record(statement.subject, triples) == "".join(lines[statement.first - 1 : statement.last])
                written += 1
    assert written > 1000


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(about=said)
def test_written_records_keep_their_triples_and_need_no_formatting(
    about: Iterable[tuple[str, Any]], tmp_path: Path
) -> None:
    triples = {triple(SUBJECT, predicate, value) for predicate, value in about}
    triples |= {triple(SUBJECT, RDF + "type", NamedNode(PREFIXES["scs"] + "Claim"))}
    text = insert_statements("# A comment\n", [format_record(SUBJECT, triples)], by_name)
    assert triples_of(text)[SUBJECT] == triples
    path = tmp_path / "new.ttl"
    path.write_bytes(text.encode())
    assert formatted(path)


def test_fields_are_in_order_and_english_is_first() -> None:
    text = format_record(
        SUBJECT,
        [
            triple(SUBJECT, PREFIXES["skos"] + "editorialNote", Literal("Note.", language="en")),
            triple(SUBJECT, PREFIXES["dcterms"] + "title", Literal("一", language="zh-Hans")),
            triple(SUBJECT, PREFIXES["dcterms"] + "title", Literal("One", language="en")),
            triple(SUBJECT, RDF + "type", NamedNode(PREFIXES["scs"] + "Source")),
        ],
    )
    assert text == (
        'claim:new a scs:Source ;\n  dcterms:title "One"@en , "一"@zh-Hans ;\n  skos:editorialNote "Note."@en .\n'
    )


FILE = """@prefix claim: <https://w3id.org/scs-kg/claim/> .
@prefix scs: <https://w3id.org/scs-kg/ontology#> .

# What the file is about

# of b
claim:b scs:locator "b" . # beside

claim:d scs:locator \"\"\"d

with a gap\"\"\" .

# The end
"""


@pytest.mark.parametrize(
    ("name", "follows"),
    [
        ("a", "# What the file is about\n\n"),
        ("c", 'claim:b scs:locator "b" . # beside\n\n'),
        ("e", 'with a gap""" .\n\n'),
    ],
)
def test_a_record_is_inserted_in_order_and_the_rest_is_unchanged(name: str, follows: str) -> None:
    written = a_record(name)
    text = insert_statements(FILE, [written], by_name)
    assert text.count(written) == 1
    before, after = text.split(written)
    assert before.endswith(follows)
    assert (before + after).replace("\n\n\n", "\n\n") == FILE
    check_only_added("file", FILE, text, triples_of(text)[PREFIXES["claim"] + name])


def test_prefixes_are_declared_in_their_order() -> None:
    text = insert_statements(
        FILE, [a_record("c", ("skos:editorialNote", "src:x <sys:y> is no name"), ("bibo:doi", "10"))], by_name
    )
    declared = [s.subject for s in statements(text) if s.subject.startswith("@")]
    assert declared == ["@prefix bibo", "@prefix claim", "@prefix scs", "@prefix skos"]


def test_the_order_of_inserted_records_does_not_matter() -> None:
    written = [a_record(name) for name in ("a", "c", "e", "f")]
    assert insert_statements(FILE, written, by_name) == insert_statements(FILE, written[::-1], by_name)


def test_an_unordered_file_can_be_changed_too() -> None:
    text = insert_statements(FILE, [a_record("c")], lambda subject: None if subject.endswith(("b", "d")) else subject)
    assert text == FILE + "\n" + a_record("c")


def test_a_layout_that_would_lose_triples_is_refused() -> None:
    crowded = FILE.replace('"b" . # beside\n', '"b" . claim:bb scs:locator "bb" ;\n')
    with pytest.raises(BadFileError, match="turtlefmt --indentation 2"):
        check_only_added("file", FILE, crowded.replace('"bb" ;', '"bb" .'), [])
