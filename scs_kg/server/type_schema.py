"""Derives JSON Schemas (draft 2020-12, as in OpenAPI 3.1) from the types of JSON values.

These types are the return types of the functions that build the answers, so mypy keeps schemas and answers consistent.
A TypedDict becomes a named component, whose description is its docstring.
"""

import inspect
from collections.abc import Mapping
from enum import StrEnum
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from scs_kg.render.json_fields import FieldDoc

REFERENCE: Final = "#/components/schemas/"
SIMPLE: Final[Mapping[Any, str]] = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}

Schema = dict[str, Any]


def component_name(shape: type) -> str:
    """Return the name of the component of a TypedDict: the name of the type without ``Json`` at its end."""
    return shape.__name__.removesuffix("Json")


def schema_of(shape: Any, components: dict[str, Schema]) -> Schema:
    """Return the schema of a type; add the components to which it refers.

    Raises:
        TypeError: the type has no schema.
    """
    if shape is Any:
        return {}
    if shape in SIMPLE:
        return {"type": SIMPLE[shape]}
    if is_typeddict(shape):
        return _reference(shape, components)
    if isinstance(shape, type) and issubclass(shape, StrEnum):
        return {"type": "string", "enum": [member.value for member in shape]}
    return _generic(get_origin(shape), get_args(shape), components)


def _generic(origin: Any, arguments: tuple[Any, ...], components: dict[str, Schema]) -> Schema:
    if origin is Annotated:
        return _described(arguments, components)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is NotRequired:
        return schema_of(arguments[0], components)
    if origin is list:
        return {"type": "array", "items": schema_of(arguments[0], components)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1], components)}
    if origin in {Union, UnionType}:
        return {"anyOf": [schema_of(argument, components) for argument in arguments]}
    raise TypeError(f"{origin or arguments} has no JSON Schema; use TypedDict, list, dict, Literal or a simple type")


def _described(arguments: tuple[Any, ...], components: dict[str, Schema]) -> Schema:
    schema = schema_of(arguments[0], components)
    for doc in arguments[1:]:
        if isinstance(doc, FieldDoc):
            schema |= {"description": doc.text, **({} if doc.example is None else {"examples": [doc.example]})}
    return schema


def _reference(shape: type, components: dict[str, Schema]) -> Schema:
    name = component_name(shape)
    if name not in components:
        components[name] = {}  # so that a recursive type does not recurse forever
        hints = get_type_hints(shape, include_extras=True)
        required: frozenset[str] = shape.__required_keys__  # type: ignore[attr-defined] # of every TypedDict
        components[name] = {
            "type": "object",
            "description": inspect.cleandoc(shape.__doc__ or ""),
            "properties": {key: schema_of(hint, components) for key, hint in hints.items()},
            "required": [key for key in hints if key in required],
        }
    return {"$ref": REFERENCE + name}
