"""Writes templates for claims and other records, from the published context, the rules and the data."""

from typing import Final

from scs_kg.contribute.read import ReadingContext
from scs_kg.contribute.read.kinds import TEMPLATES
from scs_kg.contribute.template.hints import Wording, english
from scs_kg.contribute.template.json_schema import SCHEMA_PAGE, schema
from scs_kg.contribute.template.texts import csv_template, turtle_template, yaml_template
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.extras import optional_libraries

_FORMS: Final = ("yaml", "xlsx", "turtle")
TEMPLATE_FORMS: Final = {kind: ("csv", *_FORMS, "schema") if kind == "claim" else _FORMS for kind in TEMPLATES}
"""The formats of the template for each kind of file."""


def template(context: ReadingContext, form: str, kind: str = "claim", say: Wording = english) -> str | bytes:
    """Return a template for a kind of file (a key of ``TEMPLATES``) in one of ``TEMPLATE_FORMS``.

    ``say`` returns the comments in the language of the reader. The JSON Schema is always English.

    Raises:
        UnknownNameError: there is no such kind of file.
        WrongUseError: there is no template of this kind in this format.
    """
    if kind not in TEMPLATES:
        raise UnknownNameError("kind of file", kind, TEMPLATES)
    if form not in (forms := TEMPLATE_FORMS[kind]):
        raise WrongUseError(f"a template for a {kind} cannot be written as {form}; choose {' or '.join(forms)}")
    records = TEMPLATES[kind]
    if form == "xlsx":
        with optional_libraries():
            from scs_kg.contribute.template.xlsx import workbook

        return workbook(context, records, say)
    if form == "csv":
        return csv_template(context, say)
    if form == "schema":
        return schema(context)
    first = f"# yaml-language-server: $schema={SCHEMA_PAGE}\n" if kind == "claim" else ""
    return turtle_template(context, records, say) if form == "turtle" else first + yaml_template(context, records, say)
