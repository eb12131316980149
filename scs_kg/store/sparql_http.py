"""HTTP rules for requests to SPARQL endpoints: no redirects, bounded error messages, digest authentication.

SPARQLWrapper sends its requests through the opener of ``urllib.request``, which is shared by the whole process. The
handlers in this module belong to that opener, but they act only inside ``guarded_requests`` in the current thread or
task. The default opener's behaviour applies to all other requests of the process. An opener that other code installed
before is replaced, because urllib has no public way to read it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPMessage
from typing import Any, Final
from urllib import request

from scs_kg.model.errors import EngineError

BUSY_STATUSES: Final = frozenset({429, 502, 503, 504})


class EndpointBusyError(EngineError):
    """The server is unreachable or busy; the request may be repeated after ``wait`` seconds."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class _Guard:
    """The rules for the requests of one block; ``digest`` answers a server that demands digest authentication."""

    digest: request.HTTPDigestAuthHandler | None


_guard: ContextVar[_Guard | None] = ContextVar("guard", default=None)


@contextmanager
def guarded_requests(url: str, credentials: tuple[str, str] | None) -> Iterator[None]:
    """Apply the rules of this module to the requests inside the block.

    ``credentials`` are a user name and a password. They are used only for a digest that the server of ``url`` demands.
    """
    digest = None
    if credentials:
        passwords = request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, url, *credentials)
        digest = request.HTTPDigestAuthHandler(passwords)
    request.install_opener(request.build_opener(_RedirectHandler, _ErrorHandler, _DigestHandler))
    token = _guard.set(_Guard(digest))
    try:
        yield
    finally:
        _guard.reset(token)


class _RedirectHandler(request.HTTPRedirectHandler):
    """Does not follow redirects: they would send the credentials to a host that the user did not name."""

    def redirect_request(self, *args: Any) -> request.Request | None:
        """Return None inside a guarded block, so that the redirect is treated as an error."""
        return None if _guard.get() else super().redirect_request(*args)


class _DigestHandler(request.BaseHandler):
    """Answers a demand for digest authentication (RFC 7616) inside a guarded block."""

    handler_order = 490  # the order of urllib's own digest handler

    def http_error_401(self, req: request.Request, fp: Any, code: int, msg: str, hdrs: HTTPMessage) -> Any:
        """Repeat the request with a digest, if the guard has credentials."""
        guard = _guard.get()
        if guard is None or guard.digest is None:
            return None
        guard.digest.add_parent(self.parent)
        return guard.digest.http_error_401(req, fp, code, msg, hdrs)


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
