"""HTTP rules for requests to SPARQL endpoints: no redirects, bounded error messages, digest authentication.

SPARQLWrapper sends its requests through the opener of ``urllib.request``, which is shared by the whole process. The
handlers in this module belong to that opener, but they act only inside ``guarded_requests`` in the current thread or
task. The default opener's behaviour applies to all other requests of the process. If other code installed an opener
before, this module replaces the opener, because urllib has no public way to read it.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPMessage
from ipaddress import ip_address
from typing import Any, Final
from urllib import request
from urllib.parse import urlsplit

from scs_kg.model.errors import EngineError
from scs_kg.store.sparql_text import row_limit

MAX_ANSWERS: Final = 3
"""The maximum number of answers to challenges if the server says that its nonce is stale."""
_CHALLENGE: Final = re.compile(r",\s*(?=(?:basic|bearer|digest|negotiate|ntlm)\b(?!\s*=))", re.IGNORECASE)
BUSY_STATUSES: Final = frozenset({429, 502, 503, 504})


class EndpointBusyError(EngineError):
    """The error for an unreachable or busy server; the request may be repeated after ``wait`` seconds."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class _Guard:
    """The rules for the requests of one block; ``credentials`` answer a server that demands them."""

    def __init__(self, url: str, credentials: tuple[str, str] | None) -> None:
        self.credentials = credentials
        self.answered: list[str] = []
        passwords = request.HTTPPasswordMgrWithDefaultRealm()
        if credentials:
            passwords.add_password(None, url, *credentials)
        self.digest = request.HTTPDigestAuthHandler(passwords)


_guard: ContextVar[_Guard | None] = ContextVar("guard", default=None)


@contextmanager
def guarded_requests(url: str, credentials: tuple[str, str] | None) -> Iterator[None]:
    """Apply the rules of this module to the requests inside the block.

    ``credentials`` are a user name and a password. The credentials are sent only if the server of ``url`` demands them.
    A request to this machine uses no proxy; requests with credentials to other hosts have TLS, also through a proxy.
    """
    handlers = (_RedirectHandler, _ErrorHandler, _AuthenticationHandler)
    request.install_opener(request.build_opener(*handlers, *([request.ProxyHandler({})] if is_local(url) else [])))
    token = _guard.set(_Guard(url, credentials))
    try:
        yield
    finally:
        _guard.reset(token)


def is_local(url: str) -> bool:
    """Return whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


class _RedirectHandler(request.HTTPRedirectHandler):
    """Stops redirects, because they would send the credentials to a host that the user did not name."""

    def redirect_request(self, *args: Any) -> request.Request | None:
        """Return None inside a guarded block, so that the redirect is treated as an error."""
        return None if _guard.get() else super().redirect_request(*args)


class _AuthenticationHandler(request.BaseHandler):
    """Answers one demand for basic (RFC 7617) or digest authentication (RFC 7616) inside a guarded block."""

    handler_order = 490  # the order of urllib's own digest handler

    def http_error_401(self, req: request.Request, fp: Any, code: int, msg: str, hdrs: HTTPMessage) -> Any:
        """Repeat the request with the credentials of the guard, by digest if the server offers it."""
        guard = _guard.get()
        if guard is None or guard.credentials is None:
            return None
        offered = _challenges(hdrs)
        scheme = next((name for name in ("digest", "basic") if name in offered), None)
        if scheme is None:
            named = ", ".join(sorted(offered)) or "nothing"
            raise EngineError(f"{req.full_url}: the server demands {named}; use basic, digest or a token")
        stale = "stale=true" in offered[scheme].lower().replace('"', "")
        if guard.answered and not (stale and len(guard.answered) < MAX_ANSWERS):
            return None  # the server refuses the credentials
        guard.answered.append(scheme)
        if scheme == "basic":
            req.add_unredirected_header("Authorization", basic_credentials(*guard.credentials))
            return self.parent.open(req, timeout=req.timeout)
        guard.digest.add_parent(self.parent)
        try:
            return guard.digest.retry_http_digest_auth(req, offered[scheme])
        except ValueError as error:
            raise EngineError(f"{req.full_url}: the digest challenge cannot be answered: {error}") from error


def basic_credentials(user: str, password: str) -> str:
    """Return the value of the header Authorization for basic authentication, with UTF-8 (RFC 7617, section 2.1)."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def _challenges(hdrs: HTTPMessage) -> dict[str, str]:
    """Return the challenges of a response, keyed by scheme in lower case; a header may have several challenges."""
    found: dict[str, str] = {}
    for value in hdrs.get_all("WWW-Authenticate", []):
        for part in _CHALLENGE.split(value):
            scheme = part.strip(" ,").partition(" ")[0]
            if scheme:
                found.setdefault(scheme.lower(), part.strip(" ,"))
    return found


class _ErrorHandler(request.HTTPDefaultErrorHandler):
    """Raises our errors, with the first part of the server's message, inside a guarded block."""

    def http_error_default(self, req: request.Request, fp: Any, code: int, msg: str, hdrs: HTTPMessage) -> Any:
        """Raise the error for a status code (RFC 9110, section 15)."""
        if _guard.get() is None:
            return super().http_error_default(req, fp, code, msg, hdrs)
        words = fp.read1(2000).decode("utf-8", "replace").split() if fp else []
        if 300 <= code < 400 and hdrs["Location"]:
            words = [f"the server redirects to {hdrs['Location']}; use that address"]
        message = f"{req.full_url}: the server replied {code} {msg}{': ' * bool(words)}{' '.join(words)[:500]}"
        if code in BUSY_STATUSES:
            after = hdrs["Retry-After"] or ""
            raise EndpointBusyError(message, float(after) if after.isdecimal() else 0.0)
        raise EngineError(f"{message}; set SCS_KG_USER or SCS_KG_TOKEN" if code in {401, 403} else message)


def refuse_cut_answer(url: str, response: Any, sparql: str) -> None:
    """Raise EngineError if Virtuoso says that it sends only the first rows of the answer to a query.

    Virtuoso 7 sends the header if the number of rows reaches its limit. The answer is complete if LIMIT asks for no
    more rows. Virtuoso sends no header if the answer is a graph.
    """
    rows = str(response.headers.get("X-SPARQL-MaxRows") or "")
    asked = row_limit(sparql)
    if rows.isdecimal() and (asked is None or asked > int(rows)):
        raise EngineError(
            f"{url}: sends only the first {rows} rows; raise the limit of the store (ResultSetMaxRows of Virtuoso), "
            "or narrow the query"
        )
