"""The table of all routes of the service; the application and the tasks of workers derive from it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from scs_kg.explorer.page import LANGUAGES
from scs_kg.server import explorer, health, linked_data, openapi, reconcile, schemas, sparql_protocol
from scs_kg.server.api_routes import API_ROUTES
from scs_kg.server.requests import read_nothing
from scs_kg.server.route import ServiceRoute, TaskFunction

QUERIES: Final = ServiceRoute("/sparql", sparql_protocol.read_query, sparql_protocol.answer, ("GET", "POST"))
"""The route of queries that clients write, which can be arbitrarily slow."""
ROUTES: Final = (
    QUERIES,
    ServiceRoute("/.well-known/void", sparql_protocol.read_description, sparql_protocol.describe_service),
    ServiceRoute("/api", openapi.read_format, openapi.describe_api),
    ServiceRoute("/api/openapi.json", openapi.read_document, openapi.describe_api),
    *API_ROUTES,
    ServiceRoute("/reconcile", reconcile.read_batch, reconcile.reconcile, ("GET", "POST")),
    ServiceRoute("/reconcile/suggest/{kind}", reconcile.read_suggestion, reconcile.suggest),
    ServiceRoute("/reconcile/extend/propose", reconcile.read_proposal, reconcile.propose),
    ServiceRoute(schemas.CONTEXT_PATH, read_nothing, schemas.json_ld_context),
    ServiceRoute(schemas.SCHEMA_PATH, read_nothing, schemas.claims_schema),
    ServiceRoute("/health", read_nothing, health.health),
    ServiceRoute("/", explorer.read_preferred_language, explorer.redirect_to_home, vary="Accept-Language"),
    *(
        ServiceRoute(f"/{language}", explorer.read_language(language), explorer.redirect_to_folder, slash=False)
        for language in LANGUAGES
    ),
    *(ServiceRoute(f"/{language}/", explorer.read_page(language), explorer.show_page) for language in LANGUAGES),
    ServiceRoute("/{path:path}/", linked_data.read_slashed_path, linked_data.redirect_to_unslashed),
    ServiceRoute("/static/{path:path}", explorer.read_path, explorer.static_file),
    *(
        ServiceRoute(
            f"/{language}/{{path:path}}",
            explorer.read_page(language),
            explorer.show_page,
            affinity=explorer.edition_affinity,
        )
        for language in LANGUAGES
    ),
    *(
        ServiceRoute(f"/cell/{{path:path}}.{extension}", explorer.read_cell_path(extension), explorer.export_cell)
        for extension in explorer.CELL_EXTENSIONS
    ),
    *(
        ServiceRoute(
            f"/{{kind}}/{{path:path}}.{extension}",
            explorer.read_data_path(extension),
            explorer.page_data,
            affinity=explorer.edition_affinity,
        )
        for extension in explorer.DATA_EXTENSIONS
    ),
    ServiceRoute("/{path:path}", linked_data.read_path, linked_data.describe_iri),
)
"""All routes; the first route whose path matches a request reads the request."""

TASKS: Final[Mapping[str, TaskFunction]] = MappingProxyType({route.task: route.run for route in ROUTES})
"""The tasks of workers, keyed by their names in jobs."""
