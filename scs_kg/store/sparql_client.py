"""A client for remote SPARQL stores (SPARQL 1.1 Protocol, W3C Recommendation 2013-03-21), based on SPARQLWrapper.

Every request is a POST with a time limit and a size limit for the response; redirects are not followed. A request that
may be repeated is repeated while the server is unreachable or busy. Credentials come from the environment:
``SCS_KG_USER`` with ``SCS_KG_PASSWORD``, or ``SCS_KG_TOKEN`` (bearer). The user and the password are sent by basic or
digest authentication when the server demands them. With ``SCS_KG_AUTH=basic``, they are sent from the first request on.
"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import dataclass, replace
from http.client import HTTPException
from itertools import count
from threading import Thread
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlsplit

from scs_kg.model.advice import Advice
from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.model.version import __version__
from scs_kg.store import query_library
from scs_kg.store.parse_results import parse_boolean, parse_ntriples, parse_rows
from scs_kg.store.query_library import Query, Row
from scs_kg.store.sparql_http import (
    EndpointBusyError,
    basic_credentials,
    guarded_requests,
    is_local,
    refuse_cut_answer,
)
from scs_kg.store.sparql_text import is_update, query_form, refuse_service
from scs_kg.store.terms import QueryResult

FIRST_WAIT: Final = 0.25
"""Seconds to wait before the second attempt; the time doubles before each further attempt."""
ROWS: Final = "application/sparql-results+json"
TRIPLES: Final = "application/n-triples, text/plain;q=0.5"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of a SPARQL endpoint, and the limits for requests to it.

    ``url`` receives queries, and ``update_url`` receives updates (default: the same address). ``default_graphs`` are
    the IRIs of the graphs that are merged as the default graph of a query. If there are no such IRIs, the default graph
    of the store is used. ``timeout`` is in seconds and includes all attempts; ``max_bytes`` limits a response. No
    credentials are sent to an ``anonymous`` endpoint.
    """

    url: str
    update_url: str | None = None
    default_graphs: tuple[str, ...] = ()
    timeout: float = 30.0
    attempts: int = 5
    max_bytes: int = 256 << 20
    anonymous: bool = False


def send_query(endpoint: Endpoint, sparql: str) -> QueryResult:
    """Return the result of a query at an endpoint: rows in their order, a boolean, or triples.

    Raises:
        WrongUseError: the address is invalid, the text is not a query, or credentials would be sent unencrypted.
        EngineError: the query contains SERVICE; or the server is unreachable, rejects the query, exceeds a limit, is
            still busy at the last attempt, or sends an invalid response or only the first rows. The message names the
            server and its reply.
    """
    from SPARQLWrapper import ASK, SELECT

    refuse_service(sparql)
    form = query_form(sparql)
    _check_addresses(endpoint)
    if form is None or is_update(sparql):
        raise WrongUseError("the text is not a SPARQL query; nothing was sent")
    wrapper = _wrapper(endpoint, endpoint.url, sparql, form)
    wrapper.addCustomHttpHeader("Accept", ROWS if form in {ASK, SELECT} else TRIPLES)
    for graph in endpoint.default_graphs:
        wrapper.addParameter("default-graph-uri", graph)
    parsers: dict[str, Callable[[bytes], QueryResult]] = {ASK: parse_boolean, SELECT: parse_rows}
    response = _send_with_retries(endpoint, wrapper, endpoint.url)
    try:
        return parsers.get(form, parse_ntriples)(response)
    except EngineError as error:
        raise EngineError(f"{endpoint.url}: sent an invalid response: {error}") from error


def query_pages(endpoint: Endpoint, question: Query, size: int, **given: str) -> Iterator[list[Row]]:
    """Yield the rows of a library SELECT that ends in ORDER BY, in pages of ``size`` rows; the last page is shorter.

    Raises:
        UnknownNameError: the query does not have one of the given parameters.
        EngineError: as for ``send_query``, or the query is not a SELECT.
    """
    sparql = query_library.bind(question, given).rstrip()
    for start in count(0, size):
        answer = send_query(endpoint, f"{sparql}\nLIMIT {size} OFFSET {start}\n")
        if len(page := query_library.as_rows(answer, question.name)) > size:
            raise EngineError(f"{endpoint.url}: sent an invalid response: {len(page)} rows, more than the limit {size}")
        yield page
        if len(page) < size:
            return


def send_update(endpoint: Endpoint, sparql: str, *, repeatable: bool) -> None:
    """Send an update to an endpoint. If the server is busy, only a ``repeatable`` update is sent again.

    Raises:
        WrongUseError: the address is invalid, the text is not an update, or credentials would be sent unencrypted.
        EngineError: the server is unreachable, rejects the update, exceeds a limit, or is busy.
    """
    url = endpoint.update_url or endpoint.url
    _check_addresses(endpoint)
    if not is_update(sparql):
        raise WrongUseError("the text is not a SPARQL update; nothing was sent")
    limited = endpoint if repeatable else replace(endpoint, attempts=1)
    _send_with_retries(limited, _wrapper(endpoint, url, sparql), url)


