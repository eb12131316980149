"""Runs the scripts of the explorer's pages in Node.js, without a browser."""

import json
import shutil
import subprocess
from importlib.resources import files
from typing import Any


def run_scripts(names: list[str], expression: str, value: Any, *, first: str = "") -> Any:
    """Run ``first`` and scripts of the folder ``static`` as one script; return the value of a JSON expression.

    The expression can use ``value``, which is passed as JSON on standard input.
    """
    node = shutil.which("node")
    assert node, "these tests need Node.js: Debian's package nodejs"
    static = files("scs_kg.explorer") / "static"
    scripts = [(static / f"{name}.js").read_text("utf-8") for name in names]
    given = 'const value = JSON.parse(require("fs").readFileSync(0, "utf8"));'
    output = f"process.stdout.write(JSON.stringify({expression}));"
    command = [node, "--eval", "\n".join([given, first, *scripts, output])]
    done = subprocess.run(command, input=json.dumps(value), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
