"""Parses the requests of the W3C Reconciliation Service API 0.2: batches of queries, and data extensions."""

import json
from collections.abc import Mapping
from typing import Any, Final

from scs_kg.exchange.reconcile import QUERY_PROPERTIES, TYPES, ReconQuery
from scs_kg.model.errors import UnknownNameError, WrongUseError

MAX_QUERIES: Final = 100
MAX_IDS: Final = 1000
MAX_TEXT: Final = 200
MAX_CANDIDATES: Final = 100
_NOT_JSON: Final = (ValueError, AttributeError, TypeError, KeyError, RecursionError, OverflowError)


def parse_batch(text: str) -> dict[str, ReconQuery]:
    """Return the queries of a batch (section 5.1), keyed as in the batch.

    Raises:
        UnknownNameError: there is no such type or property.
        WrongUseError: the text is not a batch, or has too many queries.
    """
    try:
        parsed = {key: _query(value) for key, value in json.loads(text).items()}
    except _NOT_JSON as error:
        message = 'queries is not a batch; write {"q0": {"query": "Xiamen", "type": "Region"}}'
        raise WrongUseError(f"{message} ({type(error).__name__}: {error})") from error
    if len(parsed) > MAX_QUERIES:
        raise WrongUseError(f"the batch has {len(parsed)} queries; send at most {MAX_QUERIES} at a time")
    return parsed


def parse_extension(text: str) -> tuple[list[str], list[str]]:
    """Return the ids and the properties of a data extension request (section 6.2).

    Raises:
        WrongUseError: the text is not such a request, or has too many ids.
    """
    try:
        asked = json.loads(text)
        ids, properties = [str(name) for name in asked["ids"]], [str(found["id"]) for found in asked["properties"]]
    except _NOT_JSON as error:
        message = 'extend is not a request; write {"ids": ["region/xiamen"], "properties": [{"id": "partOf"}]}'
        raise WrongUseError(f"{message} ({type(error).__name__}: {error})") from error
    if len(ids) > MAX_IDS:
        raise WrongUseError(f"there are {len(ids)} ids; send at most {MAX_IDS} at a time")
    return ids, properties


def _query(query: Mapping[str, Any]) -> ReconQuery:
    name, properties = query.get("query"), query.get("properties") or ()
    if name is None and not properties:
        raise KeyError("query")
    return ReconQuery(
        name="" if name is None else str(name)[:MAX_TEXT],
        types=tuple(_known("type", kind, TYPES) for kind in _values(query.get("type") or ())),
        limit=_limit(query.get("limit")),
        properties=tuple(
            (_known("property", found["pid"], QUERY_PROPERTIES), _text(value))
            for found in properties
            for value in _values(found["v"])
            if value is not None
        ),
    )


def _known(kind: str, value: Any, known: Mapping[str, object]) -> str:
    """Return the id of a type or a property, which some clients send as an object with id and name."""
    name = _text(value)
    if name not in known:
        raise UnknownNameError(kind, name, known)
    return name


def _limit(value: Any) -> int:
    limit = 10 if value is None else int(value)
    if limit < 0:
        raise ValueError(f"the limit {limit} is negative")
    return min(limit or 10, MAX_CANDIDATES)


def _values(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _text(value: Any) -> str:
    """Return the value of a property as text: the id of an entity, or a whole number without decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))[:MAX_TEXT]
    return str(value["id"] if isinstance(value, Mapping) else value)[:MAX_TEXT]
