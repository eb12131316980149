"""Whether a guideline binds, whom, where and since when, as a Chinese sentence."""

from collections.abc import Iterable, Mapping

from scs_kg import store
from scs_kg.model.namespaces import SCS
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed
from scs_kg.store import Dataset, NamedNode, query_library
from scs_kg.store.query_library import row_text


def applicability_sentence(dataset: Dataset, guideline: str, labels: Mapping[str, str]) -> str:
    """Return the sentence for a guideline by IRI, as ``judging.matrix.applicability_note`` has it in English."""
    law, addressees, regions = (
        sorted(store.text(term) for term in store.objects(dataset, NamedNode(guideline), SCS + name))
        for name in ("hasLegalNature", "addresses", "appliesIn")
    )
    rows = query_library.rows(dataset, "applicability", guideline=guideline)
    since = row_text(query_library.rows(dataset, "guidelines", guideline=guideline)[0], "since")
    elsewhere = sum(row_text(row, "applies") == "false" for row in rows)
    parts = [_labelled(law, labels)]
    parts += [_("for {addressees}", addressees=_labelled(addressees, labels))] if addressees else []
    parts += [_("in {regions}", regions=_labelled(regions, labels))] if regions else []
    parts += [_("since {date}; earlier days are measured in hindsight", date=since)] if since else []
    counts = {"count": elsewhere, "of": len(rows)}
    parts += [_("{count} of {of} systems operate elsewhere, so that the test is counterfactual for them", **counts)]
    return listed(parts if elsewhere else parts[:-1], "; ") + _(".")


def _labelled(iris: Iterable[str], labels: Mapping[str, str]) -> str:
    return listed(labels.get(iri, iri) for iri in iris)
