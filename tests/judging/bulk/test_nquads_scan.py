"""The vectorized scanner reads exactly what the strict parser reads, or reports the same line as invalid."""

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg.judging.bulk import nquads_scan
from scs_kg.judging.bulk.nquads_scan import PREDICATES, SUPERSEDING, Block
from scs_kg.judging.bulk.plan import plan_files
from scs_kg.judging.bulk.rulebook import Rulebook, rulebook
from scs_kg.judging.bulk.run import run
from scs_kg.model.errors import BadFileError, ScsError, WrongUseError
from scs_kg.model.formula import Fact
from scs_kg.model.namespaces import BASE, PREFIXES, RDF, SCS
from scs_kg.model.verdicts import Criterion
from scs_kg.store.parse import read_statements
from tests.conftest import ROOT

FEATURE = PREFIXES["feat"] + "a"
CRITERION = Criterion(PREFIXES["crit"] + "a", upholds=True, formula=Fact(FEATURE, present=True))
RULEBOOK: Rulebook = rulebook([CRITERION], [FEATURE], {})
SYSTEM = f"<{BASE}system/s> <{RDF}type> <{SCS}SocialCreditSystem> ."
ABSENT = f"<{BASE}claim/c> <{SCS}finding> <{SCS}Absent> ."
COMPLETE = (
    SYSTEM,
    f"<{BASE}claim/c> <{SCS}about> <{BASE}system/s> .",
    f"<{BASE}claim/c> <{SCS}feature> <{FEATURE}> .",
    f"<{BASE}claim/c> <{SCS}finding> <{SCS}Present> .",
    f"<{BASE}claim/c> <{SCS}mode> <{SCS}DeFacto> .",
)

iris = st.sampled_from(
    [
        f"<{BASE}claim/c>",
        f"<{BASE}system/s>",
        f"<{SCS}about>",
        f"<{SCS}feature>",
        f"<{SCS}mode>",
        "<http://www.w3.org/ns/earl#mode>",
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
        '"a \\"b\\" \\\\ \\n\\r"',
        '"\\\\"',
        '"\\\\\\"',
        '"\\t"',
        '"\\u0041"',
        '"x',
        '"x"@en',
        '"x"@en-GB',
        '"x"@zh-Hans',
        '"x"@zh-hans-CN',
        '"x"@de-CH-1901',
        '"x"@en-x',
        '"x"@en-abcde',
        '"x"@abcd-Latn',
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
separators = st.sampled_from([" ", " ", " ", " ", "", "  ", "\t"])
line_ends = st.sampled_from([" .", " .", " .", ".", " . ", " . # comment", "", " ..", " .\r"])
lines = st.one_of(
    st.tuples(
        iris,
        separators,
        iris,
        separators,
        st.one_of(iris, literals),
        st.one_of(st.just(""), iris.map(" ".__add__)),
        line_ends,
    ),
    st.sampled_from(
        [("",), ("# comment",), ("  ",), (COMPLETE[0],), (COMPLETE[1],), (COMPLETE[2],), ("\ufeff" + COMPLETE[0],)]
    ),
).map("".join)


def parsed_strictly(path: Path, body: bytes) -> list[str] | int:
    """Return what the strict parser reads line by line, or the number of the first invalid line."""
    found: list[str] = []
    for number, line in enumerate(body.split(b"\n"), start=1):
        try:
            found += read_statements(path, PREDICATES, line)
        except BadFileError:
            return number
    return sorted(found)


def scanned(path: Path, body: bytes) -> list[tuple[object, ...]] | int | None:
    """Return what the vectorized scanner reads, or the number of the first invalid line."""
    try:
        return sorted(nquads_scan.scan(Block(path, 0, body)).select("subject", "key", "value").rows(), key=str)
    except BadFileError as error:
        return error.line


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(lines, min_size=1, max_size=5), st.sampled_from(["\n", "\n", "\r\n"]))
def test_lines_are_read_as_the_strict_parser_reads_them(chosen: list[str], end: str) -> None:
    path, body = Path("any.nq"), end.join(chosen).encode()
    expected = parsed_strictly(path, body)
    if isinstance(expected, list):
        separately = (
            nquads_scan.extract_statements(nquads_scan.without_rows(expected)).select("subject", "key", "value").rows()
        )
        assert scanned(path, body) == sorted(separately, key=str)
    else:
        assert scanned(path, body) == expected


@pytest.mark.parametrize("literal", ['"说 \\"x\\" \\\\ \\n"@zh-Hans', '"x"@en-GB', '"x"@zh-Hant-TW', '"x"'])
def test_usual_literals_do_not_need_the_strict_parser(literal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(nquads_scan, "read_statements")
    statement = f"<{BASE}claim/c> <{SCS}statement> {literal} <{BASE}graph/data/x> ."
    found = nquads_scan.scan(Block(Path("any.nq"), 0, "\n".join([statement, *COMPLETE, ""]).encode()))
    assert found["raw_line"].is_null().all()
    assert found.height == len(COMPLETE)


def test_invalid_utf8_is_rejected() -> None:
    body = "\n".join(COMPLETE).encode() + b'\n<urn:a> <urn:b> "\xff" .\n'
    with pytest.raises(BadFileError, match=r"any\.nq"):
        nquads_scan.scan(Block(Path("any.nq"), 0, body))


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 400))
def test_pieces_end_at_line_boundaries(step: int) -> None:
    path = Path(__file__)
    size = path.stat().st_size
    pieces = [(start, min(start + step * 10, size)) for start in range(0, size, step * 10)]
    assert b"".join(b.body for start, end in pieces for b in nquads_scan.blocks(path, start, end)) == path.read_bytes()


