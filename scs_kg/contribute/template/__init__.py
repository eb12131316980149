"""Files to write claims into: fields, meanings, allowed values, from the published context, the rules and the data."""

import csv
import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from scs_kg.contribute.read import ReadingContext
from scs_kg.contribute.read.draft import CLAIM, SOURCE
from scs_kg.contribute.read.fields import OWN_LANGUAGE, Field
from scs_kg.contribute.template.json_schema import SCHEMA_PAGE, schema
from scs_kg.model.namespaces import PREFIXES, curie

FEW: Final = 12
LISTS: Final[Mapping[str, str]] = MappingProxyType({"claims": CLAIM, "sources": SOURCE})
_TYPES: Final[Mapping[tuple[str, ...], str]] = MappingProxyType(
    {
        ("date", "gYear", "gYearMonth"): "a year, month or day: 2019, 2019-06 or 2019-06-30",
        ("decimal", "integer"): "a number",
        ("boolean",): "true, or left out",
    }
)


def template(ground: ReadingContext, form: str) -> str | bytes:
    """Return a file to start from: ``csv``, ``yaml``, ``xlsx``, ``turtle``, or ``schema`` for a JSON Schema."""
    if form == "xlsx":
        from scs_kg.contribute.template.xlsx import workbook

        return workbook(ground)
    return _WRITERS[form](ground)


def hint(ground: ReadingContext, field: Field) -> str:
    """Return in words what a field means and takes."""
    need = "Needed. " if field.required else ""
    many = " There may be several." if field.many else ""
    meaning = f"{field.meaning} " if field.meaning else ""
    return f"{need}{meaning}{_values(ground, field)}{many}"


def _values(ground: ReadingContext, field: Field) -> str:
    if field.values:
        ids = ground.names.ids(field.values)
        if not ids:
            return "Write its id."
        if len(ids) <= FEW:
            return f"One of: {', '.join(ids)}."
        return f"One of {len(ids)} ids such as {ids[0]}, or a label in English or Chinese."
    if field.address:
        return "Write a web address."
    if field.language == OWN_LANGUAGE:
        return "Write a text in the language of the source."
    kinds = _TYPES.get(field.datatypes)
    return f"Write {kinds}." if kinds else "Write a text in English." if field.language else "Write a text."


def _csv(ground: ReadingContext) -> str:
    """Return a table whose rows may be claims or sources, with its fields explained in rows that are comments."""
    fields = {f.name: f for kind in (CLAIM, SOURCE) for f in ground.fields[kind]}
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(["# One claim or source a row. A row that begins with # is a comment. Save as CSV in UTF-8."])
    rows.writerow(["# Where there may be several values, put semicolons between them."])
    rows.writerow(["# type: Claim or Source; Claim if left out"])
    rows.writerow(["# id: left out for a claim; needed for a source, such as author-2024"])
    for name, field in fields.items():
        of = "claim" if field in ground.fields[CLAIM] else "source"
        rows.writerow([f"# {name} (of a {of}): {hint(ground, field)}"])
    rows.writerow(["type", "id", *fields])
    return written.getvalue()


def _yaml(ground: ReadingContext) -> str:
    """Return a YAML file of comments, in which an example only needs its marks taken away."""
    lines = [
        f"# yaml-language-server: $schema={SCHEMA_PAGE}",
        "# Take the # away before the fields that you fill in. Several values are a list: [one, other]",
    ]
    for name, kind in LISTS.items():
        lines += [f"{name}:", f"  # - id: {'left out, or ' if kind == CLAIM else ''}small letters, digits and hyphens"]
        for field in ground.fields[kind]:
            lines += [f"  #   # {hint(ground, field)}", f"  #   {field.name}:"]
    return "\n".join(lines) + "\n"


def _turtle(ground: ReadingContext) -> str:
    """Return a Turtle file whose claim and source are comments."""
    lines = [f"@prefix {name}: <{PREFIXES[name]}> ." for name in _PREFIXES]
    for kind, name in ((CLAIM, "claim:system-feature-source"), (SOURCE, "src:author-2024")):
        lines += ["", f"# {name} a scs:{kind} ;"]
        for field in ground.fields[kind]:
            lines += [f"#   # {hint(ground, field)}", f"#   {curie(field.predicate)} {_example(field)} ;"]
        lines.append("# .")
    return "\n".join(lines) + "\n"


_PREFIXES: Final = ("bibo", "claim", "dcterms", "feat", "foaf", "group", "scs", "skos", "src", "sys", "xsd")


def _example(field: Field) -> str:
    """Return the pattern of a value in Turtle."""
    if field.values:
        return curie(field.space + "x").removesuffix("x") + "…"
    if field.address:
        return "<https://…>"
    if "gYear" in field.datatypes:
        return '"2019-06"^^xsd:gYearMonth'
    if "integer" in field.datatypes:
        return "1"
    if "boolean" in field.datatypes:
        return "true"
    return '"…"@en' if field.language else '"…"'


_WRITERS: Final[Mapping[str, Callable[[ReadingContext], str]]] = MappingProxyType(
    {"csv": _csv, "yaml": _yaml, "turtle": _turtle, "schema": schema}
)
