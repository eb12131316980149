"""The time of a check grows with the number of records in a file, and not with the square of this number."""

import time
from pathlib import Path
from typing import Final

import pytest

from scs_kg import store
from scs_kg.contribute.check import CheckContext, check, check_context
from scs_kg.contribute.read import read_drafts, reading_context

SMALL: Final = 600
TIMES: Final = 4
"""The second file is this many times as long as the first.

A join of all pairs would take this number squared times as long.
"""
HEADS: Final = {"csv": "system,feature,finding,mode,statement,source,locator\n", "yaml": "sources:\n"}
ROWS: Final = {
    "claims on one feature": "beta,cake,Present,DeJure,Cake is given.,law-{n},rule 1\n",
    "claims made twice": "beta,cake,Present,DeJure,Cake is given.,law-{half},rule {n}\n",
    "claims that contradict each other": "beta,cake,{finding},DeJure,Cake is given.,law-{n},rule 1\n",
    "sources": "- {{id: new-{n}, title: Cake, creator: Cook, kind: Web, verification: Likely, "
    "page: 'https://cake.example/{n}'}}\n",
}


@pytest.fixture(scope="module")
def prepared(shared_world: Path) -> CheckContext:
    """Return the rules of the invented world."""
    return check_context(reading_context(store.load(shared_world)))


def seconds(prepared: CheckContext, path: Path, row: str, count: int) -> float:
    """Return the processor time that the check of a file with a number of rows takes."""
    head = HEADS[path.suffix[1:]]
    rows = (row.format(n=n, half=n // 2, finding=("Present", "Absent")[n % 2]) for n in range(count))
    path.write_text(head + "".join(rows), "utf-8")
    drafts = read_drafts(prepared.reading, [str(path)])
    start = time.process_time()
    report = check(prepared, drafts, "2026-11-25")
    assert sum(report.read.values()) == count
    return time.process_time() - start


@pytest.mark.parametrize("kind", ROWS)
def test_the_time_grows_with_the_number_of_records(kind: str, prepared: CheckContext, tmp_path: Path) -> None:
    path = tmp_path / ("new.yaml" if kind == "sources" else "new.csv")
    first = seconds(prepared, path, ROWS[kind], SMALL)
    assert seconds(prepared, path, ROWS[kind], TIMES * SMALL) < first * TIMES * 2.5
