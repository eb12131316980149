"""The operations of the queries of the library, and the shapes of their results."""

import re
from typing import Annotated, Any, Final, Literal, NotRequired, TypedDict

from scs_kg.render.json_fields import FieldDoc
from scs_kg.server.api_operation import ApiOperation, ApiParameter
from scs_kg.server.jobs import JSON
from scs_kg.store.query_library import Query

JSON_LD: Final = "application/ld+json"
QUERY_FORM: Final = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE | re.IGNORECASE)


class HeadJson(TypedDict):
    """The head of a result."""

    vars: Annotated[list[str], FieldDoc("The variables, in the order of the columns.")]


TermJson = TypedDict(
    "TermJson",
    {
        "type": Annotated[Literal["uri", "literal", "bnode"], FieldDoc("The kind of the term.", "uri")],
        "value": Annotated[str, FieldDoc("The IRI or the text.", "https://w3id.org/scs-kg/system/shanghai")],
        "datatype": NotRequired[Annotated[str, FieldDoc("The datatype of a literal that is not text.")]],
        "xml:lang": NotRequired[Annotated[str, FieldDoc("The language of a text.", "en")]],
    },
)
TermJson.__doc__ = "A term of RDF."


class RowsJson(TypedDict):
    """The rows of a result."""

    bindings: Annotated[list[dict[str, TermJson]], FieldDoc("A row for each solution; unbound variables are missing.")]


class TableJson(TypedDict):
    """The result of a SELECT query (SPARQL 1.1 Query Results JSON Format)."""

    head: HeadJson
    results: RowsJson


class AnswerHeadJson(TypedDict):
    """The empty head of a boolean result."""


class BooleanJson(TypedDict):
    """The result of an ASK query (SPARQL 1.1 Query Results JSON Format)."""

    head: AnswerHeadJson
    boolean: Annotated[bool, FieldDoc("Whether the pattern has a solution.", example=True)]


def query_operation(path: str, key: str, query: Query) -> ApiOperation:
    """Return the operation that runs a query at a path."""
    form = QUERY_FORM.search(query.sparql)
    answer, media_type = _answer(form[1].lower() if form else "select")
    parameters = tuple(ApiParameter(p.name, f"{p.meaning} ({p.type})") for p in query.params)
    return ApiOperation(
        path, key, query.question, answer, parameters, media_type=media_type, has_csv=answer is TableJson
    )


def _answer(form: str) -> tuple[Any, str]:
    """Return the type and the media type of the result of a query of this form."""
    if form == "select":
        return TableJson, JSON
    return (BooleanJson, JSON) if form == "ask" else (list[dict[str, Any]], JSON_LD)
