"""The house: who may import whom, how long things may be, and that everything says what it is."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "scs_kg"
LAYERS = (
    "errors",
    "namespaces",
    "model",
    "formula",
    "lines",
    "sandbox",
    "store",
    "imprint",
    "records",
    "query",
    "remote",
    "federate",
    "publish",
    "sssom",
    "names",
    "acts",
    "criteria",
    "asked",
    "shacl",
    "intake",
    "template",
    "check",
    "amendment",
    "amend",
    "judge",
    "selection",
    "history",
    "settle",
    "index",
    "incremental",
    "compare",
    "cells",
    "grounds",
    "proof",
    "published",
    "citations",
    "explain",
    "nanopub",
    "basis",
    "consequence",
    "whatif",
    "robustness",
    "agenda",
    "report",
    "validate",
    "editions",
    "record_changes",
    "diff",
    "bulk",
    "describe",
    "reconcile",
    "link",
    "render",
    "release",
    "answer",
    "site",
    "web",
    "cli",
)
DOORS = {
    "pyoxigraph": {"store"},
    "pyshacl": {"shacl"},
    "shacl": {"shacl"},
    "owlrl": {"validate"},
    "rdflib": {"asked", "federate", "shacl", "validate"},
    "click": {"cli"},
    "rich": {"render"},
    "SPARQLWrapper": {"remote"},
    "jinja2": {"render", "site"},
    "numpy": {"bulk"},
    "isal": {"bulk"},
    "polars": {"bulk", "release"},
    "distributed": {"bulk"},
    "markupsafe": {"site"},
    "pypinyin": {"site"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "yaml": {"intake"},
    "openpyxl": {"intake"},
    "xlsxwriter": {"release", "template"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))

pytestmark = pytest.mark.no_cover  # it reads what the project is made of, and calls none of it


def layer(path: Path) -> str:
    """Return the module or folder of the package that a file belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_layers(path: Path) -> set[str]:
    """Return the layers of the package that a file imports from."""
    parts = [name.split(".") for name in imports(path)]
    return {name[1] for name in parts if name[0] == "scs_kg" and len(name) > 1 and name[1] in LAYERS}


def test_every_module_has_its_place_in_the_list() -> None:
    assert {layer(path) for path in MODULES} - {"__init__", "__main__"} == set(LAYERS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_import_only_from_above(path: Path) -> None:
    name = layer(path)
    if name in LAYERS:
        allowed = {*LAYERS[: LAYERS.index(name)], name}
        assert own_layers(path) <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_each_library_has_one_door(path: Path) -> None:
    for name in imports(path):
        library = name.split(".")[0]
        assert layer(path) in DOORS.get(library, {layer(path)}), f"{library} is not for {layer(path)}"


def test_errors_namespaces_and_model_know_only_the_standard_library() -> None:
    for name in ("errors", "namespaces", "model", "formula", "lines", "sandbox"):
        foreign = {module.split(".")[0] for path in MODULES if layer(path) == name for module in imports(path)}
        assert foreign <= sys.stdlib_module_names | {"scs_kg"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 250
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 45, f"{path}: {node.name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_query_is_written_in_python(path: Path) -> None:
    """But for one line: what a host is asked is a part of somebody's query, which needs a head to stand alone."""
    begins = {"SELECT", "CONSTRUCT", "ASK", "PREFIX", "INSERT", "DELETE"}
    head = "SELECT * WHERE" if layer(path) == "federate" else ""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip() != head:
            assert not node.value.split() or node.value.split()[0] not in begins


@pytest.mark.parametrize(("folder", "limit"), [("ontology", 500), ("data", 800)])
def test_turtle_files_stay_short(folder: str, limit: int) -> None:
    bibliography = ROOT / "data" / "sources.ttl"  # one list, in the order of its names
    files = [path for path in sorted((ROOT / folder).rglob("*.ttl")) if path != bibliography]
    assert files
    for path in files:
        assert path.read_text("utf-8").count("\n") <= limit, path


def test_compare_needs_no_heavy_library() -> None:
    code = "import sys; from scs_kg.compare import *; from scs_kg.published import *; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "scs_kg.compare" in loaded
    assert not {"rdflib", "pyshacl", "owlrl", "SPARQLWrapper", "jinja2"} & set(loaded)
