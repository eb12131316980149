"""References to cells and to sources in the formats of reference managers: BibTeX, and CSL-JSON 1.0."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scs_kg.analysis.explanation import Explanation
from scs_kg.model.namespaces import BASE, local_id
from scs_kg.model.selection import Selection
from scs_kg.model.version import __version__
from scs_kg.render.data import selection_json
from scs_kg.render.language import messages_in
from scs_kg.render.sentences import selection_sentence
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


def compact_selection(selection: Selection) -> Mapping[str, Any]:
    """Return which claims counted as a JSON object without the empty fields, which mean no restriction."""
    return {name: value for name, value in selection_json(selection).items() if value}


def cell_reference(found: Explanation) -> Reference:
    """Return the reference to a cell: the version, the reading, the outcome and the claims that count."""
    reading = found.matrix.reading.id
    title = (
        f"{found.system.label} and {found.principle.label} ({found.matrix.guideline.label}, "
        f"read {found.matrix.reading.label}): {found.cell.outcome}"
    )
    key = f"scs-kg-{reading}-{found.system.id}-{found.principle.id}"
    url = f"{BASE}reading/{reading}/{found.system.id}#{found.principle.id}"
    with messages_in("en"):
        counted = selection_sentence(found.matrix.selection)
    fields = {
        "author": f"{{{AUTHOR}}}",
        "title": title,
        "version": __version__,
        "howpublished": url,
        "note": counted,
    }
    csl = {"id": key, "type": "dataset", "title": title, "author": [{"literal": AUTHOR}], "version": __version__}
    selection = {"selection": compact_selection(found.matrix.selection)}
    return Reference(_bibtex("misc", key, fields), {**csl, "URL": url, "note": counted, "custom": selection})


def source_reference(row: Row, pages: list[str]) -> Reference:
    """Return the reference to a source from its record (a row of ``sources.rq``) and its web addresses."""
    key, issued = local_id(row_text(row, "source")), row_text(row, "issued")
    entry, kind = KINDS.get(local_id(row_text(row, "kind")), ("misc", "webpage"))
    container, publisher = row_text(row, "publishedIn"), row_text(row, "publisher")
    fields = {
        "author": f"{{{row_text(row, 'creator')}}}",
        "title": row_text(row, "title"),
        "year": issued[:4],
        "journal": container,
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
    lines = [f"  {name} = {{{_escaped(value)}}}" for name, value in fields.items() if value.strip("{}")]
    return f"@{entry}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _escaped(value: str) -> str:
    """Escape the special characters of TeX, except the braces that keep a name together."""
    return re.sub(r"([&%$#_])", r"\\\1", value)
