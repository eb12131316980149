"""Writes the explorer to a folder that can be opened without a server or copied to any web host."""

import gzip
import shutil
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import partial
from importlib.resources import as_file, files
from itertools import filterfalse
from pathlib import Path
from typing import Any, Final

import minify_html

from scs_kg import store
from scs_kg.explorer.cell_exports import (
    archive_files,
    compact_json,
    tar_archive,
    zip_archive,
)
from scs_kg.explorer.content import SiteContent, judged_content
from scs_kg.explorer.editions import ALL_CLAIMS, EditionCache, read_source_facts
from scs_kg.explorer.environment import compile_templates
from scs_kg.explorer.generated_files import GENERATED
from scs_kg.explorer.html import html, picture
from scs_kg.explorer.matrix_pages import fill_caches, fill_views, view
from scs_kg.explorer.page import LANGUAGES, Page
from scs_kg.explorer.processes import in_process, in_processes
from scs_kg.explorer.router import addresses, page
from scs_kg.explorer.searches import searches_csv
from scs_kg.explorer.site_files import site_files
from scs_kg.judging.project import open_guarded
from scs_kg.judging.timeline import VerdictPeriod, add_verdict_periods, verdict_periods
from scs_kg.model.errors import BadFileError, WrongUseError
from scs_kg.model.matrix import Mark
from scs_kg.render.data import matrix_csv
from scs_kg.store import Dataset
from scs_kg.store.dataset import concise_bounded_description
from scs_kg.store.new_folder import new_folder
from scs_kg.store.serialize import triples_to_turtle

UNIT: Final = 20
"""The number of pages in a unit of work."""
EDITOR: Final = "yasqe.min.js"
"""The editor of queries. It can be compressed, because its page never loads it from a folder, only from a web host."""
GENERATED_FILES: Final = "<generated files>"
"""The unit of work that is not pages; its name cannot be an address."""
Progress = Callable[[int, int], None]
"""A function that is called with the number of finished addresses and the number of all addresses."""


def build_project(root: Path, folder: Path, progress: Progress) -> int:
    """Write the site of a project folder as ``build`` does; other processes prepare a part of it meanwhile."""
    source = open_guarded(root)
    editions = EditionCache(source)
    with in_process(lambda: (read_source_facts(source), compile_templates())) as prepared:
        dataset = editions.edition(ALL_CLAIMS).dataset
        with in_process(lambda: _graph(dataset, verdict_periods(source))) as graph:  # waiting would take longer
            content = judged_content(source, root, editions)
            fill_views(content)
            content.editions.source_facts, compiled = prepared()
            compile_templates(compiled)
            return build(content, folder, progress, graph)


def build(
    content: SiteContent,
    folder: Path,
    progress: Progress = lambda done, of: None,
    graph: Callable[[], bytes] | None = None,
) -> int:
    """Write the whole site to a temporary sibling folder and rename it; return the number of pages.

    ``graph`` waits for the packed graph; by default, it is serialized here.

    Raises:
        BadFileError: the folder cannot be written.
        WrongUseError: the folder exists and is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUseError(f"{folder}: already exists; name an empty or a new folder for the site")
    try:
        with new_folder(folder) as temporary:
            packed = graph or (lambda: _graph(content.edition().dataset, content.verdict_periods()))
            count = _write(content, temporary, progress, packed)
            if folder.exists():
                folder.rmdir()
            temporary.chmod(0o755)
            temporary.rename(folder)
    except OSError as error:
        raise BadFileError(folder, None, f"cannot be written: {error.strerror}") from error
    return count


def _write(content: SiteContent, folder: Path, progress: Progress, graph: Callable[[], bytes]) -> int:
    """Write all files. Other processes write the pages; this process writes the archive when it has all cells."""
    _write_static(folder)
    every = list(dict.fromkeys(addresses(content)))
    for name, text in site_files(content.settings, every).items():
        _put(folder / name, text)
    fill_caches(content)  # load the data before the processes get their copies
    compile_templates()
    cells = _units(filter(_shows_cells, every), partial(_edition_and_system, content))
    others = _units(filterfalse(_shows_cells, every), _place)
    exports: dict[str, str] = {}
    waiting, done = len(cells), 0  # ``waiting`` is the number of units with pages of cells that are not written yet
    for unit, found in in_processes(partial(_write_unit, content, folder), [(GENERATED_FILES,), *cells, *others]):
        exports |= found
        if _shows_cells(unit[0]):
            waiting -= 1
            if not waiting:
                (folder / "cell.tar.xz").write_bytes(tar_archive(exports))
        if unit != (GENERATED_FILES,):
            done += len(unit)
            progress(done, len(every))
    (folder / "static" / "graph.trig.gz").write_bytes(graph())
    return len(every) * len(LANGUAGES)


def _shows_cells(address: str) -> bool:
    return address.startswith("reading/") and address.count("/") > 1


def _units(pages: Iterable[str], order: Callable[[str], Any]) -> list[tuple[str, ...]]:
    """Return units of work with pages in an order."""
    found = sorted(pages, key=order)
    return [tuple(found[start : start + UNIT]) for start in range(0, len(found), UNIT)]


def _edition_and_system(content: SiteContent, address: str) -> tuple[str, str]:
    """Return the sort key of a page of cells: pages with the same edition and system share data in one process."""
    _, reading, system = address.split("/")
    return view(content, reading).edition.id, system


def _place(address: str) -> bool:
    """Return the sort key of a page; the pages that take longest come first, so that no process waits at the end."""
    return not address.startswith(("system/", "matrix/", "own-reading/", "times/", "beside/"))


def _write_unit(content: SiteContent, folder: Path, unit: tuple[str, ...]) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Write the pages with these addresses, or the generated files; return ``unit``, and the exports of cells."""
    exports: dict[str, str] = {}
    if unit == (GENERATED_FILES,):
        _write_generated(content, folder)
        return unit, exports
    for address in unit:
        built = page(content, address)
        _write_page(content, built, folder)
        if built.template == "cells":
            _write_cells(built, folder, exports)
    return unit, exports


