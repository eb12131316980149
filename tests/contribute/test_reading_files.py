"""A file with a new reading, guideline or criterion can be checked, added, or compared without being added."""

import io
from pathlib import Path

import openpyxl
import pytest
import yaml

from scs_kg import store
from scs_kg.contribute import actions, changeset
from scs_kg.contribute.check import check, check_context
from scs_kg.contribute.read import ReadingContext, read_draft, reading_context
from scs_kg.contribute.read.kinds import TEMPLATES
from scs_kg.contribute.reading_files import is_reading_file, with_reading_file
from scs_kg.contribute.template import TEMPLATE_FORMS, template
from scs_kg.judging.matrix import judge_and_compare
from scs_kg.judging.principles import principle_criteria
from scs_kg.judging.project import guarded, open_guarded, reopen
from scs_kg.judging.readings import choose_reading
from scs_kg.model.errors import BadFileError, UnknownNameError, WrongUseError
from scs_kg.model.matrix import Mark
from scs_kg.model.namespaces import PREFIXES
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset, NamedNode, query_library
from scs_kg.store.dataset import add_triples, asserted_triples

TODAY = "2026-01-01"
PROVISION = {
    "principle": "beauty",
    "criterion": "gentle",
    "locator": "line 1",
    "rationale": "The line asks for beauty, and what is gentle is beautiful to everybody.",
    "basis": "Stated",
    "force": "Plain",
    "role": "Deciding",
}
READING = {
    "id": "example-2000-mine",
    "label": "mine",
    "definition": "Reads one line.",
    "creator": "A. Reader",
    "readsGuideline": "example-2000",
}
GUIDELINE = {
    "id": "own-2005",
    "label": "Own guideline",
    "definition": "A guideline with one line.",
    "issued": "2005-01-01",
    "text": "own-2005",
    "legalNature": "SoftLaw",
    "condition": "open-door",
}
NEW = {
    "sources": [{"id": "own-2005", "title": {"en": "Own"}, "creator": "O.", "kind": "Law", "verification": "Verified"}],
    "features": [{"id": "window", "label": "window", "definition": "There is a window.", "kind": "Safeguard"}],
    "conditions": [{"id": "open-door", "label": "open", "definition": "There is a door.", "present": "door"}],
    "criteria": [
        {
            "id": "door-and-window",
            "label": "Both",
            "definition": "There are both.",
            "polarity": "Upholds",
            "present": ["door", "window"],
            "anyPresent": ["fine", "stocks"],
            "anyAbsent": ["gossip", "ledger"],
        }
    ],
    "guidelines": [GUIDELINE],
    "principles": [{"id": "openness", "label": "openness", "definition": "Open doors."}],
    "readings": [{"id": "own-2005-mine", "label": "mine", "definition": "Reads it."}],
    "provisions": [{**PROVISION, "principle": "openness", "criterion": "door-and-window"}],
}


def written(folder: Path, content: object, name: str = "mine.yaml") -> str:
    """Write YAML to a file in a folder and return its name."""
    path = folder / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return str(path)


@pytest.fixture(scope="module")
def opened(shared_world: Path) -> Dataset:
    """Return the invented world, opened."""
    return open_guarded(shared_world)


@pytest.fixture(scope="module")
def prepared(opened: Dataset) -> ReadingContext:
    """Return the reading context of the invented world."""
    return reading_context(opened)


def test_a_reading_in_a_file_is_compared_without_being_added(opened: Dataset, tmp_path: Path) -> None:
    file = written(tmp_path, {"readings": [READING], "provisions": [PROVISION]})
    before = len(opened.quads)
    dataset, reading = with_reading_file(opened, file)
    matrix = judge_and_compare(dataset, None, reading, Selection())
    assert (opened.additions, dataset.additions) == ((), ("mine.yaml",))
    assert matrix.guideline.id == "example-2000"
    assert matrix.reading.id == "example-2000-mine"
    asked = {cell.principle.rpartition("/")[2] for cell in matrix.cells if cell.mark is not Mark.NOT_ASKED}
    assert asked == {"beauty"}
    assert len(opened.quads) == before


