"""The structured data of pages for search engines and reference managers: data sets and reviewed claims (schema.org).

A mark is not a ``ClaimReview``, because a mark is about a system and does not review another person's claim. If a
published table is compared with the derived table, each published row is a claim of its author, and the comparison is
the review.
"""

from collections.abc import Mapping
from typing import Any, Final

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from scs_kg.analysis.published_table import PublishedComparison
from scs_kg.explorer.citation import public_address
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.i18n import agreement_sentence, label, selection_sentence, words
from scs_kg.explorer.matrix_pages import View
from scs_kg.explorer.page import Page
from scs_kg.model.namespaces import BASE
from scs_kg.model.version import __version__
from scs_kg.render.citation import AUTHOR
from scs_kg.render.table import SIGNS
from scs_kg.store.ontology_header import release_date
from scs_kg.store.query_library import row_text

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
PUBLISHER: Final[Mapping[str, str]] = {"@type": "Organization", "name": AUTHOR}


def structured_data(content: SiteContent, page: Page, language: str, title: str, *, served: bool) -> Markup:
    """Return the JSON-LD of the page of a matrix: the data set, and a review of each row of a published table.

    The table is a CSV file if the page is ``served``; otherwise it is a CSV file in a ZIP archive.
    """
    found = page.data["published"]
    graph = [_dataset(content, page, language, title) | _distribution(page, served=served)]
    if found:
        graph += _reviews(content, page, language, found)
    shared = {"inLanguage": language, "license": LICENCE, "version": __version__, "isAccessibleForFree": True}
    described = {"@context": "https://schema.org", "@graph": [{**node, **shared} for node in graph]}
    return htmlsafe_json_dumps(described, ensure_ascii=False, separators=(",", ":"))


def _dataset(content: SiteContent, page: Page, language: str, title: str) -> dict[str, Any]:
    shown: View = page.data["view"]
    address = public_address(content, page, language)
    selection = selection_sentence(content, shown.matrix.selection, language)
    return {
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "name": title,
        "description": f"{words(language)['text']['lead']} {words(language)['text']['mark_means']} {selection}",
        "creator": PUBLISHER,
        "dateModified": release_date(content.source),
        "variableMeasured": [label(content, principle.iri, language)[0] for principle in shown.matrix.principles],
    }


def _distribution(page: Page, *, served: bool) -> dict[str, Any]:
    if not page.data["own"]:
        return {}
    file = f"{'../' * (page.address.count('/') + 1)}{page.address}.csv{'' if served else '.zip'}"
    kind = "text/csv" if served else "application/zip"
    return {"distribution": [{"@type": "DataDownload", "encodingFormat": kind, "contentUrl": file}]}


def _reviews(content: SiteContent, page: Page, language: str, found: PublishedComparison) -> list[dict[str, Any]]:
    record = content.grouped("sources", "source")[f"{BASE}source/{found.source}"][0]
    appearance = {
        "@type": "CreativeWork",
        "name": row_text(record, "title"),
        **({"url": row_text(record, "page")} if row_text(record, "page") else {}),
    }
    claimed = {
        "@type": "Claim",
        "author": {"@type": "Person", "name": row_text(record, "creator")},
        "datePublished": row_text(record, "issued"),
        "appearance": appearance,
    }
    systems = ", ".join(label(content, system.iri, language)[0] for system in found.systems)
    return [
        {
            "@type": "ClaimReview",
            "url": public_address(content, page, language),
            "author": PUBLISHER,
            "datePublished": release_date(content.source),
            "claimReviewed": f"{found.locator}, {label(content, row.principle.iri, language)[0]} ({systems}): "
            + " ".join(SIGNS[mark] for mark in row.marks),
            "itemReviewed": claimed,
            "reviewRating": {"@type": "Rating", "alternateName": words(language)["relation"][row.relation]},
            "reviewBody": agreement_sentence(content, row, found.systems, language),
        }
        for row in found.rows
        if row.marks
    ]
