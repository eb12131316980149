"""With ``--lang zh``, the whole output for people is Chinese, for each command, with correct and with wrong input."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from scs_kg.cli import COMMANDS
from tests.support.commands import run

NEW: Final = "system,feature,finding,mode,statement,source,locator,asOf\n"
CLAIM: Final = NEW + "alpha,cake,Absent,DeFacto,Alpha gives no cake.,law-2003,rule 9,2003\n"
FILES: Final = {
    "new.csv": CLAIM,
    "wrong.csv": NEW + "betta,cakke,Presnt,DeFacto,Beta gives; and more,nowhere,rule 9,2003-15\n,cake,,,,,,\n",
    "wrong.yaml": "systems:\n- id: gamma\n  kin: Local\n- id: Delta X\n  kind: Lokal\n",
    "empty.csv": "",
    "notes.foo": "a",
    "blank.ttl": "@prefix scs: <https://w3id.org/scs-kg/ontology#> .\n[] a scs:Claim .\n",
    "places.csv": "iri,name_en,name_zh\nhttp://x.org/1,Town,镇\nhttp://x.org/2,Isle,岛\n",
    "terms.csv": "iri,name_en\nhttp://x.org/3,Alpha\n",
}
ACT: Final = ("--reason", "The book says so.", "--by", "me", "--dry-run")
CAKE: Final = "alpha-cake-book-2001"
PROVISION: Final = "plain-kindness-gentle"
ANSWERS: Final = (
    "compare",
    "compare --format markdown",
    "compare --format html",
    "compare --format latex",
    "compare --published",
    "compare --mode de-facto --scope established,current --as-of 2003 --min-confidence low --without news-2002",
    "explain alpha kindness",
    "explain gamma kindness --format markdown",
    "explain beta freedom --format markdown",
    "whatif --without book-2001",
    "whatif --without book-2001 --format markdown",
    "whatif new.csv --format markdown",
    f"whatif --drop {PROVISION} new.csv",
    "robustness --top 2",
    "settle --top 2",
    "sensitivity",
    "sensitivity --core --mode de-jure --scope established",
    "agreement --first plain --second severe",
    "diff . other",
    "diff . other --format markdown",
    "query --list",
    "query ASK{?s_?p_?o}",
    "check new.csv",
    "check wrong.csv",
    "check wrong.csv --format junit",
    "check wrong.csv --format github",
    "check wrong.yaml",
    "check empty.csv",
    "check blank.ttl",
    "validate",
    "template --kind claim",
    "template --kind guideline --format yaml",
    "template --kind criterion --format turtle",
    "link suggest places.csv",
    "link suggest terms.csv --kind system",
    f"retract {CAKE}",
    "object gentle",
)
"""Commands with correct input; ``ACT`` follows the first words of commands that change the data."""
REFUSED: Final = (
    *("--foo", "foo", "link", "link foo", "link suggest", "link suggest nowhere.csv", "link suggest geonames"),
    *("link suggest new.csv", "link suggest notes.foo", "link suggest places.csv --kind x"),
    *("compare --systems gama", "compare --kind foo", "compare --guideline zzz", "compare --reading nowhere.ttl"),
    *("compare --as-of 2001-13", "compare --format xlsx", "compare --timeout 0", "compare --timeout nan"),
    *("compare --endpoint foo", "compare --endpoint http://127.0.0.1:1/query", "compare --root nowhere"),
    *("compare --root other/data", "compare --shacl-report /proc/nowhere", "compare alpha beta", "compare --scope x"),
    *(
        "compare --reading severe --guideline example-2001",
        "compare --published --systems alpha",
        "compare --systems ,",
    ),
    *("explain", "explain alpha", "explain alpha 99", "explain alhpa kindness", "explain alpha kindness x"),
    *("whatif", "whatif --without zz", "whatif --drop zz", "whatif --set zz", f"whatif --set {PROVISION}.role=Foo"),
    *("whatif --criterion nowhere", "whatif nowhere.csv", f"whatif --set {PROVISION}.condition=zz"),
    *("robustness --reading zz", "robustness --top x", "robustness x", "robustness --kind national"),
    *("settle --reading zz", "settle --guideline q", "settle --mode x"),
    *("sensitivity --reading zz", "sensitivity --top x", "sensitivity x"),
    *("agreement", "agreement --marks", "agreement --first plain", "agreement --first plain --second tidy"),
    *("agreement --first plain --second severe --marks", "agreement --first x --second y"),
    *("diff . nowhere", "diff .", "diff . new.csv", "diff . . --dataset zz"),
    *("query", "query nope", "query nowhere.rq", "query claims --param system", "query claims --param system=zz"),
    *("query claims --param foo=zz", "query claims system=alpha", "query claims --format turtle"),
    *("query SELECT*{?s_?p}", "query SELECT*{SERVICE<http://x.org/s>{?s_?p_?o}}", "query --list --format turtle"),
    *("query claims --allow-service _", "query CONSTRUCT{?s_?p_?o}WHERE{?s_?p_?o} --format csv"),
    *("check", "check nowhere.csv", "check .", "check notes.foo", "check new.csv --from pdf"),
    *("add", "add nowhere.csv", "add new.csv --reason x", "add wrong.csv", "add new.csv --on 2999-01-01"),
    *("supersede zz", f"supersede {CAKE} nowhere.csv", "supersede zz new.csv", f"supersede {CAKE} blank.ttl"),
    *("retract", "retract zz", f"retract {CAKE} --on soon", "object", "object zz", "object alpha"),
    *("decide", "decide zz upheld", "decide zz maybe"),
    *("template --kind foo", "template --kind reading --format csv", "template --format excel"),
    *("template --output new.csv", "template --output /proc/nowhere/x", "template --output ."),
    *("validate x", "validate --root nowhere", "validate --format x"),
    *("export x", "export --format foo", "export --root nowhere"),
    *("release", "release .", "release new.csv", "release /proc/nowhere", "release new --since nowhere"),
    *("site", "site .", "site new.csv", "site /proc/nowhere"),
    *("nanopub", "nanopub zz", "nanopub alpha", "nanopub alpha zz", f"nanopub {CAKE} --reading plain"),
    *(
        "judge",
        "judge --output v",
        "judge nowhere --output v",
        "judge new.csv --output v",
        "judge notes.foo --output v",
    ),
    *(
        "judge data/tales --output v",
        "judge data/tales --output data/tales/v",
        "judge data/tales --output v --criteria z",
    ),
    *("publish", "publish --endpoint x", "publish --endpoint http://127.0.0.1:1/query"),
    *("serve --port x", "serve --port 99999", "serve --host 999.1.1.1", "serve --url foo", "serve --memory 0"),
    *("mcp --port x", "mcp --root nowhere", "mcp --timeout 0"),
)
"""Commands with wrong input."""
GROUPS: Final = (["link"], ["link", "foo"])
CHANGES: Final = ("supersede", "retract", "object", "decide")
QUOTATIONS: Final = ("Alpha gives no cake", "en isle", "en alpha", "alpha beta", "one, other", "th, td")
"""English texts that the output may contain: texts of the input, names, and examples."""
FOUND: Final = re.compile(r"（实为：[^）]*）|error at .*")
"""A wrong value that a message repeats, and the message of a parser."""
QUOTED: Final = re.compile(
    r"scs-kg(?: [a-z]+)+|<[^>]*>|\\[a-z]+\S*|--?[a-z][\w-]*|[\w.+-]*[:/_.-][\w/.:#%-]*|\{[^{}]*: [^{}]*;[^{}]*\}"
)
"""Matches texts that are not language: commands, tags, options, names of files, ids, addresses and styles."""
SENTENCE: Final = re.compile(r"(?<![\w-])(?:[A-Za-z][a-z']+,? )+[a-z']{2,}(?![\w-])")
HALF_WIDTH: Final = re.compile(
    r"[\u4e00-\u9fff][,;:?!](?!\d)|[,;] ?[\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?:\s|$)|\([\u4e00-\u9fff]"
)
SPACED: Final = re.compile(r"[\uff1a\uff0c\uff1b\u3002\uff1f\u3001] [^\s\[]|[\u4e00-\u9fff] [\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def place(shared_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the invented world with the files of ``FILES`` and, in ``other``, another edition."""
    from tests.conftest import build_world

    folder = build_world(tmp_path_factory.mktemp("chinese"))
    other = build_world(folder / "other")
    run("retract", "--root", str(other), CAKE, "--reason", "The book does not say so.", "--by", "me")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@cache