def test_the_label_of_a_reading_in_a_file_says_whose_it_is(opened: Dataset, tmp_path: Path) -> None:
    label = {"en": "mine", "zh-Hans": "我的解读"}
    for author, expected in (("A. Reader", "mine (reading by A. Reader)"), ("", "mine (own reading)")):
        reading = {**READING, "label": label, "creator": author}
        dataset, iri = with_reading_file(opened, written(tmp_path, {"readings": [reading], "provisions": [PROVISION]}))
        labels = {str(t.object) for t in asserted_triples(dataset, iri) if t.predicate.value.endswith("prefLabel")}
        assert f'"{expected}"@en' in labels
        assert len(labels) == 2


@pytest.mark.parametrize("content", [{"readings": [READING], "provisions": [PROVISION]}, NEW], ids=["reading", "all"])
def test_a_reading_that_the_data_has_already_is_compared_as_before(
    content: dict[str, object], opened: Dataset, prepared: ReadingContext, tmp_path: Path
) -> None:
    file = written(tmp_path, content)
    alone, reading = with_reading_file(opened, file)
    holding = reopen(opened)
    triples = store.parse_triples(read_draft(prepared, file).ntriples.encode(), "ntriples")
    add_triples(holding, triples, PREFIXES["graph"] + "data/kept")
    again, iri = with_reading_file(holding, file)
    assert iri == reading
    found = [principle_criteria(dataset, [choose_reading(dataset, None, iri)]) for dataset in (alone, again)]
    assert found[0] == found[1] != ()
    compared = [judge_and_compare(dataset, None, iri, Selection()).cells for dataset in (alone, again)]
    assert compared[0] == compared[1]


def test_a_provision_that_the_file_no_longer_has_does_not_count(
    opened: Dataset, prepared: ReadingContext, tmp_path: Path
) -> None:
    dropped = {**PROVISION, "principle": "kindness"}
    full = written(tmp_path, {"readings": [READING], "provisions": [PROVISION, dropped]})
    holding = reopen(opened)
    triples = store.parse_triples(read_draft(prepared, full).ntriples.encode(), "ntriples")
    add_triples(holding, triples, PREFIXES["graph"] + "data/kept")
    file = written(tmp_path, {"readings": [READING], "provisions": [PROVISION]})
    compared = [
        judge_and_compare(dataset, None, reading, Selection()).cells
        for dataset, reading in (with_reading_file(opened, file), with_reading_file(holding, file))
    ]
    assert compared[0] == compared[1]


def test_a_record_that_the_file_repeats_in_part_keeps_its_other_statements(opened: Dataset, tmp_path: Path) -> None:
    source = {"id": "law-2003", "title": {"en": "Rules"}, "creator": "The ruler", "kind": "OfficialPage"}
    file = written(tmp_path, {"sources": [source], "readings": [READING], "provisions": [PROVISION]})
    iri = PREFIXES["src"] + "law-2003"
    dataset, _ = with_reading_file(opened, file)
    quads = list(dataset.quads.quads_for_pattern(NamedNode(iri), None, None, None))
    assert {quad.triple for quad in quads} == asserted_triples(opened, iri)
    assert len(quads) == len(asserted_triples(opened, iri)) > len(source)


