"""Linked data: each IRI of ours answers at its path, a thing by 303 to the document that describes it."""

import re
from typing import Final

from starlette.requests import Request

from scs_kg.model.namespaces import BASE
from scs_kg.server.jobs import Job
from scs_kg.server.negotiate import EXTENSIONS, PAGES, choose
from scs_kg.server.requests import accept, read, refuse

LONGEST: Final = 300
NAME: Final = re.compile(r"[\w./:@~!$&()*+,;=%-]*")


async def job(request: Request) -> Job:
    """Return the job of describing what the path names; an extension asks for the document in that form.

    Raises:
        BadRequestError: the path is no name that we give, or the client takes no form that we have.
    """
    await read(request)
    path = request.path_params["path"]
    if len(path) > LONGEST or not NAME.fullmatch(path):
        raise refuse(404, "there is no name like that here; names are short, and of letters, digits and hyphens")
    for form, extension in EXTENSIONS.items():
        if path.endswith(extension):
            iri = BASE + path.removesuffix(extension)
            return Job("document", {"iri": iri, "form": form, "type": PAGES[form][0], "direct": True})
    chosen = choose(accept(request), PAGES)
    if chosen is None:
        raise refuse(406, f"descriptions come as {', '.join(types[0] for types in PAGES.values())}")
    return Job("document", {"iri": BASE + path, "form": chosen[0], "type": chosen[1], "direct": False})
