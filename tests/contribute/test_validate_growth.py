"""The work of a validation grows with the number of systems, not with its square; it builds no graph of verdicts.

Earlier, the validation of a folder with 10,000 added systems took three minutes.
"""

from functools import partial
from pathlib import Path
from typing import Final

import pytest

from scs_kg import store
from scs_kg.contribute.validate import validate
from scs_kg.model.namespaces import PREFIXES
from tests.support.work import executed_lines

HEAD: Final = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in PREFIXES)
SYSTEM: Final = """
sys:own-{n} a scs:SocialCreditSystem ;
  skos:prefLabel "Own {n}"@en ;
  skos:definition "An invented system with the number {n}."@en ;
  scs:kind scs:Local ;
  dcterms:source src:book-2001 ;
  scs:operatesIn region:town .
"""
CLAIM: Final = """
claim:own-{n}-{name} a scs:Claim ;
  scs:about sys:own-{n} ;
  scs:feature feat:stocks ;
  scs:finding scs:{finding} ;
  scs:mode scs:DeFacto ;
  scs:statement "A traveller saw the square of town number {n}, and reports: {finding}."@en ;
  scs:source src:book-2001 ;
  scs:locator "p. {n}" ;
  scs:asOf "2001"^^xsd:gYear ;
  scs:confidence scs:High .
"""
SMALL: Final = 10


def overlay(folder: Path, count: int, system: str = SYSTEM) -> Path:
    """Write a folder with a number of systems, each with two claims that contradict each other, and return it."""
    findings = ("Present", "Absent")
    claims = (CLAIM.format(n=n, name=finding.lower(), finding=finding) for n in range(count) for finding in findings)
    for name, records in (("places", (system.format(n=n) for n in range(count))), ("tales/own", claims)):
        path = folder / "data" / f"{name}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + "".join(records), "utf-8")
    return folder


@pytest.fixture(autouse=True)
def _shipped(monkeypatch: pytest.MonkeyPatch, shared_world: Path) -> None:
    """Replace the data of the package, to which a folder adds, by the invented world."""
    monkeypatch.setattr(store.loading, "default_root", lambda: shared_world)


@pytest.mark.parametrize(
    ("system", "severity"),
    [(SYSTEM, "Info"), (SYSTEM.replace("skos:definition", "skos:altLabel"), "Violation")],
    ids=["valid", "without a definition"],
)
def test_the_work_grows_with_the_number_of_systems(system: str, severity: str, tmp_path: Path) -> None:
    work: list[int] = []
    for times in (1, 2, 4, 8):  # the first validation also fills the caches
        folder = overlay(tmp_path / str(times), times * SMALL, system)
        report, lines = executed_lines(partial(validate, folder))
        assert (
            len([problem for problem in report.of(severity) if problem.file.startswith(str(folder))]) == times * SMALL
        )
        work.append(lines)
    assert work[3] - work[2] < (work[2] - work[1]) * 2.2


def test_a_validation_publishes_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Earlier, verdicts and cells were nine tenths of the triples, although no requirement is about them."""
    published: list[object] = []
    for name in ("publish", "publish_cells"):
        monkeypatch.setattr(f"scs_kg.judging.project.{name}", lambda *given: published.append(given))
    assert validate(overlay(tmp_path, 1)).conforms
    assert published == []
