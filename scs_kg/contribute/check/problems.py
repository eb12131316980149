"""What an engine found of a draft, told to the person who wrote it: where, and what may have been meant."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from scs_kg.contribute.read import Draft, Field, ReadingContext, SourcePosition
from scs_kg.model.namespaces import BASE, curie, local_id
from scs_kg.model.problem import Problem
from scs_kg.rules.engines import Violation
from scs_kg.store.labels import close_matches

DRAFT: Final = BASE + "draft"
_MOST: Final = 1000
_LONGEST: Final = 210
"""How much of a name is told, which is all of one that the rules allow."""
_OURS: Final = re.compile(re.escape(BASE) + r"[\w#/-]+")


class ProblemBuilder:
    """Turns what an engine found into problems; remembers the near names, which are slow to find."""

    def __init__(self, ground: ReadingContext, drafts: list[Draft]) -> None:
        """Take the data that the drafts were read against, and the drafts."""
        self.ground, self.drafts = ground, drafts
        fields = [field for kind in ground.fields for field in ground.fields[kind]]
        self.fields: Mapping[str, Field] = {field.predicate: field for field in fields}
        self.known: dict[tuple[str, str], tuple[str, ...]] = {}

    def problem(self, violation: Violation, node: str) -> Problem:
        """Return one result as a problem at its place."""
        value = "" if violation.focus == DRAFT or violation.value == node else violation.value
        path = violation.path if not violation.path.startswith("_:") else ""
        found = " ".join(_shown(term) for term in (path, value) if term) if value else ""
        message = _OURS.sub(lambda iri: curie(iri[0]), violation.message)
        file, place = self.place(node, path)
        return Problem(
            file,
            place.line,
            curie(node)[:_LONGEST],
            f"{message} (found: {found})" if found else message,
            curie(violation.rule),
            violation.severity,
            place.column,
            place.cell,
            self.near(path, value),
        )

    def place(self, node: str, path: str) -> tuple[str, SourcePosition]:
        """Return the file that speaks of a node, and where, best with the predicate."""
        for draft in self.drafts:
            if (node, path) in draft.places:
                return draft.file, draft.places[node, path]
        for draft in self.drafts:
            if (node, "") in draft.places or f"<{node}>" in draft.ntriples:
                return draft.file, draft.place(node)
        return self.drafts[0].file, SourcePosition()

    def near(self, path: str, value: str) -> tuple[str, ...]:
        """Return the nearest known ids of a value that is not known, or of a property that is none of ours."""
        field = self.fields.get(path)
        if not path or (field and not (field.values and value.startswith("http"))) or len(self.known) > _MOST:
            return ()
        key = (path, value if field else "")
        if key not in self.known:
            written = unquote(local_id(value if field else path))
            self.known[key] = (
                self.ground.names.near(field.values, written)
                if field
                else tuple(close_matches(written, sorted({local_id(known) for known in self.fields})))
            )
        return self.known[key]


def _shown(term: str) -> str:
    return curie(term)[:80] if term.startswith("http") else term[:80]
