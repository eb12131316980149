"""Content negotiation (RFC 9110, section 12.5.1): which of the available formats a client prefers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

ROWS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "json": ("application/sparql-results+json", "application/json"),
        "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
        "csv": ("text/csv",),
        "tsv": ("text/tab-separated-values",),
    }
)
TRIPLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "turtle": ("text/turtle", "application/x-turtle"),
        "ntriples": ("application/n-triples", "text/plain"),
        "jsonld": ("application/ld+json", "application/json"),
        "rdfxml": ("application/rdf+xml", "application/xml", "text/xml"),
        "trig": ("application/trig",),
    }
)
PAGES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "html": ("text/html", "application/xhtml+xml"),
        **{name: TRIPLES[name] for name in ("turtle", "jsonld", "ntriples", "rdfxml", "trig")},
    }
)
EXTENSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"html": ".html", "turtle": ".ttl", "jsonld": ".jsonld", "ntriples": ".nt", "rdfxml": ".rdf", "trig": ".trig"}
)
_QUALITY: Final = re.compile(r"(0(\.\d{0,3})?|1(\.0{0,3})?)")


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One media range of an Accept header: its type, how specific it is (0 to 2), and its quality."""

    type: str
    specific: int
    quality: float


def ranges(accept: str) -> tuple[MediaRange, ...]:
    """Return the media ranges of an Accept header, or of several Accept headers that were joined by commas.

    Malformed ranges are ignored. Parameters other than ``q`` are ignored too, because the only parameter of the formats
    of the service is a charset. A malformed or missing quality counts as 1.
    """
    found = []
    for name, quality in _qualities(accept):
        if not re.fullmatch(r"(\*/\*|[\w!#$&^.+-]+/(\*|[\w!#$&^.+-]+))", name):
            continue
        specific = 0 if name == "*/*" else 1 if name.endswith("/*") else 2
        found.append(MediaRange(name, specific, quality))
    return tuple(found)


def choose(accept: str | None, forms: Mapping[str, tuple[str, ...]]) -> tuple[str, str] | None:
    """Return the format that a client prefers and its media type, or None if the client accepts no format.

    Of formats with the same quality, the first is chosen. A request without an Accept header, or with an empty one,
    accepts every format.
    """
    return _chosen(accept or "", tuple(forms.items()))


def choose_language(accept_language: str, available: Sequence[str]) -> str:
    """Return the available language that a client prefers (RFC 9110, section 12.5.4), by default the first.

    Only the primary subtag counts: a client that prefers ``zh-TW`` gets ``zh-Hans`` before English. Of languages with
    the same quality, the one that the header names first is chosen.
    """
    wanted = _qualities(accept_language)
    named = {range_.partition("-")[0] for range_, _ in wanted}
    best = available[0], 0.0
    for range_, quality in wanted:
        primary = range_.partition("-")[0]
        for language in available:
            own = language.partition("-")[0]
            if (primary == own or (primary == "*" and own not in named)) and quality > best[1]:
                best = language, quality
    return best[0]


def choose_encoding(accept_encoding: str) -> str:
    """Return ``gzip`` if a client accepts it (RFC 9110, section 12.5.3) and does not prefer ``identity``."""
    qualities = dict(_qualities(accept_encoding))
    accepted = qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0)))
    return "gzip" if accepted > 0 and accepted >= qualities.get("identity", 0.0) else "identity"


def _qualities(header: str) -> list[tuple[str, float]]:
    """Return the values of a header with their qualities; a malformed or missing quality counts as 1."""
    found = []
    for part in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        given = next((value for key, _, value in (p.partition("=") for p in parameters) if key.strip() == "q"), "1")
        if name:
            found.append((name, float(given) if _QUALITY.fullmatch(given.strip()) else 1.0))
    return found


@lru_cache(maxsize=256)
def _chosen(accept: str, forms: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, str] | None:
    wanted = ranges(accept) or (MediaRange("*/*", 0, 1.0),)
    best: tuple[float, str, str] | None = None
    for form, types in forms:
        for media_type in types:
            quality = _quality(media_type, wanted)
            if quality > 0 and (best is None or quality > best[0]):
                best = quality, form, media_type
    return best[1:] if best else None


def _quality(media_type: str, wanted: tuple[MediaRange, ...]) -> float:
    """Return the quality of the most specific range that matches a type, or 0."""
    kind = media_type.split("/", maxsplit=1)[0]
    covering = [r for r in wanted if r.type in {media_type, f"{kind}/*", "*/*"}]
    return max(((r.specific, r.quality) for r in covering), default=(0, 0.0))[1]


def charset(media_type: str) -> str:
    """Return the Content-Type of a media type, with the charset if it is text."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
