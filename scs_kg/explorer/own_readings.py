"""The page on which a reader changes a reading, and the data that the page's script needs to recompute the marks."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from scs_kg import store
from scs_kg.explorer.cell_exports import packed_json
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.i18n import applicability_sentence, edition_label, selection_sentence, words
from scs_kg.explorer.matrix_data import HASH_LENGTH, Numbering, name
from scs_kg.explorer.matrix_pages import View, rows_by_kind, view
from scs_kg.explorer.page import LANGUAGES, Page
from scs_kg.judging.principles import PrincipleCriteria, principle_criteria
from scs_kg.judging.state import SystemState
from scs_kg.model.claims import Claim, Mode
from scs_kg.model.matrix import Matrix
from scs_kg.model.namespaces import SCS, curie, local_id
from scs_kg.model.selection import last_day
from scs_kg.model.verdicts import OpenReason, Verdict
from scs_kg.render.language import gettext
from scs_kg.render.principle_labels import principle_numbers
from scs_kg.render.table import REASONS, SCOPE_LETTERS, SCOPES
from scs_kg.store import NamedNode
from scs_kg.store.query_library import Row, row_text

UNDATED: Final = "9999-12-31"
"""The date that stands for an undated claim, so that a mark decided by such a claim is never in hindsight."""


def own_reading(content: SiteContent, reading: str) -> Page:
    """Build the page on which a reader changes a reading, given by id.

    Raises:
        UnknownNameError: there is no such reading.
    """
    shown = view(content, reading)
    script = f'receiveReading("{packed_json(reading_object(content, shown))}");\n'
    address = f"own-reading/{reading}"
    data = {
        "view": shown,
        "script": script,
        "script_address": f"{address}.js?{sha256(script.encode()).hexdigest()[:HASH_LENGTH]}",
        "cell_words": _cell_words,
        "file_labels": {language: words(language)["own_reading"]["file_label"] for language in LANGUAGES},
    }
    return Page(address, "own_reading", "own_reading", data)


def _cell_words() -> dict[str, Any]:
    """Return the words of a cell besides its mark, in the language of the context."""
    return {
        "paper": [gettext(" on paper"), gettext(", partly on paper")],
        "reasons": [gettext(REASONS[reason]) for reason in OpenReason],
        "scopes": {str(scope): gettext(SCOPES[scope]) for scope in SCOPE_LETTERS},
    }


def reading_object(content: SiteContent, shown: View) -> dict[str, Any]:
    """Return a reading and the verdicts that its marks can depend on, as a JSON object.

    Texts, names, kinds and systems have the form of ``matrix_object``. ``principles`` are lists of id, number, name,
    CURIE, date of application and numbers of premises. ``tests`` are criteria and conditions, lists of id and name.
    ``provisions`` are lists as ``_provisions`` returns them. ``judged`` has for each system the number of its verdict
    on each test in ``verdicts``; a verdict is a list of the values of ``verdict_values``.
    """
    matrix, tests, verdicts = shown.matrix, Numbering(), Numbering()
    rows = rows_by_kind(content, matrix)
    systems = [(row, kind) for kind, of_kind in rows.items() for row in of_kind]
    found = principle_criteria(shown.edition.judged.dataset, [shown.choice])
    provisions = _provisions(content, shown, found, tests)
    principles = _principles(content, matrix, found, tests)
    states = shown.edition.judged.state.system_states
    judged = [_verdicts(states[row.system.iri], tests.values(), verdicts) for row, _ in systems]
    return {
        "id": shown.choice.reading.id,
        "page": shown.address,
        "norm": matrix.guideline.id,
        "guideline": name(content, matrix.guideline.iri),
        "reading": name(content, matrix.reading.iri),
        **_sentences(content, shown),
        "dataset": shown.choice.written_for or "",
        "rule": shown.choice.rule.value,
        "sources": [local_id(row_text(row, "source")) for row in content.rows["readings"] if _is_of(row, shown)],
        "conditions": _own_conditions(shown),
        "kinds": [[local_id(kind).lower(), name(content, kind)] for kind in rows],
        "systems": [
            [row.system.id, name(content, row.system.iri), list(rows).index(kind), name(content, row.region)]
            for row, kind in systems
        ],
        "elsewhere": [place for place, (row, _) in enumerate(systems) if row.system.iri in found[0].elsewhere],
        "principles": principles,
        "tests": [[local_id(test), name(content, test)] for test in tests.values()],
        "provisions": provisions,
        "verdicts": verdicts.values(),
        "judged": judged,
    }


def _sentences(content: SiteContent, shown: View) -> dict[str, list[str]]:
    """Return sentences on the claims that count and on where the guideline applies, in each language of the pages."""
    matrix = shown.matrix
    return {
        "claims": [edition_label(content, shown.edition.id, language) for language in LANGUAGES],
        "selection": [selection_sentence(content, matrix.selection, language) for language in LANGUAGES],
        "applicability": [applicability_sentence(content, matrix.applicability, language) for language in LANGUAGES],
    }


def _principles(
    content: SiteContent, matrix: Matrix, found: Iterable[PrincipleCriteria], tests: Numbering
) -> list[list[Any]]:
    """Return the principles as ``reading_object`` has them; assign numbers to their premises."""
    numbers = principle_numbers(matrix)
    return [
        [
            one.id,
            numbers[one.iri],
            name(content, one.iri),
            curie(one.iri),
            criteria.since,
            tests.of_set(criteria.premises),
        ]
        for one, criteria in zip(matrix.principles, found, strict=True)
    ]


def _is_of(row: Row, shown: View) -> bool:
    return row_text(row, "reading") == shown.choice.reading.iri


def _own_conditions(shown: View) -> list[str]:
    """Return the ids of the conditions of the reading itself."""
    reading = NamedNode(shown.choice.reading.iri)
    found = store.objects(shown.edition.judged.dataset, reading, SCS + "appliesIf")
    return sorted(local_id(store.text(condition)) for condition in found)


def _provisions(
    content: SiteContent, shown: View, principles: Iterable[PrincipleCriteria], tests: Numbering
) -> list[list[Any]]:
    """Return the provisions of a reading, in the order of its principles; assign numbers to their tests.

    A provision is a list of id, number of the principle, number of the criterion, force, role, numbers of conditions,
    basis, locator and rationale.
    """
    rows = {row_text(row, "provision"): row for row in content.rows["provisions"] if _is_of(row, shown)}
    return [
        [
            local_id(one.iri),
            place,
            tests.number(one.criterion),
            *(local_id(row_text(rows[one.iri], field)) for field in ("force", "role")),
            tests.of_set(one.conditions),
            local_id(row_text(rows[one.iri], "basis")),
            *(row_text(rows[one.iri], field) for field in ("locator", "rationale")),
        ]
        for place, principle in enumerate(principles)
        for one in principle.provisions
    ]


def _verdicts(state: SystemState, tests: Iterable[str], verdicts: Numbering) -> list[int]:
    """Return, for each test, the number that ``verdicts`` assigns to the verdict on the system."""
    by_test = state.by_test
    return [verdicts.number(verdict_values(by_test[test], state.claims)) for test in tests]


def verdict_values(verdict: Verdict, claims: Mapping[str, Claim]) -> tuple[str, int, str, int]:
    """Return the parts of a verdict that a cell depends on; ``claims`` are the claims about the system, keyed by IRI.

    The first value is the outcome. The second value is the number of the reason why the verdict is open, or -1. The
    third value is the last day of the latest deciding claim (empty without such claims). The fourth value is 1 if all
    deciding claims are about rules.
    """
    deciding = [claims[iri] for iri in verdict.demand if iri in claims]
    reason = list(OpenReason).index(verdict.open_reason) if verdict.open_reason else -1
    latest = max((last_day(claim.as_of) if claim.as_of else UNDATED for claim in deciding), default="")
    on_paper = bool(deciding) and all(claim.mode is Mode.DE_JURE for claim in deciding)
    return str(verdict.outcome), reason, latest, int(on_paper)
