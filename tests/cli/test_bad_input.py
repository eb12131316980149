"""Each kind of bad input gives one line with position and reason, never a traceback or a wrong matrix."""

import json
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final

import pytest

from scs_kg.judging.project import open_judged
from scs_kg.model.errors import ScsError
from tests.support.commands import Ran, run

Change = Callable[[Path], object]

ALPHA: Final = "data/tales/alpha.ttl"
PLACES: Final = "data/places.ttl"
CRITERIA: Final = "ontology/criteria.ttl"
FEATURES: Final = "ontology/features.ttl"
PLAIN: Final = "ontology/guidelines/example-2000/plain.ttl"
PRINCIPLES: Final = "ontology/guidelines/example-2000/principles.ttl"
RECORDS: Final = "ontology/integrity/records.ttl"
APPLICABILITY: Final = "queries/applicability.rq"
MATRIX: Final = "queries/matrix.rq"
PROVISIONS: Final = "queries/provisions.rq"
SYSTEMS: Final = "queries/systems.rq"
NO_STOCKS: Final = "sh:property [ sh:path scs:hasFeature ; sh:hasValue feat:stocks ]"
WAY_OUT: Final = (
    "sh:or ( [ sh:path scs:hasFeature ; sh:hasValue feat:appeal ] [ sh:path scs:hasFeature ; sh:hasValue feat:door ] )"
)


def refusal(*args: str, status: int = 1) -> str:
    """Run a command that must fail, and return its error message, which must be one line."""
    ran = run(*args)
    said = ran.stderr.decode()
    assert "Traceback" not in said
    assert ran.returncode == status, said
    assert ran.stdout == b""
    assert said.startswith("scs-kg: ")
    assert len(said.splitlines()) == 1
    return said.removeprefix("scs-kg: ").rstrip("\n")


def alters(file: str, old: str, new: str) -> Change:
    """Return a function that replaces a text in a file of the project folder ``world``; the file must contain it."""

    def change(world: Path) -> None:
        text = (world / file).read_text("utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (world / file).write_text(text.replace(old, new, 1), "utf-8")

    return change


def adds(file: str, content: str | bytes) -> Change:
    """Return a function that appends to a file of the project folder ``world``, or creates the file."""

    def change(world: Path) -> None:
        with (world / file).open("ab") as opened:
            opened.write(content if isinstance(content, bytes) else content.encode())

    return change


def loses(path: str) -> Change:
    """Return a function that removes a file or a folder of the project folder ``world``."""
    return lambda world: shutil.rmtree(world / path) if (world / path).is_dir() else (world / path).unlink()


def makes(folder: str) -> Change:
    """Return a function that creates an empty folder in the project folder ``world``."""
    return lambda world: (world / folder).mkdir(parents=True)


def both(first: Change, second: Change) -> Change:
    """Return a function that makes both changes in order."""
    return lambda world: (first(world), second(world))


def becomes(file: str, content: str | bytes) -> Change:
    """Return a function that replaces a whole file of the project folder ``world``."""
    return both(loses(file), adds(file, content))


def line_of(path: Path, mark: str) -> int:
    """Return the number of the first line of a file that contains a text."""
    lines = path.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if mark in line)


@dataclass(frozen=True, slots=True)
class Broken:
    """A function that damages the project folder, the file and the text of the wrong line, and the expected message."""

    name: str
    change: Change
    file: str
    mark: str | None
    says: str
    status: int = 1

    def place(self, world: Path) -> str:
        """Return the position with which the message must begin."""
        path = world / self.file
        return f"{path}:{line_of(path, self.mark)}: " if self.mark else f"{path}: "


