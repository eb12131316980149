"""The knowledge graph as a Python object. Its methods correspond to commands such as ``compare`` and ``explain``."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from scs_kg.analysis.explain import explain, read_explanation_context
from scs_kg.analysis.research_agenda import open_questions
from scs_kg.analysis.robustness import rank
from scs_kg.analysis.sensitivity import sensitivity
from scs_kg.contribute.validate import validate
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.matrix import judge_and_compare, judge_for_reading
from scs_kg.judging.project import judged_graph, open_guarded
from scs_kg.judging.timeline import publish_verdict_periods
from scs_kg.library import arguments, results
from scs_kg.library.advice import in_python_words, methods_in_python_words
from scs_kg.library.arguments import workspace_of
from scs_kg.library.changed_rules import ChangedRules
from scs_kg.library.query import answer
from scs_kg.library.what_if import changes_of, what_if
from scs_kg.store import Dataset, default_root, query_library


@in_python_words
def load(root: Path | str | None = None) -> "KnowledgeGraph":
    """Load and validate a project folder, by default the folder that comes with the package.

    Args:
        root: a folder with ``ontology/``, ``data/`` and ``queries/``.

    Raises:
        EmptyInputError: the folder has no data.
        BadFileError: a file cannot be read, or breaks a rule.
        WrongUseError: ``root`` is not a path.
    """
    return KnowledgeGraph(open_guarded(default_root() if root is None else arguments.path_of("root", root)))


@methods_in_python_words
class KnowledgeGraph:
    """A loaded project folder. Its methods return frozen results and never change the graph.

    Names of systems, guidelines, readings, principles, datasets, claims and sources are ids, IRIs, or labels in English
    or Chinese. The parameters ``datasets``, ``systems``, ``kinds``, ``without``, ``min_confidence`` and ``as_of`` are
    the options of the command ``compare`` that select claims and systems. A reading can also be a file that contains a
    reading, written as for ``compare --reading FILE``.

    Every method raises UnknownNameError for an unknown name, and EmptyInputError if the selection has no claims.
    WrongUseError is raised for an ambiguous name, and for options that exclude each other.
    """

    def __init__(self, dataset: Dataset) -> None:
        """Take an opened dataset; use ``load`` to open one."""
        self._dataset: Final = dataset

    @property
    def root(self) -> Path:
        """The project folder."""
        return self._dataset.root

    def __repr__(self) -> str:
        return f"KnowledgeGraph({str(self.root)!r})"

    @cached_property
    def _judged(self) -> Dataset:
        """The graph with all verdicts and their periods, for queries."""
        dataset = judged_graph(judge_selection(self._dataset))
        publish_verdict_periods(dataset)
        return dataset

    def compare(
        self,
        guideline: str | None = None,
        reading: Path | str | None = None,
        *,
        systems: Iterable[str] = (),
        kinds: Iterable[str] = (),
        datasets: Iterable[str] = (),
        without: Iterable[str] = (),
        min_confidence: str | None = None,
        as_of: str | None = None,
        mode: str | None = None,
        scope: Iterable[str] = (),
    ) -> results.Comparison:
        """Compare the selected systems with a guideline under a reading; by default, the first guideline and reading.

        >>> import scs_kg
        >>> comparison = scs_kg.load().compare("china-2019", "agrawal-2022", systems=["shanghai", "xiamen"])
        >>> [str(cell.mark) for cell in comparison.matrix.cells][:2]
        ['met', 'met']
        """
        selection = arguments.selection_of(
            systems=systems,
            kinds=kinds,
            datasets=datasets,
            without=without,
            min_confidence=min_confidence,
            as_of=as_of,
            mode=mode,
            scope=scope,
        )
        dataset, name = arguments.with_reading(self._dataset, reading)
        return results.Comparison(judge_and_compare(dataset, arguments.name_or_none(guideline), name, selection))

    def explain(
        self,
        system: str,
        principle: str,
        guideline: str | None = None,
        reading: Path | str | None = None,
        *,
        datasets: Iterable[str] = (),
        without: Iterable[str] = (),
        min_confidence: str | None = None,
        as_of: str | None = None,
        mode: str | None = None,
        scope: Iterable[str] = (),
    ) -> results.CellExplanation:
        """Explain one cell: its criteria, clauses and claims, the open questions, and the proof.

        >>> import scs_kg
        >>> found = scs_kg.load().explain("shenzhen", "respect-for-privacy").explanation
        >>> len(found.steps)
        3
        """
        selection = arguments.selection_of(
            datasets=datasets, without=without, min_confidence=min_confidence, as_of=as_of, mode=mode, scope=scope
        )
        dataset, name = arguments.with_reading(self._dataset, reading)
        judged, matrix = judge_for_reading(dataset, arguments.name_or_none(guideline), name, selection)
        return results.CellExplanation(
            explain(read_explanation_context(judged), matrix, arguments.text_of(system), arguments.text_of(principle))
        )

    def query(self, query: str, *, timeout: float = 30.0, **params: str) -> results.Answer:
        """Answer a question of the library by its name, or a SPARQL query, on the graph with all verdicts.

        The query runs in a separate process and sends no request to another host.

        Args:
            query: the name of a question (``queries/NAME.rq``) or the text of a SPARQL 1.1 query.
            timeout: seconds after which the query is stopped.
            params: parameters of a question, such as ``system="xiamen"``.

        Raises:
            EngineError: the query is malformed or exceeds a limit.
            RefusedError: the query uses SERVICE, or a named graph that does not exist.

        >>> import scs_kg
        >>> scs_kg.load().query("claims", system="xiamen").columns[:3]
        ('claim', 'system', 'feature')
        """
        return answer(self._judged, arguments.text_of(query), params, arguments.seconds_of(timeout))

    def questions(self) -> Mapping[str, str]:
        """Return the questions of the library, keyed by name."""
        return {name: found.question for name, found in query_library.read_all(self._dataset.library).items()}

    def what_if(
        self,
        files: Iterable[Path | str] = (),
        *,
        without: Iterable[str] = (),
        guideline: str | None = None,
        reading: Path | str | None = None,
        datasets: Iterable[str] = (),
        as_of: str | None = None,
        mode: str | None = None,
        scope: Iterable[str] = (),
        drop: Iterable[str] = (),
        changed: Iterable[str] = (),
        criterion: Path | str | None = None,
    ) -> results.Impact | ChangedRules:
        """Return the cells that would change if claims or rules were changed; nothing is written.

        Args:
            files: files of new claims, in any format that the command ``check`` reads.
            without: claims, or sources whose claims are left out.
            guideline: only this guideline.
            reading: only this reading.
            datasets: only claims of these datasets, and the new claims.
            as_of: only claims dated up to this year, month or day.
            mode: only claims of this mode, ``de-jure`` or ``de-facto``.
            scope: leave cells undecided that are not of these scopes, ``established`` or ``current``.
            drop: provisions to drop; with a change of rules, the result is ``ChangedRules``.
            changed: changes of provisions, as ``provision.force=Interpreted``.
            criterion: file of criteria or conditions that replace those with the same names.

        Raises:
            BadFileError: a claim in a file breaks a rule.

        >>> import scs_kg
        >>> scs_kg.load().what_if(without=["schmitz-2017"], guideline="china-2019").whatif.withdrawn != ()
        True
        """
        selection = arguments.selection_of(datasets=datasets, as_of=as_of, mode=mode, scope=scope)
        changes = changes_of(files, without, drop, changed, criterion)
        return what_if(self._dataset, guideline, reading, selection, changes)

    def robustness(
        self,
        guideline: str | None = None,
        reading: Path | str | None = None,
        *,
        mode: str | None = None,
        scope: Iterable[str] = (),
    ) -> results.Robustness:
        """Rank the decided cells by the smallest number of claims and sources whose withdrawal would change them.

        The arguments choose readings, the mode of claims and the scope of cells, as those of ``compare`` do.
        """
        workspace = workspace_of(self._dataset, guideline, reading, arguments.selection_of(mode=mode, scope=scope))
        return results.Robustness(rank(workspace), workspace.selection)

    def sensitivity(
        self,
        guideline: str | None = None,
        reading: Path | str | None = None,
        *,
        mode: str | None = None,
        scope: Iterable[str] = (),
    ) -> results.SensitivityResult:
        """Find which marks depend on interpreted provisions; the arguments are those of ``robustness``."""
        workspace = workspace_of(self._dataset, guideline, reading, arguments.selection_of(mode=mode, scope=scope))
        return results.SensitivityResult(sensitivity(workspace), workspace.selection)

    def next_questions(
        self,
        guideline: str | None = None,
        reading: Path | str | None = None,
        *,
        mode: str | None = None,
        scope: Iterable[str] = (),
    ) -> results.Questions:
        """Rank the open questions by how many open cells an answer would decide; arguments as for ``robustness``."""
        workspace = workspace_of(self._dataset, guideline, reading, arguments.selection_of(mode=mode, scope=scope))
        return results.Questions(open_questions(workspace), workspace.selection)

    def validate(self, engine: str = "fast") -> results.Validation:
        """Validate all files of the project folder, with the engine ``fast`` or ``pyshacl`` (the reference)."""
        return results.Validation(validate(self.root, arguments.known_engine(engine)))
