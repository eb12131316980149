"""A missing optional library is reported with the command that installs it in this environment."""

import json
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from scs_kg.model import extras
from scs_kg.model.errors import WrongUseError
from scs_kg.model.extras import EXTRA_OF, install_command, optional_libraries
from tests.conftest import ROOT

PACKAGES = {"markdown_it": "markdown-it-py", "minify_html": "minify-html"}
"""Names of modules, mapped to names of packages that differ from them."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def installed_from(monkeypatch: pytest.MonkeyPatch, origin: dict[str, Any] | None) -> None:
    """Make the package appear to be installed from an origin, as ``direct_url.json`` (PEP 610) describes it."""

    class Distribution:
        def read_text(self, _: str) -> str | None:
            return None if origin is None else json.dumps(origin)

    monkeypatch.setattr(extras, "distribution", lambda _: Distribution())


@pytest.mark.parametrize("library", sorted(EXTRA_OF))
def test_the_extra_of_each_library_installs_it_and_the_base_does_not(library: str) -> None:
    declared = {name.lower().split(">")[0] for name in PROJECT["optional-dependencies"][EXTRA_OF[library]]}
    package = PACKAGES.get(library, library)
    assert package in declared
    assert not any(name.lower().startswith(f"{package}>") for name in PROJECT["dependencies"])


@pytest.mark.parametrize(
    ("marker", "text", "command"),
    [
        ("pyvenv.cfg", "home = /usr/bin\n", [sys.executable, "-m", "pip", "install"]),
        ("pyvenv.cfg", "home = /usr/bin\nuv = 0.9.7\n", ["uv", "pip", "install", "--python", sys.executable]),
        ("uv-receipt.toml", "[tool]\n", ["uv", "tool", "install", "--force"]),
        ("pipx_metadata.json", "{}", ["pipx", "install", "--force"]),
    ],
)
def test_the_command_suits_the_environment(
    marker: str, text: str, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / marker).write_text(text, "utf-8")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    installed_from(monkeypatch, None)
    assert install_command("serve") == " ".join([*command, "'scs-kg[serve]'"])


@pytest.mark.parametrize(
    ("origin", "requirement"),
    [
        (None, "'scs-kg[bulk]'"),
        ({"url": "file:///a%20b", "dir_info": {"editable": True}}, "--editable '/a b[bulk]'"),
        ({"url": "file:///ab", "dir_info": {}}, "'/ab[bulk]'"),
        ({"url": "https://example.org/s.whl", "archive_info": {}}, "'scs-kg[bulk] @ https://example.org/s.whl'"),
    ],
)
def test_the_command_installs_from_the_same_place(
    origin: dict[str, Any] | None, requirement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed_from(monkeypatch, origin)
    assert install_command("bulk").endswith(f" {requirement}")


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(extras, "distribution", unknown)
    assert install_command("bulk").endswith(" 'scs-kg[bulk]'")


def test_a_missing_library_is_reported_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "starlette", None)
    with pytest.raises(WrongUseError, match=r"starlette is not installed; .*\[serve\]"), optional_libraries():
        import starlette.requests  # noqa: F401 - the import itself is tested


def test_another_missing_module_is_an_internal_error() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"), optional_libraries():
        __import__("no_such_module")