INVALID_CLAIMS = {
    "not n-quads": ([*COMPLETE, "not a statement"], r"claims\.nq:6: cannot be parsed"),
    "bom": (["\ufeff" + SYSTEM, *COMPLETE[1:]], r"claims\.nq:1: begins with a byte order mark"),
    "no finding": ([*COMPLETE[:3], COMPLETE[4]], "claim:c: needs exactly one scs:about"),
    "no mode": (list(COMPLETE[:4]), "claim:c: needs exactly one scs:about .*, scs:feature, scs:finding and scs:mode;"),
    "two modes": (
        [*COMPLETE, COMPLETE[4].replace("DeFacto", "DeJure")],
        r":6: claim:c: has more than one scs:mode; keep one",
    ),
    "two modes apart": (
        [*COMPLETE, SYSTEM, COMPLETE[4].replace("DeFacto", "Planned")],
        "claim:c: needs exactly one .* scs:mode; complete it",
    ),
    "unknown mode": ([*COMPLETE[:4], COMPLETE[4].replace("DeFacto", "Mixed")], "names the mode <.*#Mixed>"),
    "literal mode": (
        [*COMPLETE[:4], f'<{BASE}claim/c> <{SCS}mode> "DeFacto" .'],
        r":5: claim/c: has an scs:mode that is not an IRI",
    ),
    "no system": (list(COMPLETE[1:]), r"claim:c: is about sys:s, which no file declares"),
    "two features": (
        [*COMPLETE, ABSENT],
        r":6: claim:c: has more than one scs:finding",
    ),
    "two features apart": (
        [*COMPLETE, SYSTEM, *COMPLETE[1:3], ABSENT],
        "claim:c: needs exactly one",
    ),
    "unknown feature": (
        [*COMPLETE[:2], COMPLETE[2].replace("feature/a", "feature/b"), *COMPLETE[3:]],
        "names the feature <.*/b>",
    ),
    "unknown finding": (
        [*COMPLETE[:3], COMPLETE[3].replace("Present", "Perhaps"), COMPLETE[4]],
        "names the finding <.*Perhaps>",
    ),
    "literal finding": (
        [*COMPLETE[:3], f'<{BASE}claim/c> <{SCS}finding> "Present" .'],
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
        [*COMPLETE[:1], COMPLETE[1].replace("system/s", "region/s"), *COMPLETE[2:]],
        "claim:c: needs exactly one scs:about",
    ),
}


@pytest.mark.parametrize("name", INVALID_CLAIMS)
def test_invalid_claims_are_rejected(name: str, tmp_path: Path) -> None:
    content, message = INVALID_CLAIMS[name]
    (tmp_path / "claims.nq").write_text("\n".join(content), "utf-8")
    with pytest.raises(ScsError, match=message):
        run(plan_files(tmp_path / "claims.nq", tmp_path / "out", RULEBOOK))


