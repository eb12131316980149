"""Each rule reports all violations and only violations, and its message says how to correct them.

A fixture is ``rules/<file of rules>/<rule>/<conforms or violates>.<case>.ttl``. It has a few statements that are added
to the invented world, which violates no rule without them. A line ``# also <rule>, <rule>`` names further rules that
the fixture violates.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import BlankNode, NamedNode, QuerySolutions, RdfFormat, Store, parse
from rdflib import Graph

from scs_kg import store
from scs_kg.model.errors import EngineError
from scs_kg.model.namespaces import PREFIXES, RDF, SH, curie
from scs_kg.rules import engines
from scs_kg.rules.engines import Engine, Violation
from scs_kg.rules.pyshacl_graph import read_data
from scs_kg.store.serialize import asserted_ntriples
from tests.conftest import FIXTURE_FOLDER, ROOT
from tests.support.every import every

FOLDER: Final = FIXTURE_FOLDER / "rules"
FIXTURES: Final = sorted(FOLDER.rglob("*.ttl"))
FOLDERS: Final = sorted({path.parent for path in FIXTURES})
PARTS: Final = 8
"""The number of tests that share the fixtures, so that two workers can run them at once."""
RULE_FILES: Final = (*engines.RULES, engines.TRANSLATIONS, "ontology/chinese-style")
NOT_CONSTRAINTS: Final = frozenset(
    SH + name
    for name in (
        "description",
        "flags",
        "ignoredProperties",
        "message",
        "path",
        "property",
        "severity",
        "targetClass",
        "targetNode",
        "targetObjectsOf",
        "targetSubjectsOf",
    )
)
DATA: Final = PREFIXES["integrity"]
LINKS: Final = (SH + "property", SH + "node")
LINE: Final = re.compile(r"(?P<subject>\S+) (?P<predicate>\S+) (?P<value>.+) \.\n")
IN_CHINESE: Final = re.compile(r'".*[一-鿿].*。"@zh-hans')
HOW_TO_CORRECT: Final = re.compile(r"\b(needs|must)\b|: [a-z]")
TARGETED: Final = """
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX sh: <http://www.w3.org/ns/shacl#>
    SELECT DISTINCT ?node WHERE {
      ?carrier (sh:property|sh:node)* <RULE> .
      { ?carrier sh:targetClass|sh:targetNode ?class . ?node a/rdfs:subClassOf* ?class }
      UNION { ?carrier sh:targetSubjectsOf ?predicate . ?node ?predicate ?value }
      UNION { ?carrier sh:targetObjectsOf ?predicate . ?subject ?predicate ?node }
    }"""

Found = tuple[str, str, str, str]
WHOLE_CLASSES: Final = frozenset(
    [
        *(PREFIXES["scs"] + name for name in ("Claim", "Feature", "LevelClaim", "Publisher", "Region", "StudyClaim")),
        PREFIXES["owl"] + "Axiom",
    ]
)


def read_shapes() -> str:
    """Return the rules as N-Triples, without the data."""
    files = [
        *sorted((ROOT / "ontology" / "integrity").glob("*.ttl")),
        *(ROOT / "ontology" / f"{name}.ttl" for name in ("style", "chinese-style", "translations")),
    ]
    return store.canonical_ntriples("".join(path.read_text("utf-8") for path in files))


def statements_of_shapes(shapes: str) -> dict[str, list[tuple[str, str, str]]]:
    """Return the statements on each node of the shapes, grouped by node: predicate, value and line."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for line in shapes.splitlines(keepends=True):
        match = LINE.fullmatch(line)
        assert match, line
        found.setdefault(match["subject"], []).append((match["predicate"][1:-1], match["value"], line))
    return found


SHAPES: Final = read_shapes()
STATEMENTS: Final = statements_of_shapes(SHAPES)
NAMED: Final = sorted(
    shape
    for shape, statements in STATEMENTS.items()
    if shape.startswith("<")
    and {(RDF + "type", f"<{SH}NodeShape>"), (RDF + "type", f"<{SH}PropertyShape>")} & {s[:2] for s in statements}
)
RULES: Final = [
    shape for shape in NAMED if any(p.startswith(SH) and p not in NOT_CONSTRAINTS for p, _, _ in STATEMENTS[shape])
]


