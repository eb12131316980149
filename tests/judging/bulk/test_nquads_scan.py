"""Reading by columns: exactly what the strict parser reads, or its refusal with the right line."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg.judging.bulk import nquads_scan
from scs_kg.judging.bulk.nquads_scan import ENDS, PREDICATES, Block
from scs_kg.judging.bulk.plan import plan
from scs_kg.judging.bulk.rulebook import Rulebook, rulebook
from scs_kg.judging.bulk.run import run
from scs_kg.model.errors import BadFileError, ScsError
from scs_kg.model.formula import Fact
from scs_kg.model.namespaces import BASE, PREFIXES, RDF, SCS
from scs_kg.model.verdicts import Criterion
from scs_kg.store.parse import read_statements
from tests.conftest import ROOT

FEATURE = PREFIXES["feat"] + "a"
CRITERION = Criterion(PREFIXES["crit"] + "a", upholds=True, formula=Fact(FEATURE, present=True))
KNOWN: Rulebook = rulebook([CRITERION], [FEATURE], {})
SYSTEM = f"<{BASE}system/s> <{RDF}type> <{SCS}SocialCreditSystem> ."
ABSENT = f"<{BASE}claim/c> <{SCS}finding> <{SCS}Absent> ."
WHOLE = (
    SYSTEM,
    f"<{BASE}claim/c> <{SCS}about> <{BASE}system/s> .",
    f"<{BASE}claim/c> <{SCS}feature> <{FEATURE}> .",
    f"<{BASE}claim/c> <{SCS}finding> <{SCS}Present> .",
)

iris = st.sampled_from(
    [
        f"<{BASE}claim/c>",
        f"<{BASE}system/s>",
        f"<{SCS}about>",
        f"<{SCS}feature>",
        f"<{SCS}supersedes>",
        f"<{RDF}type>",
        f"<{SCS}Claim>",
        "<urn:x>",
        "<x>",
        "<http://a/b c>",
        "<http://a/%zz>",
        "<http://[a/>",
        "<http://a/#b#c>",
        "<http://a:b/>",
        "<http://\\u0061/>",
        "<http://ü/>",
        "<1a:b>",
        "<a:>",
        "<>",
        "_:b",
        "_:b.",
    ]
)
literals = st.sampled_from(
    [
        '"x"',
        '"a . <b> "',
        '"\\""',
        '"\\q"',
        '"x',
        '"x"@en',
        '"x"@en-GB',
        '"x"@e',
        '"x"@toolonglanguage',
        '"x"@1a',
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"1"^^<x>',
        '"\t"',
        '"\x00\x01"',
        '"\ufeff"',
        "'x'",
    ]
)
gaps = st.sampled_from([" ", " ", " ", " ", "", "  ", "\t"])
ends = st.sampled_from([" .", " .", " .", ".", " . ", " . # so", "", " ..", " .\r"])
lines = st.one_of(
    st.tuples(iris, gaps, iris, gaps, st.one_of(iris, literals), st.one_of(st.just(""), iris.map(" ".__add__)), ends),
    st.sampled_from([("",), ("# so",), ("  ",), (WHOLE[0],), (WHOLE[1],), (WHOLE[2],), ("\ufeff" + WHOLE[0],)]),
).map("".join)


def strictly(path: Path, body: bytes) -> list[str] | int:
    """Return what the strict parser reads line by line, or the line that it stops at."""
    found: list[str] = []
    for number, line in enumerate(body.split(b"\n"), start=1):
        try:
            found += read_statements(path, PREDICATES, line)
        except BadFileError:
            return number
    return sorted(found)


def by_columns(path: Path, body: bytes) -> list[tuple[object, ...]] | int | None:
    """Return what is read by columns, or the line that is refused."""
    try:
        return sorted(nquads_scan.said(Block(path, 0, body)).select("subject", "key", "value").rows(), key=str)
    except BadFileError as error:
        return error.line


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(lines, min_size=1, max_size=5), st.sampled_from(["\n", "\n", "\r\n"]))
def test_lines_are_read_as_the_strict_parser_reads_them(chosen: list[str], end: str) -> None:
    path, body = Path("any.nq"), end.join(chosen).encode()
    expected = strictly(path, body)
    if isinstance(expected, list):
        one_by_one = nquads_scan.parts(nquads_scan.unnumbered(expected)).select("subject", "key", "value").rows()
        assert by_columns(path, body) == sorted(one_by_one, key=str)
    else:
        assert by_columns(path, body) == expected


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    body = "\n".join(WHOLE).encode() + b'\n<urn:a> <urn:b> "\xff" .\n'
    with pytest.raises(BadFileError, match=r"any\.nq"):
        nquads_scan.said(Block(Path("any.nq"), 0, body))


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 400))
def test_pieces_cut_a_file_between_lines(step: int) -> None:
    path = Path(__file__)
    size = path.stat().st_size
    cuts = [(start, min(start + step * 10, size)) for start in range(0, size, step * 10)]
    assert b"".join(b.body for start, end in cuts for b in nquads_scan.blocks(path, start, end)) == path.read_bytes()


BAD = {
    "not n-quads": ([*WHOLE, "so it goes"], r"claims\.nq:5: cannot be parsed"),
    "bom": (["\ufeff" + SYSTEM, *WHOLE[1:]], r"claims\.nq:1: begins with a byte order mark"),
    "no finding": (list(WHOLE[:3]), "claim:c: needs exactly one scs:about"),
    "no system": (list(WHOLE[1:]), r"claim:c: is about sys:s, which no file declares"),
    "two features": (
        [*WHOLE, ABSENT],
        r":5: claim:c: has more than one scs:finding",
    ),
    "two features apart": (
        [*WHOLE, SYSTEM, *WHOLE[1:3], ABSENT],
        "claim:c: needs exactly one",
    ),
    "unknown feature": ([*WHOLE[:2], WHOLE[2].replace("feature/a", "feature/b"), WHOLE[3]], "names the feature <.*/b>"),
    "unknown finding": ([*WHOLE[:3], WHOLE[3].replace("Present", "Perhaps")], "names the finding <.*Perhaps>"),
    "literal finding": (
        [*WHOLE[:3], f'<{BASE}claim/c> <{SCS}finding> "Present" .'],
        r":4: claim/c: has an scs:finding",
    ),
    "blank claim": (
        [SYSTEM, f"_:c <{SCS}finding> <{SCS}Present> ."],
        "claims.nq: _:[0-9a-z]+: is not a well-formed claim",
    ),
    "foreign claim": (
        [SYSTEM, f"<urn:c> <{SCS}feature> <{FEATURE}> ."],
        r"claims.nq: <urn:c>: is not a well-formed claim",
    ),
    "foreign system": ([f"<urn:s> <{RDF}type> <{SCS}SocialCreditSystem> ."], "is not a well-formed system"),
    "region": (
        [*WHOLE[:1], WHOLE[1].replace("system/s", "region/s"), *WHOLE[2:]],
        "claim:c: needs exactly one scs:about",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_no_claim_may_say_is_refused(name: str, tmp_path: Path) -> None:
    content, message = BAD[name]
    (tmp_path / "claims.nq").write_text("\n".join(content), "utf-8")
    with pytest.raises(ScsError, match=message):
        run(plan(tmp_path / "claims.nq", tmp_path / "out", KNOWN))


UNREADABLE = {
    "empty.nq": ("", r"empty\.nq: no claim is in it to judge by"),
    "empty.ttl": ("", r"empty\.ttl: no claim is in it to judge by"),
    "long.ttl": (
        f'<urn:a> <urn:b> "{"x" * (17 << 20)}" .',
        r"long\.ttl: contains a literal or IRI that is too long",
    ),
    "long.nq": (
        f'<urn:a> <urn:b> "\\t{"x" * (17 << 20)}" .',
        r"long\.nq:1: contains a literal or IRI that is too long",
    ),
    "wrong.nq": (f"{SYSTEM}\n<urn:a> <urn:b> .", r"wrong\.nq:2: cannot be parsed: (?!.*line)"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_files_without_a_claim_to_be_read_are_refused(name: str, tmp_path: Path) -> None:
    content, message = UNREADABLE[name]
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(ScsError, match=message):
        run(plan(tmp_path / name, tmp_path / "out", KNOWN))


TABLES = {
    "columns": ("claim,system\nc,s\n", "is no table of claims"),
    "no system": ("claim,system,feature,finding\nc,,a,Present\n", "has no system"),
    "no claim": ("claim,system,feature,finding\n,s,a,Present\n", "has a feature or a finding and no claim; name it"),
    "feature": ("claim,system,feature,finding\nc,s,b,Present\n", "the row with claim 'c', system 's', feature 'b'"),
    "finding": ("claim,system,feature,finding\nc,s,a,\n", "has no finding"),
    "name": ("claim,system,feature,finding\nA b,s,a,Present\n", "has a claim whose name"),
    "ragged": ("claim,system,feature,finding\nc,s,a,Present,x,y\n", "cannot be read"),
    "twice": ("claim,system,feature,finding\nc,s,a,Present\nc,s,a,Absent\n", "claim:c: needs exactly one"),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_that_do_not_make_sense_are_refused(name: str, tmp_path: Path) -> None:
    content, message = TABLES[name]
    (tmp_path / "claims.csv").write_text(content, "utf-8")
    with pytest.raises(ScsError, match=message):
        run(plan(tmp_path / "claims.csv", tmp_path / "out", KNOWN))


@pytest.mark.parametrize("name", ["bearing", "remote/claims"])
def test_what_takes_a_claim_out_is_what_the_questions_say(name: str) -> None:
    question = (ROOT / "queries" / f"{name}.rq").read_text("utf-8")
    (path,) = re.findall(r"NOT EXISTS \{ \?later (\S+) \?claim \}", question)
    assert path == "|".join(f"scs:{link}" for link in ENDS)


def test_a_file_of_no_kind_or_broken_is_refused(tmp_path: Path) -> None:
    for name, message in (("a.txt", "of no format"), ("nowhere", "no such file"), ("a.parquet", "cannot be read")):
        if name != "nowhere":
            (tmp_path / name).write_text("so")
        with pytest.raises(BadFileError, match=message):
            run(plan(tmp_path / name, tmp_path / "out", KNOWN))


def test_a_broken_file_of_a_run_is_named(tmp_path: Path) -> None:
    (tmp_path / "claims.nq").write_text("\n".join(WHOLE), "utf-8")
    work = plan(tmp_path / "claims.nq", tmp_path / "out", KNOWN)
    work.tied(0).parent.mkdir(parents=True)
    work.out.joinpath("manifest.json").write_text("{")
    with pytest.raises(BadFileError, match=r"manifest\.json: is broken"):
        run(work)
    work.manifest.unlink()
    work.tied(0).parent.rmdir()
    run(work, lambda unit, numbers: [] if "judge" in str(unit) else map(unit, numbers))
    assert re.search("complete", work.manifest.read_text())
