"""Cells in the forms in which they are cited and exported, one by one for a server, and packed for the static site."""

import base64
import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scs_kg import nanopub
from scs_kg.explain import Explanation
from scs_kg.site.cite import of_cell
from scs_kg.store import Dataset

FORMS: Final = (("bib", "bib"), ("csl", "csl.json"), ("trig", "trig"), ("ttl", "ttl"))
"""Each form by its name among the words of the pages, with the ending of its files."""


def compact(value: Any) -> str:
    """Return JSON as short as it can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def forms(dataset: Dataset, found: Explanation) -> Mapping[str, str]:
    """Return a cell of a judged dataset in each of the forms, by the ending of its file."""
    reference, trig = of_cell(found), nanopub.of_cell(dataset, found.matrix, found.cell)
    return {
        "bib": reference.bibtex,
        "csl.json": compact(reference.csl),
        "trig": trig,
        "ttl": nanopub.in_one_graph(trig),
    }


@dataclass(frozen=True, slots=True)
class Pack:
    """The forms of many cells as one script: each block of text once, and for each file the numbers of its blocks.

    Cells share most of their blocks, so that some 3000 of them fit into half a megabyte. Turtle is left out: it is the
    TriG without the lines that open and close graphs.
    """

    blocks: dict[str, int] = field(default_factory=dict)
    cells: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, name: str, written: Mapping[str, str]) -> None:
        """Take up the forms of a cell under a name that no other has."""
        self.cells[name] = {
            ending: [self.blocks.setdefault(block, len(self.blocks)) for block in _blocks(text)]
            for ending, text in written.items()
            if ending != "ttl"
        }

    def script(self) -> str:
        """Return the pack as a script that any page can load, from a folder too; the same for the same cells."""
        content = compact({"blocks": list(self.blocks), "cells": self.cells})
        packed = gzip.compress(content.encode(), mtime=0)
        return f'const CELLS = "{base64.b64encode(packed).decode()}";\n'


def _blocks(text: str) -> list[str]:
    """Part a text after each statement of TriG, and after each line that opens a graph."""
    return re.split(r"(?<= \.\n)|(?<=\{\n)", text)