def test_a_file_can_have_a_guideline_with_criteria_and_conditions_of_its_own(opened: Dataset, tmp_path: Path) -> None:
    dataset, reading = with_reading_file(opened, written(tmp_path, NEW))
    by_engine = [judge_and_compare(dataset, None, reading, Selection(engine=e)).cells for e in ("formula", "pyshacl")]
    assert by_engine[0] == by_engine[1]
    assert {cell.principle.rpartition("/")[2] for cell in by_engine[0]} == {"openness"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            {"readings": [READING], "provisions": [{**PROVISION, "criterion": "gentel"}]},
            r"criterion that is defined.*\(did you mean gentle\?",
        ),
        ({"readings": [READING], "provisions": [{**PROVISION, "principle": "beuty"}]}, "without a guideline"),
        ({"readings": [READING], "provisions": [{**PROVISION, "force": "Strong"}]}, "exactly one force"),
        ({"readings": [READING], "provisions": [{**PROVISION, "rationale": "Because."}]}, "rationale"),
        ({"readings": [READING]}, "has no provision"),
        ({"readings": [], "provisions": [PROVISION]}, "reading"),
        ({"sources": NEW["sources"]}, "has no readings"),
    ],
)
def test_a_wrong_reading_is_refused_with_its_line(content: object, says: str, opened: Dataset, tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match=says):
        with_reading_file(opened, written(tmp_path, content))


def test_names_of_files_differ_from_names_of_readings() -> None:
    assert is_reading_file("my-reading.yaml")
    assert is_reading_file("folder/My.XLSX")
    assert not is_reading_file("pipl-2021-full-text")
    assert not is_reading_file("https://w3id.org/scs-kg/reading/pipl-2021-full-text")


def test_a_workbook_has_one_row_for_each_provision(prepared: ReadingContext) -> None:
    content = template(prepared, "xlsx", "reading")
    assert isinstance(content, bytes)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["readings", "provisions", "sources", "values"]
    for name, record in (("readings", READING), ("provisions", PROVISION)):
        columns = [cell.value for cell in book[name][1]]
        book[name].append([record.get(column) for column in columns])
    saved = io.BytesIO()
    book.save(saved)
    as_xlsx = read_draft(prepared, "x.xlsx", content=saved.getvalue())
    lists = yaml.safe_dump({"readings": [READING], "provisions": [PROVISION]}).encode()
    assert as_xlsx.problems == ()
    assert as_xlsx.ntriples == read_draft(prepared, "x.yaml", content=lists).ntriples


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_every_template_can_be_read_and_names_every_field(kind: str, prepared: ReadingContext) -> None:
    for form in TEMPLATE_FORMS[kind]:
        content = template(prepared, form, kind)
        assert content == template(prepared, form, kind)
        if form != "schema":
            given = content if isinstance(content, bytes) else content.encode()
            (problem,) = read_draft(prepared, "x", form, given).problems
            assert problem.rule == "integrity:FileContent"
    text = str(template(prepared, "yaml", kind))
    assert all(f"{field.name}:" in text for record in TEMPLATES[kind] for field in prepared.fields[record])


def test_an_unknown_template_is_refused(prepared: ReadingContext) -> None:
    with pytest.raises(UnknownNameError):
        template(prepared, "yaml", "planet")
    with pytest.raises(WrongUseError, match="yaml or xlsx or turtle"):
        template(prepared, "csv", "system")


def test_added_records_go_to_the_file_of_their_kind(world: Path, tmp_path: Path) -> None:
    project = changeset.open_project(world)
    context = reading_context(project.dataset)
    draft = read_draft(context, written(tmp_path, NEW))
    assert check(check_context(context), [draft], TODAY).conforms
    planned = actions.add(project, draft.ntriples, "tales")
    changeset.write(planned)
    assert {path.relative_to(world).as_posix() for path in planned.new} == {
        "data/sources.ttl",
        "ontology/conditions.ttl",
        "ontology/criteria.ttl",
        "ontology/features/contributed.ttl",
        "ontology/guidelines/own-2005/mine.ttl",
        "ontology/guidelines/own-2005/principles.ttl",
    }
    matrix = judge_and_compare(open_guarded(world), "own-2005", None, Selection())
    assert len(matrix.principles) == 1
    assert actions.add(changeset.open_project(world), draft.ntriples, "tales").new == {}


