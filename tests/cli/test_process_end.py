"""A process ends without freeing its data, and loses nothing that it would have written."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from scs_kg.cli.process_end import keep_until_end

ENDING = """
import atexit, sys, threading, time
from scs_kg.cli.process_end import end_process
atexit.register(lambda: print("registered", end=""))
from concurrent.futures import ThreadPoolExecutor
threading.Thread(target=lambda: time.sleep(0.1) or print("thread", end=" ")).start()
ThreadPoolExecutor(1).submit(time.sleep, 0)  # its idle thread waits for work until the end of the process
sys.stderr.write("error")
end_process(3)
print("not reached")
"""
COMPARING = "import sys; from scs_kg.cli import main; sys.argv[1:] = ['compare', '--root', {!r}]; main(); print('back')"


def test_threads_registered_functions_and_streams_are_finished() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, b"thread registered", b"error")


@pytest.mark.parametrize(("first", "returns"), [("", False), ("import cProfile; ", True)])
def test_a_command_returns_to_a_profiler_only(first: str, returns: bool, shared_world: Path) -> None:
    code = first + COMPARING.format(str(shared_world))
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert "harmony" in shown or "√" in shown
    assert shown.endswith("back\n") == returns


def test_data_is_kept_by_the_caller_of_a_command() -> None:
    kept: list[object] = []
    with click.Context(click.Command("one"), obj=kept):
        assert keep_until_end("data") == "data"
    assert kept == ["data"]
    assert keep_until_end("other") == "other"
    with click.Context(click.Command("two")):
        keep_until_end("other")
    assert kept == ["data"]
