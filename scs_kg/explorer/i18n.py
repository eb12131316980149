"""Text in the language of the reader: the words of the pages, labels, definitions and sentences."""

import tomllib
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from scs_kg.analysis.published_table import ComparedRow, Relation
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.editions import ALL_CLAIMS
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Applicability
from scs_kg.model.namespaces import BASE, local_id
from scs_kg.model.selection import MODES, Selection
from scs_kg.model.verdicts import Outcome
from scs_kg.render import sentences
from scs_kg.render.language import messages_in
from scs_kg.render.table import SIGNS

FALLBACK: Final[Mapping[str, tuple[str, ...]]] = {"en": ("en", "zh-hans", "zh"), "zh-Hans": ("zh-hans", "zh", "en")}
WORD_FILES: Final = ("terms", "pages", "home", "forms", "matrix")


@cache
def words(language: str) -> Mapping[str, Any]:
    """Return the words of the interface in a language."""
    folder = files("scs_kg.explorer") / "words" / language
    return {
        key: value
        for part in WORD_FILES
        for key, value in tomllib.loads((folder / f"{part}.toml").read_text("utf-8")).items()
    }


def messages_for(language: str) -> AbstractContextManager[None]:
    """Set the language of the messages of ``scs_kg.render`` to a language of the pages."""
    return messages_in("en" if language == "en" else "zh")


def selection_sentence(content: SiteContent, selection: Selection, language: str) -> str:
    """Return a sentence on which claims counted and which systems were compared; the sentence names the datasets."""
    datasets = tuple(_dataset_name(content, dataset, language) for dataset in selection.datasets)
    with messages_for(language):
        return sentences.selection_sentence(replace(selection, datasets=datasets))


def _dataset_name(content: SiteContent, dataset: str, language: str) -> str:
    """Return the name of a dataset, given by id, in quotation marks."""
    return f"“{label(content, f'{BASE}dataset/{dataset}', language)[0]}”"


def label(content: SiteContent, iri: str, language: str) -> tuple[str, str]:
    """Return the label of a thing in the reader's or a fallback language, or its id, with the language tag.

    A translation, as of the texts of the data, replaces an English label on pages in another language.
    """
    names = content.names.get(iri, {})
    for candidate in FALLBACK[language]:
        if candidate in names:
            if candidate != language.lower() and (translation := content.chinese.get(names[candidate])):
                return translation, language.lower()
            return names[candidate], candidate
    return (names[min(names)], min(names)) if names else (local_id(iri), "")


def definition(content: SiteContent, iri: str, language: str) -> tuple[str, str]:
    """Return the definition of a thing and its language tag, with the fallbacks of ``label``; empty without one."""
    found = content.definitions.get(iri, {})
    return next(((found[candidate], candidate) for candidate in FALLBACK[language] if candidate in found), ("", ""))


def edition_label(content: SiteContent, name: str, language: str) -> str:
    """Return the phrase for the claims that count in an edition."""
    phrases = words(language)["edition"]
    if name in MODES:
        return str(phrases[name])
    if name.startswith("as-of-"):
        return f"{phrases['as_of']} {name.removeprefix('as-of-')}"
    if name == ALL_CLAIMS:
        return str(phrases["all"])
    return str(phrases["dataset"]).format(name=_dataset_name(content, name, language))


def applicability_sentence(content: SiteContent, found: Applicability | None, language: str) -> str:
    """Return a sentence on the kind, addressees, territory and start of a guideline, and the systems outside it."""
    if found is None:
        return ""

    def named(entities: Iterable[Entity]) -> tuple[Entity, ...]:
        return tuple(in_language(content, entity, language) for entity in entities)

    (nature,) = named([found.nature])
    own = replace(found, nature=nature, addressees=named(found.addressees), regions=named(found.regions))
    with messages_for(language):
        return sentences.applicability_sentence(own)


def in_language(content: SiteContent, entity: Entity, language: str) -> Entity:
    """Return a thing with its label in a language of the pages."""
    return replace(entity, label=label(content, entity.iri, language)[0])


def agreement_sentence(content: SiteContent, row: ComparedRow, systems: tuple[Entity, ...], language: str) -> str:
    """Return why a derived row agrees with the published row, or the cells that differ."""
    phrases, count = words(language)["agreement"], len(row.placements)
    if row.relation is Relation.SAME:
        return str(phrases["fixed" if any(row.derived) else "blank_row"])
    if row.relation is Relation.CONSISTENT or count > 1:
        return str(phrases["among" if row.relation is Relation.CONSISTENT else "none"]).format(count=count)

    def mark(outcome: Outcome | None) -> str:
        return SIGNS[outcome] if outcome else str(phrases["blank"])

    cells = zip(systems, row.placements[0], row.derived, strict=True)
    differing = [
        phrases["differing"].format(
            system=label(content, system.iri, language)[0], published=mark(published), derived=mark(derived)
        )
        for system, published, derived in cells
        if published != derived
    ]
    return str(words(language)["mark"]["semicolon"]).join(differing)
