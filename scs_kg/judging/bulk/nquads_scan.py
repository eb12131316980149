"""Scans blocks of N-Quads or N-Triples with vectorized regular expressions; other lines go to the strict parser.

A line that matches the pattern is a statement of N-Quads in canonical form (RDF 1.1 N-Quads, section 4); its IRIs are
plain HTTP addresses. Every other line (a comment, an escape, an error) is parsed by the project's RDF parser, which
returns the relevant statements in canonical form. Therefore one function extracts the statements from the lines of both
kinds.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import polars as pl

from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import BASE, RDF, SCS
from scs_kg.store.parse import read_statements

BLOCK_BYTES: Final = 8 << 20
SUPERSEDING: Final = ("supersedes", "retracts")
"""The predicates that exclude a claim from judging, as in ``queries/bearing.rq``; a test compares the two."""
CLASSES: Final = ("Claim", "SocialCreditSystem")
_SCS_PREDICATES: Final = ("about", "feature", "finding", "mode", *SUPERSEDING)
PREDICATES: Final = frozenset({RDF + "type", *(SCS + name for name in _SCS_PREDICATES)})

_CHARS: Final = r"[A-Za-z0-9/?=&.,_~!$'()*+;:@-]*"
_IRI: Final = rf"<https?://[A-Za-z0-9.-]+(?:[/?]{_CHARS})?(?:#{_CHARS})?>"
_TAG: Final = "@[A-Za-z]{2,8}(?:-[A-Za-z]{4})?(?:-[A-Za-z]{2})?"
"""A language with its script and region. Other well-formed language tags are rare and go to the strict parser."""
_LITERAL: Final = rf'"(?:[^"\\\n\r]|\\["\\nr])*"(?:{_TAG}|\^\^{_IRI})?'
_CANONICAL: Final = rf"^{_IRI} {_IRI} (?:{_IRI}|{_LITERAL})(?: {_IRI})? \.$"
_SUBJECT: Final = rf"<{re.escape(BASE)}(?P<subject>(?:claim|system)/[a-z0-9-]+)>"
_KEY: Final = r"<(?P<space>[^>#]*#)(?P<key>[a-zA-Z]+)>"
_MARKERS: Final = [*(f"#{name}> " for name in _SCS_PREDICATES), *(f"#{kind}>" for kind in CLASSES)]
"""Every relevant line contains one of these texts.

A search for these texts is ten times as fast as the pattern and is done first.
"""
_FAST: Final = rf"^{_SUBJECT} {_KEY} <(?P<value>[^>]*)>"
"""Matches nearly all relevant lines, twice as fast as ``_GENERAL``: it never has a choice between two branches."""
_GENERAL: Final = rf"^(?:{_SUBJECT}|[^ ]+) {_KEY} (?:<(?P<value>[^>]*)>|.)"
_NO_ROW: Final = pl.lit(None, dtype=pl.UInt32).alias("row")


@dataclass(frozen=True, slots=True)
class Block:
    """Complete lines of a file, and the offset of the first line in bytes."""

    path: Path
    start: int
    body: bytes

    def reject(self, row: int | None, message: str) -> NoReturn:
        """Raise BadFileError for a row of the block, counted from 0; only an error needs the count of earlier lines."""
        line = None if row is None else self.lines_before() + row + 1
        raise BadFileError(self.path, line, message)

    def lines_before(self) -> int:
        """Return the number of lines before the block."""
        if not self.start:
            return 0
        with self.path.open("rb") as file:
            remaining, lines = self.start, 0
            while remaining:
                chunk = file.read(min(remaining, BLOCK_BYTES))
                remaining, lines = remaining - len(chunk), lines + chunk.count(b"\n")
        return lines


def blocks(path: Path, start: int, end: int) -> Iterator[Block]:
    """Yield the lines that begin at the bytes from ``start`` to ``end`` of a file, in blocks of bounded size."""
    with path.open("rb") as file:
        file.seek(max(start - 1, 0))
        if start:
            file.readline()
        at = file.tell()
        while at < end:
            body = file.read(min(BLOCK_BYTES, end - at))
            body += b"" if body.endswith(b"\n") else file.readline()
            yield Block(path, at, body)
            at = file.tell()


def scan(block: Block) -> pl.DataFrame:
    """Return the statements of a block about claims and systems: ``row`` (from 0), ``subject``, ``key``, ``value``.

    A subject is relative to ``BASE``, and null if it is not a valid IRI of a claim or a system. ``value`` is null if it
    is not an IRI. ``raw_line`` is the line if it did not match the fast pattern; otherwise it is null.

    Raises:
        BadFileError: a line is neither a comment nor a statement; the error has its number.
    """
    if block.body.startswith(b"\xef\xbb\xbf"):
        block.reject(0, "begins with a byte order mark; save it as UTF-8 without one")
    lines = _split_lines(block.body)
    if lines is None:
        return extract_statements(_parse_strictly(block, enumerate(block.body.split(b"\n"))))
    canonical = lines["line"].str.contains(_CANONICAL)
    other = lines.filter(~canonical)
    found = lines.filter(lines["line"].str.contains_any(_MARKERS) & canonical)
    if other.height:
        found = pl.concat([found, _parse_strictly(block, ((row, line.encode()) for row, line in other.iter_rows()))])
    return extract_statements(found)


def _split_lines(body: bytes) -> pl.DataFrame | None:
    """Return numbered lines without empty ones; None if Polars cannot split the text."""
    if b"\x01" in body:
        return None
    try:
        found = pl.read_csv(body, separator="\x01", quote_char=None, has_header=False, schema={"line": pl.String})
    except pl.exceptions.ComputeError:
        return None
    return found.with_row_index("row").drop_nulls()


def _parse_strictly(block: Block, lines: Iterable[tuple[int, bytes]]) -> pl.DataFrame:
    """Parse each line separately: a statement must not span lines. Return the relevant statements without rows."""
    found: list[str] = []
    for row, line in lines:
        try:
            found += read_statements(block.path, PREDICATES, line)
        except BadFileError as error:
            block.reject(row, error.reason)
    return without_rows(found)


def without_rows(lines: Sequence[str]) -> pl.DataFrame:
    """Return canonical lines with a null ``row``."""
    return pl.DataFrame({"line": pl.Series(lines, dtype=pl.String)}).select(_NO_ROW, "line")


def extract_statements(lines: pl.DataFrame) -> pl.DataFrame:
    """Split canonical lines into subject, key and value, and keep the relevant statements."""
    found = _extract(lines, _FAST, pl.lit(None, dtype=pl.String))
    unmatched = found["key"].is_null()
    if unmatched.any():
        found = pl.concat([found.filter(~unmatched), _extract(lines.filter(unmatched), _GENERAL, pl.col("line"))])
    is_type = (pl.col("space") == RDF) & (pl.col("key") == "type") & pl.col("value").is_in([SCS + c for c in CLASSES])
    is_property = (pl.col("space") == SCS) & pl.col("key").is_in(_SCS_PREDICATES)
    return found.filter(is_property | is_type).drop("space")


def _extract(lines: pl.DataFrame, pattern: str, raw_line: pl.Expr) -> pl.DataFrame:
    return lines.select("row", raw_line.alias("raw_line"), pl.col("line").str.extract_groups(pattern)).unnest("line")