@dataclass(frozen=True, slots=True)
class Expected:
    """A fixture: the triples that it adds to the invented world, and the rules that it must violate."""

    path: Path
    ntriples: str
    subjects: frozenset[str]
    rules: frozenset[str]


@cache
def expected(path: Path) -> Expected:
    """Read a fixture, with the violations expected according to its name and its first comment."""
    text, rule = path.read_text("utf-8"), rule_of(path.parent)
    subjects = {quad.subject for quad in parse(text.encode(), format=RdfFormat.TURTLE)}
    also = re.search(r"^# also (.+)$", text, re.MULTILINE)
    rules = {rule} if path.name.startswith("violates.") else set()
    return Expected(
        path,
        store.canonical_ntriples(text),
        frozenset(
            "_:" if isinstance(s, BlankNode) else s.value for s in subjects if isinstance(s, BlankNode | NamedNode)
        ),
        frozenset(rules | set(also[1].split(", ") if also else ())),
    )


def rule_of(folder: Path) -> str:
    """Return the prefixed name of the rule that a folder of fixtures tests."""
    return f"{folder.parent.name}:{folder.name}"


def folder_of(shape: str) -> Path:
    """Return the folder for the fixtures of a shape, whether or not the folder exists."""
    return FOLDER / curie(shape[1:-1]).replace(":", "/")


def results(engine: Engine, data: str, shapes: str) -> list[Found]:
    """Return focus, rule, path and severity of each result, without blank node labels and path syntax."""
    return sorted(_comparable(violation) for violation in engine(data, shapes))


def _comparable(found: Violation) -> Found:
    faulty = found.value if found.focus in WHOLE_CLASSES else found.focus
    focus = "_:" if faulty.startswith("_:") else faulty
    path = found.path if found.path.startswith("http") or not found.path else "a longer path"
    return focus, curie(found.rule), path, found.severity


def name(path: Path) -> str:
    """Return the path of a fixture, relative to the folder of all fixtures, without suffix."""
    return path.relative_to(FOLDER).with_suffix("").as_posix()


@pytest.fixture(scope="session")
def data(shared_world: Path) -> str:
    """Return the whole invented world as N-Triples."""
    return asserted_ntriples(store.load(shared_world))


@pytest.fixture(scope="session")
def graph(data: str) -> Graph:
    """Return the whole invented world as an rdflib graph; it is shared because parsing is slow."""
    return read_data(data)


@pytest.mark.slow
@pytest.mark.no_cover
def test_the_invented_world_violates_no_rule(data: str) -> None:
    assert "scs-kg/claim/" in data
    assert results(engines.run_fast, data, SHAPES) == results(engines.run_reference, data, SHAPES) == []


def test_every_rule_has_fixtures_of_both_kinds_and_every_fixture_a_rule() -> None:
    kinds = {(rule_of(path.parent), path.name.split(".")[0]) for path in FIXTURES}
    assert len(RULES) > 90
    assert kinds == {(curie(rule[1:-1]), kind) for rule in RULES for kind in ("conforms", "violates")}


@pytest.fixture(scope="session")
def facts(shared_world: Path) -> str:
    """Return the invented world without the rules, which are a third of it and the subject of no fixture."""
    dataset = store.load(shared_world)
    names = [graph.removeprefix(PREFIXES["graph"]) for graph in dataset.files]
    return asserted_ntriples(dataset, [name for name in names if not name.startswith(RULE_FILES)])


