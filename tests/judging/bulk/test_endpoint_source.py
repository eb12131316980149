"""Judging what a SPARQL store holds: the same verdicts as from a file, range by range."""

from pathlib import Path

import pytest

from scs_kg.judging.bulk.endpoint_source import Store
from scs_kg.judging.bulk.plan import plan, plan_store
from scs_kg.judging.bulk.rulebook import read_rulebook
from scs_kg.judging.bulk.run import run
from scs_kg.model.errors import EmptyInputError, EngineError
from scs_kg.store.sparql_client import Endpoint
from tests.conftest import ROOT
from tests.judging.bulk.test_run import rows
from tests.support import worlds
from tests.test_questions import serving


def test_a_store_gives_the_same_verdicts_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    world = worlds.write(tmp_path / "world.nq", 25, seed=5)
    known = read_rulebook(ROOT)
    run(plan(world, tmp_path / "by-file", known))
    with serving(world.read_bytes()) as url:
        store = Store(Endpoint(url), ROOT)
        work = plan_store(store, tmp_path / "by-store", known, size=7, bucket=300_000)
        assert len(work.pieces) == 4
        assert work.buckets > 2
        assert run(work)
        assert not run(plan_store(store, tmp_path / "by-store", known, size=7, bucket=300_000))
    assert rows(tmp_path / "by-store") == rows(tmp_path / "by-file")


def test_a_store_without_systems_or_that_is_away_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    known = read_rulebook(ROOT)
    with serving(b"") as url, pytest.raises(EmptyInputError, match="knows no social credit system"):
        plan_store(Store(Endpoint(url), ROOT), tmp_path / "out", known)
    with pytest.raises(EngineError, match="cannot be reached"):
        plan_store(Store(Endpoint("http://127.0.0.1:9/query", attempts=1), ROOT), tmp_path / "out", known)