def test_translations_are_required_in_the_data_of_the_project_only(prepared: ReadingContext, tmp_path: Path) -> None:
    draft = read_draft(prepared, written(tmp_path, {"readings": [READING], "provisions": [PROVISION]}))
    assert check(check_context(prepared), [draft], TODAY).problems == ()


def test_a_folder_can_contain_only_the_added_records(
    monkeypatch: pytest.MonkeyPatch, shared_world: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(store.loading, "default_root", lambda: shared_world)
    folder = tmp_path / "mine"
    folder.mkdir()
    project = changeset.open_project(folder)
    draft = read_draft(reading_context(project.dataset), written(tmp_path, NEW))
    changeset.write(actions.add(project, draft.ntriples, "tales"))
    dataset = guarded(store.load(folder))
    assert dataset.overlay
    assert judge_and_compare(dataset, "own-2005", None, Selection()).principles[0].id == "openness"
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.ttl"))
    assert "ontology/guidelines/own-2005/mine.ttl" in names
    assert "ontology/scs.ttl" not in names
    assert query_library.read_all(folder).keys() == query_library.read_all(shared_world).keys()
    assert query_library.find(folder, "readings").name == "readings"


def test_a_misspelt_name_stays_readable_in_the_generated_id(world: Path) -> None:
    """Earlier, a space was encoded twice: the message named the provision example-2000-mine-grand%2520line-gentle."""
    content = yaml.safe_dump({"readings": [READING], "provisions": [{**PROVISION, "principle": "grand line"}]})
    found = read_draft(reading_context(store.load(world)), "x.yaml", content=content.encode())
    assert "/provision/example-2000-mine-grand-line-gentle>" in found.ntriples
    assert "%25" not in found.ntriples


def test_principles_of_a_new_guideline_can_have_ids_that_other_guidelines_use(opened: Dataset, tmp_path: Path) -> None:
    """Earlier, a shared id was ambiguous ("write one of the ids beauty or beauty"), or meant the other principle."""
    names = ("beauty", "freedom")
    principles = [{"id": name, "label": name, "definition": "Is own."} for name in names]
    provisions = [{**PROVISION, "principle": name} for name in names]
    content = {**NEW, "principles": principles, "provisions": provisions}
    dataset, reading = with_reading_file(opened, written(tmp_path, content))
    matrix = judge_and_compare(dataset, None, reading, Selection())
    found = [one.iri.rpartition("/guideline/")[2] for one in matrix.principles]
    assert found == ["own-2005/beauty", "own-2005/freedom"]
    assert all(cell.mark is not Mark.NOT_ASKED for cell in matrix.cells)


def test_a_misspelt_principle_of_the_file_is_suggested(prepared: ReadingContext, tmp_path: Path) -> None:
    content = {**NEW, "provisions": [{**PROVISION, "principle": "opennes"}]}
    draft = read_draft(prepared, written(tmp_path, content))
    found = [
        one.near for one in check(check_context(prepared), [draft], TODAY).violations if "principle" in one.message
    ]
    assert ("openness",) in found


def test_a_tab_in_yaml_is_named(prepared: ReadingContext) -> None:
    """Earlier, the message was "found character that cannot start any token"."""
    (problem,) = read_draft(prepared, "x.yaml", content=b"readings:\n\t- id: mine\n").problems
    assert "tab character; indent with spaces" in problem.message
    assert problem.line == 2


def test_a_provision_of_a_file_with_two_readings_names_its_reading(prepared: ReadingContext) -> None:
    """Earlier, the message said that a provision "needs an id", although something else is missing."""
    content = {"readings": [READING, {**READING, "id": "other"}], "provisions": [PROVISION]}
    found = read_draft(prepared, "x.yaml", content=yaml.safe_dump(content).encode()).problems
    assert any("'inReading' unless the file has exactly one reading" in problem.message for problem in found)
