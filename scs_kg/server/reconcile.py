"""The W3C Reconciliation Service API 0.2: the manifest, batches of names, suggestions."""

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from scs_kg.exchange.reconcile import (
    PROPERTIES,
    TYPES,
    EntityIndex,
    ReconCandidate,
    ReconEntity,
    ReconQuery,
    find,
    normal,
)
from scs_kg.exchange.reconcile import suggest as suggest_entities
from scs_kg.model.errors import WrongUseError
from scs_kg.model.namespaces import BASE, SCS
from scs_kg.render import data
from scs_kg.server.jobs import JSON, Reply
from scs_kg.server.requests import fields, read, refuse
from scs_kg.server.route import Arguments
from scs_kg.server.sparql_protocol import FORM
from scs_kg.server.worker_state import WorkerState

MAX_QUERIES: Final = 100
MAX_TEXT: Final = 200


async def read_batch(request: Request) -> Arguments:
    """Read a request to the service: a batch in ``queries``, or a request for the manifest (sections 4 and 5)."""
    content = await read(request)
    parameters = content.query
    if request.method == "POST":
        if content.type != FORM:
            raise refuse(415, f"send the batch as {FORM}, in a parameter called queries")
        parameters = fields(content.body)
    return {"batch": parameters["queries"][0]} if "queries" in parameters else {}


async def read_suggestion(request: Request) -> Arguments:
    """Read a request for entities, types or properties that begin with a ``prefix`` (section 7)."""
    content = await read(request)
    return {"kind": request.path_params["kind"], "prefix": content.query.get("prefix", ("",))[0]}


def reconcile(state: WorkerState, arguments: Arguments) -> Reply:
    """Answer a ``batch`` of queries, or return the manifest if there is none."""
    found = answer_batch(state.entities, arguments["batch"]) if "batch" in arguments else manifest(state.url)
    return Reply(200, JSON, data.as_json(found).encode())


def suggest(state: WorkerState, arguments: Arguments) -> Reply:
    """Suggest the items of a ``kind`` whose names begin with a ``prefix``."""
    kind, prefix = arguments["kind"], arguments["prefix"][:MAX_TEXT]
    if kind == "entity":
        found = [_suggestion(entity) for entity in suggest_entities(state.entities, prefix)]
    elif kind == "type":
        found = _matching(prefix, TYPES)
    elif kind == "property":
        found = _matching(prefix, {key: label for key, (_, label) in PROPERTIES.items()})
    else:
        raise WrongUseError(f"there are no suggestions of the kind '{kind}'; use entity, type or property")
    return Reply(200, JSON, data.as_json(_result(found)).encode())


def manifest(url: str) -> dict[str, Any]:
    """Return the description of the service at a URL (section 4)."""
    suggest_services = {
        kind: {"service_url": f"{url}/reconcile", "service_path": f"/suggest/{kind}"}
        for kind in ("entity", "type", "property")
    }
    return {
        "versions": ["0.2"],
        "name": "scs-kg",
        "identifierSpace": BASE,
        "schemaSpace": SCS,
        "defaultTypes": [{"id": key, "name": name} for key, name in TYPES.items()],
        "view": {"url": f"{url}/{{{{id}}}}"},
        "preview": {"url": f"{url}/{{{{id}}}}.html", "width": 480, "height": 320},
        "suggest": suggest_services,
    }


def answer_batch(entities: EntityIndex, text: str) -> dict[str, Any]:
    """Answer a batch of queries (section 5.1), each under its own key.

    Raises:
        WrongUseError: the text is not a batch, or has too many queries.
    """
    try:
        queries = json.loads(text)
        parsed = {key: _query(value) for key, value in queries.items()}
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError) as error:
        message = 'queries is not a batch; write {"q0": {"query": "Xiamen", "type": "Region"}}'
        raise WrongUseError(f"{message} ({type(error).__name__}: {error})") from error
    if len(parsed) > MAX_QUERIES:
        raise WrongUseError(f"the batch has {len(parsed)} queries; send at most {MAX_QUERIES} at a time")
    return {
        key: _result([_candidate(entities, query, found) for found in find(entities, query)])
        for key, query in parsed.items()
    }


def _query(query: Mapping[str, Any]) -> ReconQuery:
    types = query.get("type") or ()
    properties = query.get("properties") or ()
    return ReconQuery(
        name=str(query["query"])[:MAX_TEXT],
        types=tuple(str(name) for name in ([types] if isinstance(types, str) else types)),
        limit=int(query.get("limit") or 10),
        properties=tuple((str(p["pid"]), _text(value)) for p in properties for value in _values(p["v"])),
    )


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """Return the value of a property; if it is an entity, its id."""
    return str(value["id"] if isinstance(value, Mapping) else value)[:MAX_TEXT]


def _candidate(entities: EntityIndex, query: ReconQuery, found: ReconCandidate) -> dict[str, Any]:
    features = [{"id": "name", "value": found.score}, {"id": "only", "value": found.match}]
    candidate = {**_entity(found.entity), "score": found.score, "match": found.match, "features": features}
    ambiguous = normal(query.name) in entities.places and not found.match
    return {**candidate, "description": _description(found.entity.description, ambiguous=ambiguous)}


def _description(description: str, *, ambiguous: bool) -> str:
    note = "The name alone is not enough: different places have the same name in Latin letters."
    return f"{description} {note}".strip() if ambiguous else description


def _entity(entity: ReconEntity) -> dict[str, Any]:
    return {"id": entity.id, "name": entity.label, "type": [{"id": entity.type, "name": TYPES[entity.type]}]}


def _suggestion(entity: ReconEntity) -> dict[str, Any]:
    kind = {"id": entity.type, "name": TYPES[entity.type]}
    return {"id": entity.id, "name": entity.label, "description": entity.description, "notable": [kind]}


def _matching(prefix: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    start = normal(prefix)
    return [{"id": key, "name": name} for key, name in names.items() if start in normal(f"{key} {name}")]


def _result(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"result": found}