@pytest.mark.no_cover
@pytest.mark.parametrize("part", range(PARTS))
def test_a_fixture_violates_exactly_the_expected_rules(part: int, facts: str) -> None:
    @every("path", FIXTURES[part::PARTS])
    def violates(path: Path) -> None:
        fixture = expected(path)
        found = results(engines.run_fast, facts + fixture.ntriples, SHAPES)
        assert {rule for _, rule, _, _ in found} == fixture.rules
        if path.name.startswith("violates."):
            on_fixture = {rule for focus, rule, _, _ in found if focus in fixture.subjects}
            assert rule_of(path.parent) in on_fixture

    violates()


@pytest.fixture(scope="module")
def loaded(data: str) -> Store:
    """Return a store with the invented world and the rules; a test may add a graph for its fixture and removes it."""
    quads = Store()
    quads.load(data.encode(), format=RdfFormat.N_TRIPLES, to_graph=NamedNode("urn:data"))
    quads.load(SHAPES.encode(), format=RdfFormat.N_TRIPLES, to_graph=NamedNode("urn:shapes"))
    return quads


@pytest.mark.no_cover
@every("path", [path for path in FIXTURES if path.name.startswith("conforms.")])
def test_conforming_fixtures_are_targets_of_their_rule(path: Path, loaded: Store) -> None:
    rule = next(shape for shape in NAMED if folder_of(shape) == path.parent)
    fixture, added = expected(path), NamedNode("urn:fixture")
    loaded.load(fixture.ntriples.encode(), format=RdfFormat.N_TRIPLES, to_graph=added)
    answer = loaded.query(TARGETED.replace("<RULE>", rule), use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    found = {str(row["node"])[1:-1] for row in answer}
    loaded.remove_graph(added)
    assert fixture.subjects & found


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=rule_of)
def test_both_engines_agree_on_each_fixture(folder: Path, data: str, graph: Graph) -> None:
    shapes = "".join(reachable(carriers(next(shape for shape in NAMED if folder_of(shape) == folder))))
    for path in sorted(folder.iterdir()):
        more = expected(path).ntriples
        with enlarged(graph, more) as whole:
            found = sorted(_comparable(violation) for violation in engines.run_reference(whole, shapes))
        assert found == results(engines.run_fast, data + more, shapes), path.name


@contextmanager
def enlarged(graph: Graph, ntriples: str) -> Iterator[Graph]:
    """Yield a graph with additional triples, and remove them afterwards."""
    more = [triple for triple in Graph().parse(data=ntriples, format="nt") if triple not in graph]
    for triple in more:
        graph.add(triple)
    yield graph
    for triple in more:
        graph.remove(triple)


@pytest.mark.crosscheck
@pytest.mark.no_cover
def test_both_engines_agree_on_all_violations_at_once(data: str) -> None:
    broken = [expected(path).ntriples for path in FIXTURES if path.name.startswith("violates.")]
    whole = data + "".join(text.replace("_:", f"_:f{number}") for number, text in enumerate(broken))
    found = results(engines.run_fast, whole, SHAPES)
    assert len({rule for _, rule, _, _ in found}) > 80
    assert results(engines.run_reference, whole, SHAPES) == found


@pytest.mark.slow
@pytest.mark.parametrize("shape", NAMED, ids=lambda shape: curie(shape[1:-1]))
def test_every_triple_of_a_shape_affects_a_fixture(shape: str, facts: str) -> None:
    looked_at = {shape, *carriers(shape), *(value for predicate, value, _ in STATEMENTS[shape] if predicate in LINKS)}
    near = [path for other in sorted(looked_at) for path in folder_of(other).glob("*.ttl")]
    added = {path: expected(path).ntriples for path in sorted(near, key=lambda path: ("conforms." in path.name, path))}
    assert added
    shapes = "".join(reachable(leading_to(shape)))  # other shapes cannot be affected

    @cache
    def before(path: Path) -> list[Found]:
        return results(engines.run_fast, facts + added[path], shapes)

    for predicate, value, line in STATEMENTS[shape]:
        if predicate.startswith(SH) and predicate not in {SH + name for name in ("description", "message", "path")}:
            without = shapes.replace(line, "")
            assert without != shapes
            own = {folder_of(node) for node in (shape, value) if node.startswith("<")}
            likely_first = sorted(added, key=lambda path: (path.parent not in own, value not in added[path]))
            assert any(differs(facts + added[path], without, before(path)) for path in likely_first), (
                f"no fixture notices the loss of {curie(predicate)} {value}"
            )