UNREADABLE = {
    "empty.nq": ("", r"empty\.nq: contains no claim"),
    "empty.ttl": ("", r"empty\.ttl: contains no claim"),
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
def test_unreadable_and_empty_files_are_rejected(name: str, tmp_path: Path) -> None:
    content, message = UNREADABLE[name]
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(ScsError, match=message):
        run(plan_files(tmp_path / name, tmp_path / "out", RULEBOOK))


HEADER = "claim,system,feature,finding,mode"
INVALID_TABLES = {
    "columns": ("claim,system,mode\nc,s,DeJure\n", "is not a table of claims: it needs the columns .*, finding, mode"),
    "no column mode": (
        "claim,system,feature,finding\nc,s,a,Present\n",
        r"claims\.csv:1: is a table of claims without the column mode \(scs:mode\); add it, with one of DeJure,",
    ),
    "no system": (f"{HEADER}\nc,,a,Present,DeJure\n", "has no system"),
    "no claim": (f"{HEADER}\n,s,a,Present,DeJure\n", "has a feature, a finding or a mode but no claim; add its id"),
    "only a mode": (f"{HEADER}\n,s,,,DeJure\n", "has a feature, a finding or a mode but no claim; add its id"),
    "feature": (f"{HEADER}\nc,s,b,Present,DeJure\n", "the row with claim 'c', system 's', feature 'b'"),
    "finding": (f"{HEADER}\nc,s,a,,DeJure\n", "has no finding"),
    "no mode": (
        f"{HEADER}\nc,s,a,Present,\n",
        r"has no mode \(scs:mode\), or an unknown one; use one of DeJure, DeFacto, Planned",
    ),
    "unknown mode": (f"{HEADER}\nc,s,a,Present,rule\n", r"mode 'rule': has no mode \(scs:mode\), or an unknown one"),
    "name": (f"{HEADER}\nA b,s,a,Present,DeJure\n", "has a claim that is not made of"),
    "ragged": (f"{HEADER}\nc,s,a,Present,DeJure,x,y\n", "cannot be read"),
    "twice": (f"{HEADER}\nc,s,a,Present,DeJure\nc,s,a,Absent,DeJure\n", "claim:c: needs exactly one"),
    "two modes": (f"{HEADER}\nc,s,a,Present,DeJure\nc,s,a,Present,DeFacto\n", "claim:c: needs .* scs:mode"),
}


@pytest.mark.parametrize("name", INVALID_TABLES)
def test_invalid_tables_are_rejected(name: str, tmp_path: Path) -> None:
    content, message = INVALID_TABLES[name]
    (tmp_path / "claims.csv").write_text(content, "utf-8")
    with pytest.raises(ScsError, match=message):
        run(plan_files(tmp_path / "claims.csv", tmp_path / "out", RULEBOOK))


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_table_without_modes_in_a_folder_is_not_ignored(suffix: str, tmp_path: Path) -> None:
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "a.nq").write_text("\n".join(COMPLETE), "utf-8")
    old = pl.DataFrame({"claim": ["d"], "system": ["s"], "feature": ["a"], "finding": ["Absent"]})
    path = tmp_path / "claims" / f"b{suffix}"
    (old.write_csv if suffix == ".csv" else old.write_parquet)(path)
    with pytest.raises(
        BadFileError, match=r"b\.(csv|parquet).*: is a table of claims without the column mode"
    ) as caught:
        plan_files(tmp_path / "claims", tmp_path / "out", RULEBOOK)
    assert "add it, with one of DeJure, DeFacto, Planned for each claim" in str(caught.value)


@pytest.mark.parametrize("name", ["bearing", "remote/claims"])
def test_superseding_predicates_are_those_of_the_queries(name: str) -> None:
    query = (ROOT / "queries" / f"{name}.rq").read_text("utf-8")
    paths = re.findall(r"NOT EXISTS \{ \?\w+ scs:(\w+)\+? \?claim", query)
    assert set(paths) == set(SUPERSEDING)


def test_unsupported_missing_and_broken_files_are_rejected(tmp_path: Path) -> None:
    for name, message in (
        ("a.txt", "unsupported format"),
        ("nowhere", "no such file"),
        ("a.parquet", "cannot be read"),
    ):
        if name != "nowhere":
            (tmp_path / name).write_text("text")
        with pytest.raises((BadFileError, WrongUseError), match=message):
            run(plan_files(tmp_path / name, tmp_path / "out", RULEBOOK))


def test_a_broken_manifest_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "claims.nq").write_text("\n".join(COMPLETE), "utf-8")
    plan = plan_files(tmp_path / "claims.nq", tmp_path / "out", RULEBOOK)
    plan.joined(0).parent.mkdir(parents=True)
    plan.output.joinpath("manifest.json").write_text("{")
    with pytest.raises(BadFileError, match=r"manifest\.json: is broken"):
        run(plan)
    plan.manifest.unlink()
    plan.joined(0).parent.rmdir()
    run(plan, lambda task, units: [] if "judge" in str(task) else map(task, units))
    assert re.search("complete", plan.manifest.read_text())
