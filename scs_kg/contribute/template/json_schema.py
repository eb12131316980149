"""The JSON Schema (draft 2020-12) of claim files in YAML, with which editors complete and validate them."""

import json
from typing import Any, Final

from scs_kg.contribute.read import ReadingContext
from scs_kg.contribute.read.fields import OWN_LANGUAGE, Field
from scs_kg.contribute.read.kinds import CLAIM, SOURCE
from scs_kg.model.namespaces import BASE, SCS

SCHEMA_PAGE: Final = BASE + "claims.schema.json"
_ID: Final = "^[a-z0-9-]{1,200}$"
_DATE: Final = "^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
_EXTENSIBLE: Final = (SCS + CLAIM, SCS + SOURCE)
"""The classes of records that a file can define itself; the schema also accepts ids of these that are not in the data.
"""


def schema(context: ReadingContext) -> str:
    """Return the JSON Schema of a file with ``claims`` and ``sources``."""
    lists = {"claims": CLAIM, "sources": SOURCE}
    return (
        json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$id": SCHEMA_PAGE,
                "title": "Claims about social credit systems, and their sources",
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    name: {"type": ["array", "null"], "items": _record(context, kind)} for name, kind in lists.items()
                },
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _record(context: ReadingContext, kind: str) -> dict[str, Any]:
    fields = context.fields[kind]
    record_id = {"type": "string", "pattern": _ID, "description": "The last part of its IRI."}
    required = [field.name for field in fields if field.required]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required if kind == CLAIM else ["id", *required],
        "properties": {"id": record_id, **{field.name: _field(context, field) for field in fields}},
    }


def _field(context: ReadingContext, field: Field) -> dict[str, Any]:
    value = _value(context, field)
    if field.many:
        value = {"anyOf": [value, {"type": "array", "items": value}]}
    return {"description": field.definition, **value} if field.definition else value


def _value(context: ReadingContext, field: Field) -> dict[str, Any]:
    if field.value_class:
        known: dict[str, Any] = {"enum": list(context.names.ids_and_labels(field.value_class))}
        new = {"type": "string", "pattern": _ID}
        return {"anyOf": [known, new] if known["enum"] else [new]} if field.value_class in _EXTENSIBLE else known
    if field.is_address:
        return {"type": "string", "pattern": "^https?://"}
    if field.language == OWN_LANGUAGE:
        return {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
    if "gYear" in field.datatypes:
        return {"anyOf": [{"type": "integer", "minimum": 1000, "maximum": 9999}, {"type": "string", "pattern": _DATE}]}
    if "integer" in field.datatypes:
        return {"type": "number"}
    return {"type": "boolean"} if "boolean" in field.datatypes else {"type": "string", "minLength": 1}
