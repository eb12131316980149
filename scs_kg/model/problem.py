"""A problem in a file, with its position and the rule it breaks."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """A fault in a file: its position, the node, what is wrong and how to correct it, and the rule that is broken.

    ``line`` and ``column`` count from 1; ``cell`` is a spreadsheet cell (``claims!C7``). ``near`` lists similar ids.
    ``severity`` is Violation, Warning or Info, as in SHACL. ``of_fields`` says that the file has fields instead of RDF.
    ``listing`` is the question of the query library that lists all ids, if the problem is an unknown one.
    """

    file: str
    line: int | None
    node: str
    message: str
    rule: str
    severity: str = "Violation"
    column: int | None = None
    cell: str = ""
    near: tuple[str, ...] = ()
    of_fields: bool = False
    listing: str = ""

    @property
    def place(self) -> str:
        """The file, with line and column or the cell if they are known."""
        if self.cell:
            return f"{self.file}:{self.cell}"
        known = (str(part) for part in (self.file, self.line, self.line and self.column) if part)
        return ":".join(known)

    @property
    def offer(self) -> str:
        """A suggestion of similar ids, and the command that lists all; empty if there are none."""
        near = f"did you mean {' or '.join(self.near)}?" if self.near else ""
        command = f"'scs-kg query {self.listing}' lists all" if self.listing else ""
        return f" ({' '.join(filter(None, (near, command)))})" if near or command else ""

    def __str__(self) -> str:
        """Return the problem as one line, ``file:line: node: message``."""
        return f"{self.place}: {self.node}: {self.message}{self.offer} [{self.rule}]"
