"""The files of the tutorials on a new guideline and a new system give the marks that the tutorials show."""

import re
import textwrap
from pathlib import Path

import pytest

from scs_kg.contribute import actions, changeset
from scs_kg.contribute.check import check, check_context
from scs_kg.contribute.read import read_draft, reading_context
from scs_kg.contribute.reading_files import with_reading_file
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.matrix import compare_judged
from scs_kg.judging.principles import principle_criteria
from scs_kg.judging.project import guarded, reopen
from scs_kg.judging.readings import choose_reading
from scs_kg.model.matrix import Mark
from scs_kg.model.namespaces import local_id
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import Outcome
from scs_kg.store import Dataset, load
from tests.conftest import ROOT
from tests.support.counting import counted_by_hand

FILE = re.compile(r"<!-- file: \S+/(\S+) -->\n```yaml\n(.*?)```", re.DOTALL)

FILE_OF_CLAIMS = re.compile(
    r"^ *<!-- file: \S+ -->\n *```yaml\n((?:(?! *```).*\n)*? *claims:\n(?:(?! *```).*\n)*)", re.MULTILINE
)


def files(tutorial: str, folder: Path) -> list[str]:
    """Write the files of a tutorial to a folder and return their names."""
    found = FILE.findall((ROOT / "docs" / "tutorials" / f"{tutorial}.md").read_text("utf-8"))
    for name, text in found:
        (folder / name).write_text(text, "utf-8")
    return [str(folder / name) for name, _ in found]


def test_no_claim_of_a_guide_gets_a_warning(opened: Dataset) -> None:
    context = reading_context(opened)
    rules = check_context(context)
    guides = [path for path in (ROOT / "docs").rglob("*.md") if FILE_OF_CLAIMS.search(path.read_text("utf-8"))]
    assert len(guides) > 1
    for guide in guides:
        for text in FILE_OF_CLAIMS.findall(guide.read_text("utf-8")):
            draft = read_draft(context, f"{guide.stem}.yaml", content=textwrap.dedent(text).encode())
            report = check(rules, [draft], "2026-11-30")
            assert report.of("Violation", "Warning") == (), guide


@pytest.mark.slow(seconds=15)
def test_the_convention_on_ai_is_judged_as_its_provisions_say(field: Dataset, tmp_path: Path) -> None:
    (file,) = files("your-own-guideline", tmp_path)
    dataset, reading = with_reading_file(reopen(field), file)
    choice = choose_reading(dataset, None, reading)
    judged = judge_selection(dataset, Selection())
    matrix, principles = compare_judged(judged, choice), principle_criteria(dataset, [choice])
    by_iri = {one.principle.iri: one for one in principles}
    assert [len(one.provisions) for one in principles] == [1, 2, 1, 1]
    assert matrix.applicability
    assert matrix.applicability.elsewhere == matrix.applicability.of == len(matrix.systems)
    for cell in matrix.cells:
        outcomes = {t: v.outcome for t, v in judged.state.system_states[cell.system].by_test.items()}
        assert cell.mark is counted_by_hand(by_iri[cell.principle], outcomes)
    marks = {cell.mark for cell in matrix.cells}
    assert {Mark.MET, Mark.PARTLY_MET, Mark.NOT_KNOWN, Mark.INAPPLICABLE} <= marks
    for state in judged.state.system_states.values():
        outcome = {local_id(one.criterion): one.outcome for one in state.verdicts}
        if Outcome.PASSED in {outcome["complaint-to-an-authority"], outcome["decisions-can-be-contested"]}:
            assert outcome["some-remedy"] is Outcome.PASSED


@pytest.mark.slow(seconds=15)
def test_a_system_of_another_country_is_judged_by_its_claims(tmp_path: Path) -> None:
    folder = tmp_path / "netherlands"
    folder.mkdir()
    system, criterion = files("your-own-system", tmp_path)
    project = changeset.open_project(folder)
    context = reading_context(project.dataset)
    drafts = [read_draft(context, file) for file in (system, criterion)]
    assert check(check_context(context), drafts, "2026-11-30").violations == ()
    changeset.write(actions.add(project, drafts[0].ntriples))
    dataset = guarded(load(folder))
    judged = judge_selection(dataset, Selection(systems=("syri",)))
    marks = {
        local_id(cell.principle): cell.mark
        for cell in compare_judged(judged, choose_reading(dataset, "gdpr-2016", None)).cells
    }
    assert marks["article-6"] is Mark.PARTLY_MET
    assert marks["article-35"] is Mark.NOT_KNOWN