def texts_of_the_data(folder: Path) -> tuple[str, ...]:
    """Return the English texts of the data that are printed unchanged; the longest text is first."""
    files = [path.read_text("utf-8") for path in folder.rglob("*.ttl")]
    literals = {literal.rstrip(".") for text in files for literal in re.findall(r'"([^"\n]*)"', text)}
    found = {*QUOTATIONS, *(literal for literal in literals if " " in literal.strip())}
    return tuple(sorted(found, key=len, reverse=True))


def faults(text: str, data: tuple[str, ...]) -> Iterator[str]:
    """Yield each sentence that is not Chinese, and each punctuation mark that is wrong in a Chinese sentence."""
    joined = FOUND.sub("§", " ".join(text.split()))
    for one in data:
        joined = joined.replace(one, "§")
    plain = QUOTED.sub("§", joined)
    yield from (found[0] for found in SENTENCE.finditer(plain))
    for line in text.splitlines():
        yield from (line for kind in (HALF_WIDTH, SPACED) if kind.search(re.sub("“.*?”", "§", line)))


def said(command: str, place: Path) -> str:
    """Return what a command prints in Chinese on both streams; ``_`` stands for a space in an argument."""
    words = command.split()
    args = [word.replace("_", " ") for word in words] + list(ACT if words[0] in CHANGES else ())
    root = () if "--root" in words or words[0] not in COMMANDS or words[:2] in GROUPS else ("--root", ".")
    ran = run(*args, *root, "--lang", "zh", cwd=place, LANG="zh_CN.UTF-8")
    return (ran.stderr if words[0] in CHANGES else ran.stdout + ran.stderr).decode()  # leave out the diff of files


@pytest.mark.parametrize(
    "commands",
    [pytest.param(ANSWERS, id="answers"), pytest.param(REFUSED, id="errors", marks=pytest.mark.slow(seconds=15))],
)
def test_commands_write_only_chinese(commands: tuple[str, ...], place: Path) -> None:
    data = texts_of_the_data(place)
    found = {command: list(faults(said(command, place), data)) for command in commands}
    assert {command: wrong for command, wrong in found.items() if wrong} == {}
