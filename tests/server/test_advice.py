"""Messages of the service and of the tools for assistants name no shell command."""

import pytest

from scs_kg.server.advice import for_api, for_assistant


@pytest.mark.parametrize(
    ("message", "api", "assistant"),
    [
        ("'scs-kg query systems' lists all", "/api/systems lists all", "the query 'systems' lists all"),
        ("'scs-kg query provisions' lists all", "/api/query/provisions lists all", "the query 'provisions' lists all"),
        (
            "'scs-kg query claims' and 'scs-kg query sources' list all",
            "/api/claims and /api/sources list all",
            "the query 'claims' and the query 'sources' list all",
        ),
        ("'scs-kg query --list' lists all", "/api/query lists all", "the resource guide://reference/queries lists all"),
        ("narrow it with --as-of", "narrow it with the parameter 'as-of'", "narrow it with the argument 'as_of'"),
        ("narrow it, or allow more with --timeout", "narrow it", "narrow it"),
        ("use names, or start with 'scs-kg template --format xlsx'", "use names", "use names"),
        ("a row of names, as 'scs-kg template' does", "a row of names", "a row of names"),
        ("and 3 more, see 'scs-kg validate'", "and 3 more", "and 3 more"),
        ("no system is called '--as-of'", "no system is called '--as-of'", "no system is called '--as-of'"),
    ],
)
def test_commands_are_replaced_by_what_the_client_can_use(message: str, api: str, assistant: str) -> None:
    assert for_api(message) == api
    assert for_assistant(message) == assistant
