"""Reads blocks of N-Quads or N-Triples by columns, exactly: what is not plainly canonical goes to the strict parser.

A line that the pattern knows is a statement of N-Quads (RDF 1.1 N-Quads, section 4) in canonical form, with plain web
addresses as IRIs. Every other line, be it a comment, an escape or an error, is parsed by the one parser of the
project, which also gives back what matters in canonical form, so that meaning is drawn from lines in one place.
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

BLOCK: Final = 8 << 20
ENDS: Final = ("supersedes", "retracts")
"""By which properties something takes a claim out, as ``queries/bearing.rq`` says; a test holds the two together."""
CLASSES: Final = ("Claim", "SocialCreditSystem")
_SAYING: Final = ("about", "feature", "finding", *ENDS)
PREDICATES: Final = frozenset({RDF + "type", *(SCS + name for name in _SAYING)})

_CHARS: Final = r"[A-Za-z0-9/?=&.,_~!$'()*+;:@-]*"
_IRI: Final = rf"<https?://[A-Za-z0-9.-]+(?:[/?]{_CHARS})?(?:#{_CHARS})?>"
_LITERAL: Final = rf'"[^"\\\n\r]*"(?:@[A-Za-z]{{2,8}}|\^\^{_IRI})?'
_CANONICAL: Final = rf"^{_IRI} {_IRI} (?:{_IRI}|{_LITERAL})(?: {_IRI})? \.$"
_OURS: Final = rf"<{re.escape(BASE)}(?P<subject>(?:claim|system)/[a-z0-9-]+)>"
_KEY: Final = r"<(?P<space>[^>#]*#)(?P<key>[a-zA-Z]+)>"
_NAMES: Final = [*(f"#{name}> " for name in _SAYING), *(f"#{kind}>" for kind in CLASSES)]
"""What a line that matters has somewhere: looked for first, as a few short texts are found ten times as fast."""
_PLAIN: Final = rf"^{_OURS} {_KEY} <(?P<value>[^>]*)>"
"""Takes nearly all lines apart; it leaves the engine no choice at any character, which makes it three times faster."""
_ANY: Final = rf"^(?:{_OURS}|[^ ]+) {_KEY} (?:<(?P<value>[^>]*)>|.)"
_NO_ROW: Final = pl.lit(None, dtype=pl.UInt32).alias("row")


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file, and the byte that they begin at."""

    path: Path
    start: int
    body: bytes

    def refuse(self, row: int | None, message: str) -> NoReturn:
        """Raise BadFileError for a row of the block, counted from 0; the lines before it are counted only now."""
        line = None if row is None else self.lines_before() + row + 1
        raise BadFileError(self.path, line, message)

    def lines_before(self) -> int:
        """Return how many lines stand before the block."""
        if not self.start:
            return 0
        with self.path.open("rb") as file:
            left, found = self.start, 0
            while left:
                read = file.read(min(left, BLOCK))
                left, found = left - len(read), found + read.count(b"\n")
        return found


def blocks(path: Path, start: int, end: int) -> Iterator[Block]:
    """Yield the lines that begin at the bytes from ``start`` to ``end`` of a file, in blocks of bounded size."""
    with path.open("rb") as file:
        file.seek(max(start - 1, 0))
        if start:
            file.readline()
        at = file.tell()
        while at < end:
            body = file.read(min(BLOCK, end - at))
            body += b"" if body.endswith(b"\n") else file.readline()
            yield Block(path, at, body)
            at = file.tell()


def said(block: Block) -> pl.DataFrame:
    """Return what a block says of claims and systems: ``row`` (from 0), ``subject``, ``key`` and ``value``.

    Subjects are below ``BASE`` and null if they are not named as claims and systems must be; a value that is no IRI is
    null. ``odd`` is the line itself where it is one of these.

    Raises:
        BadFileError: a line is neither a comment nor a statement, with its number.
    """
    if block.body.startswith(b"\xef\xbb\xbf"):
        block.refuse(0, "begins with a byte order mark; save it as UTF-8 without one")
    lines = _split(block.body)
    if lines is None:
        return parts(_strict(block, enumerate(block.body.split(b"\n"))))
    plain = lines["line"].str.contains(_CANONICAL)
    odd = lines.filter(~plain)
    found = lines.filter(lines["line"].str.contains_any(_NAMES) & plain)
    if odd.height:
        found = pl.concat([found, _strict(block, ((row, line.encode()) for row, line in odd.iter_rows()))])
    return parts(found)


def _split(body: bytes) -> pl.DataFrame | None:
    """Return numbered lines, but for empty ones; None if they hold what the splitter has its own opinion of."""
    if b"\x01" in body:
        return None
    try:
        found = pl.read_csv(body, separator="\x01", quote_char=None, has_header=False, schema={"line": pl.String})
    except pl.exceptions.ComputeError:
        return None
    return found.with_row_index("row").drop_nulls()


def _strict(block: Block, lines: Iterable[tuple[int, bytes]]) -> pl.DataFrame:
    """Parse lines strictly, each by itself, as no statement may go on in the next; those that matter keep no row."""
    found: list[str] = []
    for row, line in lines:
        try:
            found += read_statements(block.path, PREDICATES, line)
        except BadFileError as error:
            block.refuse(row, error.reason)
    return unnumbered(found)


def unnumbered(lines: Sequence[str]) -> pl.DataFrame:
    """Return canonical lines without a row."""
    return pl.DataFrame({"line": pl.Series(lines, dtype=pl.String)}).select(_NO_ROW, "line")


def parts(lines: pl.DataFrame) -> pl.DataFrame:
    """Take canonical lines apart and keep those that say something that matters."""
    found = _apart(lines, _PLAIN, pl.lit(None, dtype=pl.String))
    rest = found["key"].is_null()
    if rest.any():
        found = pl.concat([found.filter(~rest), _apart(lines.filter(rest), _ANY, pl.col("line"))])
    of_class = (pl.col("space") == RDF) & (pl.col("key") == "type") & pl.col("value").is_in([SCS + c for c in CLASSES])
    said_of = (pl.col("space") == SCS) & pl.col("key").is_in(_SAYING)
    return found.filter(said_of | of_class).drop("space")


def _apart(lines: pl.DataFrame, pattern: str, odd: pl.Expr) -> pl.DataFrame:
    return lines.select("row", odd.alias("odd"), pl.col("line").str.extract_groups(pattern)).unnest("line")
