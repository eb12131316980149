"""The command ``check``."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from scs_kg.cli.command import command
from scs_kg.cli.options import PROBLEM_FORMS, input_format, output_format, renamed, root_folder, shacl_engine
from scs_kg.cli.output import write
from scs_kg.cli.param_types import InputFile


@command("check", "scs-kg check data/field-2026/yiwu.ttl --format sarif")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=InputFile())
@input_format
@output_format(*PROBLEM_FORMS)
@shacl_engine
@root_folder
@renamed("--report", "--format")
def check(files: tuple[str, ...], source: str | None, form: str, engine: str, root: Path) -> None:
    """Validate files of claims.

    Each claim is checked against the rules in the context of the existing data. The file name "-"
    means standard input.
    """
    from scs_kg import store
    from scs_kg.contribute.check import check as find_problems
    from scs_kg.contribute.check import check_context
    from scs_kg.contribute.read import Draft, form_of, read_draft, reading_context
    from scs_kg.contribute.read.draft import subjects_of
    from scs_kg.render.language import gettext as _
    from scs_kg.render.problems import REPORTS
    from scs_kg.render.progress import steps
    from scs_kg.render.rule_texts import localized_report
    from scs_kg.rules import engines

    for file in files:
        if source is None:
            form_of(file)
    with steps(len(files) + 2) as begin:
        begin(_("reading the data"))
        context = reading_context(store.load(root))
        drafts: list[Draft] = []
        for file in files:
            begin(_("reading {file}", file=file))
            drafts.append(read_draft(context, file, source, taken=subjects_of(drafts)))
        begin(_("validating"))
        run = engines.run_reference if engine == "pyshacl" else engines.run_fast
        found = find_problems(check_context(context), drafts, datetime.now(UTC).date().isoformat(), run)
    write(REPORTS[form](localized_report(context.dataset, found)))
    if not found.conforms:
        sys.exit(1)
