"""Files of the same claims in every format give equal triples with positions, and malicious files do no harm."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.contribute.read import FORMS, ReadingContext, SourcePosition, form_of, read_draft, reading_context
from scs_kg.contribute.read.dispatch import LARGEST, _reader, _serialized
from scs_kg.contribute.read.draft import FileDemand, draft_from_json
from scs_kg.contribute.read.fields import PAGE, TESTED, read_context
from scs_kg.contribute.read.rows import cell_name
from scs_kg.model.errors import BadFileError, InternalError, UnknownNameError, WrongUseError
from scs_kg.model.namespaces import PREFIXES, SCS
from tests.conftest import ROOT

CLAIM = PREFIXES["claim"] + "alpha-cake-law-2003"
FIELDS = {
    "system": "alpha",
    "feature": "cake",
    "finding": "Absent",
    "statement": "The rules give no cake.",
    "source": "law-2003",
    "locator": "rule 3",
    "asOf": "2003-05",
    "minimum": "1",
    "maximum": "2.5",
    "unit": "cakes",
    "approximate": "true",
}
TURTLE = """@prefix claim: <https://w3id.org/scs-kg/claim/> .
@prefix feat: <https://w3id.org/scs-kg/feature/> .
@prefix scs: <https://w3id.org/scs-kg/ontology#> .
@prefix src: <https://w3id.org/scs-kg/source/> .
@prefix sys: <https://w3id.org/scs-kg/system/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

claim:alpha-cake-law-2003 a scs:Claim ;
  scs:about sys:alpha ;
  scs:feature feat:cake ;
  scs:finding scs:Absent ;
  scs:statement "The rules give no cake."@en ;
  scs:source src:law-2003 ;
  scs:locator "rule 3" ;
  scs:asOf "2003-05"^^xsd:gYearMonth ;
  scs:minimum 1 ;
  scs:maximum 2.5 ;
  scs:unit "cakes"@en ;
  scs:approximate true .