HIERARCHY: Final = "is broader than itself (a cycle): remove one skos:broader"
READ_BY_A_RULE: Final = (
    Broken("not-turtle", alters(ALPHA, "a scs:Claim", "is a scs:Claim"), ALPHA, "is a scs:Claim", "is not Turtle"),
    Broken(
        "unknown-prefix",
        alters(ALPHA, "about sys:alpha", "about syss:alpha"),
        ALPHA,
        "syss:alpha",
        "The prefix syss: has not been declared",
    ),
    Broken(
        "date-of-another-type",
        alters(ALPHA, '"2001"^^xsd:gYear', '"soon"'),
        ALPHA,
        '"soon"',
        "claim:alpha-cake-book-2001: has an invalid date: give one day, month or year",
    ),
    Broken(
        "date-that-is-none",
        alters(ALPHA, '"2001"^^xsd:gYear', '"2001-02-30"^^xsd:date'),
        ALPHA,
        "2001-02-30",
        "(found: scs:asOf 2001-02-30)",
    ),
    Broken(
        "date-with-a-zone",
        alters(ALPHA, '"2001"^^xsd:gYear', '"2001-12-30Z"^^xsd:date'),
        ALPHA,
        "2001-12-30Z",
        "claim:alpha-cake-book-2001: has an invalid date",
    ),
    Broken(
        "applicability-that-is-nowhere",
        alters(CRITERIA, "scs:appliesIf crit:explained-applicability", "scs:appliesIf crit:nowhere"),
        CRITERIA,
        "crit:nowhere",
        "(found: scs:appliesIf crit:nowhere)",
    ),
    Broken(
        "unknown-finding",
        alters(ALPHA, "scs:Present", "scs:Prsent"),
        ALPHA,
        "scs:Prsent",
        "needs exactly one finding: scs:Present, scs:Absent or scs:NotReported (found: scs:finding scs:Prsent)",
    ),
    Broken("finding-as-text", alters(ALPHA, "scs:Present", '"Present"'), ALPHA, '"Present"', "exactly one finding"),
    Broken(
        "no-locator",
        alters(ALPHA, '  scs:locator "p. 4" ;\n', ""),
        ALPHA,
        "claim:alpha-punishment-book-2001 a",
        "needs exactly one locator: say where in the source the statement is",
    ),
    Broken(
        "unknown-system",
        alters(ALPHA, "about sys:alpha", "about sys:alpah"),
        ALPHA,
        "sys:alpah",
        "needs exactly one system that is described in data/systems.ttl: check the name",
    ),
    Broken(
        "unknown-feature",
        alters(ALPHA, "feat:cake", "feat:caek"),
        ALPHA,
        "feat:caek",
        "needs exactly one feature that is defined in ontology/features/: check the name",
    ),
    Broken(
        "two-systems",
        alters(ALPHA, "about sys:alpha", "about sys:alpha , sys:beta"),
        ALPHA,
        "sys:beta",
        "needs exactly one system",
    ),
    Broken(
        "claim-without-a-name",
        alters(ALPHA, "claim:alpha-cake-book-2001 a", "[] a"),
        ALPHA,
        "[] a",
        "a blank node: is not a well-formed claim: it needs",
    ),
    Broken(
        "half-a-number",
        alters(ALPHA, '  scs:unit "cakes a day"@en ;\n', ""),
        ALPHA,
        "claim:alpha-cake-book-2001 a",
        "has incomplete numbers: give minimum, maximum and unit together, or none of them",
    ),
    Broken(
        "derived-fact-by-hand",
        adds(PLACES, "\nsys:alpha scs:hasFeature <https://w3id.org/scs-kg/feature/stocks> .\n"),
        PLACES,
        "scs:hasFeature",
        "only the properties that a system may have",
    ),
    Broken(
        "system-without-a-label",
        alters(PLACES, '  skos:prefLabel "Alpha"@en , "甲"@zh-Hans ;\n', ""),
        PLACES,
        "sys:alpha a",
        "needs exactly one label in English",
    ),
    Broken("circle", adds(FEATURES, "\nfeat:gift skos:broader feat:cake .\n"), FEATURES, "feat:gift a", HIERARCHY),
    Broken(
        "circle-of-one",
        adds(FEATURES, "\nfeat:door skos:broader feat:door .\n"),
        FEATURES,
        "feat:door a",
        HIERARCHY,
    ),
    Broken(
        "provision-for-an-unknown-criterion",
        alters(PLAIN, "criterion crit:gentle", "criterion crit:gnetle"),
        PLAIN,
        "crit:gnetle",
        "needs exactly one criterion that is defined: check the name",
    ),
    Broken(
        "two-polarities",
        alters(CRITERIA, "scs:Violates", "scs:Violates , scs:Upholds"),
        CRITERIA,
        "scs:polarity scs:Violates , scs:Upholds",
        "needs exactly one polarity: scs:Violates or scs:Upholds",
    ),
    Broken(
        "no-polarity",
        alters(CRITERIA, "  scs:polarity scs:Violates ;\n", ""),
        CRITERIA,
        "crit:no-stocks a",
        "needs exactly one polarity: scs:Violates or scs:Upholds",
    ),
    Broken(
        "negation",
        alters(CRITERIA, NO_STOCKS, f"{NO_STOCKS} ; sh:not [ {NO_STOCKS} ]"),
        CRITERIA,
        "crit:no-stocks a",
        "crit:no-stocks: is not monotone: a criterion may only use sh:property",
    ),
    Broken(
        "upper-limit",
        alters(CRITERIA, "sh:hasValue feat:stocks", "sh:hasValue feat:stocks ; sh:maxCount 1"),
        CRITERIA,
        "crit:no-stocks a",
        "crit:no-stocks: is not monotone: a criterion may only use sh:property",
    ),
    Broken(
        "test-of-an-undefined-feature",
        alters(CRITERIA, "sh:hasValue feat:stocks", "sh:hasValue feat:sotcks"),
        CRITERIA,
        "crit:no-stocks a",
        "and only defined features: check the names (found: feat:sotcks)",
    ),
    Broken(
        "node-that-is-undefined",
        alters(CRITERIA, "sh:node crit:appealable", "sh:node crit:undefined"),
        CRITERIA,
        "crit:explained a",
        "must test at least one feature",
    ),
)
READ_BY_THE_JUDGE: Final = (
    Broken(
        "term-that-shacl-does-not-define",
        alters(CRITERIA, "sh:hasValue feat:stocks", "sh:hasValue feat:stocks ; sh:hasVlaue feat:fine"),
        CRITERIA,
        "crit:no-stocks a",
        "sh:hasVlaue cannot be used in this place",
    ),
    Broken("empty-choice", alters(CRITERIA, WAY_OUT, "sh:or ()"), CRITERIA, "crit:way-out a", "must test at least one"),
    Broken(
        "empty-choice-beside-a-test",
        alters(CRITERIA, "sh:node crit:appealable", "sh:node crit:appealable ; sh:or ()"),
        CRITERIA,
        "crit:explained a",
        "it contains an empty list",
    ),
    Broken(
        "shape-in-a-circle",
        adds(CRITERIA, "\ncrit:appealable sh:node crit:lenient .\n\ncrit:lenient sh:node crit:appealable .\n"),
        CRITERIA,
        "crit:explained a",
        "crit:appealable refers to itself",
    ),
    Broken(
        "shape-nested-too-deep",
        adds(
            CRITERIA,
            "\ncrit:no-stocks sh:node crit:s-0 .\n"
            + "".join(f"crit:s-{n} sh:node crit:s-{n + 1} .\n" for n in range(2000))
            + "crit:s-2000 sh:node crit:appealable .\n",
        ),
        CRITERIA,
        "crit:no-stocks a",
        "nested deeper than 100 levels",
    ),
    Broken(
        "more-than-there-are",
        alters(CRITERIA, "sh:qualifiedMinCount 2", "sh:qualifiedMinCount 4"),
        CRITERIA,
        "crit:not-nosy a",
        "it requires 4 of 3 features",
    ),
    Broken(
        "at-least-none",
        alters(CRITERIA, "sh:qualifiedMinCount 2", "sh:qualifiedMinCount 0"),
        CRITERIA,
        "crit:not-nosy a",
        "it requires 0 of 3 features",
    ),
    Broken(
        "count-that-is-no-number",
        alters(CRITERIA, "sh:qualifiedMinCount 2", 'sh:qualifiedMinCount "²"'),
        CRITERIA,
        "crit:not-nosy a",
        "sh:qualifiedMinCount",
    ),
    Broken(
        "path-that-is-no-link",
        alters(CRITERIA, "sh:path scs:hasFeature ; sh:hasValue feat:stocks", 'sh:path "x" ; sh:hasValue feat:stocks'),
        CRITERIA,
        "crit:no-stocks a",
        "sh:path must be scs:hasFeature or scs:lacksFeature",
    ),
)
UNREADABLE: Final = (
    Broken(
        "no-data", loses("data"), "data", None, "contains no Turtle file; give the project folder with --root", status=2
    ),
    Broken(
        "empty-data",
        both(loses("data"), makes("data")),
        "data",
        None,
        "contains no Turtle file; give the project folder with --root",
        status=2,
    ),
    Broken(
        "no-ontology", loses("ontology"), "ontology", None, "contains no Turtle file; give the project folder", status=2
    ),
    Broken(
        "empty-folder",
        both(loses("."), makes(".")),
        "ontology",
        None,
        "contains no Turtle file; give the project folder with --root",
        status=2,
    ),
    Broken(
        "no-queries",
        loses("queries"),
        "queries",
        None,
        "contains no query; give the project folder with --root",
        status=2,
    ),
    Broken(
        "folder-in-place-of-a-file",
        makes("data/x.ttl"),
        "data/x.ttl",
        None,
        "cannot be read: Is a directory",
    ),
    Broken(
        "link-to-nowhere",
        lambda world: (world / "data" / "x.ttl").symlink_to("nowhere"),
        "data/x.ttl",
        None,
        "cannot be read: No such file",
    ),
    Broken(
        "link-to-a-folder",
        lambda world: (world / "data" / "more").symlink_to(world / "queries"),
        "data/more",
        None,
        "is a symbolic link to a folder",
    ),
    Broken("pipe", lambda world: os.mkfifo(world / "data" / "x.ttl"), "data/x.ttl", None, "is not a regular file"),
    Broken(
        "file-without-end",
        lambda world: (world / "data" / "x.ttl").symlink_to("/dev/zero"),
        "data/x.ttl",
        None,
        "is not a regular file",
    ),
    Broken("triples", adds("data/x.nt", "<urn:a> <urn:b> 1 .\n"), "data/x.nt", None, "in a format that is not loaded"),
    Broken("capitals", adds("data/x.TTL", "<urn:a> <urn:b> 1 .\n"), "data/x.TTL", None, "must have the suffix .ttl"),
    Broken(
        "triple-term",
        adds("data/x.ttl", "<urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> .\n"),
        "data/x.ttl",
        None,
        "RDF 1.2",
    ),
    Broken(
        "reified-triple", adds("data/x.ttl", "<< <urn:a> <urn:b> 1 >> <urn:b> 1 .\n"), "data/x.ttl", None, "RDF 1.2"
    ),
    Broken("direction", adds("data/x.ttl", '<urn:a> <urn:b> "c"@en--ltr .\n'), "data/x.ttl", None, "RDF 1.2"),
    Broken("empty-file", adds("data/x.ttl", ""), "data/x.ttl", None, "contains no triples"),
    Broken("comments", adds("data/x.ttl", "@prefix a: <urn:a> .\n# b\n"), "data/x.ttl", None, "contains no triples"),
    Broken(
        "latin-1-in-a-text",
        adds("data/x.ttl", '<urn:a> <urn:b> "é" .'.encode("latin-1")),
        "data/x.ttl:1",
        None,
        "UTF-8",
    ),
    Broken("latin-1-in-a-comment", adds("data/x.ttl", "# é\n".encode("latin-1")), "data/x.ttl:1", None, "UTF-8"),
    Broken("utf-16", adds("data/x.ttl", "@prefix a: <urn:a> .\n".encode("utf-16")), "data/x.ttl:1", None, "UTF-8"),
    Broken(
        "byte-order-mark",
        adds("data/x.ttl", "@prefix a: <urn:a> .\n".encode("utf-8-sig")),
        "data/x.ttl:1",
        None,
        "byte order mark",
    ),
    Broken("bytes", adds("data/x.ttl", b"\0\1\2"), "data/x.ttl:1", None, "is not Turtle"),
    Broken(
        "query-without-a-header",
        becomes(APPLICABILITY, "SELECT * {}\n"),
        f"{APPLICABILITY}:1",
        None,
        "start the file with '# title:' and",
    ),
    Broken(
        "query-that-is-not-utf-8",
        becomes(APPLICABILITY, "# title: é\n# question: é\n".encode("latin-1")),
        APPLICABILITY,
        None,
        "cannot be read",
    ),
    Broken(
        "query-that-is-malformed",
        becomes(SYSTEMS, "# title: x\n# question: x\nSELEC * {}\n"),
        f"{SYSTEMS}:3",
        None,
        "cannot be answered",
    ),
    Broken(
        "query-without-its-parameter",
        becomes(APPLICABILITY, "# title: x\n# question: x\nSELECT * {}\n"),
        APPLICABILITY,
        None,
        "guideline",
    ),
    Broken("query-of-another-kind", becomes(SYSTEMS, "# title: x\n# question: x\nASK {}\n"), SYSTEMS, None, "SELECT"),
    Broken(
        "query-of-other-columns",
        becomes(SYSTEMS, "# title: x\n# question: x\nSELECT ?x { ?x ?y ?z }\n"),
        SYSTEMS,
        None,
        "system",
    ),
)


