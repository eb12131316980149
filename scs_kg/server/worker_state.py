"""What workers share."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scs_kg.exchange.reconcile import EntityIndex
from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.store import Dataset


@dataclass(frozen=True, slots=True)
class WorkerState:
    """What workers share: the dataset with all verdicts, an index of names, the largest answer, the public address.

    ``shelf`` holds the book of the explorer once it was opened.
    """

    dataset: Dataset
    known: EntityIndex
    answer: int = 32 << 20
    url: str = "http://127.0.0.1:8000"
    shelf: list[SiteContent] = field(default_factory=list)

    def book(self) -> SiteContent:
        """Return all that the pages of the explorer show, read the first time that it is asked for."""
        if not self.shelf:
            self.shelf.append(load_content(self.dataset.root))
        return self.shelf[0]

    @property
    def home(self) -> str:
        """Return the path below which the service is, empty or with a slash before it."""
        return urlsplit(self.url).path.rstrip("/")
