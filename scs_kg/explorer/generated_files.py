"""The files that pages of the explorer load and that the data determines: scripts, and references to sources."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.contribute.read.fields import all_fields
from scs_kg.explorer.cell_exports import packed_json
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.i18n import definition
from scs_kg.explorer.index_pages import sources_csl
from scs_kg.explorer.search_index import names_script, texts_script
from scs_kg.model.hidden_characters import hidden_character_names
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, SH, curie
from scs_kg.render.language import catalogue
from scs_kg.store import query_library


def library_script(content: SiteContent) -> str:
    """Return a script with queries, prefixes, terms, fields, Chinese rules and invisible characters, as packed JSON."""
    questions = [
        {
            "name": found.name,
            "titles": _in_both_languages(found.title),
            "question": _in_both_languages(found.question),
            "params": [{**asdict(param), "meaning": _in_both_languages(param.meaning)} for param in found.params],
            "sparql": found.sparql,
        }
        for found in query_library.read_all(content.source.library).values()
    ]
    known = {curie(iri) for iri in content.names} | {curie(SCS + name) for name in ("hasFeature", "lacksFeature")}
    terms = [term for term in sorted(known) if not term.startswith("<")]
    library = {
        "questions": questions,
        "prefixes": dict(PREFIXES),
        "terms": terms,
        "rules": _chinese_rules(content),
        "fields": [{"predicate": predicate, "values": kind} for predicate, kind in _fields(content).items()],
        "hidden": hidden_character_names(),
    }
    return f'const PACKED_LIBRARY = "{packed_json(library)}";\n'


def _in_both_languages(text: str) -> dict[str, str]:
    """Return a title, a question or a meaning of a query by language; English if it has no translation."""
    return {"en": text, "zh-Hans": catalogue("queries", "questions").get(text, text)}


def _fields(content: SiteContent) -> dict[str, str]:
    """Return the class of the values of each field of a record of any kind, keyed by the predicate of the field."""
    every = all_fields(content.source).values()
    return {field.predicate: field.value_class for fields in every for field in fields}


def _chinese_rules(content: SiteContent) -> dict[str, str]:
    """Return the Chinese description of each validation rule, keyed by the CURIE of the rule."""
    described = dict(store.subject_objects(content.source, SH + "description"))
    for demand in store.subjects(content.source, RDF + "type", SCS + "FileDemand"):
        described[store.text(demand)] = definition(content, store.text(demand), "zh-Hans")[0]
    return {curie(rule): description for rule, description in sorted(described.items())}


GENERATED: Final[Mapping[str, Callable[[SiteContent], str]]] = MappingProxyType(
    {
        "names.js": names_script,
        "texts.js": texts_script,
        "library.js": library_script,
        "sources.csl.json": sources_csl,
    }
)
"""The files that are generated from the data, keyed by file name: scripts, and the references to all sources."""
