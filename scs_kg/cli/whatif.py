"""The command ``whatif``."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from scs_kg.cli.command import command
from scs_kg.cli.contribution import read_claims
from scs_kg.cli.opening import opened, selected, with_reading, workspace
from scs_kg.cli.options import input_format, many, output_format, root_folder
from scs_kg.cli.output import terminal, text_width, write
from scs_kg.cli.param_types import InputFile, Name
from scs_kg.cli.selection_options import as_of, datasets, reading_scope

if TYPE_CHECKING:
    from scs_kg.store import Dataset


@command("whatif", "scs-kg whatif --without schmitz-2017 --guideline china-2019")
@click.argument("files", metavar="[FILE…]", nargs=-1, type=InputFile())
@many(
    "--without",
    item=Name("source"),
    metavar="CLAIM|SOURCE,…",
    help=(
        "Leave out these claims, and every claim that names one of these sources ('scs-kg query sources' lists all)."
    ),
)
@many(
    "--drop",
    item=Name("provision"),
    metavar="PROVISION,…",
    help="Drop these provisions ('scs-kg query provisions' lists all).",
)
@many(
    "--set",
    "settings",
    item=Name("provision"),
    metavar="PROVISION.KEY=VALUE,…",
    help="Change the force, role, basis or condition of a provision; an empty value removes the conditions.",
)
@click.option(
    "--criterion",
    metavar="FILE",
    type=InputFile(),
    help="Use the criteria in this file instead of the criteria with the same ids in the data.",
)
@reading_scope
@datasets
@as_of
@input_format
@output_format("text", "json", "markdown")
@root_folder
def whatif(files: tuple[str, ...], without: tuple[str, ...], source: str | None, form: str, **options: Any) -> None:
    """Show which cells would change with new claims, or with changed provisions or criteria.

    Nothing is written. The answer lists each cell that would change, the change, and the claims that cause it. The
    file name "-" means standard input.
    """
    rules = {name: options.pop(name) for name in ("drop", "settings", "criterion")}
    if any(rules.values()):
        _change_rules(rules, form, options, lambda dataset: _claims(dataset, files, source), without)
        return
    if not files and not without:
        raise click.UsageError("name a file of claims, or what to leave out with --without, or a rule to change")
    from scs_kg.analysis.whatif import whatif as find_changes
    from scs_kg.render import impact, labels

    found_in = workspace(options, searches=bool(files))
    found = find_changes(found_in, _claims(found_in.dataset, files, source), without)
    if form == "json":
        write(impact.whatif_json(found, found_in.selection))
    else:
        write(impact.whatif_text(labels.localized(found_in.dataset, found), form, text_width(), found_in.selection))


def _claims(dataset: "Dataset", files: tuple[str, ...], source: str | None) -> str:
    """Return the claims of files as N-Triples; empty without files."""
    return read_claims(dataset, files, source, notes=False) if files else ""


def _change_rules(
    rules: dict[str, Any],
    form: str,
    options: dict[str, Any],
    read: Callable[["Dataset"], str],
    without: tuple[str, ...],
) -> None:
    """Print which marks a change of provisions or criteria would change, with the claims of ``read`` added."""
    from scs_kg.analysis.rule_changes import ClaimChanges, RuleChanges, rule_impact
    from scs_kg.contribute.reading_files import read_rules
    from scs_kg.render import documents, labels, sensitivity

    dataset, reading = with_reading(opened(options["root"], searches=True), options["reading"])
    criteria = read_rules(dataset, rules["criterion"]) if rules["criterion"] else frozenset()
    changes = RuleChanges(rules["drop"], rules["settings"], criteria, ClaimChanges(read(dataset), without))
    selection = selected({**options, "without": ()})
    found = rule_impact(dataset, options["guideline"], reading, selection, changes)
    if form == "json":
        write(sensitivity.rule_impact_json(found))
    else:
        table = sensitivity.rule_impact_table(labels.localized(dataset, found), selection, labels.local_labels(dataset))
        write(documents.as_form(table, form, terminal()))
