"""Writes templates for claims, from the published context, the integrity rules and the data."""

import csv
import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from scs_kg.contribute.read import ReadingContext
from scs_kg.contribute.read.draft import CLAIM, SOURCE
from scs_kg.contribute.read.fields import Field
from scs_kg.contribute.template.hints import LISTS, hint
from scs_kg.contribute.template.json_schema import SCHEMA_PAGE, schema
from scs_kg.model.extras import optional_libraries
from scs_kg.model.namespaces import PREFIXES, curie


def template(context: ReadingContext, form: str) -> str | bytes:
    """Return a template as ``csv``, ``yaml``, ``xlsx`` or ``turtle``, or a JSON Schema as ``schema``."""
    if form == "xlsx":
        with optional_libraries():
            from scs_kg.contribute.template.xlsx import workbook

        return workbook(context)
    return _WRITERS[form](context)


def _csv(context: ReadingContext) -> str:
    """Return a table for claims and sources, with a comment row on each field."""
    fields = {f.name: f for kind in (CLAIM, SOURCE) for f in context.fields[kind]}
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\r\n")
    rows.writerow(["# Write one claim or source per row. A row that begins with # is a comment. Save as CSV in UTF-8."])
    rows.writerow(["# Separate several values with semicolons."])
    rows.writerow(["# type: Claim or Source; the default is Claim"])
    rows.writerow(["# id: optional for a claim; required for a source, for example author-2024"])
    for name, field in fields.items():
        kind = CLAIM if field in context.fields[CLAIM] else SOURCE
        rows.writerow([f"# {name} ({kind.lower()}): {hint(context, field)}"])
    rows.writerow(["type", "id", *fields])
    return table.getvalue()


def _yaml(context: ReadingContext) -> str:
    """Return a YAML file with an example in comments; without the ``#`` marks it can be read."""
    lines = [
        f"# yaml-language-server: $schema={SCHEMA_PAGE}",
        "# Remove the # in front of each field that you fill in. Write several values as a list: [one, other]",
    ]
    for name, kind in LISTS.items():
        need = "optional" if kind == CLAIM else "required"
        lines += [f"{name}:", f"  # - id: {need}, in lower-case letters, digits and hyphens"]
        for field in context.fields[kind]:
            lines += [f"  #   # {hint(context, field)}", f"  #   {field.name}:"]
    return "\n".join(lines) + "\n"


def _turtle(context: ReadingContext) -> str:
    """Return a Turtle file with a claim and a source as comments."""
    lines = [f"@prefix {name}: <{PREFIXES[name]}> ." for name in _PREFIXES]
    for kind, name in ((CLAIM, "claim:system-feature-source"), (SOURCE, "src:author-2024")):
        lines += ["", f"# {name} a scs:{kind} ;"]
        for field in context.fields[kind]:
            lines += [f"#   # {hint(context, field)}", f"#   {curie(field.predicate)} {_example(field)} ;"]
        lines.append("# .")
    return "\n".join(lines) + "\n"


_PREFIXES: Final = ("bibo", "claim", "dcterms", "feat", "foaf", "group", "scs", "skos", "src", "sys", "xsd")


def _example(field: Field) -> str:
    """Return an example of a value in Turtle."""
    if field.value_class:
        return curie(field.value_namespace + "x").removesuffix("x") + "…"
    if field.is_address:
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
