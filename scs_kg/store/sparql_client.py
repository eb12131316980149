"""Asks SPARQL stores over HTTP, by the SPARQL 1.1 Protocol (W3C Recommendation 2013-03-21); the door to SPARQLWrapper.

Every request is a POST, ends at its time limit, follows no redirect, and brings back a bounded answer. What can be
asked again without harm is asked again while the server is away or busy. Who asks is told by the environment:
``SCS_KG_USER`` with ``SCS_KG_PASSWORD`` (basic, or digest where the server demands it), or ``SCS_KG_TOKEN`` (bearer).
"""

import os
import re
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.client import HTTPException
from itertools import count
from typing import Any, Final, NoReturn
from urllib import request
from urllib.error import URLError
from urllib.parse import urlsplit

from scs_kg import __version__
from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.store import query_library
from scs_kg.store.parse_results import parse_boolean, parse_ntriples, parse_rows
from scs_kg.store.query_library import Query, Row
from scs_kg.store.sparql_text import refuse_service
from scs_kg.store.terms import QueryResult

LOCAL: Final = frozenset({"127.0.0.1", "::1", "localhost"})
BUSY: Final = frozenset({429, 502, 503, 504})
WAIT: Final = 0.25
ROWS: Final = "application/sparql-results+json"
TRIPLES: Final = "application/n-triples, text/plain;q=0.5"


