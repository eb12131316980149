"""Bulk judging from a SPARQL endpoint, in ranges, gives the same verdicts as from a file."""

from pathlib import Path

import pytest

from scs_kg.judging.bulk.endpoint_source import ClaimStore
from scs_kg.judging.bulk.plan import plan_endpoint, plan_files
from scs_kg.judging.bulk.rulebook import read_rulebook
from scs_kg.judging.bulk.run import run
from scs_kg.model.errors import BadFileError, EmptyInputError, EngineError
from scs_kg.model.namespaces import SCS, local_id
from scs_kg.store.sparql_client import Endpoint
from tests.conftest import ROOT
from tests.judging.bulk.test_run import rows
from tests.support import worlds
from tests.test_questions import serving


def test_an_endpoint_gives_the_same_verdicts_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    path = worlds.write(tmp_path / "world.nq", 25, seed=5)
    rulebook = read_rulebook(ROOT)
    run(plan_files(path, tmp_path / "by-file", rulebook))
    with serving(path.read_bytes()) as url:
        store = ClaimStore(Endpoint(url), ROOT)
        plan = plan_endpoint(store, tmp_path / "by-store", rulebook, size=7, bucket=300_000)
        assert len(plan.pieces) == 4
        assert plan.buckets > 2
        assert run(plan)
        assert not run(plan_endpoint(store, tmp_path / "by-store", rulebook, size=7, bucket=300_000))
    assert rows(tmp_path / "by-store") == rows(tmp_path / "by-file")


def test_an_empty_or_unreachable_endpoint_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    rulebook = read_rulebook(ROOT)
    with serving(b"") as url, pytest.raises(EmptyInputError, match="contains no social credit system"):
        plan_endpoint(ClaimStore(Endpoint(url), ROOT), tmp_path / "out", rulebook)
    with pytest.raises(EngineError, match="cannot be reached"):
        plan_endpoint(ClaimStore(Endpoint("http://127.0.0.1:9/query", attempts=1), ROOT), tmp_path / "out", rulebook)


def test_a_claim_of_a_store_without_a_mode_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    path = worlds.write(tmp_path / "world.nq", 2)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    dropped = next(line for line in lines if f"<{SCS}mode>" in line)
    with serving("".join(line for line in lines if line != dropped).encode()) as url:
        plan = plan_endpoint(ClaimStore(Endpoint(url), ROOT), tmp_path / "out", read_rulebook(ROOT))
        with pytest.raises(
            BadFileError, match=r"has no mode \(scs:mode\), or an unknown one; use one of DeJure"
        ) as caught:
            run(plan)
    assert local_id(dropped[1:].split(">", 1)[0]) in str(caught.value)
