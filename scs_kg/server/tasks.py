"""What a worker does: the tasks, each from its arguments to a reply, over one dataset with all verdicts."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from scs_kg import store
from scs_kg.model.errors import RefusedError, ScsError
from scs_kg.model.namespaces import BASE
from scs_kg.render import description
from scs_kg.render.documents import template
from scs_kg.server import api_claim_tasks, api_tasks, explorer, openapi, reconcile, schemas
from scs_kg.server.jobs import Job, Reply, of_error, problem
from scs_kg.server.negotiate import EXTENSIONS, charset
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import QueryTriples, describe
from scs_kg.store.dataset import QueryDataset, dataset_statistics
from scs_kg.store.isolation import no_new_descriptors
from scs_kg.store.serialize import serialize_triples
from scs_kg.store.sparql_text import (
    QueryLimits,
    enforce_limits,
    from_graphs,
    is_nondeterministic,
    is_update,
    refuse_service,
)


def sparql(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Answer a ``query`` over its ``default`` and ``named`` graphs, each a list or null.

    ``rows`` and ``triples`` are the form and media type for answers of that kind, null if the client takes none.
    """
    query = given["query"]
    if is_update(query):
        raise RefusedError("the text is an update; this service is read-only, so send a query")
    enforce_limits(query, QueryLimits())
    refuse_service(query)
    stated = from_graphs(query)
    default, named = (None if given[kind] is None else tuple(given[kind]) for kind in ("default", "named"))
    describe.require_known_graphs(world.dataset, {*stated, *(default or ()), *(named or ())})
    with no_new_descriptors():
        found = store.run_query(world.dataset, query, QueryDataset(default, named, has_from_clause=bool(stated)))
        liked = given["triples" if isinstance(found, QueryTriples) else "rows"]
        if liked is None:
            kind = "a graph" if isinstance(found, QueryTriples) else "rows or a truth"
            return problem(406, f"the answer is {kind}, and the Accept header takes no form of that")
        form, media_type = liked
        body = store.serialize_result(found, form, world.answer)
    return Reply(200, charset(media_type), body, {"cache-control": "no-store"} if is_nondeterministic(query) else {})


def document(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Describe an ``iri`` in a ``form`` called by a media ``type``, or say by 303 where the document is.

    A thing is not a document (Cool URIs for the Semantic Web, section 4.2), so that its IRI leads to one; unless the
    document was asked for, ``direct``.
    """
    form, iri = given["form"], given["iri"]
    describe.require_known(world.dataset, iri)
    here = world.home + "/" + quote(iri.removeprefix(BASE)) + EXTENSIONS[form]
    links = {"link": f'<{iri}>; rel="describes"', "content-location": here}
    if not given["direct"] and not describe.is_document(world.dataset, iri):
        return Reply(303, "text/plain; charset=utf-8", f"{iri} is described at {here}\n".encode(), {"location": here})
    if form == "html":
        body = description.page(describe.describe(world.dataset, iri), world.home).encode()
    else:
        body = serialize_triples(describe.describing_triples(world.dataset, iri), form)
    return Reply(200, charset(given["type"]), body, links)


def service(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Describe the service and its dataset in a ``form`` called by a media ``type``."""
    form = given["form"]
    if form == "html":
        body = template("sparql.html.j2").render(home=world.home).encode()
    else:
        written = description.service(dataset_statistics(world.dataset), world.url)
        body = serialize_triples(store.parse_triples(written.encode(), "turtle"), form)
    return Reply(200, charset(given["type"]), body)


TASKS: Final[Mapping[str, Callable[[WorkerState, Mapping[str, Any]], Reply]]] = MappingProxyType(
    {
        "sparql": sparql,
        "document": document,
        "service": service,
        "compare": api_tasks.compare,
        "explain": api_tasks.explain,
        "question": api_tasks.question,
        "questions": api_tasks.questions,
        "check": api_claim_tasks.check,
        "what-if": api_claim_tasks.what_if,
        "openapi": openapi.task,
        "reconcile": reconcile.task,
        "context": schemas.give_context,
        "schema": schemas.give_schema,
        "entrance": explorer.lead,
        "folder": explorer.enter,
        "page": explorer.show,
        "asset": explorer.give,
        "data": explorer.behind,
        "cell": explorer.export,
    }
)


def worker(world: WorkerState) -> Callable[[bytes], bytes]:
    """Return the work of a child: from a job as bytes to a reply as bytes, errors of ours being replies too."""

    def work(request: bytes) -> bytes:
        return do(world, Job.decoded(request)).encoded()

    return work


def do(world: WorkerState, job: Job) -> Reply:
    """Do a job; an error of ours becomes a problem."""
    try:
        return TASKS[job.task](world, job.given)
    except ScsError as error:
        return of_error(error)