"""


@pytest.fixture(scope="module")
def prepared(shared_world: Path) -> ReadingContext:
    """Return the reading context of the invented world."""
    return reading_context(store.load(shared_world))


def workbook(rows: list[list[object]], sheet: str = "claims") -> bytes:
    """Return a workbook with one sheet."""
    book: Any = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@cache
def written_as(form: str) -> bytes:
    """Return the claim in a format."""
    if form in {"turtle", "trig"}:
        return TURTLE.encode()
    if form in {"ntriples", "nquads"}:
        return store.canonical_ntriples(TURTLE).encode()
    if form == "xlsx":
        numbers = {"minimum": 1, "maximum": 2.5, "approximate": True}
        return workbook([list(FIELDS), [numbers.get(name, value) for name, value in FIELDS.items()]])
    if form == "csv":
        return f"{','.join(FIELDS)}\r\n{','.join(FIELDS.values())}\r\n".encode()
    if form == "yaml":
        return ("claims:\n  - " + "\n    ".join(f"{name}: {value}" for name, value in FIELDS.items())).encode()
    typed = {
        "id": "claim:alpha-cake-law-2003",
        "type": "Claim",
        "asOf": {"@value": "2003-05", "@type": "xsd:gYearMonth"},
        "minimum": 1,
        "maximum": {"@value": "2.5", "@type": "xsd:decimal"},
        "approximate": True,
    }
    return json.dumps({"@context": PAGE, **FIELDS, **typed}, indent=1).encode()


@pytest.mark.parametrize("form", FORMS)
def test_every_format_gives_the_same_triples(form: str, prepared: ReadingContext) -> None:
    draft = read_draft(prepared, f"claims{FORMS[form][0]}", content=written_as(form))
    assert draft.problems == ()
    assert draft.ntriples == store.canonical_ntriples(TURTLE)
    assert draft.position(CLAIM, SCS + "locator") != SourcePosition()


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ("turtle", SourcePosition(14, 3)),
        ("csv", SourcePosition(2, 52)),
        ("yaml", SourcePosition(7, 14)),
        ("xlsx", SourcePosition(cell="claims!F2")),
        ("jsonld", SourcePosition(8, 2)),
    ],
)
def test_a_field_has_its_position(form: str, place: SourcePosition, prepared: ReadingContext) -> None:
    assert read_draft(prepared, "x", form, written_as(form)).position(CLAIM, SCS + "locator") == place


def test_english_and_chinese_labels_can_replace_ids(prepared: ReadingContext) -> None:
    labelled = "claims:\n- {system: ALPHA, feature: 蛋糕, finding: 不存在, source: Rules, confidence: 高}"
    by_id = "claims:\n- {system: alpha, feature: cake, finding: Absent, source: law-2003, confidence: High}"
    drafts = [read_draft(prepared, "x.yaml", content=text.encode()) for text in (labelled, by_id)]
    assert drafts[0].ntriples == drafts[1].ntriples
    assert f"<{PREFIXES['feat']}cake>" in drafts[0].ntriples


def test_a_file_can_also_contain_sources_with_titles_in_their_languages(prepared: ReadingContext) -> None:
    text = "sources:\n- {id: new-2004, title: {de: Neu, en: New}, language: [de, en], page: https://example.org/a}\n"
    text += "- {id: other-2004, title: 新, language: zh-Hans}\n"
    found = read_draft(prepared, "x.yaml", content=text.encode())
    assert found.problems == ()
    assert '"Neu"@de' in found.ntriples
    assert '"新"@zh-hans' in found.ntriples
    assert "<https://example.org/a>" in found.ntriples
    table = "type,id,title,language\nsource,new-2004,Neu,de;en\n"
    assert '"Neu"@de' in read_draft(prepared, "x.csv", content=table.encode()).ntriples


def test_a_claim_without_an_id_is_named_after_its_content_and_a_second_one_is_numbered(
    prepared: ReadingContext,
) -> None:
    row = "alpha,cake,Absent,law-2003"
    text = f"system;feature;finding;source\n{row}\n{row}\n,,Absent,\n".replace(",", ";")
    found = read_draft(prepared, "x.csv", content=text.encode())
    subjects = {line.split(">")[0].rsplit("/", 1)[1] for line in found.ntriples.splitlines()}
    assert subjects == {"alpha-cake-law-2003", "alpha-cake-law-2003-2", "unnamed"}


def test_dates_in_a_sheet_keep_their_displayed_precision(prepared: ReadingContext) -> None:
    book: Any = openpyxl.Workbook()
    book.active.title = "claims"
    book.active.append(["system", "asOf"])
    for shown, year in (("yyyy-mm", 2003), ("yyyy-mm-dd", 2004)):
        book.active.append(["alpha", None])
        cell = book.active.cell(book.active.max_row, 2)
        cell.value, cell.number_format = __import__("datetime").datetime(year, 5, 6), shown
    written = io.BytesIO()
    book.save(written)
    found = read_draft(prepared, "x.xlsx", content=written.getvalue())
    assert '"2003-05"^^' in found.ntriples
    assert '"2004-05-06"^^' in found.ntriples


def test_the_rules_allow_every_field_of_the_context(prepared: ReadingContext) -> None:
    names = {field.name for fields in prepared.fields.values() for field in fields}
    terms = {name for name, said in read_context(ROOT).items() if isinstance(said, dict) or said == "scs:locator"}
    assert names - {field.name for field in TESTED} <= read_context(ROOT).keys()
    assert terms <= names


# Unreadable files


def bomb() -> bytes:
    """Return a small archive that unpacks to a large sheet."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (300 << 20))
    return written.getvalue()