def _wrapper(endpoint: Endpoint, url: str, sparql: str, form: str | None = None) -> Any:
    """Return a SPARQLWrapper for one request: for a query of the given form, or for an update.

    The text and the form are set through documented attributes of SPARQLWrapper. ``setQuery`` would guess the form with
    a regular expression that comments and prefixes can mislead. INSERT represents all kinds of update, which are sent
    alike.
    """
    from SPARQLWrapper import INSERT, POST, SPARQLWrapper

    wrapper = SPARQLWrapper(url, updateEndpoint=url, agent=f"scs-kg/{__version__}")
    wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)
    wrapper.queryString, wrapper.queryType = sparql, form or INSERT
    if not endpoint.anonymous:
        _authenticate(wrapper, url)
    return wrapper


def _check_addresses(endpoint: Endpoint) -> None:
    for url in (endpoint.url, endpoint.update_url or endpoint.url):
        if not _is_address(url):
            raise WrongUseError(f"'{url}' is not an endpoint address; write http://host/path or https://host/path")


def _is_address(url: str) -> bool:
    """Return whether a text is a valid HTTP address without credentials."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.port != 0 and parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False


def _authenticate(wrapper: Any, url: str) -> None:
    """Add the credentials of the environment to a request; raise WrongUseError if they would be sent unencrypted."""
    user, password, token = (os.environ.get(f"SCS_KG_{name}", "") for name in ("USER", "PASSWORD", "TOKEN"))
    if not (user or token):
        return
    parts = urlsplit(url)
    if parts.scheme != "https" and not is_local(url):
        raise WrongUseError(f"{url}: credentials require https; use https, or unset SCS_KG_USER and SCS_KG_TOKEN")
    if token:
        wrapper.addCustomHttpHeader("Authorization", f"Bearer {token}")
    elif os.environ.get("SCS_KG_AUTH", "").lower() == "basic":
        wrapper.addCustomHttpHeader("Authorization", basic_credentials(user, password))


def _send_with_retries(endpoint: Endpoint, wrapper: Any, url: str) -> bytes:
    """Send a request and return the response; repeat it while the server is busy and time is left."""
    deadline = time.monotonic() + endpoint.timeout
    for attempt in range(endpoint.attempts):
        try:
            return _send_once(endpoint, wrapper, url, deadline)
        except EndpointBusyError as error:
            wait = max(FIRST_WAIT * 2**attempt, error.wait)
            if attempt + 1 >= endpoint.attempts or time.monotonic() + wait >= deadline:
                raise EngineError(str(error)) from error
            time.sleep(wait)
    raise EngineError(f"{url}: no request was sent, because no attempt is allowed; allow at least one")


def _send_once(endpoint: Endpoint, wrapper: Any, url: str, deadline: float) -> bytes:
    late = f"{url}: did not respond completely within {endpoint.timeout:g} s; narrow the query"
    more_time = Advice(", or raise {option}", "timeout")
    left = max(deadline - time.monotonic(), 0.1)
    wrapper.timeout = left

    def exchange() -> bytes:
        credentials = None if endpoint.anonymous else _credentials()
        with guarded_requests(url, credentials), wrapper.query().response as response:
            refuse_cut_answer(url, response, wrapper.queryString)
            return _read_limited(response, endpoint, deadline)

    try:
        return _within(left, exchange)
    except TimeoutError as error:
        raise EngineError(late, more_time) from error
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise EngineError(late, more_time) from error
        raise EndpointBusyError(f"{url}: cannot be reached: {_reason(error.reason)}") from error
    except (OSError, HTTPException) as error:
        raise EndpointBusyError(f"{url}: the connection was lost: {_reason(error) or type(error).__name__}") from error


def _reason(error: BaseException | str) -> str:
    """Return why a connection failed, without the error number of the operating system."""
    return getattr(error, "strerror", None) or str(error)


def _within(seconds: float, exchange: Callable[[], bytes]) -> bytes:
    """Return the result of an exchange; raise TimeoutError if it takes longer, even if bytes keep arriving.

    The time-out of a socket starts again at each byte. Therefore the exchange runs in a thread, which is abandoned if
    it takes too long.
    """
    done: Future[bytes] = Future()

    def run() -> None:
        try:
            done.set_result(exchange())
        except BaseException as error:  # the caller gets the exception from the future
            done.set_exception(error)

    Thread(target=copy_context().run, args=(run,), daemon=True).start()
    return done.result(seconds)


def _credentials() -> tuple[str, str] | None:
    """Return the user name and the password in the environment, unless a token is used instead."""
    user, password, token = (os.environ.get(f"SCS_KG_{name}", "") for name in ("USER", "PASSWORD", "TOKEN"))
    return (user, password) if user and not token else None


def _read_limited(response: Any, endpoint: Endpoint, deadline: float) -> bytes:
    """Read a response completely, unless it exceeds the size limit or the deadline."""
    content = bytearray()
    while part := response.read1(1 << 16):
        content += part
        if len(content) > endpoint.max_bytes:
            raise EngineError(f"{endpoint.url}: the response exceeds {endpoint.max_bytes} bytes; narrow the query")
        if time.monotonic() > deadline:
            raise TimeoutError
    if response.length:
        raise HTTPException("the response is incomplete")
    return bytes(content)
