"""Matches records of a vocabulary, a law or a list with the project's criteria, laws, sources and other records.

A record is a candidate if its English name contains every content word of the English label in the project. Such a
match is a hint to a reader, who reads both definitions and chooses the relation.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.exchange.link.external_records import ExternalRecord
from scs_kg.exchange.link.match import BY_NAME, LinkCandidate
from scs_kg.exchange.reconcile import normal
from scs_kg.model.namespaces import BASE, PREFIXES
from scs_kg.store import Dataset, Literal, NamedNode, query_library
from scs_kg.store.query_library import row_text

KINDS: Final = ("criterion", "feature", "guideline", "principle", "publisher", "source", "system")
EQUAL: Final = 0.7  # both have the same words; the numbers only order the review, and were not measured
CONTAINED: Final = 0.4  # the external name contains all words of the label
ONE_WORD: Final = 0.2  # the external name contains the only word of the label
STOP: Final = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "by", "can", "for", "from", "in", "is", "it", "its"),
        *("no", "not", "of", "on", "one", "or", "s", "the", "to", "with"),
    )
)
_LABELS: Final = (PREFIXES["skos"] + "prefLabel", PREFIXES["dcterms"] + "title")
_SKOS: Final = PREFIXES["skos"]


@dataclass(frozen=True, slots=True)
class KnownTerms:
    """The labels of the records of one kind, the content words of each label, and the known links by target."""

    labels: Mapping[str, str]
    words: Mapping[str, frozenset[str]]
    linked: Mapping[str, Mapping[str, str]]


def known_terms(dataset: Dataset, kind: str) -> KnownTerms:
    """Return the records of one of ``KINDS`` with an English label, and their links."""
    labels = {
        subject: value.value
        for predicate in _LABELS
        for subject, value in _labelled(dataset, predicate)
        if _kind(subject) == kind
    }
    linked: dict[str, dict[str, str]] = defaultdict(dict)
    for row in query_library.rows(dataset, "mappings"):
        linked[row_text(row, "object")][row_text(row, "subject")] = row_text(row, "predicate")
    words = {iri: content_words(label) for iri, label in labels.items()}
    frozen = {target: MappingProxyType(found) for target, found in linked.items()}
    return KnownTerms(MappingProxyType(labels), MappingProxyType(words), MappingProxyType(frozen))


def _labelled(dataset: Dataset, predicate: str) -> Iterator[tuple[str, Literal]]:
    for subject in sorted({subject for subject, _ in store.subject_objects(dataset, predicate)}):
        for value in store.objects(dataset, NamedNode(subject), predicate):
            if isinstance(value, Literal) and value.language == "en":
                yield subject, value


def _kind(iri: str) -> str:
    """Return the kind of a record of the project: the first part of its IRI, or ``principle``."""
    first, _, rest = iri.removeprefix(BASE).partition("/")
    return "principle" if first == "guideline" and "/" in rest else first


def content_words(name: str) -> frozenset[str]:
    """Return the normalized words of a name without text in brackets and without the words of ``STOP``."""
    return frozenset(normal(name.split(" (", 1)[0]).split()) - STOP


def term_matches(known: KnownTerms, entry: ExternalRecord) -> Iterator[LinkCandidate]:
    """Yield the candidates of an entry, one for each record whose words are all in an English name of the entry."""
    names = [content_words(name) for language, name in entry.names if language == "en"]
    for iri, words in known.words.items():
        best = max((name for name in names if words and words <= name), key=lambda name: -len(name), default=None)
        if best is not None:
            known_as = known.linked.get(entry.target, {}).get(iri)
            equal = words == best
            yield LinkCandidate(
                region=iri,
                label=known.labels[iri],
                predicate=known_as or _SKOS + ("closeMatch" if equal else "relatedMatch"),
                target=entry.target,
                source=entry.source,
                justification=BY_NAME,
                confidence=EQUAL if equal else CONTAINED if len(words) > 1 else ONE_WORD,
                status="known" if known_as else "new",
                because=(f"en {' '.join(sorted(words))}",),
                against=(),
                line=entry.line,
            )
