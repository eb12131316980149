"""Linked data: each IRI of the project resolves at its path; the IRI of a thing redirects (303) to its description."""

import re
from typing import Final
from urllib.parse import quote

from starlette.requests import Request

from scs_kg.model.namespaces import BASE
from scs_kg.render import description
from scs_kg.server.jobs import Reply
from scs_kg.server.negotiate import EXTENSIONS, PAGES, charset, choose
from scs_kg.server.requests import accept, read, refuse
from scs_kg.server.route import Arguments
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import describe
from scs_kg.store.serialize import serialize_triples

MAX_PATH: Final = 300
RESERVED: Final = "!$%&'()*+,/:;=?@~"
"""The characters that need no escape in the query of a URL (RFC 3986, section 3.4)."""
PATH: Final = re.compile(r"[\w./:@~!$&()*+,;=%-]*")


async def read_path(request: Request) -> Arguments:
    """Read the IRI in the path, and the format from the extension or, without an extension, from the Accept header.

    Raises:
        BadRequestError: the path cannot be an IRI of the project, or no format matches.
    """
    await read(request)
    path = request.path_params["path"]
    if len(path) > MAX_PATH or not PATH.fullmatch(path):
        raise refuse(404, "no IRI has this path; IRIs are short and have letters, digits and hyphens")
    for form, extension in EXTENSIONS.items():
        if path.endswith(extension):
            iri = BASE + path.removesuffix(extension)
            return {"iri": iri, "form": form, "type": PAGES[form][0], "direct": True}
    chosen = choose(accept(request), PAGES)
    if chosen is None:
        raise refuse(406, f"descriptions are available as {', '.join(types[0] for types in PAGES.values())}")
    return {"iri": BASE + path, "form": chosen[0], "type": chosen[1], "direct": False}


async def read_slashed_path(request: Request) -> Arguments:
    """Read a path with a slash at its end; raise BadRequestError if it cannot be an IRI of the project."""
    await read(request)
    path = request.path_params["path"]
    if len(path) > MAX_PATH or not PATH.fullmatch(path) or {"", "."} & set(path.split("/")) or ".." in path:
        raise refuse(404, "no IRI has this path; IRIs are short and have letters, digits and hyphens")
    return {"path": path, "query": request.url.query}


def redirect_to_unslashed(state: WorkerState, arguments: Arguments) -> Reply:
    """Redirect permanently to a ``path`` without the slash, with the same ``query`` of the URL."""
    query = arguments["query"]
    location = f"{state.home}/{quote(arguments['path'])}" + (f"?{quote(query, safe=RESERVED)}" if query else "")
    return Reply(308, "text/plain; charset=utf-8", f"{location}\n".encode(), {"location": location})


def describe_iri(state: WorkerState, arguments: Arguments) -> Reply:
    """Describe an ``iri`` in a ``form`` of a media ``type``, or redirect by 303 to the document that describes it.

    A thing is not a document, so its IRI redirects (Cool URIs for the Semantic Web, section 4.2). The IRI of a document
    and a path with an extension, ``direct``, do not redirect.
    """
    form, iri = arguments["form"], arguments["iri"]
    describe.require_known(state.described, iri)
    location = state.home + "/" + quote(iri.removeprefix(BASE)) + EXTENSIONS[form]
    if not arguments["direct"] and not describe.is_document(state.dataset, iri):
        body = f"{iri} is described at {location}\n".encode()
        return Reply(303, "text/plain; charset=utf-8", body, {"location": location})
    if form == "html":
        body = description.page(describe.describe(state.described, iri), state.home).encode()
    else:
        body = serialize_triples(describe.describing_triples(state.described, iri), form)
    links = {"link": f'<{quote(iri, safe=RESERVED + "#")}>; rel="describes"', "content-location": location}
    return Reply(200, charset(arguments["type"]), body, links)
