"""The data that all workers share, loaded before they are forked."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from scs_kg.exchange.reconcile import EntityIndex
from scs_kg.explorer.content import SiteContent
from scs_kg.store import Dataset
from scs_kg.store.describe import DescribedDataset
from scs_kg.store.merge import MergedGraphs
from scs_kg.store.query_library import Query


@dataclass(frozen=True, slots=True)
class WorkerState:
    """The dataset with all verdicts, the names for reconciliation, and the content of the explorer pages.

    ``described`` is the same dataset for descriptions of resources. ``questions`` are the queries of the library, which
    are read once, so that every answer belongs to one state of the data. ``max_answer`` is in bytes; ``url`` is the
    public address of the service. ``digest`` is the digest of the data that ``scs-kg --version`` prints. ``quads`` is
    the number of quads of the dataset; counting them takes as long as a slow request.
    """

    merged: MergedGraphs
    described: DescribedDataset
    entities: EntityIndex
    content: SiteContent
    questions: Mapping[str, Query]
    max_answer: int = 32 << 20
    url: str = "http://127.0.0.1:8000"
    digest: str = ""
    quads: int = 0

    @property
    def dataset(self) -> Dataset:
        """Return the dataset with all verdicts."""
        return self.merged.dataset

    @property
    def home(self) -> str:
        """Return the path of the public address, empty or with a slash before it."""
        return urlsplit(self.url).path.rstrip("/")
