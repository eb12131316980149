"""The SPARQL endpoint (SPARQL 1.1 Protocol, section 2), for queries only, and its description."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from scs_kg import store
from scs_kg.model.errors import RefusedError
from scs_kg.render import description
from scs_kg.render.document_templates import template
from scs_kg.server.jobs import Reply, problem
from scs_kg.server.negotiate import PAGES, ROWS, TRIPLES, charset, choose
from scs_kg.server.requests import RequestContent, accept, fields, read, refuse
from scs_kg.server.route import Arguments
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import QueryTriples, describe
from scs_kg.store.dataset import dataset_statistics
from scs_kg.store.isolation import no_new_descriptors
from scs_kg.store.merge import query_merged
from scs_kg.store.serialize import serialize_triples
from scs_kg.store.sparql_text import (
    GraphSelection,
    QueryLimits,
    enforce_limits,
    from_graphs,
    is_nondeterministic,
    is_update,
    refuse_service,
)

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
READ_ONLY: Final = "this endpoint is read-only and accepts no update; send a query"

Parameters = Mapping[str, tuple[str, ...]]


async def read_query(request: Request) -> Arguments:
    """Read a query operation; a GET without parameters requests the description of the service.

    Raises:
        BadRequestError: the request is not a query operation of the protocol.
    """
    content = await read(request)
    accepted = accept(request)
    if request.method in {"GET", "HEAD"} and not content.query:
        return _description(choose(accepted, {**TRIPLES, **PAGES}))
    text, parameters = _query(request.method, content)
    if not text.strip():
        raise refuse(400, "the query is empty; send a SELECT, ASK, CONSTRUCT or DESCRIBE query")
    graphs = {
        kind: list(parameters[f"{kind}-graph-uri"]) if f"{kind}-graph-uri" in parameters else None
        for kind in ("default", "named")
    }
    return {"query": text, **graphs, "rows": choose(accepted, ROWS), "triples": choose(accepted, TRIPLES)}


async def read_description(request: Request) -> Arguments:
    """Read a request for the description of the dataset (VoID), which is part of the service description."""
    await read(request)
    return _description(choose(accept(request), TRIPLES))


def _description(chosen: tuple[str, str] | None) -> Arguments:
    if chosen is None:
        available = ", ".join(types[0] for types in TRIPLES.values())
        raise refuse(406, f"the description of the service is available as {available}")
    return {"form": chosen[0], "type": chosen[1]}


def _query(method: str, content: RequestContent) -> tuple[str, Parameters]:
    """Return the text of the only query in a request, and the parameters that name graphs (2.1.1 to 2.1.4)."""
    if method in {"GET", "HEAD"}:
        return _single(content.query), content.query
    if content.type == FORM:
        form = fields(content.body)
        if "query" in content.query:
            raise refuse(400, "there is a query in the URL and one in the form; send one")
        return _single(form), _joined(content.query, form)
    if content.type == QUERY:
        if "query" in content.query:
            raise refuse(400, "there is a query in the URL and one in the body; send one")
        try:
            return content.body.decode("utf-8"), content.query
        except UnicodeDecodeError as error:
            raise refuse(400, f"the query is not UTF-8 at byte {error.start}; encode it in UTF-8") from error
    if content.type == UPDATE:
        raise refuse(403, READ_ONLY)
    raise refuse(415, f"send the query as {FORM} or {QUERY}, not as {content.type or 'a body without a type'!r}")


def _joined(url: Parameters, form: Parameters) -> Parameters:
    """Return the parameters of a URL and of a form; the graphs of a query may be in either."""
    return {name: (*url.get(name, ()), *form.get(name, ())) for name in {**url, **form}}


def _single(parameters: Parameters) -> str:
    if "update" in parameters:
        raise refuse(403, READ_ONLY)
    queries = parameters.get("query", ())
    if len(queries) != 1:
        raise refuse(400, f"there are {len(queries) or 'no'} parameters called query; send one")
    return queries[0]


def answer(state: WorkerState, arguments: Arguments) -> Reply:
    """Run a ``query`` over its ``default`` and ``named`` graphs, each a list or null; or describe the service.

    ``rows`` and ``triples`` are the format and the media type for each kind of result, null if the client accepts none.
    """
    if "query" not in arguments:
        return describe_service(state, arguments)
    query = arguments["query"]
    if is_update(query):
        raise RefusedError("the text is an update and this service is read-only; send a query")
    enforce_limits(query, QueryLimits())
    refuse_service(query)
    base = f"{state.url}/sparql"
    selections = [_selection(arguments), from_graphs(query, base)]  # parameters override FROM (2.1.4)
    graphs = [selection for selection in selections if selection]
    describe.require_known_graphs(state.dataset, frozenset().union(*(selection.all for selection in graphs)))
    with no_new_descriptors():
        result = query_merged(state.merged, query, graphs[0] if graphs else None, base)
        accepted = arguments["triples" if isinstance(result, QueryTriples) else "rows"]
        if accepted is None:
            kind = "a graph" if isinstance(result, QueryTriples) else "a table or a boolean"
            return problem(406, f"the result is {kind}, and the Accept header matches no format for that")
        form, media_type = accepted
        body = store.serialize_result(result, form, state.max_answer)
    return Reply(200, charset(media_type), body, {"cache-control": "no-store"} if is_nondeterministic(query) else {})


def _selection(arguments: Arguments) -> GraphSelection | None:
    """Return the graphs that the parameters of the protocol select, or None if there are no such parameters."""
    if arguments["default"] is None and arguments["named"] is None:
        return None
    return GraphSelection(tuple(arguments["default"] or ()), tuple(arguments["named"] or ()))


def describe_service(state: WorkerState, arguments: Arguments) -> Reply:
    """Describe the service and its dataset in a ``form`` of a media ``type``."""
    form = arguments["form"]
    if form == "html":
        body = template("sparql.html.j2").render(home=state.home).encode()
    else:
        turtle = description.service(dataset_statistics(state.dataset), state.url)
        body = serialize_triples(store.parse_triples(turtle.encode(), "turtle"), form)
    return Reply(200, charset(arguments["type"]), body)
