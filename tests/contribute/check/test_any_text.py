"""For any text in any field of any format, ``check`` reports the text or keeps it unchanged, and never fails.

The suite runs a few hundred examples, which are the same in each run. ``SCS_KG_EXAMPLES=1250`` runs 1,250 examples for
each format.
"""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any, Final

import pytest
import xlsxwriter
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.contribute.check import CheckContext, check, check_context
from scs_kg.contribute.read import FORMS, reading_context
from scs_kg.contribute.read.dispatch import _reader, _serialized
from scs_kg.contribute.read.draft import draft_from_json
from scs_kg.contribute.read.fields import PAGE
from scs_kg.model.namespaces import PREFIXES, SCS
from scs_kg.render.problems import REPORTS
from scs_kg.store import Literal, NamedNode, Triple

EXAMPLES: Final = int(os.environ.get("SCS_KG_EXAMPLES", "40"))
TODAY: Final = "2026-11-25"
CLAIM: Final = PREFIXES["claim"] + "new"
RECORD: Final = {
    "id": "new",
    "system": "beta",
    "feature": "cake",
    "finding": "Present",
    "mode": "DeJure",
    "statement": "Beta gives cake to singers.",
    "source": "law-2003",
    "locator": "rule 9",
    "note": "Read twice.",
    "unit": "cakes",
    "minimum": "1",
    "maximum": "2",
    "asOf": "2003",
}
KEPT: Final = {"statement": SCS + "statement", "locator": SCS + "locator", "unit": SCS + "unit"}
"""The fields whose values are texts, with their predicates."""
NAMED: Final = {"system": "about", "feature": "feature", "finding": "finding", "mode": "mode", "source": "source"}
NAMESPACES: Final = {"system": "sys", "feature": "feat", "source": "src"}
PIECES: Final = st.sampled_from(
    [
        *"\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\u200b\u202e\u00ad\u3164\ufeff\x00\x7f\ud800\U000e0041",
        *("~", "null", "_x000D_", "=1+1", "#", ";", ",", "\t", '"', "'", "\\", "\\u000a", "|", ">", "- ", ": "),
        *(
            "<urn:evil> <urn:p> <urn:o> .\n",
            "@en",
            '"@en .',
            "杭州",
            "Á",
            "A\u0301",
            "\U0001f600",
            "%41",
            "&amp;",
            "{}",
        ),
        *("&a", "*a", "!x", "<!--", "]]>", "yes", "1e999", "0x10", "2018", " ", "word words", "n/a", "10000000000"),
    ]
)
TEXTS: Final = st.one_of(st.lists(PIECES, max_size=8).map("".join), st.text(max_size=30))


@pytest.fixture(scope="module")
def prepared(shared_world: Path) -> CheckContext:
    """Return the rules of the invented world."""
    return check_context(reading_context(store.load(shared_world)))


def table(record: dict[str, str]) -> bytes:
    """Return a record as CSV."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerows((record, record.values()))
    return written.getvalue().encode("utf-8", "surrogatepass")


def workbook(record: dict[str, str]) -> bytes:
    """Return a record as a workbook; the library escapes texts like escapes (ECMA-376, part 1, ST_Xstring)."""
    written = io.BytesIO()
    book: Any = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet = book.add_worksheet("claims")
    for column, (field, text) in enumerate(record.items()):
        sheet.write_string(0, column, field)
        sheet.write_string(1, column, text)
    book.close()
    return written.getvalue()


def triples(record: dict[str, str]) -> bytes:
    """Return a record as N-Triples, which are also Turtle, TriG and N-Quads."""
    lines = [f"<{CLAIM}> <{PREFIXES['rdf']}type> <{SCS}Claim> .\n"]
    for field, name in NAMED.items():
        iri = NamedNode(PREFIXES[NAMESPACES.get(field, "scs")] + record[field])
        lines.append(f"{Triple(NamedNode(CLAIM), NamedNode(SCS + name), iri)} .\n")
    for field, predicate in KEPT.items():
        literal = Literal(record[field], language=None if field == "locator" else "en")
        lines.append(f"{Triple(NamedNode(CLAIM), NamedNode(predicate), literal)} .\n")
    lines += [
        f'<{CLAIM}> <{SCS}{n}> "{v}"^^<{PREFIXES["xsd"]}integer> .\n' for n, v in (("minimum", 1), ("maximum", 2))
    ]
    return "".join(lines).encode()


def written(form: str, record: dict[str, str]) -> bytes:
    """Return a record in a format."""
    if form == "csv":
        return table(record)
    if form == "xlsx":
        return workbook(record)
    if form == "yaml":
        return yaml.safe_dump({"claims": [record]}, allow_unicode=True).encode("utf-8", "surrogatepass")
    if form == "jsonld":
        return json.dumps({"@context": PAGE, "@graph": [{**record, "type": "Claim", "id": CLAIM}]}).encode()
    if form == "json":
        return json.dumps({"claims": [record]}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return triples(record)


@pytest.mark.parametrize("form", [*FORMS, "json"])
def test_any_text_is_reported_or_kept_unchanged(form: str, prepared: CheckContext) -> None:
    reader = _reader("jsonld" if form == "json" else form)

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(sorted(RECORD.keys() - {"id"})), TEXTS)
    @example("statement", "The score of Beta\u2028has five classes.")
    @example("statement", "The score of Beta has five classes._x000D_")
    def keeps(field: str, text: str) -> None:
        record = {**RECORD, field: text}
        try:
            content = written(form, record)
        except (ValueError, yaml.YAMLError):
            return  # the format cannot contain this text
        draft = draft_from_json("x", _serialized(reader, prepared.reading, content))
        report = check(prepared, [draft], TODAY)
        assert all(isinstance(render(report).encode(), bytes) for render in REPORTS.values())
        if report.conforms and field in KEPT:
            found = [
                store.text(triple.object)
                for triple in store.parse_triples(draft.ntriples.encode(), "ntriples")
                if triple.predicate.value == KEPT[field]
            ]
            assert found in ([text], [text.strip()], [] if not text.strip() else [text])

    keeps()
