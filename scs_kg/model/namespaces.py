"""The prefixes of the project, and conversion between IRIs and prefixed names."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

BASE: Final = "https://w3id.org/scs-kg/"
SCS: Final = BASE + "ontology#"
EARL: Final = "http://www.w3.org/ns/earl#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SH: Final = "http://www.w3.org/ns/shacl#"

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "act": BASE + "act/",
        "aia24": BASE + "guideline/eu-ai-act-2024/",
        "aia26": BASE + "guideline/eu-ai-act-2026/",
        "airo": "https://w3id.org/airo#",
        "bibo": "http://purl.org/ontology/bibo/",
        "bj19": BASE + "guideline/beijing-2019/",
        "claim": BASE + "claim/",
        "cn19": BASE + "guideline/china-2019/",
        "cn21": BASE + "guideline/china-2021/",
        "cond": BASE + "condition/",
        "crit": BASE + "criterion/",
        "dataset": BASE + "dataset/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "dpvai": "https://w3id.org/dpv/ai#",
        "dpvaiact": "https://w3id.org/dpv/legal/eu/aiact#",
        "dpveu": "https://w3id.org/dpv/legal/eu#",
        "dpvgdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "dpvpd": "https://w3id.org/dpv/pd#",
        "dpvrights": "https://w3id.org/dpv/rights/eu#",
        "dpvrisk": "https://w3id.org/dpv/risk#",
        "earl": EARL,
        "feat": BASE + "feature/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "gdpr": BASE + "guideline/gdpr-2016/",
        "gdprtext": "https://w3id.org/GDPRtEXT/gdpr#",
        "gist": "https://w3id.org/semanticarts/ns/ontology/gist/",
        "gl": BASE + "guideline/",
        "gn": "http://www.geonames.org/ontology#",
        "graph": BASE + "graph/",
        "group": BASE + "group/",
        "integrity": BASE + "integrity#",
        "link": BASE + "link/",
        "nexus": "https://w3id.org/ai-atlas-nexus/",
        "odrl": "http://www.w3.org/ns/odrl/2/",
        "np": "http://www.nanopub.org/nschema#",
        "oecd19": BASE + "guideline/oecd-2019/",
        "oecd24": BASE + "guideline/oecd-2024/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "pipl": BASE + "guideline/pipl-2021/",
        "prov": "http://www.w3.org/ns/prov#",
        "provision": BASE + "provision/",
        "rdf": RDF,
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "publisher": BASE + "publisher/",
        "reading": BASE + "reading/",
        "region": BASE + "region/",
        "schema": "https://schema.org/",
        "scs": SCS,
        "semapv": "https://w3id.org/semapv/vocab/",
        "sh": SH,
        "search": BASE + "search/",
        "shape": BASE + "shape/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "spdx": "http://spdx.org/rdf/terms#",
        "src": BASE + "source/",
        "sssom": "https://w3id.org/sssom/",
        "style": BASE + "style#",
        "sys": BASE + "system/",
        "table": BASE + "table/",
        "unesco": BASE + "guideline/unesco-2021/",
        "vair": "https://w3id.org/vair#",
        "vann": "http://purl.org/vocab/vann/",
        "verdict": BASE + "verdict/",
        "void": "http://rdfs.org/ns/void#",
        "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)


_NAMES: Final[Mapping[str, str]] = MappingProxyType({namespace: name for name, namespace in PREFIXES.items()})


def local_id(iri: str) -> str:
    """Return the last part of an IRI: ``.../system/xinjiang`` gives ``xinjiang``."""
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def curie(iri: str) -> str:
    """Return the prefixed name of an IRI with the longest matching prefix, or the IRI in angle brackets.

    Each namespace ends at a slash or a hash, and a local name has neither of these.
    """
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    name = _NAMES.get(iri[:end])
    return f"{name}:{iri[end:]}" if name and end < len(iri) else f"<{iri}>"


def expand(name: str) -> str | None:
    """Return the IRI of a prefixed name or of an IRI (with or without angle brackets); None for any other text."""
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, colon, rest = name.partition(":")
    if colon and rest.startswith("//"):
        return name
    return PREFIXES[prefix] + rest if colon and prefix in PREFIXES else None