def _write_static(folder: Path) -> None:
    """Write the scripts, styles and pictures that pages load."""
    with as_file(files("scs_kg.explorer") / "static") as static:
        shutil.copytree(static, folder / "static", ignore=shutil.ignore_patterns(EDITOR))
        editor = (static / "vendor" / EDITOR).read_bytes()
    (folder / "static" / "vendor" / f"{EDITOR}.gz").write_bytes(gzip.compress(editor, mtime=0))


def _write_generated(content: SiteContent, folder: Path) -> None:
    """Write the files with data that pages load: the search index, the query library and the sources."""
    for name, text in GENERATED.items():
        if name.endswith(".csl.json"):
            (folder / "static" / f"{name}.zip").write_bytes(zip_archive(name, text(content)))
        else:
            (folder / "static" / name).write_text(text(content), "utf-8")


def _graph(dataset: Dataset, periods: Iterable[VerdictPeriod]) -> bytes:
    """Return the whole graph as TriG, compressed with gzip; ``periods`` of verdicts are added to the graph."""
    add_verdict_periods(dataset, periods)
    return gzip.compress(store.serialize_dataset(dataset, "trig", inferred=True), mtime=0)


def _write_page(content: SiteContent, built: Page, folder: Path) -> None:
    """Write a page in every language, its pictures and its data files; a table is in a ZIP archive.

    The CSL-JSON of all sources is one file, which ``_write_generated`` writes.
    """
    for extension, written in data_files(content, built).items():
        path = folder / f"{built.address}.{extension}"
        if extension == "csl.json":
            continue
        if extension == "csv":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".csv.zip").write_bytes(zip_archive(path.name, written))
        else:
            _put(path, written)
    for language in LANGUAGES:
        for name in built.data.get("files", ()):
            _put(folder / language / built.address / f"{name}.svg", picture(content, name, language))
        _put(folder / language / f"{built.address}.html", minified(html(content, built, language)))


def _write_cells(built: Page, folder: Path, archive: MutableMapping[str, str]) -> None:
    """Write the citations of the cells with a mark as one file, and add the cells that claims affect to the archive.

    A cell that is not known has its citation as text on the page, and in each format in the archive.
    """
    publisher, citations = built.data["view"].edition.publisher, []
    for cell in built.data["cells"]:
        if not cell.is_silent:
            path = f"{built.data['folder']}/{cell.explanation.principle.id}"
            written = archive_files(publisher, cell.explanation)
            archive.update({f"{path}.{extension}": content for extension, content in written.items()})
            if cell.explanation.cell.mark is not Mark.NOT_KNOWN:
                citations.append(written["bib"])
    if citations:
        _put(folder / "cell" / f"{built.data['folder']}.bib", "".join(citations))


def _put(path: Path, content: str) -> None:
    try:
        path.write_text(content, "utf-8", newline="\n")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8", newline="\n")


def minified(page: str) -> str:
    """Return a page without optional end tags, quotes and white space; the document is the same except for white space.

    The shorter form saves 1.7 MB over thousands of pages.
    """
    return minify_html.minify(page)


def data_files(content: SiteContent, built: Page) -> dict[str, str]:
    """Return the data files of a page, keyed by file extension.

    The files are Turtle of a thing, CSV of a matrix or of searches, and references to a source.
    """
    if built.template == "matrix":
        table = {"csv": matrix_csv(built.data["view"].matrix)} if built.data["own"] else {}
        return {"js": built.data["script"], **table}
    found: dict[str, str] = {"js": built.data["script"]} if "script" in built.data else {}
    if built.data.get("searches"):
        found["csv"] = searches_csv(content, built.iri)
    if "reference" in built.data:
        found |= {"bib": built.data["reference"].bibtex, "csl.json": compact_json(built.data["reference"].csl)}
    if built.iri and "/" in built.address:
        description = concise_bounded_description(content.edition().dataset, [built.iri])
        found["ttl"] = triples_to_turtle(description)
    return found
