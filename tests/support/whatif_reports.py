"""Reports of what-if analyses on the real data, in the formats of golden files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scs_kg import store
from scs_kg.analysis.whatif import WhatIf, whatif
from scs_kg.analysis.workspace import Workspace, open_workspace
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.render.impact import whatif_json, whatif_text
from scs_kg.store import Dataset
from tests.conftest import FIXTURE_FOLDER

CASES: Final = tuple(sorted((FIXTURE_FOLDER / "whatif").glob("*.ttl")))
FORMATS: Final = ("txt", "md", "json")


def field_workspace(dataset: Dataset) -> Workspace:
    """Return the workspace of all real claims under one guideline."""
    return open_workspace(dataset, read_principle_criteria(dataset, "china-2019"))


def ntriples(turtle: Path) -> str:
    """Return a Turtle file as N-Triples."""
    return "".join(f"{triple} .\n" for triple in store.parse_triples(turtle.read_bytes(), "turtle"))


def report(found: WhatIf, form: str) -> str:
    """Return a report in the format of a golden file."""
    return whatif_json(found) if form == "json" else whatif_text(found, {"txt": "text", "md": "markdown"}[form])


def field_reports(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each golden report on the real data."""
    workspace = field_workspace(dataset)
    for case in CASES:
        if case.stem.startswith("field."):
            found = whatif(workspace, ntriples(case))
            yield from ((f"{case.stem}.{form}", report(found, form)) for form in FORMATS)
