"""The SPARQL endpoint (SPARQL 1.1 Protocol, section 2), for queries only."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from scs_kg.server.jobs import Job
from scs_kg.server.negotiate import PAGES, ROWS, TRIPLES, choose
from scs_kg.server.requests import SentRequest, accept, fields, read, refuse

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATES: Final = "application/sparql-update"
READ_ONLY: Final = "this endpoint is read-only and takes no update; send a query"

Parameters = Mapping[str, tuple[str, ...]]


async def job(request: Request) -> Job:
    """Return what a request to the endpoint asks for: a query, or by a bare GET the description of the service.

    Raises:
        BadRequestError: the request is no query operation of the protocol.
    """
    sent = await read(request)
    if request.method in {"GET", "HEAD"} and not sent.query:
        return description(request)
    text, given = _query(request.method, sent)
    if not text.strip():
        raise refuse(400, "the query is empty; send a SELECT, ASK, CONSTRUCT or DESCRIBE")
    liked = accept(request)
    graphs = {
        kind: list(given[f"{kind}-graph-uri"]) if f"{kind}-graph-uri" in given else None
        for kind in ("default", "named")
    }
    return Job("sparql", {"query": text, **graphs, "rows": choose(liked, ROWS), "triples": choose(liked, TRIPLES)})


def description(request: Request) -> Job:
    """Return the job of describing the service in the form that the client likes best."""
    return _service(choose(accept(request), {**TRIPLES, **PAGES}))


async def void(request: Request) -> Job:
    """Return the job of describing the dataset (VoID), which the description of the service holds."""
    await read(request)
    return _service(choose(accept(request), TRIPLES))


def _service(chosen: tuple[str, str] | None) -> Job:
    if chosen is None:
        raise refuse(406, f"the description of the service comes as {', '.join(t[0] for t in TRIPLES.values())}")
    return Job("service", {"form": chosen[0], "type": chosen[1]})


def _query(method: str, sent: SentRequest) -> tuple[str, Parameters]:
    """Return the text of the one query in a request, and the parameters that say its graphs (2.1.1 to 2.1.4)."""
    if method in {"GET", "HEAD"}:
        return _single(sent.query), sent.query
    if sent.type == FORM:
        form = fields(sent.body)
        if "query" in sent.query:
            raise refuse(400, "the query is in the address and in the form; send it once")
        return _single(form), form
    if sent.type == QUERY:
        if "query" in sent.query:
            raise refuse(400, "there is a query in the address and one in the body; send one")
        try:
            return sent.body.decode("utf-8"), sent.query
        except UnicodeDecodeError as error:
            raise refuse(400, f"the query is not UTF-8 at byte {error.start}") from error
    if sent.type == UPDATES:
        raise refuse(403, READ_ONLY)
    raise refuse(415, f"send the query as {FORM} or {QUERY}, not as {sent.type or 'a body without a type'!r}")


def _single(given: Parameters) -> str:
    if "update" in given:
        raise refuse(403, READ_ONLY)
    queries = given.get("query", ())
    if len(queries) != 1:
        raise refuse(400, f"there are {len(queries) or 'no'} parameters called query; send one")
    return queries[0]
