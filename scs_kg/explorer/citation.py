"""References to cells and to sources in the formats of reference managers: BibTeX, and CSL-JSON 1.0."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scs_kg import store
from scs_kg.analysis.explanation import Explanation
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.page import Page
from scs_kg.model.matrix import Cell
from scs_kg.model.namespaces import BASE, PREFIXES, local_id
from scs_kg.model.selection import Selection
from scs_kg.render.citation import cell_citation
from scs_kg.render.data import cell_data, selection_json
from scs_kg.render.language import messages_in
from scs_kg.store import Dataset, NamedNode
from scs_kg.store.query_library import Row, row_text

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
    """A reference in BibTeX and in CSL-JSON."""

    bibtex: str
    csl: Mapping[str, Any]


CONTAINERS: Final[Mapping[str, str]] = {
    "article": "journal",
    "inproceedings": "booktitle",
    "techreport": "institution",
}
"""Maps each type of entry to the BibTeX field for the work or the body that published the entry."""
REQUIRED: Final = ("author", "title", "year")
"""The fields that each type of entry in ``CONTAINERS`` requires, besides the field that ``CONTAINERS`` gives it."""
VERBATIM: Final = ("url", "doi", "date", "author")
"""The fields whose values are not escaped as a whole.

Styles print these values as they are; each author is escaped separately.
"""
TEX: Final = str.maketrans(
    {character: f"\\{character}" for character in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)
"""The special characters of TeX."""
PERSON: Final = re.compile(r"(?P<family>[^,]+), (?P<given>\w\.(?:[ -]*\w\.)*)")
"""A person in the data: family name and initials. Names that do not match are printed as they are written."""
OTHERS: Final = "and others"
DOI: Final = "https://doi.org/"
RESULT: Final = ("mark", "met", "notMet", "open", "of", "why", "scope", "modes", "onPaper")
"""The fields of a cell that its citation contains."""


def public_address(content: SiteContent, page: Page, language: str) -> str:
    """Return the address of a page in a language: on the configured site, or below the base IRI, which redirects."""
    return f"{content.settings.url or BASE.removesuffix('/')}/{language}/{page.address}.html"


def compact_selection(selection: Selection) -> Mapping[str, Any]:
    """Return a selection as a JSON object without its empty fields, which mean no restriction."""
    return {name: value for name, value in selection_json(selection).items() if value}


def cell_reference(found: Explanation) -> Reference:
    """Return the reference to a cell: version, reading, mark with counts and scope, and the claims that count."""
    key = f"scs-kg-{found.matrix.reading.id}-{found.system.id}-{found.principle.id}"
    with messages_in("en"):
        one = cell_citation(found)
    fields = {
        "author": f"{{{one.author}}}",
        "title": one.title,
        "year": one.issued[:4],
        "date": one.issued,
        "version": one.version,
        "url": one.address,
        "note": one.counted,
    }
    csl: dict[str, Any] = {
        "id": key,
        "type": "dataset",
        "title": one.title,
        "author": [{"literal": one.author}],
        "version": one.version,
    }
    custom = {"selection": compact_selection(found.matrix.selection), "cell": compact_cell(found.cell)}
    csl |= {**_csl_date(one.issued), "URL": one.address, "note": one.counted, "custom": custom}
    return Reference(_bibtex("misc", key, fields), csl)


def compact_cell(cell: Cell) -> Mapping[str, Any]:
    """Return the mark, the counts, the scope and the modes of a cell as a JSON object, without empty lists."""
    return {name: value for name, value in cell_data(cell).items() if name in RESULT and value not in ([], None)}


def source_doi(dataset: Dataset, iri: str) -> str:
    """Return the DOI of a source, from its record or from its link to exactly this document; empty if it has no DOI."""
    node = NamedNode(iri)
    own = [store.text(term) for term in store.objects(dataset, node, PREFIXES["bibo"] + "doi")]
    same = [store.text(term) for term in store.objects(dataset, node, PREFIXES["skos"] + "exactMatch")]
    own += [address.removeprefix(DOI) for address in same if address.startswith(DOI)]
    return min(own, default="")


def source_reference(row: Row, pages: list[str], doi: str = "") -> Reference:
    """Return the reference to a source from its record (a row of ``sources.rq``), its web addresses and its DOI.

    An entry without a field that its type requires in BibTeX has the type ``misc``, which requires no fields.
    """
    key, issued = local_id(row_text(row, "source")), row_text(row, "issued")
    entry, kind = KINDS.get(local_id(row_text(row, "kind")), ("misc", "webpage"))
    container, publisher = row_text(row, "publishedIn"), row_text(row, "publisher")
    authors = [name.strip() for name in row_text(row, "creator").split(";")]
    shared = {"author": " and ".join(map(_bibtex_name, authors)), "title": row_text(row, "title"), "year": issued[:4]}
    if not ((container or publisher) and all(shared[name] for name in REQUIRED)):
        entry = "misc"
    fields = {
        **shared,
        "date": issued,
        CONTAINERS.get(entry, "howpublished"): container or publisher,
        "publisher": publisher if container else "",
        "doi": doi,
        "url": pages[0] if pages else "",
    }
    csl: dict[str, Any] = {"id": key, "type": kind, "author": [_csl_name(name) for name in authors]}
    csl |= _csl_date(issued)
    optional = {
        "title": row_text(row, "title"),
        "container-title": container or (publisher if kind.startswith("article") else ""),
        "publisher": publisher,
        "DOI": doi,
        "URL": fields["url"],
    }
    return Reference(_bibtex(entry, key, fields), csl | {name: value for name, value in optional.items() if value})


def _bibtex_name(name: str) -> str:
    """Return an author for BibTeX; a name that is not a family name with initials is written in braces."""
    if name == OTHERS:
        return "others"
    return _escaped(name) if PERSON.fullmatch(name) else f"{{{_escaped(name)}}}"


def _csl_name(name: str) -> Mapping[str, str]:
    """Return an author as a name variable of CSL."""
    person = PERSON.fullmatch(name)
    return person.groupdict() if person else {"literal": name.removeprefix("and ") if name == OTHERS else name}


def _csl_date(issued: str) -> Mapping[str, Any]:
    """Return the date of issue as a variable of CSL; empty if there is no date."""
    return {"issued": {"date-parts": [[int(part) for part in issued.split("-")]]}} if issued else {}


def _bibtex(entry: str, key: str, fields: Mapping[str, str]) -> str:
    lines = [
        f"  {name} = {{{value if name in VERBATIM else _escaped(value)}}}" for name, value in fields.items() if value
    ]
    return f"@{entry}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _escaped(value: str) -> str:
    """Escape the special characters of TeX."""
    return value.translate(TEX)