@pytest.mark.parametrize("closed", ["ontology", "data/tales", "queries", "."])
def test_an_unreadable_folder_is_named(closed: str, world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world)
    nobody, me = 65534, os.geteuid()
    (world / closed).chmod(0)
    try:
        if me == 0:
            os.seteuid(nobody)
        with pytest.raises(ScsError, match=closed if closed != "." else "ontology"):
            open_judged(Path())
    finally:
        os.seteuid(me)
        (world / closed).chmod(0o755)


@pytest.mark.parametrize("broken", [*READ_BY_A_RULE, *READ_BY_THE_JUDGE, *UNREADABLE], ids=attrgetter("name"))
def test_no_matrix_is_made_from_a_broken_world(broken: Broken, world: Path) -> None:
    broken.change(world)
    said = refusal("compare", "--root", str(world), status=broken.status)
    expected = broken.place(world)
    assert said.startswith(expected) or said.startswith(expected.removeprefix(f"{world}/"))
    assert broken.says in said


@pytest.mark.parametrize("name", ["unknown-prefix", "no-locator"])
@pytest.mark.parametrize(
    "command",
    [
        ("explain", "gamma", "kindness"),
        ("query", "claims"),
        ("export",),
        ("export", "--inferred"),
        ("compare", "--published", "--format", "json"),
    ],
    ids=" ".join,
)
def test_no_command_works_on_a_broken_world(name: str, command: tuple[str, ...], world: Path) -> None:
    broken = next(broken for broken in READ_BY_A_RULE if broken.name == name)
    broken.change(world)
    said = refusal(*command, "--root", str(world))
    assert said.startswith(broken.place(world))
    assert broken.says in said


