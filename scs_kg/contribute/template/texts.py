"""Writes templates as text: a table in CSV, lists in YAML, and statements in Turtle, with a comment on each field."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from scs_kg.contribute.read import ReadingContext
from scs_kg.contribute.read.fields import Field
from scs_kg.contribute.read.kinds import CLAIM, PROVISION, SOURCE, list_of, namespace
from scs_kg.contribute.template.hints import Wording, english, hint
from scs_kg.model.namespaces import PREFIXES, RDF, SH, curie

_GIVEN: Final = (CLAIM, PROVISION)
"""The kinds of records whose id can be left out."""
_EXAMPLES: Final = {CLAIM: "system-feature-source", SOURCE: "author-2024"}
_VALUES: Final = {
    "gYear": '"2019-06"^^xsd:gYearMonth',
    "date": '"2019-06-30"^^xsd:date',
    "integer": "1",
    "boolean": "true",
}
"""An example of a literal with each datatype."""
_PREFIXES: Final = (
    *("bibo", "claim", "cond", "crit", "dcterms", "feat", "foaf", "gl", "group", "provision", "rdf", "reading"),
    *("region", "scs", "sh", "shape", "skos", "src", "sys", "xsd"),
)


def csv_template(context: ReadingContext, say: Wording = english) -> str:
    """Return a table for claims and sources, with a comment row on each field."""
    fields = {f.name: f for kind in (CLAIM, SOURCE) for f in context.fields[kind]}
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\r\n")
    for line in (
        say("Write one claim or source per row. A row that begins with # is a comment. Save as CSV in UTF-8."),
        say("Separate several values with semicolons."),
        say("type: Claim or Source; the default is Claim"),
        say("id: optional for a claim; required for a source, for example author-2024"),
    ):
        rows.writerow([f"# {line}"])
    for name, field in fields.items():
        text = hint(context, field, say)
        if field in context.fields[CLAIM]:
            about = say("{field} (claim): {hint}", field=name, hint=text)
        else:
            about = say("{field} (source): {hint}", field=name, hint=text)
        rows.writerow([f"# {about}"])
    rows.writerow(["type", "id", *fields])
    return table.getvalue()


def yaml_template(context: ReadingContext, kinds: Iterable[str], say: Wording = english) -> str:
    """Return a YAML file with an example in comments; without the ``#`` marks it can be read."""
    start = say("Remove the # in front of each field that you fill in. Write several values as a list: [one, other]")
    needed = say("required, in lower-case letters, digits and hyphens")
    optional = say("optional, in lower-case letters, digits and hyphens")
    lines = [f"# {start}"]
    for kind in kinds:
        fields = [(field.name, hint(context, field, say)) for field in context.fields[kind]]
        first, *others = [*fields, ("id", optional)] if kind in _GIVEN else [("id", needed), *fields]
        lines += [f"{list_of(kind)}:", f"  # # {first[1]}", f"  # - {first[0]}:"]
        lines += [line for name, note in others for line in (f"  #   # {note}", f"  #   {name}:")]
    return "\n".join(lines) + "\n"


def turtle_template(context: ReadingContext, kinds: Iterable[str], say: Wording = english) -> str:
    """Return a Turtle file with a record of each kind as comments."""
    given = tuple(kinds)
    texts = [_record(context, kind, say) for kind in given]
    used = [name for name in _PREFIXES if any(f"{name}:" in text for text in texts)]
    lines = [f"@prefix {name}: <{PREFIXES[name]}> ." for name in used]
    return "\n".join([*lines, *texts]) + "\n"


def _record(context: ReadingContext, kind: str, say: Wording) -> str:
    name = curie(namespace(kind) + "x").removesuffix("x") + _EXAMPLES.get(kind, kind.lower())
    lines = ["", f"# {name} a scs:{kind} ;"]
    for field in context.fields[kind]:
        if field.predicate not in {RDF + "type", SH + "property", SH + "or"}:
            lines += [f"#   # {hint(context, field, say)}", f"#   {curie(field.predicate)} {_example(field)} ;"]
    lines.append("# .")
    if any(field.predicate == SH + "property" for field in context.fields[kind]):
        every = say(
            "The record is also a sh:NodeShape. Each of its property shapes tests one feature, and a "
            "system must match all of them."
        )
        either = say(
            "If it is enough that one of several shapes matches, list these shapes in sh:or. Give each"
            " node of the list a name."
        )
        lines += [
            f"# {every}",
            f"# {name} a sh:NodeShape ; sh:property shape:{kind.lower()}-1 .",
            f"# shape:{kind.lower()}-1 a sh:PropertyShape ; sh:path scs:hasFeature ; sh:hasValue feat:… .",
            f"# {either}",
            f"# {name} a sh:NodeShape ; sh:or shape:{kind.lower()}-list-1 .",
            f"# shape:{kind.lower()}-list-1 a rdf:List ; rdf:first shape:{kind.lower()}-1 ; rdf:rest rdf:nil .",
        ]
    return "\n".join(lines)


def _example(field: Field) -> str:
    """Return an example of a value in Turtle."""
    if field.value_class:
        return curie(field.value_namespace + "x").removesuffix("x") + "…"
    if field.is_address:
        return "<https://…>"
    found = next((example for datatype, example in _VALUES.items() if datatype in field.datatypes), "")
    if found:
        return found
    return '"…"@en' if field.language else '"…"'
