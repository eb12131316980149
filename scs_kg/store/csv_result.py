"""Writes the rows of a query as CSV (SPARQL 1.1 Query Results CSV and TSV Formats, section 3; RFC 4180)."""

import csv
from typing import IO

from scs_kg.store.terms import BlankNode, QuerySolutions, Term, text


class _Encoded:
    """A text file for the CSV writer, which writes to a binary file."""

    def __init__(self, output: IO[bytes]) -> None:
        self.output = output

    def write(self, part: str) -> int:
        return self.output.write(part.encode())


def write_csv(answer: QuerySolutions, output: IO[bytes]) -> None:
    """Write a header of variables and a line for each row; an unbound variable gives an empty cell.

    The writer of pyoxigraph 0.5 quotes literals but not IRIs, so an IRI with a comma would become two cells.

    Raises:
        RuntimeError: the query fails during evaluation.
    """
    writer = csv.writer(_Encoded(output), lineterminator="\r\n")
    writer.writerow(variable.value for variable in answer.variables)
    for row in answer:
        writer.writerow("" if term is None else _cell(term) for term in row)


def _cell(term: Term) -> str:
    return f"_:{term.value}" if isinstance(term, BlankNode) else text(term)