@pytest.mark.parametrize("broken", READ_BY_A_RULE, ids=attrgetter("name"))
@pytest.mark.slow
def test_validate_names_the_place_that_other_commands_name(broken: Broken, world: Path) -> None:
    broken.change(world)
    ran = run("validate", "--root", str(world))
    assert (ran.returncode, ran.stderr) == (1, b"")
    found = [line for line in ran.stdout.decode().splitlines() if line.startswith(broken.place(world))]
    assert any(broken.says in line for line in found), ran.stdout.decode()


def test_a_rule_that_its_engine_refuses_is_named_with_its_folder(world: Path) -> None:
    alters(RECORDS, '"^https?://"', '"^https?://("')(world)
    assert "ontology/integrity" in refusal("compare", "--root", str(world))


@pytest.mark.parametrize("lost", ["ontology/integrity", "ontology/style.ttl"])
def test_data_is_not_checked_with_an_incomplete_set_of_rules(lost: str, world: Path) -> None:
    loses(lost)(world)
    said = refusal("compare", "--root", str(world))
    assert f"no rule in {lost.removesuffix('.ttl')}" in said.removeprefix(f"{world}: ")


def cells(ran: Ran) -> list[tuple[str, str, str, int]]:
    """Return the cells of a comparison in JSON."""
    found = json.loads(ran.stdout)["cells"]
    return [(cell["system"], cell["principle"], cell["outcome"], cell["of"]) for cell in found]


