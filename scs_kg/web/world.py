"""What workers share."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from scs_kg.reconcile import Index
from scs_kg.store import Dataset


@dataclass(frozen=True, slots=True)
class World:
    """What workers share: the dataset with all verdicts, an index of names, the largest answer, the public address."""

    dataset: Dataset
    known: Index
    answer: int = 32 << 20
    url: str = "http://127.0.0.1:8000"

    @property
    def home(self) -> str:
        """Return the path below which the service is, empty or with a slash before it."""
        return urlsplit(self.url).path.rstrip("/")
