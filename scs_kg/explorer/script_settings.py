"""The settings of the scripts of comparison pages: words, the legend, and the parts of a citation."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from scs_kg.explorer.cell_texts import legend, legend_notes
from scs_kg.explorer.citation import public_address
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.i18n import definition, words
from scs_kg.explorer.page import LANGUAGES, Page
from scs_kg.model.matrix import Matrix
from scs_kg.model.namespaces import BASE
from scs_kg.model.version import __version__
from scs_kg.render.citation import AUTHOR
from scs_kg.render.table import MARKS
from scs_kg.store.ontology_header import release_date

PUNCTUATION: Final = ("comma", "list", "semicolon", "colon", "stop", "open", "close")


def definitions_json(content: SiteContent, kinds: Iterable[str], language: str) -> Markup:
    """Return the definitions of all things of some kinds (``system``, ``feature``) as JSON, keyed by address."""
    starts = tuple(f"{BASE}{kind}/" for kind in kinds)
    found = {
        iri.removeprefix(BASE): definition(content, iri, language)[0] for iri in content.names if iri.startswith(starts)
    }
    return htmlsafe_json_dumps(found, ensure_ascii=False, separators=(",", ":"))


def script_settings(
    content: SiteContent, page: Page, language: str, matrices: Iterable[Matrix], texts: Mapping[str, Any]
) -> Markup:
    """Return the settings of the scripts as JSON for a script element.

    ``texts`` are further settings: ``title`` is the title of the comparison; ``own`` says whether a page explains each
    cell.
    """
    shown, of = list(matrices), words(language)
    settings = {
        "language": language,
        "languageNumber": LANGUAGES.index(language),
        "root": "../" * page.address.count("/"),
        **texts,
        "author": AUTHOR,
        "version": __version__,
        "date": release_date(content.source),
        "address": public_address(content, page, language),
        "licence": of["text"]["licence"],
        "caution": of["text"]["mark_means"],
        "legend": [[str(mark), MARKS[mark], said] for mark, said in legend(shown)],
        "notes": legend_notes(content, shown, language),
        "words": of["script"],
        "marks": {name: of["mark"][name] for name in PUNCTUATION},
    }
    return htmlsafe_json_dumps(settings, ensure_ascii=False, separators=(",", ":"))