def with_entities() -> bytes:
    """Return a workbook with a document type in one of its parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["system"], ["alpha"]]))) as old, zipfile.ZipFile(written, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/workbook.xml":
                entity = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
                content = content.replace(b"<workbook", entity + b"<workbook", 1)
            new.writestr(part, content)
    return written.getvalue()


def said(value: str) -> bytes:
    """Return the claim in Turtle with another locator."""
    return TURTLE.replace('"rule 3"', value).encode("utf-8", "surrogatepass")


HOSTILE: dict[str, tuple[str, bytes | Callable[[], bytes], FileDemand]] = {
    "truncated turtle": ("turtle", TURTLE[:600].encode(), FileDemand.SYNTAX),
    "truncated json": ("jsonld", written_as("jsonld")[:200], FileDemand.SYNTAX),
    "truncated workbook": ("xlsx", lambda: written_as("xlsx")[:3000], FileDemand.SYNTAX),
    "truncated csv": ("csv", b'system,feature\n"alpha,cake\n', FileDemand.SYNTAX),
    "truncated yaml": ("yaml", b"claims:\n- {system: alpha", FileDemand.SYNTAX),
    "binary turtle": ("turtle", bytes(range(256)) * 9, FileDemand.ENCODING),
    "binary yaml": ("yaml", b"\x01\x02claims", FileDemand.SYNTAX),
    "binary csv": ("csv", b"system\0,feature\nalpha,cake\n", FileDemand.SYNTAX),
    "binary workbook": ("xlsx", bytes(range(256)) * 9, FileDemand.SYNTAX),
    "utf-16": ("csv", "system,feature\nalpha,cake\n".encode("utf-16"), FileDemand.ENCODING),
    "gbk": ("csv", "system,feature\nalpha,蛋糕\n".encode("gbk"), FileDemand.ENCODING),
    "deep turtle": ("turtle", b"<urn:a> <urn:b> " + b"[ <urn:b> " * 200_000, FileDemand.SYNTAX),
    "deep json": ("jsonld", b"[" * 200_000 + b"]" * 200_000, FileDemand.SIZE),
    "deep yaml": ("yaml", b"[" * 100_000, FileDemand.SYNTAX),
    "rather deep yaml": ("yaml", b"[" * 20 + b"]" * 20, FileDemand.SIZE),
    "deep block yaml": ("yaml", b"- " * 50_000, FileDemand.SIZE),
    "alias bomb": ("yaml", b"a: &a [x]\nb: &b [*a, *a]\nclaims: [*b, *b]", FileDemand.SELF_CONTAINED),
    "yaml tag": ("yaml", b"claims: !!python/object/apply:os.system [x]", FileDemand.SELF_CONTAINED),
    "two documents": ("yaml", b"claims: []\n---\nclaims: []\n", FileDemand.SYNTAX),
    "yaml of another shape": ("yaml", b"- 1\n- 2\n", FileDemand.SYNTAX),
    "yaml with other lists": ("yaml", b"verdicts:\n- id: x\n", FileDemand.FIELDS),
    "yaml with nested fields": ("yaml", b"claims:\n- system: [[alpha]]\n", FileDemand.FIELDS),
    "yaml with a text for a record": ("yaml", b"claims:\n- alpha\n", FileDemand.SYNTAX),
    "zip bomb": ("xlsx", bomb, FileDemand.SIZE),
    "entities": ("xlsx", with_entities, FileDemand.SELF_CONTAINED),
    "no sheet": ("xlsx", lambda: workbook([["system"]], "other"), FileDemand.CONTENT),
    "formula in a sheet": (
        "xlsx",
        lambda: workbook([["system", "locator"], ["alpha", '=WEBSERVICE("http://x/")']]),
        FileDemand.TEXTS,
    ),
    "formula in csv": ("csv", b"system,locator\nalpha,=1+1\n", FileDemand.TEXTS),
    "remote context": ("jsonld", b'{"@context": "https://example.org/c", "@id": "urn:a"}', FileDemand.SELF_CONTAINED),
    "file context": ("jsonld", b'{"@context": ["file:///etc/passwd"], "@id": "urn:a"}', FileDemand.SELF_CONTAINED),
    "imported context": ("jsonld", b'{"@context": {"@import": "https://example.org/c"}}', FileDemand.SELF_CONTAINED),
    "scoped context": (
        "jsonld",
        b'{"@context": {"a": {"@id": "urn:b", "@context": "https://example.org/c"}}}',
        FileDemand.SELF_CONTAINED,
    ),
    "recursive context": (
        "jsonld",
        b'{"@context": {"a": {"@id": "b:x"}, "b": {"@id": "a:x"}}, "a": "x"}',
        FileDemand.SYNTAX,
    ),
    "iri with a space": ("turtle", b"<urn:a b> <urn:b> <urn:c> .", FileDemand.SYNTAX),
    "iri with an escaped space": ("ntriples", b"<urn:a\\u0020b> <urn:b> <urn:c> .", FileDemand.SYNTAX),
    "iri with a control character": ("nquads", b"<urn:a\\u0007b> <urn:b> <urn:c> .", FileDemand.SYNTAX),
    "relative iri": ("turtle", b"<a> <urn:b> <urn:c> .", FileDemand.SYNTAX),
    "page with a space": ("csv", b"type,id,page\nsource,new,https://x y/\n", FileDemand.NAMES),
    "half a character": ("jsonld", b'{"@context": {"a": "urn:a"}, "@id": "urn:b", "a": "\\ud800"}', FileDemand.SYNTAX),
    "half a character in yaml": ("yaml", b'claims:\n- locator: "\\ud800"\n', FileDemand.SYNTAX),
    "long literal": ("turtle", lambda: said('"' + "x" * (10 << 20) + '"'), FileDemand.TEXTS),
    "long literal in json": (
        "jsonld",
        lambda: b'{"@context": {"a": "urn:a"}, "@id": "urn:b", "a": "' + b"x" * (10 << 20) + b'"}',
        FileDemand.SYNTAX,
    ),
    "long literal in csv": ("csv", lambda: b"system,locator\nalpha," + b"x" * (10 << 20), FileDemand.TEXTS),
    "long number": ("jsonld", b"[" + b"9" * 10_000 + b"]", FileDemand.SYNTAX),
    "not a number": ("jsonld", b"[NaN]", FileDemand.SYNTAX),
    "duplicate key in json": (
        "jsonld",
        b'{"@context": {"a": "urn:a"}, "@id": "urn:b", "a": 1, "a": 2}',
        FileDemand.FIELDS,
    ),
    "duplicate key in yaml": ("yaml", b"claims:\n- {system: alpha, system: beta}", FileDemand.FIELDS),
    "duplicate list in yaml": ("yaml", b"claims: [{system: alpha}]\nclaims: [{system: beta}]", FileDemand.FIELDS),
    "duplicate column": ("csv", b"system,system\nalpha,beta\n", FileDemand.FIELDS),
    "unknown column": ("csv", b"system,colour\nalpha,red\n", FileDemand.FIELDS),
    "unknown type": ("csv", b"type,id,title\nsorce,new-2024,New\n", FileDemand.NAMES),
    "language of its own": ("yaml", b"claims:\n- note: {zh: so}\n", FileDemand.FIELDS),
    "language of a place": ("yaml", b"claims:\n- locator: {fr: page}\n", FileDemand.FIELDS),
    "cell astray": ("csv", b"system\nalpha,cake\n", FileDemand.FIELDS),
    "source without an id": ("yaml", b"sources:\n- title: New\n", FileDemand.FIELDS),
    "guideline id with a space": ("yaml", b"guidelines:\n- id: Own Act\n", FileDemand.NAMES),
    "principle id with capitals": (
        "yaml",
        b"guidelines:\n- id: own-act\nprinciples:\n- id: Article 1\n",
        FileDemand.NAMES,
    ),
    "blank node": ("turtle", b"[] a <urn:b> .", FileDemand.BLANK_NODES),
    "labelled blank node": ("ntriples", b"_:a <urn:a> <urn:b> .", FileDemand.BLANK_NODES),
    "blank node as a value": ("turtle", said("[ a scs:Claim ]"), FileDemand.BLANK_NODES),
    "statement about a statement": ("turtle", said("<<( sys:alpha scs:about sys:alpha )>>"), FileDemand.BLANK_NODES),
    "text with a direction": ("turtle", said('"rule 3"@en--ltr'), FileDemand.SYNTAX),
    "blank node in json": ("jsonld", b'{"@context": {"a": "urn:a"}, "a": 1}', FileDemand.BLANK_NODES),
    "nothing": ("turtle", b"", FileDemand.CONTENT),
    "a byte order mark and nothing": ("csv", b"\xef\xbb\xbf", FileDemand.CONTENT),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_unreadable_content_is_a_problem_of_a_rule(name: str, prepared: ReadingContext) -> None:
    form, content, demand = HOSTILE[name]
    draft = read_draft(prepared, "given", form, content if isinstance(content, bytes) else content())
    assert demand.rule in {problem.rule for problem in draft.problems}, draft.problems
    assert all("\n" not in str(problem) for problem in draft.problems)


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        ("claims:\n- statement: A rule: nobody sings\n", "put a text that contains a colon between quotation marks"),
        ("claims:\n- id: a\n   source: b\n", "put a text that contains a colon between quotation marks"),
        ("claims:\n  - id: a\n - id: b\n", "by the same number of spaces"),
        ('claims:\n- statement: "Nobody sings\n', "close each quotation mark"),
    ],
)
def test_a_usual_mistake_in_yaml_has_a_remedy(content: str, remedy: str, prepared: ReadingContext) -> None:
    (problem,) = read_draft(prepared, "x.yaml", content=content.encode()).problems
    assert problem.rule == FileDemand.SYNTAX.rule
    assert problem.message.endswith(remedy)


def test_ambiguous_names_are_problems_that_list_the_ids(world: Path) -> None:
    path = world / "ontology" / "features.ttl"
    path.write_text(
        path.read_text("utf-8").replace('"gossip"@en', '"cake tale"@en').replace('"ledger"@en', '"cake tale"@en')
    )
    found = read_draft(reading_context(store.load(world)), "x.yaml", content=b"claims:\n- feature: Cake Tale\n")
    (problem,) = found.problems
    assert problem.rule == FileDemand.NAMES.rule
    assert "gossip or ledger" in problem.message
    assert (problem.line, problem.column) == (2, 12)


def test_a_file_that_is_too_large_is_not_read(prepared: ReadingContext) -> None:
    (problem,) = read_draft(prepared, "x.csv", content=b"x" * (LARGEST + 1)).problems
    assert problem.rule == FileDemand.SIZE.rule


def test_unreadable_files_and_unknown_formats_are_errors(prepared: ReadingContext, tmp_path: Path) -> None:
    for name, form in (("none.csv", None), ("none", None), ("none", "csv")):
        with pytest.raises(BadFileError, match=f"/{name}: does not exist; check the name"):
            read_draft(prepared, str(tmp_path / name), form)
    for form in (None, "csv"):
        with pytest.raises(BadFileError, match="is a folder; name the files in it"):
            read_draft(prepared, str(tmp_path), form)
    with pytest.raises(BadFileError, match="cannot be read: embedded null byte"):
        read_draft(prepared, "\0")
    with pytest.raises(UnknownNameError, match="format of claims"):
        read_draft(prepared, "x", "docx", b"")


def test_a_format_must_be_given_if_the_name_does_not_show_it(tmp_path: Path) -> None:
    (tmp_path / "claims").touch()
    with pytest.raises(WrongUseError, match=r"^no format of claims has the extension '\.docx'; known: .* with --from$"):
        form_of(str(tmp_path / "claims.docx"))
    with pytest.raises(
        WrongUseError, match="/claims: the name has no extension, so its format is unknown; give it with --from: turtle"
    ):
        form_of(str(tmp_path / "claims"))
    with pytest.raises(
        WrongUseError, match=r"^standard input has no file name, so its format is unknown; give it with --from: turtle"
    ):
        form_of("-")


@pytest.mark.parametrize(
    ("name", "content", "first", "second"),
    [
        ("x.csv", b"id,feature\ntwin,cake\nother,cake\ntwin,gossip\n", "line 2", "line 4"),
        ("x.yaml", b"claims:\n- {id: twin}\n- feature: cake\n  id: twin\n", "line 2", "line 4"),
        (
            "x.xlsx",
            workbook([["feature", "id"], ["cake", "twin"], ["cake", "twin"]]),
            "cell claims!A2",
            "cell claims!B3",
        ),
        ("x.csv", b"type,id\nsource,twin\nsource,twin\n", "line 2", "line 3"),
    ],
)
def test_two_records_with_one_id_are_reported_with_both_positions(
    name: str, content: bytes, first: str, second: str, prepared: ReadingContext
) -> None:
    found = read_draft(prepared, name, content=content)
    (problem,) = found.problems
    assert problem.rule == FileDemand.NAMES.rule
    assert problem.node in {"claim:twin", "src:twin"}
    assert problem.message.startswith(f"is the id of two records ({first} and {second}); give each")
    assert problem.place in {
        f"x.csv:{second.removeprefix('line ')}:{problem.column}",
        f"{name}:4:7",
        f"{name}:{second.removeprefix('cell ')}",
    }
    assert "gossip" not in found.ntriples


def test_a_claim_and_a_source_may_have_one_id(prepared: ReadingContext) -> None:
    found = read_draft(prepared, "x.csv", content=b"type,id\nsource,twin\nclaim,twin\n")
    assert found.problems == ()


COMMA = "put a text that contains a comma in quotation marks"


@pytest.mark.parametrize(
    ("delimiter", "row", "column", "advice"),
    [
        (
            ",",
            'a,alpha,cake,Present,Cake, sweet and "white", for all.,rule 3',
            27,
            'a text was probably split at a comma; write it in quotation marks: "Cake, sweet and ""white"", for all."',
        ),
        (",", "a,alpha,cake,Present,Cake, tea,rule 3, p. 2", 32, COMMA),  # two texts are split
        (",", "a, alpha, cake, Present, Cake, tea, rule 3", 36, COMMA),  # all cells begin with a space
        (",", "a, alpha,cake,Present,Cake for all.,rule 3,p. 2", 44, COMMA),  # an extra cell, and a space before a name
        (",", "a,alpha,cake,Present,Cake for all., rule 3,p. 2", 44, COMMA),  # the same after a whole sentence
        (";", "a;alpha;cake;Present;Cake;tea;rule 3", 31, "put a text that contains a semicolon in quotation marks"),
        ("\t", "a\talpha\tcake\tPresent\tCake.\trule 3\tp. 2", 35, "put a text that contains a tab in quotation marks"),
    ],
)
def test_a_text_that_is_split_at_a_delimiter_is_reported_once(
    delimiter: str, row: str, column: int, advice: str, prepared: ReadingContext
) -> None:
    header = delimiter.join(("id", "system", "feature", "finding", "statement", "locator"))
    found = read_draft(prepared, "x.csv", content=f"{header}\n{row}\n".encode())
    (problem,) = found.problems
    count = len(row.split(delimiter))
    assert problem.message == f"is in a row with {count} cells for 6 columns, {count - 6} too many; {advice}"
    assert (problem.line, problem.column) == (2, column)
    assert found.ntriples == ""


def test_rows_without_field_names_are_reported_once(prepared: ReadingContext) -> None:
    (problem,) = read_draft(prepared, "x.csv", content=b"alpha,cake,Present\nbeta,cake,Absent\n").problems
    assert problem.node == "cell 'alpha'"
    assert "which has no field names; begin with a row of names, as 'scs-kg template' does" in str(problem)


def test_empty_cells_beyond_the_header_are_accepted(prepared: ReadingContext) -> None:
    assert read_draft(prepared, "x.csv", content=b"id,feature\na,cake,, ,\n").problems == ()


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (BadFileError("context.jsonld", None, "cannot be read"), FileDemand.SYNTAX),
        (MemoryError(), FileDemand.SIZE),
        (RecursionError(), FileDemand.SIZE),
    ],
)
def test_an_error_of_a_reader_keeps_its_message(
    error: Exception, rule: FileDemand, prepared: ReadingContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scs_kg.contribute.read.dispatch._serialized", raising(error))
    (problem,) = read_draft(prepared, "x.csv", content=b"x").problems
    assert problem.rule == rule.rule
    assert (str(error) or "the file") in problem.message
    assert "crashed" not in problem.message


def test_a_fault_of_a_reader_is_not_reported_as_a_fault_of_the_file(
    prepared: ReadingContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scs_kg.contribute.read.dispatch._serialized", raising(KeyError("kind")))
    message = "the file failed with an internal error, please report it: KeyError: 'kind'"
    with pytest.raises(InternalError, match=f"^{message}$"):
        read_draft(prepared, "x.csv", content=b"x")


def test_a_reader_whose_process_ends_is_reported_as_a_crash(
    prepared: ReadingContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scs_kg.contribute.read.dispatch._serialized", lambda *_: os._exit(1))
    (problem,) = read_draft(prepared, "x.csv", content=b"x").problems
    assert problem.message.startswith("the file crashed its process")


def raising(error: Exception) -> Callable[..., bytes]:
    """Return a function that raises an error."""

    def fail(*_: object) -> bytes:
        raise error

    return fail


def test_a_reader_that_runs_too_long_is_stopped(prepared: ReadingContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scs_kg.contribute.read.dispatch.SECONDS", 0.2)
    monkeypatch.setattr("scs_kg.contribute.read.dispatch._serialized", lambda *_: __import__("time").sleep(30))
    (problem,) = read_draft(prepared, "x.csv", content=b"x").problems
    assert problem.rule == FileDemand.SIZE.rule
    assert "exceeded its time limit of 0.2 s" in problem.message


def test_the_ontology_defines_exactly_the_file_requirements_in_the_code(prepared: ReadingContext) -> None:
    defined = {
        str(term)[1:-1] for term in store.subjects(prepared.dataset, PREFIXES["rdf"] + "type", SCS + "FileDemand")
    }
    assert defined == {PREFIXES["integrity"] + demand for demand in FileDemand}


def test_cells_have_the_names_that_spreadsheets_give_them() -> None:
    assert [cell_name(*at) for at in ((1, 1), (26, 2), (27, 3), (702, 4), (703, 5))] == [
        "A1",
        "Z2",
        "AA3",
        "ZZ4",
        "AAA5",
    ]


# Arbitrary content

TEXTS = st.one_of(
    st.binary(max_size=300),
    st.text(st.sampled_from(":-[]{}(),;.\"'#&*!|>%@\\\n\r\t <=^_ab1\u202eé"), max_size=200).map(str.encode),
)


@st.composite
def damaged(draw: st.DrawFn, form: str) -> bytes:
    """Draw a valid file with a part removed, repeated or replaced."""
    whole = written_as(form)
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, min(len(whole), start + 60)))
    return whole[:start] + draw(st.sampled_from([b"", whole[start:end] * 2, b"\0", b'"', b"[", b"\xff"])) + whole[end:]


def only_problems(prepared: ReadingContext, form: str, content: bytes) -> None:
    """Read content without the sandbox, so that an unexpected error fails the test."""
    draft = draft_from_json("x", _serialized(_reader(form), prepared, content))
    assert draft.ntriples or draft.problems


@pytest.mark.parametrize("form", FORMS)
def test_any_content_is_a_draft_or_a_problem(form: str, prepared: ReadingContext) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(TEXTS, damaged(form)))
    @example(b"")
    def check(content: bytes) -> None:
        only_problems(prepared, form, content)

    check()
