"""The environment of the templates, with filters, and with the globals that depend on neither the data nor the page."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Final

from jinja2 import BytecodeCache, ChoiceLoader, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from scs_kg.explorer import cell_texts
from scs_kg.explorer.citation import compact_selection
from scs_kg.explorer.i18n import words as words_of
from scs_kg.explorer.page import LANGUAGES, slug
from scs_kg.explorer.page_environment import PageEnvironment
from scs_kg.model.matrix import Matrix
from scs_kg.model.namespaces import BASE, curie, local_id
from scs_kg.model.version import __version__
from scs_kg.render.citation import AUTHOR
from scs_kg.store.query_library import row_text


class CompiledTemplates(BytecodeCache):
    """The compiled code of templates in memory, keyed by bucket; it can be sent to another process."""

    def __init__(self) -> None:
        self.code: Final[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket its code, if a process has compiled its template."""
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a bucket."""
        self.code[bucket.key] = bucket.bytecode_to_string()


COMPILED: Final = CompiledTemplates()


@cache
def environment() -> PageEnvironment:
    """Return the environment of all templates."""
    made = PageEnvironment(
        loader=ChoiceLoader([PackageLoader("scs_kg.explorer"), PackageLoader("scs_kg.explorer", "static/vendor")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=COMPILED,
        auto_reload=False,  # otherwise each page checks when four files were last changed
    )
    made.filters |= {"id": local_id, "curie": curie, "json": lambda value: json.dumps(value, ensure_ascii=False)}
    made.filters |= {"text": row_text, "thousands": _thousands, "fill": _fill}
    made.globals |= {
        **cell_texts.GLOBALS,
        "slug": slug,
        "mark_counts": cell_texts.mark_counts,
        "languages": LANGUAGES,
        "words_of": words_of,
        "language_names": {language: words_of(language)["language"] for language in LANGUAGES},
        "selection_data": _selection_data,
        "version": __version__,
        "author": AUTHOR,
        "base": BASE,
    }
    return made


def _thousands(value: object) -> object:
    """Return a count with its thousands grouped; other values are unchanged."""
    return f"{value:,}" if isinstance(value, int) else value


def _fill(pattern: str, **values: object) -> str:
    """Return a phrase with its values filled in; counts are grouped as everywhere on the pages."""
    return pattern.format(**{name: _thousands(value) for name, value in values.items()})


def compile_templates(compiled: Mapping[str, bytes] | None = None) -> Mapping[str, bytes]:
    """Load all templates, so that processes that are forked later share them, and return their compiled code.

    ``compiled`` is the code that another process returned; templates without code are compiled.
    """
    COMPILED.code.update(compiled or {})
    for name in environment().list_templates(extensions=("j2",)):
        environment().get_template(name)
    return COMPILED.code


def _selection_data(matrix: Matrix) -> Markup:
    """Return the selection of claims as JSON for an attribute in single quotes, where double quotes need no escape."""
    return htmlsafe_json_dumps(compact_selection(matrix.selection), separators=(",", ":"))
