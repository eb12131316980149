"""Fixtures: the project's data, judged once, and copies of an invented world that tests can change."""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from scs_kg.judging.judged import JudgedSelection, judge_selection
from scs_kg.judging.project import judged_graph, open_guarded, open_judged
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset, load, serialize_dataset

if TYPE_CHECKING:
    from tests.support.asgi import Client

# Without bytecode, each of several hundred processes compiles all its imports.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# All processes of a test run share a new cache folder, so that they validate the same files only once. The tests use
# the existing cache of uv, because it contains the programs of other projects that the tests run.
if "SCS_KG_TEST_CACHE" not in os.environ:
    os.environ["SCS_KG_TEST_CACHE"] = _cache = tempfile.mkdtemp(prefix="scs-kg-tests-")
    os.environ.setdefault("UV_CACHE_DIR", str(Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "uv"))
    os.environ["XDG_CACHE_HOME"] = _cache
    atexit.register(shutil.rmtree, _cache, ignore_errors=True)

# Threads of OpenBLAS, which no test needs, would wait for work in each process that imports numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The garbage collector runs rarely, because the judged data and the graphs of rdflib stay in memory until the end.
gc.set_threshold(50_000, 20, 50)

# Properties must hold on slow and busy machines and under coverage, so examples have no deadline.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

TESTS = Path(__file__).parent
ROOT = TESTS.parent
FIXTURE_FOLDER = TESTS / "fixtures"
WORLD = FIXTURE_FOLDER / "world"
SYSTEM_COUNT = (ROOT / "data" / "systems.ttl").read_text("utf-8").count("\nsys:")
PAPER = Selection(datasets=("agrawal-2022",))
REAL_DATA = frozenset({"opened", "judged", "judged_field", "field", "dated_field", "field_client", "real_content"})
"""The fixtures that take seconds because they load the real data."""
FORKING = (
    *("contribute/", "exchange/link/", "explorer/test_processes", "render/test_answer", "server/", "store/isolation/"),
)
"""The folders and modules with tests that fork this process to read a file or to run a query."""
VOCABULARY = (
    "context.jsonld",
    "scs.ttl",
    "contradictions.ttl",
    "acts.ttl",
    "norms.ttl",
    "values.ttl",
    "searches.ttl",
    "incidents.ttl",
    "publishers.ttl",
    "style.ttl",
    "translations.ttl",
    "integrity",
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the browser tests if the selection excludes them, because import of their libraries takes a second."""
    excluded = "not browser" in config.option.markexpr
    return True if excluded and collection_path == TESTS / "browser" else None


@pytest.hookimpl(trylast=True)  # after the selection, so that each worker starts with half of the selected tests
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in an order in which two workers are busy to the end and have small processes.

    The first worker starts with the first half: the slowest tests, by the seconds in their marks, and then the tests on
    the real data. Therefore, no other worker loads the real data. The second worker starts with the second half, in
    which the tests that fork come first. A fork copies the page table, so it takes several times as long in a process
    with the real data.
    """
    items.sort(key=lambda item: (-seconds(item), not uses_real_data(item)))
    forking = [item for item in items if forks(item)]
    others = [item for item in items if not forks(item)]
    half = min(len(items) // 2, len(others))
    items[:] = [*others[:half], *forking, *others[half:]]


def forks(item: pytest.Item) -> bool:
    """Return whether a test does not use the real data and may fork this process."""
    place = item.path.relative_to(TESTS).as_posix()
    return place.startswith(FORKING) and not uses_real_data(item) and not seconds(item)


def uses_real_data(item: pytest.Item) -> bool:
    """Return whether a test has a fixture with the real data."""
    return not REAL_DATA.isdisjoint(getattr(item, "fixturenames", ()))


def seconds(item: pytest.Item) -> float:
    """Return the seconds in the ``slow`` mark of a test; 0 if the test has no such mark."""
    mark = item.get_closest_marker("slow")
    return float(mark.kwargs.get("seconds", 0)) if mark else 0.0


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Exclude all objects from the last garbage collections, which would visit the whole real data three times."""
    gc.freeze()


@pytest.fixture(scope="session")
def opened() -> Dataset:
    """Return the real data without verdicts; no test may change it."""
    return open_guarded(ROOT)


@pytest.fixture(scope="session")
def judged(opened: Dataset) -> Dataset:
    """Return the judged dataset with the base paper's claims."""
    return judged_graph(judge_selection(opened, PAPER))


@pytest.fixture(scope="session")
def judged_field(opened: Dataset) -> JudgedSelection:
    """Return the systems of the real data, judged from all claims."""
    return judge_selection(opened)


@pytest.fixture(scope="session")
def field(judged_field: JudgedSelection) -> Dataset:
    """Return the judged dataset with all claims."""
    return judged_graph(judged_field)


@pytest.fixture(scope="session")
def dated_field(field: Dataset) -> Dataset:
    """Return the judged dataset with all claims and the periods of all verdicts."""
    from tests.support.golden_files import with_periods

    return with_periods(field)


@pytest.fixture(scope="session")
def field_client(field: Dataset) -> "Client":
    """Return a client of the service on all real data; it is immutable except for its cache."""
    from tests.support.asgi import Client

    return Client(field, max_answer=32 << 20)


@cache
def world_files() -> Mapping[str, bytes]:
    """Return the relative paths and the content of the files of the invented world; hundreds of tests copy them."""
    places = [(WORLD, WORLD), *((ROOT / "ontology" / name, ROOT) for name in VOCABULARY), (ROOT / "queries", ROOT)]
    found: dict[str, bytes] = {}
    for place, base in places:
        paths = [path for path in place.rglob("*") if path.is_file()] if place.is_dir() else [place]
        found |= {path.relative_to(base).as_posix(): path.read_bytes() for path in paths}
    return found


def build_world(folder: Path) -> Path:
    """Build a project folder from the real vocabulary, rules and queries and the data of the invented world."""
    files = world_files()
    for parent in sorted({name.rpartition("/")[0] for name in files}):
        (folder / parent).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with open(f"{folder}/{name}", "wb", buffering=0) as file:  # noqa: PTH123 - hundreds of thousands of files
            file.write(content)
    return folder


@pytest.fixture(scope="session")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an invented world that no test may change."""
    return build_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def world_nquads(shared_world: Path) -> Path:
    """Return the invented world as N-Quads, which ``judge`` reads; no test may change the file."""
    path = shared_world.with_suffix(".nq")
    path.write_bytes(serialize_dataset(load(shared_world), "nquads", inferred=False))
    return path


@pytest.fixture(scope="session")
def judged_world(shared_world: Path) -> Dataset:
    """Return the judged dataset of the invented world."""
    return open_judged(shared_world)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Return the folder of an invented world that the test may change."""
    return build_world(tmp_path / "world")


@pytest.fixture
def replace(world: Path) -> Callable[[str, str, str], Path]:
    """Return a function that replaces a text in a file of the project folder ``world``; the file must contain it."""

    def change(file: str, old: str, new: str) -> Path:
        path = world / file
        text = path.read_text("utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), "utf-8")
        return path

    return change
