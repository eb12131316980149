"""Suggested links as text in the language of the context."""

from collections.abc import Iterator

from scs_kg.exchange.link import LinkCandidate, Suggestions
from scs_kg.model.namespaces import curie
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed, ngettext, translated


def suggestions_text(found: Suggestions) -> str:
    """Return the candidates with their evidence and conflicts, and the records that were left out with the reason."""
    entries = ngettext("{number} entry", "{number} entries", found.entries)
    candidates = ngettext("{number} candidate", "{number} candidates", len(found.candidates))
    lines = [found.file + _(": ") + listed((entries, candidates)) + _("; no file was changed")]
    for each in found.candidates:
        lines += ["", *_candidate(each)]
    if found.left_out:
        lines += ["", _("{number} left out:", number=len(found.left_out))]
    for out in found.left_out:
        why = translated(out.why)
        reason = _("line {number}, {reason}", number=out.line, reason=why) if out.line else why
        lines.append(f"  {curie(out.region)} {_short(out.target)}" + _(": ") + reason)
    return "\n".join(lines) + "\n"


def _candidate(each: LinkCandidate) -> Iterator[str]:
    """Yield the lines on a candidate: the match, its confidence, what agrees, and each conflict."""
    yield f"{curie(each.region)} {curie(each.predicate)} {_short(each.target)}"
    facts = (each.source, _(each.status), f"{each.confidence:.2f}", curie(each.justification), _line(each.line))
    yield "  " + listed(filter(None, facts))
    yield "  " + _("evidence: {names}", names=listed(each.because, "; "))
    for reason in each.against:
        yield "  " + _("conflict: {reason}", reason=translated(reason))


def _line(number: int | None) -> str:
    return _("line {number}", number=number) if number else ""


def _short(target: str) -> str:
    return curie(target) if ":" in target else f'"{target}"'
