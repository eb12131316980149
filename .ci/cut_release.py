"""Cuts a release: ``python .ci/cut_release.py 0.2.0 [--dry-run] [--no-tag]``. The script pushes nothing.

The script writes the version and the date into all files that name them, and commits. The script builds the wheel and
the sdist, and checks the wheel in a new environment. Finally, the script writes the release folder and creates the tag.
docs/how-to/release.md describes the steps.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

VERSION: Final = r"[0-9]+\.[0-9]+\.[0-9]+"
PLACES: Final[tuple[tuple[str, str, str], ...]] = (
    ("scs_kg/model/version.py", rf'__version__ = "{VERSION}"', '__version__ = "{version}"'),
    ("ontology/scs.ttl", rf"ontology/{VERSION}>", "ontology/{version}>"),
    ("ontology/scs.ttl", rf'owl:versionInfo "{VERSION}"', 'owl:versionInfo "{version}"'),
    ("ontology/scs.ttl", rf"an ontology. Version {VERSION}", "an ontology. Version {version}"),
    ("ontology/scs.ttl", r'dcterms:modified "[0-9-]+"', 'dcterms:modified "{day}"'),
    ("CITATION.cff", rf'^version: "{VERSION}"', 'version: "{version}"'),
    ("CITATION.cff", r"^date-released: [0-9-]+", "date-released: {day}"),
    (".zenodo.json", rf'"version": "{VERSION}"', '"version": "{version}"'),
    ("README.md", rf"Version {VERSION}", "Version {version}"),
    ("README.md", rf"scs-kg {VERSION}", "scs-kg {version}"),
    ("docs/how-to/cite.md", rf"scs-kg {VERSION}", "scs-kg {version}"),
    ("CHANGELOG.md", r"^## Unreleased$", "## {version} ({day})"),
)
"""Each file that names the version or the date, with the pattern to replace and its replacement."""


def edited(root: Path, version: str, day: str) -> Mapping[Path, str]:
    """Return the new texts of all files that name the version.

    Raises:
        SystemExit: the version is malformed, or a file does not name it exactly once.
    """
    if not re.fullmatch(VERSION, version):
        sys.exit(f"'{version}' is not a version; write 0.2.0")
    texts: dict[Path, str] = {}
    for name, pattern, replacement in PLACES:
        path = root / name
        text = texts.get(path) or path.read_text("utf-8")
        found, count = re.subn(pattern, replacement.format(version=version, day=day), text, flags=re.MULTILINE)
        if count != 1:
            sys.exit(f"{name}: '{pattern}' occurs {count} times; it must occur once")
        texts[path] = found
    return texts


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command, and stop with its output if it fails."""
    ran = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def build(root: Path, dist: Path) -> None:
    """Build the wheel and the sdist, check the wheel in a new environment, and write the release folder with it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        venv.create(folder / "venv", with_pip=True)
        programs = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
        python, program = programs / "python", programs / "scs-kg"
        run(python, "-m", "pip", "install", "-q", "build", cwd=folder)
        run(python, "-m", "build", "--outdir", dist, root, cwd=folder)
        (wheel,) = dist.glob("*.whl")
        run(python, "-m", "pip", "install", "-q", f"{wheel}[release]", cwd=folder)
        run(program, "compare", cwd=folder)
        run(program, "validate", cwd=folder)
        run(program, "release", dist / "data", cwd=folder)


def main() -> None:
    """Read the arguments, and cut the release."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version")
    parser.add_argument("--dry-run", action="store_true", help="only list the files that would change")
    parser.add_argument("--no-tag", action="store_true", help="neither commit nor tag")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    given = parser.parse_args()
    root, day = given.root, datetime.now(UTC).date().isoformat()
    texts = edited(root, given.version, day)
    if given.dry_run:
        sys.stdout.write("".join(f"{path.relative_to(root)}\n" for path in texts))
        return
    if run("git", "status", "--porcelain", cwd=root):
        sys.exit("the tree has changes that are not committed; commit them first")
    if run("git", "tag", "--list", f"v{given.version}", cwd=root):
        sys.exit(f"the tag v{given.version} exists already")
    for path, text in texts.items():
        path.write_text(text, "utf-8", newline="\n")
    dist = root / "dist" / given.version
    build(root, dist)
    if not given.no_tag:
        run("git", "commit", "-qam", f"release: {given.version}", cwd=root)
        run("git", "tag", "-a", f"v{given.version}", "-m", f"scs-kg {given.version}", cwd=root)
    sys.stdout.write(f"{dist}\n")


if __name__ == "__main__":
    main()