VERDICT: Final = """
<https://w3id.org/scs-kg/verdict/forged> a <http://www.w3.org/ns/earl#Assertion> ;
  <http://www.w3.org/ns/earl#test> <https://w3id.org/scs-kg/criterion/no-stocks> ;
  <http://www.w3.org/ns/earl#subject> sys:alpha ;
  <http://www.w3.org/ns/earl#result> [ <http://www.w3.org/ns/earl#outcome> <http://www.w3.org/ns/earl#failed> ] .
"""
DAMAGED: Final = {
    "system-with-a-chinese-label-only": alters(PLACES, '"Alpha"@en , ', ""),
    "system-with-two-kinds-of-english": alters(PLACES, '"Alpha"@en , ', '"Alpha"@en , "Alfa"@en-GB , '),
    "principle-without-an-english-label": alters(PRINCIPLES, '"kindness"@en , ', ""),
    "principle-without-a-definition": alters(PRINCIPLES, '  skos:definition "Systems should be kind."@en ;\n', ""),
    "principle-without-a-number": alters(PRINCIPLES, "number 1", "position 1"),
    "principle-with-two-english-labels": alters(PRINCIPLES, '"kindness"@en', '"kindness"@en , "mercy"@en'),
    "verdict-written-by-hand": adds(ALPHA, VERDICT),
    "criterion-without-a-label": alters(CRITERIA, '"No stocks"@en , ', ""),
}