_COMMENT: Final = re.compile(r"^[ \t]*#.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask, and within which limits.

    ``url`` takes queries and ``update_url`` updates, by default the same. ``graphs`` are the IRIs whose merge is the
    default graph of a query; if there is none, the store's own default graph is asked. ``seconds`` is the time for one
    answer with all its tries, ``largest`` the most bytes of an answer. Who asks an ``anonymous`` one stays untold.
    """

    url: str
    update_url: str | None = None
    graphs: tuple[str, ...] = ()
    seconds: float = 30.0
    tries: int = 5
    largest: int = 256 << 20
    anonymous: bool = False


class _BusyError(EngineError):
    """The server is away or busy and may be asked again, after so many seconds."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


def send_query(endpoint: Endpoint, sparql: str) -> QueryResult:
    """Answer a query at an endpoint: rows in their order, a truth value, or triples.

    Raises:
        WrongUseError: the address is none, the text is no query, or credentials would be sent unprotected.
        EngineError: the query names SERVICE; or the server cannot be reached, refuses, passes a limit, is still busy
            after the last try, or answers what is no answer. The message says which server said what.
    """
    from SPARQLWrapper import ASK, SELECT

    refuse_service(sparql)
    wrapper, opener = _prepare(endpoint, sparql)
    if wrapper.isSparqlUpdateRequest():
        raise WrongUseError("the text is an update, not a query; nothing was sent")
    wrapper.addCustomHttpHeader("Accept", ROWS if wrapper.queryType in {ASK, SELECT} else TRIPLES)
    for graph in endpoint.graphs:
        wrapper.addParameter("default-graph-uri", graph)
    answer = _patiently(endpoint, wrapper, opener, endpoint.url)
    parsed = {ASK: parse_boolean, SELECT: parse_rows}.get(wrapper.queryType, parse_ntriples)
    try:
        return parsed(answer)
    except EngineError as error:
        raise EngineError(f"{endpoint.url}: answered what is no answer: {error}") from error


def query_pages(endpoint: Endpoint, question: Query, size: int, **given: str) -> Iterator[list[Row]]:
    """Yield the rows of a SELECT of the library, which ends in ORDER BY, by pages of so many; the last is shorter.

    Raises:
        UnknownNameError: the question has no such parameter.
        EngineError: as for ``ask``, or the question is no SELECT.
    """
    sparql = query_library.bind(question, given).rstrip()
    for start in count(0, size):
        page = query_library.as_rows(send_query(endpoint, f"{sparql}\nLIMIT {size} OFFSET {start}\n"), question.name)
        yield page
        if len(page) < size:
            return


def send_update(endpoint: Endpoint, sparql: str, *, repeatable: bool) -> None:
    """Let an endpoint carry out an update; only one that may be repeated is sent again to a server that is busy.

    Raises:
        WrongUseError: the address is none, or credentials would be sent unprotected.
        EngineError: the server cannot be reached, refuses, passes a limit, or is busy.
    """
    wrapper, opener = _prepare(endpoint, sparql)
    if not wrapper.isSparqlUpdateRequest():
        raise WrongUseError("the text is a query, not an update; nothing was sent")
    bold = endpoint if repeatable else replace(endpoint, tries=1)
    _patiently(bold, wrapper, opener, endpoint.update_url or endpoint.url)


def _prepare(endpoint: Endpoint, sparql: str) -> tuple[Any, request.OpenerDirector]:
    """Return the request to make, and what sends it: SPARQLWrapper's own way would change what all of urllib does."""
    from SPARQLWrapper import POST, SPARQLWrapper

    where = endpoint.update_url or endpoint.url
    for url in (endpoint.url, where):
        _refuse_address(url)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # text that is no query is left to the server to judge
        wrapper = SPARQLWrapper(endpoint.url, updateEndpoint=where, agent=f"scs-kg/{__version__}")
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setQuery(_COMMENT.sub("", sparql))  # which finds out of what kind it is, and stumbles over comments
        wrapper.queryString = sparql
    asked = where if wrapper.isSparqlUpdateRequest() else endpoint.url
    known = () if endpoint.anonymous else _authenticate(wrapper, asked)
    return wrapper, request.build_opener(_NoRedirect(), _Refusal(), *known)


def _refuse_address(url: str) -> None:
    usable = url.isascii() and url.isprintable() and " " not in url
    try:
        parts = urlsplit(url)
        usable = usable and parts.port != 0 and parts.scheme in {"http", "https"} and bool(parts.hostname)
        usable = usable and parts.username is None
    except ValueError:
        usable = False
    if not usable:
        raise WrongUseError(f"'{url}' is no address of an endpoint; write http://host/path or https://host/path")


def _authenticate(wrapper: Any, url: str) -> tuple[request.BaseHandler, ...]:
    """Give a request the credentials of the environment, and return what answers a server that demands a digest."""
    user, password, token = (os.environ.get(f"SCS_KG_{name}", "") for name in ("USER", "PASSWORD", "TOKEN"))
    if not (user or token):
        return ()
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOCAL:
        raise WrongUseError(f"{url}: credentials go over https only; use https, or unset SCS_KG_USER and SCS_KG_TOKEN")
    if token:
        wrapper.addCustomHttpHeader("Authorization", f"Bearer {token}")
        return ()
    known = request.HTTPPasswordMgrWithDefaultRealm()
    known.add_password(None, url, user, password)
    wrapper.setCredentials(user, password)
    return (request.HTTPDigestAuthHandler(known),)


class _NoRedirect(request.HTTPRedirectHandler):
    """Follows no redirect: it would carry query and credentials to a host that nobody named."""

    def redirect_request(self, *_: Any) -> None:
        """Refuse, so that the redirect is the answer."""


class _Refusal(request.HTTPDefaultErrorHandler):
    """Turns an answer that is no success into one of our errors, with the server's own words."""

    def http_error_default(self, req: Any, fp: Any, code: int, msg: str, hdrs: Any) -> NoReturn:
        """Raise what the status calls for (RFC 9110, section 15)."""
        words = fp.read1(2000).decode("utf-8", "replace").split() if fp else []
        words = [f"see {hdrs['Location']}; ask there"] if 300 <= code < 400 and hdrs["Location"] else words
        said = f"{req.full_url}: said {code} {msg}{': ' * bool(words)}{' '.join(words)[:500]}"
        if code in BUSY:
            after = hdrs["Retry-After"] or ""
            raise _BusyError(said, float(after) if after.isdecimal() else 0.0)
        raise EngineError(f"{said}; set SCS_KG_USER or SCS_KG_TOKEN" if code in {401, 403} else said)


def _patiently(endpoint: Endpoint, wrapper: Any, opener: request.OpenerDirector, url: str) -> bytes:
    """Ask, and ask again while the server is away or busy and there is time."""
    end = time.monotonic() + endpoint.seconds
    for number in range(endpoint.tries):
        try:
            return _once(endpoint, wrapper, opener, url, end)
        except _BusyError as error:
            wait = max(WAIT * 2**number, error.wait)
            if number + 1 >= endpoint.tries or time.monotonic() + wait >= end:
                raise EngineError(str(error)) from error
            time.sleep(wait)
    raise EngineError(f"{url}: was not asked, as no try was allowed")


def _once(endpoint: Endpoint, wrapper: Any, opener: request.OpenerDirector, url: str, end: float) -> bytes:
    late = (
        f"{url}: gave no whole answer within {endpoint.seconds:g} s; narrow the question, or allow more with --timeout"
    )
    try:
        answer = opener.open(wrapper._createRequest(), timeout=max(end - time.monotonic(), 0.1))
        return _bounded(answer, endpoint, end)
    except TimeoutError as error:
        raise EngineError(late) from error
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise EngineError(late) from error
        raise _BusyError(f"{url}: cannot be reached: {error.reason}") from error
    except (OSError, HTTPException) as error:
        raise _BusyError(f"{url}: broke off: {error or type(error).__name__}") from error


def _bounded(response: Any, endpoint: Endpoint, end: float) -> bytes:
    """Read an answer to its end, unless that is too far or too late."""
    answer = bytearray()
    while part := response.read1(1 << 16):
        answer += part
        if len(answer) > endpoint.largest:
            raise EngineError(f"{endpoint.url}: the answer has more than {endpoint.largest} bytes; narrow the question")
        if time.monotonic() > end:
            raise TimeoutError
    if response.length:
        raise HTTPException("the answer ended before its end")
    return bytes(answer)