def differs(data: str, shapes: str, before: Iterable[Found]) -> bool:
    """Return whether the shapes give other results than before, or cause an error."""
    try:
        return results(engines.run_fast, data, shapes) != before
    except EngineError:
        return True


def carriers(shape: str) -> set[str]:
    """Return a shape and the shapes that refer to it."""
    return {shape} | {
        other for other, statements in STATEMENTS.items() for p, value, _ in statements if p in LINKS and value == shape
    }


def leading_to(shape: str) -> set[str]:
    """Return a shape and all nodes that refer to it, directly or indirectly, by any predicate."""
    found, queue = {shape}, [shape]
    while queue:
        target = queue.pop()
        above = {s for s, triples in STATEMENTS.items() if any(value == target for _, value, _ in triples)} - found
        found |= above
        queue += above
    return found


def reachable(shapes: Iterable[str]) -> Iterator[str]:
    """Yield the triples, as lines, of the shapes and of all nodes that they refer to, directly or indirectly."""
    queue, seen = sorted(shapes), set(shapes)
    while queue:
        for _, value, line in STATEMENTS.get(queue.pop(), ()):
            yield line
            if value not in seen:
                seen.add(value)
                queue.append(value)


def test_the_english_message_of_every_rule_says_how_to_correct_a_violation() -> None:
    silent = [curie(rule[1:-1]) for rule in RULES if not all(HOW_TO_CORRECT.search(m) for m in messages(rule) or [""])]
    assert silent == []


def test_every_rule_has_a_chinese_description() -> None:
    named = [rule for rule in RULES if messages(rule) and rule.startswith((f"<{DATA}", f"<{PREFIXES['style']}"))]
    assert len(named) > 150
    assert [curie(rule[1:-1]) for rule in named if not IN_CHINESE.fullmatch(described(rule))] == []
    described_only = {shape for shape in STATEMENTS if described(shape)} - set(named)
    assert described_only == set()


def described(rule: str) -> str:
    """Return the description of a rule; empty if it has none."""
    found = [value for predicate, value, _ in STATEMENTS[rule] if predicate == SH + "description"]
    assert len(found) <= 1
    return "".join(found)


def messages(rule: str) -> list[str]:
    """Return the English messages of a rule, or of its SPARQL constraints."""
    sources = [value for predicate, value, _ in STATEMENTS[rule] if predicate == SH + "sparql"] or [rule]
    found = [v for source in sources for p, v, _ in STATEMENTS[source] if p == SH + "message"]
    assert len(found) <= len(sources)
    return [message for message in found if message.endswith('"@en')]


def test_every_pattern_uses_only_what_all_engines_read() -> None:
    """Python, Rust, Java and JavaScript read these escapes of XPath (Functions and Operators 3.1, section 5.6.1).

    No pattern has a look-ahead, or a character that XML does not allow.
    """
    triples = store.parse_triples(SHAPES.encode(), "ntriples")
    patterns = [store.text(triple.object) for triple in triples if triple.predicate.value == SH + "pattern"]
    assert len(patterns) > 30
    for pattern in patterns:
        assert set(re.findall(r"\\(.)", pattern)) <= set("nrt\\|.?*+(){}-[]^$sSdDwW"), pattern
        assert "(?" not in pattern
        assert min(pattern) >= " "
        assert re.search(pattern, "") is None or pattern.endswith("*$")


def test_results_have_the_severity_and_the_message_of_their_rule(data: str) -> None:
    fixture = expected(FOLDER / "style" / "Notes" / "violates.example-in-german.ttl")
    (found,) = engines.run_fast(data + fixture.ntriples, SHAPES)
    assert found.severity == "Warning"
    assert f'"{found.message}"@en' in messages(f"<{PREFIXES['style']}Notes>")
