"""Templates have the right content and can be read; the schema for editors accepts the files that check accepts."""

import io
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
import yaml

from scs_kg import store
from scs_kg.contribute.read import ReadingContext, read_draft, reading_context
from scs_kg.contribute.template import template

FORMS = ("csv", "yaml", "xlsx", "turtle", "schema")


@pytest.fixture(scope="module")
def prepared(shared_world: Path) -> ReadingContext:
    """Return the reading context of the invented world."""
    return reading_context(store.load(shared_world))


@pytest.mark.parametrize("form", FORMS)
def test_two_runs_write_the_same_bytes(form: str, prepared: ReadingContext, shared_world: Path) -> None:
    assert template(prepared, form) == template(reading_context(store.load(shared_world)), form)


@pytest.mark.parametrize("form", FORMS[:-1])
def test_an_empty_template_has_no_problem_except_missing_content(form: str, prepared: ReadingContext) -> None:
    written = template(prepared, form)
    content = written if isinstance(written, bytes) else written.encode()
    (problem,) = read_draft(prepared, "x", form, content).problems
    assert problem.rule == "integrity:FileContent"


@pytest.mark.parametrize("form", FORMS[:2])
def test_every_field_is_explained(form: str, prepared: ReadingContext) -> None:
    written = str(template(prepared, form))
    for fields in (prepared.fields["Claim"], prepared.fields["Source"]):
        assert all(field.name in written and field.definition in written for field in fields)
    assert "One of: Absent, NotReported, Present." in written
    assert "One of: DeFacto, DeJure, Planned." in written


def test_a_table_can_be_filled_in(prepared: ReadingContext) -> None:
    written = str(template(prepared, "csv"))
    head = written.splitlines()[-1].split(",")
    values = {"system": "alpha", "feature": "cake", "finding": "present", "source": "a book"}
    row = ",".join(values.get(name, "") for name in head)
    draft = read_draft(prepared, "x.csv", content=f"{written}{row}\r\n".encode())
    assert draft.problems == ()
    assert draft.ntriples.count("\n") == 5


def test_the_example_in_yaml_is_valid_once_it_is_uncommented(prepared: ReadingContext) -> None:
    lines = str(template(prepared, "yaml")).splitlines()
    bare = "\n".join(line.replace("# ", "  ", 1) if line.startswith("  #") else line for line in lines)
    assert set(yaml.safe_load(bare)["claims"][0]) == {"id", *(field.name for field in prepared.fields["Claim"])}


@pytest.mark.parametrize("kind", ["claim", "reading", "guideline", "system", "feature"])
def test_a_record_begins_with_a_field_that_is_never_left_out(kind: str, prepared: ReadingContext) -> None:
    lines = str(template(prepared, "yaml", kind)).splitlines()
    first = [(note, field) for note, field in pairwise(lines) if field.startswith("  # - ")]
    assert first
    assert [field for note, field in first if not note.lower().startswith("  # # required")] == []


def test_a_record_without_its_dash_is_distinguished_from_a_list(prepared: ReadingContext) -> None:
    content = b"claims:\n  system: alpha\n  feature: cake\n"
    (problem,) = read_draft(prepared, "x", "yaml", content).problems
    assert problem.rule == "integrity:FileSyntax"
    assert "the first begins with '- '" in problem.correction()


def test_the_workbook_offers_the_allowed_values(prepared: ReadingContext) -> None:
    content = template(prepared, "xlsx")
    assert isinstance(content, bytes)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["claims", "sources", "values"]
    sheet = book["claims"]
    names = [cell.value for cell in sheet[1]]
    lists = {str(rule.sqref)[:1]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    finding = "ABCDEFGH"[names.index("finding")]
    assert lists[finding] == "list_Finding"
    column = next(col for col in book["values"].iter_cols(values_only=True) if col[0] == "Finding")
    assert [value for value in column[1:] if value] == ["Absent", "NotReported", "Present"]
    assert all(cell.comment for cell in sheet[1])


CLAIM: dict[str, Any] = {
    "system": "alpha",
    "feature": "蛋糕",
    "finding": "not reported",
    "mode": "de facto",
    "statement": "Alpha gives cake.",
    "source": "new-2004",
    "locator": "p. 3",
    "asOf": 2004,
    "trigger": ["singing"],
}


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        ({}, True),
        ({"asOf": "2004-05"}, True),
        ({"asOf": "2004-13"}, False),
        ({"system": "alfa"}, False),
        ({"finding": "perhaps"}, False),
        ({"mode": "rumoured"}, False),
        ({"colour": "red"}, False),
        ({"source": "New 2004"}, False),
        ({"supersedes": "alpha-gossip-blog-2018"}, True),
        ({"statement": ""}, False),
        ({"minimum": "three"}, False),
        ({"approximate": True}, True),
    ],
)
def test_the_schema_accepts_what_check_can_read(change: dict[str, Any], valid: bool, prepared: ReadingContext) -> None:
    schema = json.loads(template(prepared, "schema"))
    jsonschema.Draft202012Validator.check_schema(schema)
    source = {"id": "new-2004", "title": {"en": "New"}, "creator": "N.", "kind": "law", "verification": "verified"}
    document = {"claims": [CLAIM | change], "sources": [source]}
    assert jsonschema.Draft202012Validator(schema).is_valid(document) == valid
