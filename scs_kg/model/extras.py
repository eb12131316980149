"""Optional libraries: the extra of the package that installs each library, and the command that installs an extra."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scs_kg.model.errors import WrongUseError

PACKAGE: Final = "scs-kg"
EXTRA_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cachetools": "serve",
        "distributed": "dask",
        "httptools": "serve",
        "isal": "bulk",
        "krippendorff": "coding",
        "mcp": "mcp",
        "numpy": "bulk",
        "openpyxl": "sheets",
        "pandas": "notebook",
        "polars": "bulk",
        "markdown_it": "site",
        "minify_html": "site",
        "pypinyin": "site",
        "starlette": "serve",
        "uvicorn": "serve",
        "xlsxwriter": "sheets",
    }
)
"""Maps each optional library to the extra that installs it.

A caller can name another extra that also installs the library.
"""


@contextmanager
def optional_libraries(extra: str | None = None) -> Iterator[None]:
    """Replace the error of a missing library by an error with the command that installs the library.

    ``extra`` is the extra to install; the default is the extra in ``EXTRA_OF``.

    Raises:
        WrongUseError: an optional library was imported inside the block and is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in EXTRA_OF:
            raise
        install = install_command(extra or EXTRA_OF[library])
        raise WrongUseError(f"{library} is not installed; the command needs an extra: {install}") from error


def install_command(extra: str) -> str:
    """Return the command that adds an extra to the environment of this process, for pip, pipx or uv.

    The files in the environment show which tool made it. pipx writes ``pipx_metadata.json``, and ``uv tool`` writes
    ``uv-receipt.toml``. ``uv venv`` writes its version to ``pyvenv.cfg`` and installs no pip.
    """
    requirement, prefix = _requirement(extra), Path(sys.prefix)
    if (prefix / "pipx_metadata.json").exists():
        return _joined(["pipx", "install", "--force", *requirement])
    if (prefix / "uv-receipt.toml").exists():
        return _joined(["uv", "tool", "install", "--force", *requirement])
    if _made_by_uv(prefix):
        return _joined(["uv", "pip", "install", "--python", sys.executable, *requirement])
    return _joined([sys.executable, "-m", "pip", "install", *requirement])


def _requirement(extra: str) -> list[str]:
    """Return the arguments that name this package with an extra, from where it was installed (PEP 610)."""
    try:
        origin = json.loads(distribution(PACKAGE).read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        origin = {}
    url = origin.get("url", "")
    if "dir_info" in origin:
        editable = ["--editable"] if origin["dir_info"].get("editable") else []
        return [*editable, f"{_path(url)}[{extra}]"]
    return [f"{PACKAGE}[{extra}] @ {url}"] if url else [f"{PACKAGE}[{extra}]"]


def _path(url: str) -> str:
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    return url2pathname(urlsplit(url).path)


def _made_by_uv(prefix: Path) -> bool:
    try:
        lines = (prefix / "pyvenv.cfg").read_text("utf-8").splitlines()
    except OSError:
        return False
    return any(line.partition("=")[0].strip() == "uv" for line in lines)


def _joined(arguments: list[str]) -> str:
    return subprocess.list2cmdline(arguments) if os.name == "nt" else shlex.join(arguments)
