"""Opens editions of the data: a project folder, an export, or a revision of the project's git repository."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from scs_kg import store
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.project import guarded, judged_graph
from scs_kg.model.errors import BadFileError, EngineError, ScsError, UnknownNameError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason
from scs_kg.store import Dataset, Literal, NamedNode, Triple
from scs_kg.store.dataset import add_triples
from scs_kg.store.loading import load_export

LARGEST: Final = 256 << 20
"""The maximum size of an edition in bytes."""
SECONDS: Final = 60
"""The time-out of a git command in seconds."""
DEFAULTS: Final = PREFIXES["graph"] + "defaults"
"""The graph for the triples of ``add_defaults``."""


class NoRevisionError(UnknownNameError):
    """The error for the name of a revision if the folder has no git revision; the message says why."""

    def __init__(self, message: str) -> None:
        """Create the error from its message."""
        ScsError.__init__(self, message)


def open_edition(root: Path, name: str, selection: Selection) -> Dataset:
    """Load an edition, validate it with its own rules, and judge it with the queries of ``root``.

    Both editions of a comparison are judged with the same queries and the same software. Therefore all differences come
    from the claims, criteria, provisions and features.

    Raises:
        UnknownNameError: there is no folder, file or revision with that name.
        BadFileError: the edition cannot be read or breaks a rule.
        EngineError: git fails, for example at its time-out, or because the repository belongs to another user.
    """
    with _loaded(root, name) as dataset:
        opened = guarded(replace(dataset, root=root))
        add_defaults(opened)
        return judged_graph(judge_selection(opened, selection))


def add_defaults(dataset: Dataset) -> None:
    """Add default values for properties that editions before version 0.2 do not have.

    A claim without a mode becomes de facto. A reading without a cell rule uses ``scs:AnyCriterion``. A provision
    without a role becomes supporting if its force is ``scs:Aspirational``, otherwise deciding. If no reason for an open
    verdict has a rank, all reasons get the order of ``OpenReason``.
    """
    aims = {one for one, force in store.subject_objects(dataset, SCS + "force") if force == SCS + "Aspirational"}
    for kind, name, default in (
        ("Claim", "mode", "DeFacto"),
        ("Reading", "cellRule", "AnyCriterion"),
        ("Provision", "role", "Deciding"),
    ):
        stated = {one for one, _ in store.subject_objects(dataset, SCS + name)}
        missing = {store.text(term) for term in store.subjects(dataset, RDF + "type", SCS + kind)} - stated
        values = {one: "Supporting" if kind == "Provision" and one in aims else default for one in missing}
        added = (Triple(NamedNode(one), NamedNode(SCS + name), NamedNode(SCS + value)) for one, value in values.items())
        add_triples(dataset, added, DEFAULTS)
    if not any(store.subject_objects(dataset, SCS + "rank")):
        reasons = (NamedNode(SCS + reason[0].upper() + reason[1:]) for reason in OpenReason)
        ranks = (Triple(reason, NamedNode(SCS + "rank"), Literal(n)) for n, reason in enumerate(reasons, 1))
        add_triples(dataset, ranks, DEFAULTS)


@contextmanager
def _loaded(root: Path, name: str) -> Iterator[Dataset]:
    path = Path(name)
    if _is(stat.S_ISDIR, name):
        yield store.load(path)
    elif _is(stat.S_ISREG, name):
        if path.stat().st_size > LARGEST:
            raise BadFileError(path, None, f"is larger than {LARGEST >> 20} MiB; name its project folder instead")
        yield load_export(path)
    else:
        with TemporaryDirectory() as folder:
            try:
                _check_out(root, name, Path(folder))
                yield store.load(Path(folder))
            except BadFileError as error:  # name the revision: the temporary folder is deleted when the user reads this
                raise BadFileError(error.file.replace(folder + "/", name + ":"), error.line, error.reason) from error


def _is(kind: Callable[[int], bool], name: str) -> bool:
    """Return whether a path exists and its mode passes a test such as ``stat.S_ISREG``; False for an invalid name."""
    try:
        return bool(name) and kind(Path(name).stat().st_mode)
    except (OSError, ValueError):
        return False


def _check_out(root: Path, name: str, folder: Path) -> None:
    """Write the Turtle files of a git revision to a folder; no link, no git filter and no network is used."""
    listed = _git(root, "ls-tree", "-r", "-z", "-l", _commit(root, name), "--", "ontology", "data")
    blobs = dict(_turtle_blobs(listed.decode("utf-8", "surrogateescape")))
    if not blobs:
        raise BadFileError(name, None, "has no Turtle file in ontology/ or data/; name a revision of the project")
    hashes = list(blobs.values())
    for path, content in zip(blobs, _contents(root, hashes), strict=True):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def _turtle_blobs(listed: str) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield path and hash of each Turtle file in the output of ``git ls-tree -z -l``.

    Links and paths that lead out of the folder are left out.
    """
    total = 0
    for entry in filter(None, listed.split("\0")):
        described, _, written = entry.partition("\t")
        mode, _, blob, size = described.split()
        path = PurePosixPath(written)
        if mode.startswith("100") and path.suffix == ".ttl" and ".." not in path.parts and not path.is_absolute():
            total += int(size)
            if total > LARGEST:
                raise BadFileError(written, None, f"makes the revision larger than {LARGEST >> 20} MiB")
            yield path, blob


def _contents(root: Path, hashes: list[str]) -> Iterator[bytes]:
    """Yield the content of each blob; ``git cat-file --batch`` prints a line with the size, then the bytes."""
    output = _git(root, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in hashes).encode())
    start = 0
    for _ in hashes:
        end = output.index(b"\n", start)
        size = int(output[start:end].split()[2])
        yield output[end + 1 : end + 1 + size]
        start = end + 1 + size + 1


def _commit(root: Path, name: str) -> str:
    """Return the hash of the commit of a revision.

    Raises:
        UnknownNameError: there is no such commit, the folder is not in a git repository, or git is not installed.
        EngineError: git refuses the repository.
    """
    try:
        found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
    except EngineError as error:
        _check_repository(root, name)
        raise UnknownNameError("folder, file or git revision", name, ["HEAD"]) from error
    return found.decode().strip()


def _check_repository(root: Path, name: str) -> None:
    """Raise an error if a folder has no git revision at all; ``name`` is the name of the revision in the message."""
    if not shutil.which("git"):
        raise NoRevisionError(f"no folder, file or git revision is called '{name}': git is not installed")
    try:
        _git(root, "rev-parse", "--git-dir")
    except EngineError as error:
        if "not a git repository" not in str(error):
            raise
        message = f"no folder, file or git revision is called '{name}': {root.absolute()} is not in a git repository"
        raise NoRevisionError(message) from error
    try:
        _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    except EngineError as error:
        message = (
            f"no folder, file or git revision is called '{name}': the git repository of {root.absolute()} has no commit"
        )
        raise NoRevisionError(message) from error


def _git(root: Path, *command: str, given: bytes = b"") -> bytes:
    """Run git in the project folder and return its output; raise EngineError if it fails."""
    environment = {**os.environ, "GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
    environment |= {"LC_ALL": "C"}  # the messages are in English
    try:
        ran = subprocess.run(
            [shutil.which("git") or "git", "-C", str(root), *command],
            input=given,
            capture_output=True,
            check=True,
            env=environment,
            timeout=SECONDS,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        output = error.stderr.decode(errors="replace") if isinstance(error, subprocess.CalledProcessError) else error
        raise EngineError(f"git {command[0]} failed: {' '.join(str(output).split())}") from error
    return ran.stdout
