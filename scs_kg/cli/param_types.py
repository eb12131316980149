"""The types of option values and arguments: lists, formats, files, rows, and names that the shell can complete."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scs_kg.model.errors import ScsError, WrongUseError
from scs_kg.model.namespaces import PREFIXES, SCS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

INPUT_FORMS: Final = ("turtle", "trig", "ntriples", "nquads", "jsonld", "yaml", "csv", "xlsx")
WORKBOOKS: Final = frozenset({"excel", "xls", "xlsx", "workbook"})
"""Names of the workbook format, which most commands do not write."""
FORMER: Final = {"formula": "fast", "table": "text"}
"""Words of earlier versions, mapped to the words that replace them."""
CLASSES: Final = {
    "system": SCS + "SocialCreditSystem",
    "feature": SCS + "Feature",
    "guideline": SCS + "Guideline",
    "principle": SCS + "Principle",
    "reading": SCS + "Reading",
    "source": SCS + "Source",
    "dataset": PREFIXES["dcat"] + "Dataset",
}
QUERIES: Final = {"claim": "claims", "criterion": "criteria"}


class ListOf(click.ParamType[tuple[Any, ...]]):
    """One or more values, separated by commas; an empty value is rejected."""

    def __init__(self, item: click.ParamType[Any], separator: str = ",") -> None:
        """Create a list type from the type of an item and the regular expression of the separator."""
        self.item, self.separator, self.name = item, separator, item.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Any, ...]:
        """Return the items."""
        items = [item.strip() for item in re.split(self.separator, str(value)) if item.strip()]
        if not items:
            self.fail(f"'{value}' has no value; give one, or several separated by commas", param, ctx)
        return tuple(self.item.convert(item, param, ctx) for item in items)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        """Return completions of the last item."""
        from click.shell_completion import CompletionItem

        done, comma, last = incomplete.rpartition(",")
        found = self.item.shell_complete(ctx, param, last)
        return [CompletionItem(done + comma + item.value, help=item.help) for item in found]

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """Return the choices of an item, if it has any."""
        found = self.item.get_metavar(param, ctx=ctx)
        return f"{found},…" if found else None


class Choice(click.Choice[str]):
    """A choice of words.

    The error for a word of an earlier version names the new word. The error for an input format names ``--from``.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word."""
        if value in FORMER and FORMER[value] in self.choices:
            self.fail(f"'{value}' is now {FORMER[value]}; write {FORMER[value]} instead", param, ctx)
        if value in WORKBOOKS and value not in self.choices and "xlsx" in self.choices:
            self.fail(f"'{value}' is not a format; write xlsx", param, ctx)
        if value in WORKBOOKS and value not in self.choices and "csv" in self.choices:
            message = (
                f"'{value}' is not an output format of this command; write csv, which a spreadsheet opens, "
                "or write a workbook with 'scs-kg release'"
            )
            self.fail(message, param, ctx)
        takes_input = ctx is not None and any(each.name == "source" for each in ctx.command.params)
        if value not in self.choices and value in INPUT_FORMS and takes_input:
            self.fail(f"'{value}' is an input format; give it with --from {value}", param, ctx)
        return super().convert(value, param, ctx)


def readable_file(name: str) -> str:
    """Return the name of a file that can be opened.

    Raises:
        WrongUseError: there is no such file, it is a folder, or it may not be read.
    """
    try:
        Path(name).open("rb").close()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise WrongUseError(f"{name}: cannot be read: {reason}; check the name") from error
    return name


class InputFile(click.ParamType[str]):
    """A file to read, or ``-`` for standard input."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name of a file that can be opened; errors are those of ``readable_file``."""
        return str(value) if value == "-" else readable_file(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        """Complete file names in the shell."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


class Top(click.ParamType[int]):
    """A number of rows, or 0 or ``all`` for every row."""

    name = "rows"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number of rows; 0 for all."""
        if value is None or str(value).lower() in {"0", "all"}:
            return 0
        if not str(value).isdecimal():
            self.fail(f"'{value}' is not a number of rows; give a number, 0 or all", param, ctx)
        return int(value)


class Name(click.ParamType[str]):
    """The name of something in the data: an id, an IRI or a label; the shell completes ids."""

    def __init__(self, kind: str) -> None:
        """Create the type of names of a kind: a system, a guideline, a claim, or a question."""
        self.name = kind

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        """Return the ids that begin with the typed text; an empty list if the project cannot be read."""
        from click.shell_completion import CompletionItem

        from scs_kg.store import default_root

        try:
            found = known_ids(ctx.params.get("root") or default_root(), self.name)
        except ScsError:
            return []
        return [CompletionItem(name) for name in found if name.startswith(incomplete)]


class ReadingName(Name):
    """The name of a reading in the data, or a file with a reading, which must be readable."""

    def __init__(self) -> None:
        """Create the type."""
        super().__init__("reading")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name or the file; errors for a file are those of ``readable_file``."""
        if not Path(value).suffix:
            return str(value)
        from scs_kg.contribute.reading_files import is_reading_file

        return readable_file(value) if is_reading_file(value) else str(value)


def known_ids(root: Path, kind: str) -> tuple[str, ...]:
    """Return the ids of a kind in a project, sorted; the ids of questions are the names of their files."""
    from scs_kg.store import load, query_library
    from scs_kg.store.labels import name_index

    if kind == "question":
        return (*query_library.read_all(root), *query_library.read_all(root, federated=True))
    dataset = load(root)
    if kind in CLASSES:
        return name_index(dataset).ids(CLASSES[kind])
    rows = query_library.rows(dataset, QUERIES[kind])
    return tuple(sorted({query_library.row_entity(row, kind, kind).id for row in rows}))
