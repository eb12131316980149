"""The W3C Reconciliation Service API 0.2: the manifest, batches of names, data extension, suggestions."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from scs_kg.exchange.extension import extend, extension_properties, properties_of
from scs_kg.exchange.reconcile import (
    QUERY_PROPERTIES,
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
from scs_kg.server.reconcile_request import MAX_TEXT, parse_batch, parse_extension
from scs_kg.server.requests import fields, read, refuse
from scs_kg.server.route import Arguments
from scs_kg.server.sparql_protocol import FORM
from scs_kg.server.worker_state import WorkerState

MAX_DIGITS: Final = 10


async def read_batch(request: Request) -> Arguments:
    """Read a request to the service: a batch in ``queries``, a data extension, or a request for the manifest.

    Raises:
        BadRequestError: the request has a parameter that the service does not know, or a body in another format.
    """
    content = await read(request)
    parameters = dict(content.query)
    if request.method == "POST":
        if content.type != FORM:
            raise refuse(415, f"send the batch as {FORM}, in a parameter called queries")
        parameters |= fields(content.body)
    for name in sorted(parameters.keys() - {"queries", "extend"}):
        raise refuse(400, f"the service has no '{name}'; send queries or extend, or no parameter for the manifest")
    if len(parameters) > 1 or any(len(values) > 1 for values in parameters.values()):
        raise refuse(400, "there are several requests; send one parameter called queries or extend")
    if request.method == "POST" and not parameters:
        raise refuse(400, "the form is empty; send a parameter called queries or extend")
    return {name: values[0] for name, values in parameters.items()}


async def read_proposal(request: Request) -> Arguments:
    """Read a request for the properties that entities of a ``type`` have (section 6.1)."""
    content = await read(request)
    return {"type": content.query.get("type", ("",))[0], "limit": content.query.get("limit", ("",))[0]}


async def read_suggestion(request: Request) -> Arguments:
    """Read a request for entities, types or properties that begin with a ``prefix`` (section 7)."""
    content = await read(request)
    if "prefix" not in content.query:
        raise refuse(400, "there is no prefix; write ?prefix=Xia")
    return {"kind": request.path_params["kind"], "prefix": content.query.get("prefix", ("",))[0]}


def reconcile(state: WorkerState, arguments: Arguments) -> Reply:
    """Answer a batch of ``queries`` or a request to ``extend`` data, or return the manifest if there is neither."""
    if "queries" in arguments:
        found = answer_batch(state.entities, arguments["queries"])
    elif "extend" in arguments:
        found = answer_extension(state.entities, arguments["extend"])
    else:
        found = manifest(state.url)
    return Reply(200, JSON, data.as_json(found).encode())


def propose(state: WorkerState, arguments: Arguments) -> Reply:
    """Propose at most ``limit`` properties of entities of a ``type`` for data extension; by default, of all types."""
    kind, limit = arguments["type"], arguments["limit"]
    if limit and not (limit.isdecimal() and len(limit) < MAX_DIGITS):
        raise WrongUseError(f"limit={limit!r} is not a number; write limit=10")
    labels = properties_of(kind) if kind else extension_properties()
    shown = list(labels.items())[: int(limit) if limit else None]
    found: dict[str, Any] = {"type": kind} if kind else {}
    found |= {"limit": int(limit)} if limit else {}
    found["properties"] = [{"id": key, "name": label} for key, label in shown]
    return Reply(200, JSON, data.as_json(found).encode())


def suggest(state: WorkerState, arguments: Arguments) -> Reply:
    """Suggest the items of a ``kind`` whose names begin with a ``prefix``."""
    kind, prefix = arguments["kind"], arguments["prefix"][:MAX_TEXT]
    if kind == "entity":
        found = [_suggestion(entity) for entity in suggest_entities(state.entities, prefix)]
    elif kind == "type":
        found = _matching(prefix, TYPES)
    elif kind == "property":
        found = _matching(prefix, QUERY_PROPERTIES)
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
        "extend": {
            "propose_properties": {"service_url": f"{url}/reconcile", "service_path": "/extend/propose"},
            "property_settings": [],
        },
    }


def answer_batch(entities: EntityIndex, text: str) -> dict[str, Any]:
    """Answer a batch of queries (section 5.1) under the keys of the batch; raise WrongUseError if it is malformed."""
    return {
        key: _result([_candidate(entities, query, found) for found in find(entities, query)])
        for key, query in parse_batch(text).items()
    }


def answer_extension(entities: EntityIndex, text: str) -> dict[str, Any]:
    """Answer a data extension request (section 6.2); raise WrongUseError if the request is malformed."""
    ids, properties = parse_extension(text)
    labels = extension_properties()
    rows = extend(entities, ids, properties)
    return {"meta": [{"id": key, "name": labels[key]} for key in properties], "rows": rows}


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
