"""The explorer over HTTP: pages, what they load and the data behind them, made when they are asked for."""

import re
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files
from typing import Any, Final

from starlette.requests import Request

from scs_kg.analysis.explain import Explanation, explain
from scs_kg.explorer import build, cell_exports, html
from scs_kg.explorer.matrix_pages import View, view
from scs_kg.explorer.router import page
from scs_kg.model.errors import UnknownNameError
from scs_kg.server.jobs import Job, Reply
from scs_kg.server.linked_data import LONGEST, NAME
from scs_kg.server.requests import read, refuse
from scs_kg.server.worker_state import WorkerState

TYPES: Final[Mapping[str, str]] = {
    "bib": "application/x-bibtex; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "csv": "text/csv; charset=utf-8",
    "gz": "application/gzip",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "trig": "application/trig",
    "ttl": "text/turtle; charset=utf-8",
}
CELL: Final = 3
BEHIND: Final = ("bib", "csl.json", "csv")
CELLS: Final = tuple(ending for _, ending in cell_exports.EXPORT_FORMS)
HTML: Final = "text/html; charset=utf-8"
POLICY: Final[Mapping[str, str]] = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

Reader = Callable[[Request], Awaitable[Job]]


async def entrance(request: Request) -> Job:
    """Return the job of leading to the first page in the language that the browser likes best."""
    await read(request)
    return Job("entrance", {"language": _language(request)})


def _language(request: Request) -> str:
    liked = request.headers.get("accept-language", "").lower()
    return "zh-Hans" if re.match(r"\s*zh\b", liked) else "en"


def folder(language: str) -> Reader:
    """Return what makes the job of leading from the folder of a language, written without its slash, to the folder.

    The links of its first page are relative, so that the page cannot be shown at the address without the slash.
    """

    async def job(request: Request) -> Job:
        await read(request)
        return Job("folder", {"language": language})

    return job


def shown(language: str) -> Reader:
    """Return what makes the job of showing the page, or the picture, that a path names in a language.

    Parameters of the address choose which claims count.
    """

    async def job(request: Request) -> Job:
        sent = await read(request)
        chosen = {name: sent.query[name][-1] for name in ("dataset", "as-of") if sent.query.get(name, ("",))[-1]}
        path = _path(request) if request.path_params["path"] else "index"  # the folder, as a web space shows it
        return Job("page", {"language": language, "path": path, "chosen": chosen})

    return job


async def asset(request: Request) -> Job:
    """Return the job of giving a file that pages load."""
    await read(request)
    return Job("asset", {"path": _path(request)})


def data(ending: str) -> Reader:
    """Return what makes the job of giving the data behind a page in the form that has this ending."""

    async def job(request: Request) -> Job:
        await read(request)
        return Job("data", {"address": f"{request.path_params['kind']}/{_path(request)}", "ending": ending})

    return job


def cell(ending: str) -> Reader:
    """Return what makes the job of giving a cell, named by reading, system and principle, in a form by its ending."""

    async def job(request: Request) -> Job:
        await read(request)
        return Job("cell", {"path": _path(request), "ending": ending})

    return job


def _path(request: Request) -> str:
    path = str(request.path_params["path"])
    if len(path) > LONGEST or not NAME.fullmatch(path) or ".." in path:
        raise refuse(404, "there is no page like that here; start at the first page")
    return path


def lead(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Lead to the first page."""
    return _onward(f"{world.home}/{given['language']}/index.html")


def enter(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Lead to the folder of a language, for good."""
    return _onward(f"{world.home}/{given['language']}/", 308)


def _onward(place: str, status: int = 303) -> Reply:
    return Reply(status, "text/plain; charset=utf-8", f"{place}\n".encode(), {"location": place})


def show(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Show a page or a picture in a language, or lead to the page of the claims chosen."""
    language, path, chosen = given["language"], given["path"], given["chosen"]
    if path.startswith("pictures/") and path.endswith(".svg"):
        drawn = html.picture(world.book(), path.removeprefix("pictures/").removesuffix(".svg"), language)
        return Reply(200, TYPES["svg"], drawn.encode())
    if path.startswith("proof/") and path.endswith(".svg"):
        _, explained = _cell(world, path.removeprefix("proof/").removesuffix(".svg"))
        return Reply(200, TYPES["svg"], html.evidence_picture(explained).encode())
    address = path.removesuffix(".html")
    if chosen and address.startswith("matrix/"):
        edition = f"as-of-{chosen['as-of']}" if "as-of" in chosen else chosen["dataset"]
        return _onward(f"{world.home}/{language}/{'/'.join(address.split('/')[:2])}/{edition}.html")
    found = page(world.book(), address)
    return Reply(200, HTML, html.html(world.book(), found, language, served=True).encode(), POLICY)


def _cell(world: WorkerState, path: str) -> tuple[View, Explanation]:
    """Explain the cell that ``reading/system/principle`` names."""
    names = path.split("/")
    if len(names) != CELL:
        raise UnknownNameError("cell", path, ("reading/system/principle",))
    found = view(world.book(), names[0])
    return found, explain(found.edition.explanation_context, found.matrix, names[1], names[2])


def export(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Give the cell that a path names in the form that has an ``ending``."""
    found, explained = _cell(world, given["path"])
    written = cell_exports.cell_files(found.edition.dataset, explained)[given["ending"]]
    return Reply(200, TYPES[given["ending"]], written.encode())


def give(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Give a file that pages load: one that stands in the package, or one that is made of the data."""
    path = given["path"]
    made = {"names.js": build.names_script, "library.js": build.library_script}
    static = files("scs_kg.explorer") / "static"
    known = {name for folder in ("", "vendor/") for name in _names(static, folder)} | made.keys()
    if path not in known:
        raise UnknownNameError("file of the pages", path, known)
    body = made[path](world.book()).encode() if path in made else (static / path).read_bytes()
    return Reply(200, TYPES[path.rpartition(".")[2]], body)


def _names(static: Any, folder: str) -> list[str]:
    return [folder + entry.name for entry in (static / folder).iterdir() if entry.is_file()]


def behind(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Give the data behind the page at an ``address`` in the form that has an ``ending``."""
    address, ending = given["address"], given["ending"]
    found = build.data_files(world.book(), page(world.book(), address))
    if ending not in found:
        raise UnknownNameError("data of a page", f"{address}.{ending}", (f"{address}.{form}" for form in found))
    return Reply(200, TYPES[ending], found[ending].encode())