@pytest.mark.parametrize("change", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_matrix_of_a_damaged_world_is_refused_or_complete(change: Change, world: Path, shared_world: Path) -> None:
    whole = cells(run("compare", "--format", "json", "--root", str(shared_world)))
    assert len(whole) == 9
    change(world)
    ran = run("compare", "--format", "json", "--root", str(world))
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == 1 or cells(ran) == whole


@pytest.mark.parametrize(
    "change",
    [
        alters(FEATURES, '"stocks"@en , ', ""),
        alters(FEATURES, '  skos:definition "A punishment in the market place."@en ;\n', ""),
        alters(
            FEATURES,
            "  skos:broader feat:punishment ;\n  skos:inScheme <https://w3id.org/scs-kg/features> .\n\nfeat:redress",
            "  skos:broader feat:punishment .\n\nfeat:redress",
        ),
        DAMAGED["criterion-without-a-label"],
        alters(CRITERIA, '  skos:definition "Nobody is put in the stocks."@en ;\n', ""),
        alters(PLAIN, '"plainly"@en , ', ""),
    ],
    ids=["feature-label", "feature-definition", "feature-scheme", "criterion-label", "criterion-definition", "reading"],
)
def test_an_explanation_of_a_damaged_world_is_refused_or_complete(change: Change, world: Path) -> None:
    change(world)
    ran = run("explain", "gamma", "kindness", "--root", str(world))
    assert b"Traceback" not in ran.stderr
    if ran.returncode == 1:
        assert re.match(rf"scs-kg: {re.escape(str(world))}/ontology/\S+\.ttl:\d+: ", ran.stderr.decode())
    else:
        assert "Gamma has stocks in its market place." in ran.stdout.decode()


def test_a_selection_without_claims_is_refused(shared_world: Path) -> None:
    without = [option for name in ("blog-2018", "book-2001", "law-2003", "news-2002") for option in ("--without", name)]
    assert "no claims are left" in refusal("compare", "--root", str(shared_world), *without)
    assert "no claims are left" in refusal("compare", "--root", str(shared_world), "--as-of", "1999")


@pytest.mark.parametrize(
    ("args", "offer"),
    [
        (
            ("compare", "--guideline", "exmaple-2000"),
            "no guideline is called 'exmaple-2000'; did you mean example-2000",
        ),
        (("compare", "--reading", "palin"), "no reading is called 'palin'; did you mean plain?"),
        (("compare", "--dataset", "tale"), "no dataset is called 'tale'; did you mean tales?"),
        (("compare", "--systems", "alpha,bete"), "no system is called 'bete'; did you mean beta?"),
        (("compare", "--systems", ","), "',' has no value; give one, or several separated by commas"),
        (("compare", "--systems", "alpha", "--systems", " "), "' ' has no value"),
        (("compare", "--kind", "comercial"), "'comercial' is not one of 'local'"),
        (("compare", "--min-confidence", "certain"), "'certain' is not one of 'low'"),
        (("compare", "--without", "book-2002"), "no source is called 'book-2002'; did you mean book-2001"),
        (("explain", "The Alpha", "kindness"), "no system is called 'The Alpha'; did you mean alpha?"),
        (("explain", "alhpa", "kindness"), "no system is called 'alhpa'; did you mean alpha?"),
        (("explain", "alpha", "kidness"), "no principle is called 'kidness'; did you mean kindness?"),
        (("explain", "alpha", "zzz"), "no principle is called 'zzz'; known: beauty, freedom, kindness"),
        (("query", "matrx"), "no query is called 'matrx'; did you mean matrix?"),
        (("query", "../data/x"), "no query is called '../data/x'"),
        (
            ("query", "claims", "--param", "sytem=alpha"),
            "no parameter of claims is called 'sytem'; did you mean system?",
        ),
        (("query", "claims", "--param", "system=alhpa"), "no system is called 'alhpa'; did you mean alpha?"),
        (("query", "claims", "--param", "system="), "system"),
        (("query", "claims", "--param", "system=a b"), "no system is called 'a b'"),
        (("query", "claims", "--param", "alpha"), "write name=value"),
        (("query", "claims", "--format", "turtle"), "use one of csv, json, tsv, xml"),
        (("query", "known", "--format", "csv"), "use --format turtle"),
        (("query", "claims", "--timeout", "0"), "--timeout"),
        (("query", "claims", "--timeout", "nan"), "--timeout"),
        (("query",), "name a query or a file"),
        (("explain", "alpha"), "PRINCIPLE"),
        (("compare", "--format", "pdf"), "'pdf' is not one of"),
        (("compare", "--as-if", "2001"), "--as-of"),
        (("export", "--format", "rdfxml"), "'rdfxml' is not one of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_use_is_reported_in_one_line_with_the_correction(
    args: tuple[str, ...], offer: str, shared_world: Path
) -> None:
    assert offer in refusal(*args, "--root", str(shared_world), status=2)


@pytest.mark.parametrize(
    "date", ["2019-13", "2019-02-30", "19", "2019-1", "20190101", "2019-W05", "\uff12\uff10\uff11\uff19", "soon", ""]
)
def test_an_invalid_date_is_wrong_use(date: str) -> None:
    assert f"'{date}' is not a date; write 2019, 2019-06 or 2019-06-30" in refusal("compare", "--as-of", date, status=2)


def test_a_command_that_does_not_exist_is_wrong_use() -> None:
    assert refusal("compair", status=2) == "no command is called 'compair'; did you mean compare?"


@pytest.mark.parametrize(
    ("args", "status", "says"),
    [
        (("compare", "--format"), 2, "xxx' is not one of 'text'"),
        (("compare",), 2, "xxx; to choose systems, write --systems xxx"),
        (("query", "claims", "--param"), 2, "xxx' is not a parameter; write name=value"),
        (("compare", "--root"), 1, "xxx: cannot be used: File name too long"),
    ],
)
def test_a_very_long_value_is_shortened_in_the_message(args: tuple[str, ...], status: int, says: str) -> None:
    said = refusal(*args, "x" * 100_000, status=status)
    assert says in said
    assert len(said) < 500


def test_without_a_command_the_commands_are_listed() -> None:
    ran = run()
    assert ran.returncode in {0, 2}
    assert (ran.stdout + ran.stderr).decode().startswith("Usage: ")


def test_a_root_that_is_a_file_is_wrong_use(shared_world: Path) -> None:
    assert "is a file" in refusal("compare", "--root", str(shared_world / ALPHA), status=2)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("judge", ALPHA, "--output"), "is not a folder with verdicts"),
        (("release",), "has files that are not part of a release, such as kept.txt"),
        (("site",), "already exists"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_an_output_folder_that_is_not_empty_is_wrong_use(
    args: tuple[str, ...], said: str, shared_world: Path, tmp_path: Path
) -> None:
    (tmp_path / "kept.txt").write_text("years of work", "utf-8")
    words = [str(shared_world / word) if word == ALPHA else word for word in args]
    message = refusal(*words, str(tmp_path), "--root", str(shared_world), status=2)
    assert message.startswith(f"{tmp_path}: {said}")
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_an_existing_output_file_is_wrong_use(shared_world: Path) -> None:
    there = shared_world / ALPHA
    assert "exists already" in refusal("template", "--output", str(there), "--root", str(shared_world), status=2)


@pytest.fixture
def nobody() -> Iterator[socket.socket]:
    """Yield a listening socket; the test fails if the socket receives a connection."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.05)
        yield door


CALLS: Final = {
    "plain": "SELECT * { SERVICE <URL> { ?a ?b ?c } }",
    "lower-case-and-silent": "SELECT * { service silent <URL> { ?a ?b ?c } }",
    "escaped": "SELECT * { S\\u0045RVICE <URL> { ?a ?b ?c } }",
    "escaped-at-length": "SELECT * { \\U00000053ERVICE <URL> { ?a ?b ?c } }",
    "between-comments": "SELECT * { # no\n SERVICE # yes\n <URL> { ?a ?b ?c } }",
    "after-a-carriage-return": "SELECT * { # no\rSERVICE <URL> { ?a ?b ?c } }",
    "after-a-number": "SELECT * { ?x ?p 1SERVICE <URL> { ?a ?b ?c } }",
    "after-a-truth-value": "SELECT * { ?x ?p trueSERVICE <URL> { ?a ?b ?c } }",
    "after-a-comparison": "SELECT * { BIND(1<2 AS ?x)SERVICE <URL> { ?a ?b ?c FILTER(1>0) } }",
    "after-an-escaped-quote": "SELECT * { BIND('\\'' AS ?x)SERVICE <URL> { ?a ?b ?c } }",
    "after-a-long-text": 'SELECT * { BIND("""\\"""" AS ?x) SERVICE <URL> { ?a ?b ?c } # """\n}',
    "by-a-variable": "SELECT * { VALUES ?x { <URL> } SERVICE ?x { ?a ?b ?c } }",
    "in-a-subquery": "SELECT * { { SELECT * { SERVICE <URL> { ?a ?b ?c } } } }",
}


def calling(text: str, door: socket.socket) -> str:
    """Return a query that calls the socket."""
    return text.replace("URL", f"http://127.0.0.1:{door.getsockname()[1]}/")


@pytest.mark.parametrize("text", CALLS.values(), ids=CALLS.keys())
def test_a_query_calls_no_other_host(text: str, nobody: socket.socket, tmp_path: Path, shared_world: Path) -> None:
    path = tmp_path / "asked.rq"
    path.write_text(calling(text, nobody), "utf-8", newline="")
    said = refusal("query", str(path), "--root", str(shared_world), "--timeout", "5")
    with pytest.raises(TimeoutError):
        nobody.accept()
    assert "SERVICE" in said


@pytest.mark.parametrize("command", ["compare", pytest.param("validate", marks=pytest.mark.slow)])
def test_a_query_of_the_library_calls_no_other_host(command: str, nobody: socket.socket, world: Path) -> None:
    alters(SYSTEMS, "WHERE {", calling("WHERE { SERVICE <URL> { ?a ?b ?c }", nobody))(world)
    ran = run(command, "--root", str(world))
    with pytest.raises(TimeoutError):
        nobody.accept()
    assert ran.returncode == 1
    assert b"Traceback" not in ran.stderr
    assert SYSTEMS in (ran.stdout + ran.stderr).decode()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { BIND(1 AS ?service) }",
        'SELECT ?x { BIND("SERVICE <urn:x> {}" AS ?x) }',
        "SELECT ?x { # SERVICE <urn:x>\n BIND(1 AS ?x) }",
        "SELECT ?x { BIND(<urn:SERVICE> AS ?x) }",
        "PREFIX s: <urn:service:> SELECT ?x { BIND(s:SERVICE AS ?x) }",
        'SELECT ?x { BIND("x"@service AS ?x) }',
        "SELECT ?x { BIND('''a ' b \\''' SERVICE''' AS ?x) }",
    ],
)
def test_a_query_that_only_resembles_a_call_is_answered(text: str, tmp_path: Path, shared_world: Path) -> None:
    path = tmp_path / "asked.rq"
    path.write_text(text, "utf-8")
    ran = run("query", str(path), "--root", str(shared_world), "--format", "csv")
    assert ran.returncode == 0, ran.stderr.decode()
    assert len(ran.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"SELECT ?a\nWHERE {\n  ?a ?b ) }\n", 3),
        (b"SELEC * {}", 1),
        (b"", 1),
        (b"INSERT DATA { <urn:a> <urn:b> <urn:c> }", 1),
        (b"LOAD <urn:a>", 1),
    ],
    ids=["bracket", "misspelt", "empty", "update", "load"],
)
def test_a_query_that_is_malformed_is_named_with_its_line(
    content: bytes, line: int, tmp_path: Path, shared_world: Path
) -> None:
    path = tmp_path / "asked.rq"
    path.write_bytes(content)
    assert f"{path}:{line}: " in refusal("query", str(path), "--root", str(shared_world))


