"""References to cells and to sources in the formats of reference managers: BibTeX, and CSL-JSON 1.0."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scs_kg import store
from scs_kg.analysis.explanation import Explanation
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.page import Page
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.namespaces import BASE, PREFIXES, SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.model.version import __version__
from scs_kg.render.cell_sentence import cell_words
from scs_kg.render.data import cell_data, selection_json
from scs_kg.render.language import listed, messages_in
from scs_kg.render.sentences import selection_sentence
from scs_kg.render.table import marked
from scs_kg.store.query_library import Row, row_text

AUTHOR: Final = "The scs-kg contributors"
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "ConferencePaper": ("inproceedings", "paper-conference"),
    "JournalArticle": ("article", "article-journal"),
    "Report": ("techreport", "report"),
    "Press": ("article", "article-newspaper"),
    "Law": ("misc", "legislation"),
    "Blog": ("misc", "post-weblog"),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in both formats."""

    bibtex: str
    csl: Mapping[str, Any]


CONTAINERS: Final[Mapping[str, str]] = {
    "article": "journal",
    "inproceedings": "booktitle",
    "techreport": "institution",
}
"""The field that BibTeX requires for the work or the body that published an entry, by type of entry."""
VERBATIM: Final = ("url", "doi", "date")
"""The fields that BibTeX styles print as they are."""
RESULT: Final = ("mark", "met", "notMet", "open", "of", "why", "scope", "modes", "onPaper")
"""The fields of a cell that its citation contains."""


def release_date(content: SiteContent) -> str:
    """Return the date of this version of the ontology and the data, as 2026-11-23; empty if the ontology has none."""
    dates = dict(store.subject_objects(content.source, PREFIXES["dcterms"] + "modified"))
    return dates.get(SCS.removesuffix("#"), "")


def public_address(content: SiteContent, page: Page, language: str) -> str:
    """Return the address of a page in a language: on the configured site, else below the base IRI, which redirects."""
    return f"{content.settings.url or BASE.removesuffix('/')}/{language}/{page.address}.html"


def compact_selection(selection: Selection) -> Mapping[str, Any]:
    """Return a selection as a JSON object without its empty fields, which mean no restriction."""
    return {name: value for name, value in selection_json(selection).items() if value}


def cell_reference(found: Explanation) -> Reference:
    """Return the reference to a cell: version, reading, mark with counts and scope, and the claims that count."""
    reading = found.matrix.reading.id
    key = f"scs-kg-{reading}-{found.system.id}-{found.principle.id}"
    url = f"{BASE}reading/{reading}/{found.system.id}#{found.principle.id}"
    with messages_in("en"):
        counted, result = selection_sentence(found.matrix.selection), cell_result(found.matrix, found.cell)
    title = (
        f"{found.system.label} and {found.principle.label} ({found.matrix.guideline.label}, "
        f"read {found.matrix.reading.label}): {result}"
    )
    fields = {
        "author": f"{{{AUTHOR}}}",
        "title": title,
        "version": __version__,
        "howpublished": url,
        "note": counted,
    }
    csl = {"id": key, "type": "dataset", "title": title, "author": [{"literal": AUTHOR}], "version": __version__}
    custom = {"selection": compact_selection(found.matrix.selection), "cell": compact_cell(found.cell)}
    return Reference(_bibtex("misc", key, fields), {**csl, "URL": url, "note": counted, "custom": custom})


def cell_result(matrix: Matrix, cell: Cell) -> str:
    """Return the mark of a cell with counts and scope, as signs and as words: ``× 1/3 h, not met, in hindsight``."""
    return listed((marked(cell), cell_words(matrix, cell)))


def compact_cell(cell: Cell) -> Mapping[str, Any]:
    """Return the mark, the counts, the scope and the modes of a cell as a JSON object, without empty lists."""
    return {name: value for name, value in cell_data(cell).items() if name in RESULT and value not in ([], None)}


def source_reference(row: Row, pages: list[str]) -> Reference:
    """Return the reference to a source from its record (a row of ``sources.rq``) and its web addresses."""
    key, issued = local_id(row_text(row, "source")), row_text(row, "issued")
    entry, kind = KINDS.get(local_id(row_text(row, "kind")), ("misc", "webpage"))
    container, publisher = row_text(row, "publishedIn"), row_text(row, "publisher")
    fields = {
        "author": f"{{{row_text(row, 'creator')}}}",
        "title": row_text(row, "title"),
        "year": issued[:4],
        "date": issued,
        CONTAINERS.get(entry, "howpublished"): container or publisher,
        "publisher": publisher,
        "url": pages[0] if pages else "",
    }
    csl: dict[str, Any] = {"id": key, "type": kind, "author": [{"literal": row_text(row, "creator")}]}
    csl |= {"issued": {"date-parts": [[int(part) for part in issued.split("-")]]}} if issued else {}
    optional = {
        "title": row_text(row, "title"),
        "container-title": container,
        "publisher": publisher,
        "URL": fields["url"],
    }
    return Reference(_bibtex(entry, key, fields), csl | {name: value for name, value in optional.items() if value})


def _bibtex(entry: str, key: str, fields: Mapping[str, str]) -> str:
    lines = [
        f"  {name} = {{{value if name in VERBATIM else _escaped(value)}}}"
        for name, value in fields.items()
        if value.strip("{}")
    ]
    return f"@{entry}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _escaped(value: str) -> str:
    """Escape the special characters of TeX, except the braces that keep a name together."""
    return re.sub(r"([&%$#_])", r"\\\1", value)
