"""The list of the queries of the library as JSON, for ``scs-kg query --list`` and for the service."""

from collections.abc import Iterable

from scs_kg.render.json_change_shapes import QuestionJson
from scs_kg.store.federation import service_hosts
from scs_kg.store.query_library import Query


def query_list_json(queries: Iterable[Query]) -> list[QuestionJson]:
    """Return a record for each query: name, title, question, parameters, and hosts of its SERVICE patterns."""
    return [
        {
            "name": query.name,
            "title": query.title,
            "question": query.question,
            "parameters": [{"name": p.name, "type": p.type, "meaning": p.meaning} for p in query.params],
            "hosts": list(service_hosts(query.sparql)),
        }
        for query in queries
    ]