@pytest.mark.parametrize(
    "content",
    [
        "SELECT * { " + "{" * 20000 + "}" * 20000 + " }",
        "SELECT * { BIND(" + "(" * 20000 + "1" + ")" * 20000 + " AS ?x) }",
        "SELECT * { ?a " + "(" * 20000 + "<urn:a>" + ")*" * 20000 + " ?b }",
    ],
    ids=["group", "sum", "path"],
)
def test_a_too_deeply_nested_query_is_refused(content: str, tmp_path: Path, shared_world: Path) -> None:
    path = tmp_path / "asked.rq"
    path.write_text(content, "utf-8")
    assert "nested too deep" in refusal("query", str(path), "--root", str(shared_world))


def test_a_query_file_that_is_not_utf_8_is_named(tmp_path: Path, shared_world: Path) -> None:
    path = tmp_path / "asked.rq"
    path.write_bytes(b"\xff\xfe")
    assert refusal("query", str(path), "--root", str(shared_world)).startswith(f"{path}: cannot be read")


def test_a_missing_query_file_is_named(tmp_path: Path, shared_world: Path) -> None:
    path = tmp_path / "asked.rq"
    said = refusal("query", str(path), "--root", str(shared_world), status=2)
    assert said.startswith(f"{path}: cannot be read")


@pytest.mark.parametrize("rows", ["(COUNT(*) AS ?n)", "*"])
def test_a_query_that_never_ends_is_stopped(rows: str, tmp_path: Path, shared_world: Path) -> None:
    path = tmp_path / "asked.rq"
    path.write_text(f"SELECT {rows} {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }}", "utf-8")
    said = refusal("query", str(path), "--root", str(shared_world), "--timeout", "0.3")
    assert said.endswith("the query exceeded its time limit of 0.3 s; narrow it, or allow more with --timeout")


def test_a_report_that_cannot_be_written_is_named(shared_world: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    said = refusal("compare", "--root", str(shared_world), "--shacl-report", str(tmp_path / "file" / "report"))
    assert said.startswith(str(tmp_path / "file"))
    assert "cannot be written" in said
