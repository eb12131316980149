"""The explorer over HTTP: pages, their static files and the data behind them, built on request."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from starlette.requests import Request

from scs_kg.analysis.explain import explain
from scs_kg.analysis.explanation import Explanation
from scs_kg.explorer import build, cell_exports, generated_files, html
from scs_kg.explorer.matrix_pages import View, view
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import page
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.selection import is_date
from scs_kg.server.jobs import Reply
from scs_kg.server.linked_data import MAX_PATH, PATH
from scs_kg.server.negotiate import choose_language
from scs_kg.server.requests import read, refuse
from scs_kg.server.route import Arguments, RequestReader
from scs_kg.server.worker_state import WorkerState

TYPES: Final[Mapping[str, str]] = {
    "bib": "application/x-bibtex; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "csv": "text/csv; charset=utf-8",
    "gz": "application/gzip",
    "json": "application/json",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "trig": "application/trig",
    "ttl": "text/turtle; charset=utf-8",
}
CELL_PARTS: Final = 3
DATA_EXTENSIONS: Final = ("bib", "csl.json", "csv", "js")
CELL_EXTENSIONS: Final = tuple(extension for _, extension in cell_exports.EXPORT_FORMS)
DATASET_ID: Final = re.compile(r"[a-z0-9-]{1,80}")
HTML: Final = "text/html; charset=utf-8"
PAGE_HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}


async def read_preferred_language(request: Request) -> Arguments:
    """Read the language that the browser prefers."""
    await read(request)
    return {"language": choose_language(",".join(request.headers.getlist("accept-language")), LANGUAGES)}


def read_language(language: str) -> RequestReader:
    """Return a function that reads a request whose path is the language."""

    async def reader(request: Request) -> Arguments:
        await read(request)
        return {"language": language}

    return reader


def read_page(language: str) -> RequestReader:
    """Return a function that reads a request for a page or picture in a language; URL parameters select claims."""

    async def reader(request: Request) -> Arguments:
        content = await read(request)
        values = {name: content.query.get(name, ("",))[-1] for name in ("dataset", "as-of")}
        selected = {name: value for name, value in values.items() if value}
        _refuse_unusable(selected)
        folder = not request.path_params.get("path")
        path = "index" if folder else _path(request)  # the page of a folder, as a static web server shows it
        return {"language": language, "path": path, "selected": selected}

    return reader


def _refuse_unusable(selected: Mapping[str, str]) -> None:
    """Raise BadRequestError if a value, which becomes part of an address, is neither a date nor an id of a dataset."""
    if "as-of" in selected and not is_date(selected["as-of"]):
        raise refuse(400, f"'{selected['as-of']}' is not a date; write 2019, 2019-06 or 2019-06-30")
    if not DATASET_ID.fullmatch(selected.get("dataset", "all")):
        raise refuse(404, f"no dataset is called '{selected['dataset']}'; choose one on the page")


async def read_path(request: Request) -> Arguments:
    """Read the path of a static file."""
    await read(request)
    return {"path": _path(request)}


def read_data_path(extension: str) -> RequestReader:
    """Return a function that reads a request for the data behind a page, in the format with this extension."""

    async def reader(request: Request) -> Arguments:
        await read(request)
        return {"address": f"{request.path_params['kind']}/{_path(request)}", "extension": extension}

    return reader


def read_cell_path(extension: str) -> RequestReader:
    """Return a function that reads a request for a cell (``reading/system/principle``) in the format of a suffix."""

    async def reader(request: Request) -> Arguments:
        await read(request)
        return {"path": _path(request), "extension": extension}

    return reader


def _path(request: Request) -> str:
    path = str(request.path_params["path"])
    if len(path) > MAX_PATH or not PATH.fullmatch(path) or ".." in path:
        raise refuse(404, "no page has this address; start at the home page")
    return path


def edition_affinity(arguments: Arguments) -> str | None:
    """Return the editions in the address of a page; pages of an edition share a worker, because judging it is slow."""
    address = arguments.get("address") or arguments["path"].removesuffix(".html")
    kind, _, rest = address.partition("/")
    editions = rest.partition("/")[2]
    return editions or None if kind in {"matrix", "beside"} else None


def redirect_to_home(state: WorkerState, arguments: Arguments) -> Reply:
    """Redirect to the home page in a ``language``."""
    return _redirect(f"{state.home}/{arguments['language']}/index.html")


def redirect_to_folder(state: WorkerState, arguments: Arguments) -> Reply:
    """Redirect permanently to the folder of a ``language`` with a slash at the end, because its links are relative."""
    return _redirect(f"{state.home}/{arguments['language']}/", 308)


def _redirect(location: str, status: int = 303) -> Reply:
    return Reply(status, "text/plain; charset=utf-8", f"{location}\n".encode(), {"location": location})


def show_page(state: WorkerState, arguments: Arguments) -> Reply:
    """Return the page or picture at a ``path`` in a ``language``, or redirect to the page for ``selected`` claims."""
    language, path, selected = arguments["language"], arguments["path"], arguments["selected"]
    if path.startswith("pictures/") and path.endswith(".svg"):
        picture = html.picture(state.content, path.removeprefix("pictures/").removesuffix(".svg"), language)
        return Reply(200, TYPES["svg"], picture.encode())
    address = path.removesuffix(".html")
    if selected and address.startswith("matrix/"):
        edition = f"as-of-{selected['as-of']}" if "as-of" in selected else selected["dataset"]
        return _redirect(f"{state.home}/{language}/{'/'.join(address.split('/')[:2])}/{edition}.html")
    found = page(state.content, address)
    return Reply(200, HTML, html.html(state.content, found, language, served=True).encode(), PAGE_HEADERS)


def _cell(state: WorkerState, path: str) -> tuple[View, Explanation]:
    """Explain the cell ``reading/system/principle``."""
    parts = path.split("/")
    if len(parts) != CELL_PARTS:
        raise UnknownNameError("cell", path, ("reading/system/principle",))
    reading, system, principle = parts
    found = view(state.content, reading)
    return found, explain(found.edition.explanation_context, found.matrix, system, principle, brief=True)


def export_cell(state: WorkerState, arguments: Arguments) -> Reply:
    """Return the cell at a ``path`` in the format with an ``extension``."""
    found, explanation = _cell(state, arguments["path"])
    extension = arguments["extension"]
    exported = cell_exports.cell_files(found.edition.publisher, explanation)[extension]
    return Reply(200, TYPES[extension], exported.encode())


def static_file(state: WorkerState, arguments: Arguments) -> Reply:
    """Return the file at a ``path`` that pages load, from the package or generated from the data."""
    path = arguments["path"]
    packaged = _packaged_files()
    if path in generated_files.GENERATED:
        body = generated_files.GENERATED[path](state.content).encode()
    elif path in packaged:
        body = (files("scs_kg.explorer") / "static" / path).read_bytes()
    else:
        raise UnknownNameError("static file", path, packaged | generated_files.GENERATED.keys())
    return Reply(200, TYPES[path.rpartition(".")[2]], body)


@cache
def _packaged_files() -> frozenset[str]:
    static = files("scs_kg.explorer") / "static"
    return frozenset(
        prefix + entry.name for prefix in ("", "vendor/") for entry in (static / prefix).iterdir() if entry.is_file()
    )


def page_data(state: WorkerState, arguments: Arguments) -> Reply:
    """Return the data behind the page at an ``address`` in the format with an ``extension``."""
    address, extension = arguments["address"], arguments["extension"]
    available = build.data_files(state.content, page(state.content, address))
    if extension not in available:
        raise UnknownNameError("data of a page", f"{address}.{extension}", (f"{address}.{form}" for form in available))
    return Reply(200, TYPES[extension], available[extension].encode())
