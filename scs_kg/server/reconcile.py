"""The W3C Reconciliation Service API 0.2 over ``reconcile``: the manifest, batches of names, suggestions."""

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
    suggest,
)
from scs_kg.model.errors import WrongUseError
from scs_kg.model.namespaces import BASE, SCS
from scs_kg.render import data
from scs_kg.server.jobs import JSON, Job, Reply
from scs_kg.server.requests import fields, read, refuse
from scs_kg.server.sparql_protocol import FORM
from scs_kg.server.worker_state import WorkerState

BATCH: Final = 100
LONGEST: Final = 200


async def job(request: Request) -> Job:
    """Return the job of a request to the service: the manifest, or the batch in ``queries`` (sections 4 and 5)."""
    sent = await read(request)
    given = sent.query
    if request.method == "POST":
        if sent.type != FORM:
            raise refuse(415, f"send the batch as {FORM}, in a parameter called queries")
        given = fields(sent.body)
    return Job(
        "reconcile", {"do": "batch" if "queries" in given else "manifest", "text": given.get("queries", ("",))[0]}
    )


async def suggesting(request: Request) -> Job:
    """Return the job of suggesting entities, types or properties that begin with a ``prefix`` (section 7)."""
    sent = await read(request)
    return Job("reconcile", {"do": request.path_params["what"], "text": sent.query.get("prefix", ("",))[0]})


def task(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Do what was asked of the reconciliation service: ``do`` says what, ``text`` with what."""
    known = world.known
    answers = {
        "manifest": lambda: manifest(world.url),
        "batch": lambda: batch(known, given["text"]),
        "entity": lambda: _result([_suggested(e) for e in suggest(known, given["text"][:LONGEST])]),
        "type": lambda: _result(_beginning(given["text"], TYPES)),
        "property": lambda: _result(_beginning(given["text"], {key: label for key, (_, label) in PROPERTIES.items()})),
    }
    if given["do"] not in answers:
        raise WrongUseError(f"there are no suggestions for '{given['do']}'; there are for entity, type and property")
    return Reply(200, JSON, data.as_json(answers[given["do"]]()).encode())


def manifest(url: str) -> dict[str, Any]:
    """Return what the service at a URL is and offers (section 4)."""
    suggesting = {
        what: {"service_url": f"{url}/reconcile", "service_path": f"/suggest/{what}"}
        for what in ("entity", "type", "property")
    }
    return {
        "versions": ["0.2"],
        "name": "scs-kg",
        "identifierSpace": BASE,
        "schemaSpace": SCS,
        "defaultTypes": [{"id": key, "name": name} for key, name in TYPES.items()],
        "view": {"url": f"{url}/{{{{id}}}}"},
        "preview": {"url": f"{url}/{{{{id}}}}.html", "width": 480, "height": 320},
        "suggest": suggesting,
    }


def batch(known: EntityIndex, text: str) -> dict[str, Any]:
    """Answer a batch of queries (section 5.1), each under its own key.

    Raises:
        WrongUseError: the text is no batch, or holds too many queries.
    """
    try:
        queries = json.loads(text)
        asked = {key: _asked(value) for key, value in queries.items()}
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError) as error:
        message = 'queries is no batch; write {"q0": {"query": "Xiamen", "type": "Region"}}'
        raise WrongUseError(f"{message} ({type(error).__name__}: {error})") from error
    if len(asked) > BATCH:
        raise WrongUseError(f"the batch has {len(asked)} queries; send at most {BATCH} at a time")
    return {key: _result([_candidate(known, one, c) for c in find(known, one)]) for key, one in asked.items()}


def _asked(query: Mapping[str, Any]) -> ReconQuery:
    types = query.get("type") or ()
    properties = query.get("properties") or ()
    return ReconQuery(
        name=str(query["query"])[:LONGEST],
        types=tuple(str(name) for name in ([types] if isinstance(types, str) else types)),
        limit=int(query.get("limit") or 10),
        properties=tuple((str(p["pid"]), _text(value)) for p in properties for value in _values(p["v"])),
    )


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """Return the value of a property, which may be an entity with an id."""
    return str(value["id"] if isinstance(value, Mapping) else value)[:LONGEST]


def _candidate(known: EntityIndex, asked: ReconQuery, found: ReconCandidate) -> dict[str, Any]:
    features = [{"id": "name", "value": found.score}, {"id": "only", "value": found.match}]
    shown = {**_entity(found.entity), "score": found.score, "match": found.match, "features": features}
    ambiguous = normal(asked.name) in known.places and not found.match
    return {**shown, "description": _noted(found.entity.description, ambiguous=ambiguous)}


def _noted(description: str, *, ambiguous: bool) -> str:
    note = "The name alone is not enough: places share names in Latin letters."
    return f"{description} {note}".strip() if ambiguous else description


def _entity(entity: ReconEntity) -> dict[str, Any]:
    return {"id": entity.id, "name": entity.label, "type": [{"id": entity.type, "name": TYPES[entity.type]}]}


def _suggested(entity: ReconEntity) -> dict[str, Any]:
    kind = {"id": entity.type, "name": TYPES[entity.type]}
    return {"id": entity.id, "name": entity.label, "description": entity.description, "notable": [kind]}


def _beginning(prefix: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    start = normal(prefix)
    return [{"id": key, "name": name} for key, name in names.items() if start in normal(f"{key} {name}")]


def _result(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"result": found}
