"""The architecture: where libraries are used, and the length of files and functions. import-linter checks layers."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "scs_kg"
DOORS = {
    "SPARQLWrapper": {"store"},
    "anyio": {"server"},
    "click": {"cli"},
    "distributed": {"judging"},
    "immutables": {"judging"},
    "isal": {"judging"},
    "jinja2": {"explorer", "render"},
    "mcp": {"server"},
    "pydantic": {"server"},
    "markdown_it": {"explorer"},
    "markupsafe": {"explorer"},
    "minify_html": {"explorer"},
    "numpy": {"judging"},
    "openpyxl": {"contribute"},
    "owlrl": {"contribute"},
    "pandas": {"library"},
    "polars": {"judging", "library", "release"},
    "pyoxigraph": {"store"},
    "pypinyin": {"explorer"},
    "pyshacl": {"rules"},
    "prometheus_client": {"server"},
    "rdflib": {"contribute", "rules", "store"},
    "rich": {"render"},
    "shacl": {"rules"},
    "starlette": {"server"},
    "uvicorn": {"server"},
    "xlsxwriter": {"contribute", "release"},
    "yaml": {"contribute"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))

pytestmark = pytest.mark.no_cover  # this test only reads the sources


def room(path: Path) -> str:
    """Return the subpackage (room) that a file belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return the nodes of the syntax tree of a file."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def shown(path: Path) -> str:
    """Return the path of a module relative to the package."""
    return path.relative_to(PACKAGE).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted name of every import in a file, at any level."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_each_library_is_imported_only_by_the_packages_named_for_it() -> None:
    named = [(path, name.split(".")[0]) for path in MODULES for name in imports(path)]
    assert len(named) > 1000
    wrong = {(shown(path), library) for path, library in named if room(path) not in DOORS.get(library, {room(path)})}
    assert sorted(wrong) == []


def test_files_and_functions_stay_short() -> None:
    assert len(MODULES) > 100
    long = [shown(path) for path in MODULES if path.read_text("utf-8").count("\n") > 250]
    for path in MODULES:
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                long += [f"{shown(path)}: {node.name}"] if node.end_lineno - node.lineno >= 40 else []
    assert long == []


@pytest.mark.parametrize("suffix", ["css", "j2", "js", "toml"])
def test_other_files_of_the_package_stay_short(suffix: str) -> None:
    files = [path for path in PACKAGE.rglob(f"*.{suffix}") if "vendor" not in path.parts]
    assert files
    assert [path for path in files if path.read_text("utf-8").count("\n") > 250] == []


def test_no_query_is_written_in_python() -> None:
    """One line is an exception: a part of a user's query that is sent to a host needs a separate SELECT clause."""
    begins = {"SELECT", "CONSTRUCT", "ASK", "PREFIX", "INSERT", "DELETE"}
    texts = [
        (path, node.value.strip())
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip()
    ]
    assert len(texts) > 1000
    queries = [(path, text) for path, text in texts if text.split()[0] in begins]
    assert [shown(path) for path, text in queries if (room(path), text) != ("store", "SELECT * WHERE")] == []


@pytest.mark.parametrize(("folder", "limit"), [("ontology", 500), ("data", 2_000)])
def test_turtle_files_stay_short(folder: str, limit: int) -> None:
    """A file of claims can be longer, because it has all claims of a dataset on one system."""
    lists = {ROOT / "data" / name for name in ("amendments.ttl", "sources.ttl")}  # the names of each list are sorted
    files = [path for path in sorted((ROOT / folder).rglob("*.ttl")) if path not in lists]
    assert files
    for path in files:
        assert path.read_text("utf-8").count("\n") <= limit, path


def test_compare_needs_no_heavy_library() -> None:
    imports = "from scs_kg.judging.matrix import *; from scs_kg.analysis.published_table import *"
    code = f"import sys; {imports}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "scs_kg.judging.matrix" in loaded
    assert not {"rdflib", "pyshacl", "owlrl", "SPARQLWrapper", "jinja2"} & set(loaded)
