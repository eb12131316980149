"""Writes the explorer to a folder that any web space, or no server at all, can hold."""

import gzip
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from pypinyin import lazy_pinyin

from scs_kg import store
from scs_kg.explorer.cell_exports import CITED, archive, compact, forms
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import entrance, html, picture, proof_picture
from scs_kg.explorer.i18n import definition
from scs_kg.explorer.page import LANGUAGES, Page, address_of
from scs_kg.explorer.router import addresses, page
from scs_kg.model.errors import BadFileError, WrongUseError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, SH, curie
from scs_kg.render.data import matrix_csv
from scs_kg.store import query_library

CHINESE: Final = re.compile("[一-鿿]")
Progress = Callable[[int, int], None]


def build(book: SiteContent, folder: Path, progress: Progress = lambda done, of: None) -> int:
    """Write the whole site aside and move it in place; return the number of pages.

    Raises:
        BadFileError: the folder cannot be written.
        WrongUseError: it exists and holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUseError(f"{folder}: is there already; name an empty or a new folder for the site")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise BadFileError(folder, None, f"cannot be written: {error.strerror}") from error
    try:
        count = _write(book, aside, progress)
        if folder.exists():
            folder.rmdir()
        aside.chmod(0o755)
        aside.rename(folder)
    except OSError as error:
        raise BadFileError(folder, None, f"cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return count


def _write(book: SiteContent, folder: Path, progress: Progress) -> int:
    with as_file(files("scs_kg.explorer") / "static") as static:
        shutil.copytree(static, folder / "static")
    (folder / "static" / "names.js").write_text(names(book), "utf-8")
    (folder / "static" / "library.js").write_text(library(book), "utf-8")
    graph = store.export(book.edition().dataset, "nquads", inferred=True)
    (folder / "static" / "graph.nq.gz").write_bytes(gzip.compress(graph, mtime=0))
    (folder / "index.html").write_text(entrance(), "utf-8")
    todo = list(dict.fromkeys(addresses(book)))
    cells: dict[str, dict[str, str]] = {}
    for done, address in enumerate(todo, 1):
        found = page(book, address)
        for ending, content in data_files(book, found).items():
            _put(folder / f"{found.address}.{ending}", content)
        for language in LANGUAGES:
            for shown in found.data.get("files", ()):
                _put(folder / language / found.address / f"{shown}.svg", picture(book, shown, language))
            _put(folder / language / f"{found.address}.html", html(book, found, language))
        if found.template == "cells":
            _cells(found, folder, cells.setdefault(found.data["view"].choice.reading.id, {}))
        progress(done, len(todo))
    for reading, written in cells.items():
        (folder / "cell" / f"{reading}.tar.gz").write_bytes(archive(written))
    return len(todo) * len(LANGUAGES)


def _cells(found: Page, folder: Path, cells: dict[str, str]) -> None:
    """Add every form of the cells of a page to those of the reading; write what cites, and draw, those with claims."""
    for explained, spoken, _ in found.data["explained"]:
        cell = f"{found.data['folder']}/{explained.principle.id}"
        written = forms(found.data["view"].edition.dataset, explained)
        cells |= {f"{cell}.{ending}": text for ending, text in written.items()}
        if spoken:
            for _, ending in CITED:
                _put(folder / "cell" / f"{cell}.{ending}", written[ending])
            _put(folder / LANGUAGES[0] / "proof" / f"{cell}.svg", proof_picture(explained))


def _put(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8", newline="\n")


def data_files(book: SiteContent, found: Page) -> dict[str, str]:
    """Return the data behind a page by the ending of its file: Turtle of a thing, CSV and JSON of a matrix."""
    if found.template == "matrix":
        return {"csv": matrix_csv(found.data["view"].matrix)} if found.data["own"] else {}
    cited = (
        {"bib": found.data["cited"].bibtex, "csl.json": compact(found.data["cited"].csl)}
        if "cited" in found.data
        else {}
    )
    return (
        cited | {"ttl": store.turtle_of(store.concise_bounded_description(book.edition().dataset, [found.iri]))}
        if found.iri and "/" in found.address
        else {}
    )


def names(book: SiteContent) -> str:
    """Return the names of all things that have a page, as a script that search reads."""
    entries, others = [], defaultdict(list)
    for iri, other in store.pairs(book.source, PREFIXES["skos"] + "altLabel"):
        others[iri].append(other)
    for iri, by_language in sorted(book.names.items()):
        address = address_of(book, iri)
        if address and "#" not in address:
            said = {("zh-Hans" if language == "zh-hans" else language): name for language, name in by_language.items()}
            also = sorted(others[iri])
            spelled = [_spelled(name) for name in (*said.values(), *also) if CHINESE.search(name)]
            entry: dict[str, object] = {"address": address, "names": said}
            entries.append(entry | ({"also": also} if also else {}) | ({"pinyin": spelled} if spelled else {}))
    return f"const NAMES = {compact(entries)};\n"


def _spelled(name: str) -> str:
    """Return a Chinese name in pinyin, by syllables and in one word."""
    syllables = lazy_pinyin(name)
    return f"{' '.join(syllables)} {''.join(syllables)}"


def library(book: SiteContent) -> str:
    """Return the questions of the library, prefixes, terms and rules in Chinese, as a script that live pages read."""
    questions = [
        {
            "name": found.name,
            "title": found.title,
            "question": found.question,
            "params": [asdict(param) for param in found.params],
            "sparql": found.sparql,
        }
        for found in query_library.library(book.source.root).values()
    ]
    terms = sorted({curie(iri) for iri in book.names} | {curie(SCS + name) for name in ("hasFeature", "lacksFeature")})
    demands = (store.text(demand) for demand in store.subjects(book.source, RDF + "type", SCS + "FileDemand"))
    asked = dict(store.pairs(book.source, SH + "description")) | {d: definition(book, d, "zh-Hans")[0] for d in demands}
    rules = {curie(rule): said for rule, said in sorted(asked.items())}
    known = [term for term in terms if not term.startswith("<")]
    content = {"questions": questions, "prefixes": dict(PREFIXES), "terms": known, "rules": rules}
    return f"const LIBRARY = {compact(content)};\n"
