"""The command ``validate``."""

import sys
from pathlib import Path

from scs_kg.cli.command import command
from scs_kg.cli.options import PROBLEM_FORMS, output_format, root_folder, shacl_engine
from scs_kg.cli.output import write
from scs_kg.render.language import language


@command("validate", "scs-kg validate --root .")
@output_format(*PROBLEM_FORMS)
@shacl_engine
@root_folder
def validate(root: Path, form: str, engine: str) -> None:
    """Validate the data of the project.

    Contested findings are reported as notes. With --engine pyshacl, owlrl also checks consistency.
    """
    from scs_kg.contribute.validate import validate as find_problems
    from scs_kg.render.problems import REPORTS
    from scs_kg.render.rule_texts import localized_report
    from scs_kg.store import default_root, load

    found = find_problems(root, engine)
    dataset = None if language() == "en" else load(default_root())
    write(REPORTS[form](localized_report(dataset, found)))
    if found.of("Violation", "Warning"):
        sys.exit(1)
