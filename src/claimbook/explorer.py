"""The explorer: choose in a notebook, and see the matrix, the questions and the claims follow."""

import os
from typing import Any, Final

import pandas as pd
from IPython.display import HTML, display
from matplotlib.figure import Figure

from claimbook.collection import Collection, read_collection
from claimbook.controls import (
    LISTS,
    build_controls,
    read_choice,
)
from claimbook.pictures import show_figure
from claimbook.plots import describe_matrix, plot_matrix, size_matrix
from claimbook.selection import Choice, describe_choice, describe_view
from claimbook.snapshot import write_snapshot
from claimbook.wording import Labels, label_sources

MOST_OPTIONS: Final = 500
_WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_CLICK: Final = (
    "const cell = event.target.closest('[data-cell]');"
    "const root = this.closest('.claimbook-explorer');"
    "const input = root &amp;&amp; root.querySelector('.claimbook-cell input');"
    "if (cell &amp;&amp; input) { input.value = cell.dataset.cell;"
    "input.dispatchEvent(new Event('change', {bubbles: true})); }"
)
_Question = tuple[str, str, str]


def explore(collection: str | os.PathLike[str] | Collection = "data") -> "Explorer":
    """
    Explore a collection in a notebook: choose, and see what is claimed.

    Parameters
    ----------
    collection : path or Collection
        As for `read_collection`, or what it returns.

    Returns
    -------
    explorer : Explorer
        Shows itself where it is the last line of a cell.

    Raises
    ------
    ModuleNotFoundError
        If ipywidgets is not installed.
    ClaimsError
        If anything in the collection breaks the codebook.
    OSError
        If there is no such collection.

    Examples
    --------
    >>> explorer = explore("data")
    >>> explorer.controls["conditions"].value = ("sciatica",)
    >>> set(explorer.claims["condition"])
    {'sciatica'}
    """
    if not isinstance(collection, Collection):
        collection = read_collection(collection)
    return Explorer(collection)


class Explorer:
    """
    Lists to choose from, the matrix and the claims that follow, and what was chosen as tables.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.

    Attributes
    ----------
    controls : dict of widgets
        What can be chosen, by name: see `build_controls`. A program may set a control's ``value``.

    Examples
    --------
    >>> explorer = Explorer(read_collection("data"))
    >>> explorer.controls["words"].value = "passive"
    >>> len(explorer.claims) == len(explorer.selection) > 0
    True
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._labels = Labels(collection)
        self.controls = build_controls(collection, self._labels)
        self._panes = _build_panes()
        self._widget = _lay_out(self.controls, self._panes)
        self._handle: Any = None
        self._busy = False
        self._update_view()
        for name in (*LISTS, "words"):
            self.controls[name].observe(self._follow_choice, names="value")
        self.controls["question"].observe(self._follow_question, names="value")
        self.controls["source"].observe(self._follow_source, names="value")
        self.controls["cell"].observe(self._follow_click, names="value")
        self.controls["clear"].on_click(self._start_again)

    @property
    def choice(self) -> Choice:
        """What is chosen in the lists and in words."""
        return read_choice(self.controls)

    @property
    def claims(self) -> pd.DataFrame:
        """The claims that fit the choice, one row each, as the file has them."""
        return self._view.claims.copy()

    @property
    def selection(self) -> pd.DataFrame:
        """Of these the claims on the question and by the source picked; all where none is."""
        return self._pick().copy()

    @property
    def questions(self) -> pd.DataFrame:
        """The questions that the claims answer, one row each, with verdict: see `View`."""
        return self._view.questions.copy()

    def show_matrix(self) -> HTML:
        """Show the matrix of the present view as a figure, to be kept or printed."""
        labelled = label_sources(self._collection).sources
        names = dict(zip(self._collection.sources["source"], labelled["source"], strict=True))
        stances = self._sheet.stances.assign(source=self._sheet.stances["source"].map(names))
        tables = stances, self._sheet.questions
        size = size_matrix(*tables, self._collection.vocabulary, sources=labelled)
        figure = Figure(figsize=size, layout="constrained")
        plot_matrix(
            *tables, self._collection.vocabulary, sources=labelled, ax=figure.subplots()
        )
        alt = f"{self.describe()} {describe_matrix(*tables, sources=labelled)}"
        return show_figure(figure, alt=alt, name="explorer")

    def describe(self) -> str:
        """Say in words what is chosen and picked."""
        text = describe_choice(self.choice, self._labels)
        question, source = self.controls["question"].value, self.controls["source"].value
        picked = [f"on {self._labels.name_topic(*question)}"] if question else []
        picked += [f"by {self._labels.name_source(source)}"] if source else []
        return f"{text} Claims {' '.join(picked)}." if picked else text

    def _ipython_display_(self) -> None:
        """Show the widgets, and beside them, unseen while they live, what a saved page keeps."""
        live = {"text/plain": "The explorer: run this cell to choose.", _WIDGET: self._name_widget()}
        display(live, raw=True)
        self._handle = display(self._write_snapshot(), raw=True, display_id=True)

    def _name_widget(self) -> dict[str, Any]:
        return {"version_major": 2, "version_minor": 0, "model_id": self._widget.model_id}

    def _write_snapshot(self) -> dict[str, str]:
        chosen = self.describe()
        page = write_snapshot(self._view, self._labels, chosen=chosen, parts=self._parts)
        return {"text/html": page, "text/plain": f"{chosen} {describe_view(self._view)}"}

    def _follow_choice(self, _: Any) -> None:
        if not self._busy:
            self._update_view()
            self._update_claims()

    def _follow_question(self, _: Any) -> None:
        if not self._busy:
            with self._hold():
                self._list_sources()
            self._update_claims()

    def _follow_source(self, _: Any) -> None:
        if not self._busy:
            self._update_claims()

    def _follow_click(self, change: Any) -> None:
        """Pick the question and the source of a cell; a click on it again lets go of it."""
        row, comma, column = change["new"].partition(",")
        if not comma:
            return
        self.controls["cell"].value = ""  # the next click may be on the same cell
        rows = self._sheet.questions[list(FACETS)].itertuples(index=False, name=None)
        question = list(rows)[int(row)] if row else None
        source = self._sheet.sources["source"].iloc[int(column)] if column else ""
        if (question, source) == self._find_picked():
            question, source = None, ""
        with self._hold():
            self.controls["question"].value = question
            self._list_sources()
            self.controls["source"].value = source
        self._update_claims()

    def _start_again(self, _: Any) -> None:
        with self._hold():
            reset_controls(self.controls)
            self.controls["question"].index = 0
        self._update_view()
        self._update_claims()

    @contextmanager
    def _hold(self) -> Iterator[None]:
        """Let controls be set without a word from them."""
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def _find_picked(self) -> tuple[_Question | None, str]:
        return self.controls["question"].value, self.controls["source"].value

    def _pick(self) -> pd.DataFrame:
        question, source = self._find_picked()
        return find_cell(self._view, question=question, source=source)

    def _update_view(self) -> None:
        vocabulary = self._collection.vocabulary
        self._view = build_view(self._collection, self.choice)
        self._sheet = trim_view(self._view, self._collection.sources)
        self._matrix = write_matrix(self._sheet, vocabulary, self._labels)
        self._panes["matrix"].value = (
            f'<div class="claimbook-view" onclick="{_CLICK}">{self._matrix}</div>'
        )
        with self._hold():
            self._list_questions()
            self._list_sources()

    def _list_questions(self) -> None:
        counts = self._view.questions
        options: list[tuple[str, _Question | None]] = [
            (f"all {count_noun(len(counts), 'question')}", None)
        ]
        for row in iter_rows(counts.head(MOST_OPTIONS)):
            terms = (row.condition, row.intervention, row.aspect)
            named = map(self._labels.name_term, FACETS, terms)
            sign = VERDICT_SIGNS[row.verdict]
            options.append((f"{sign} {' · '.join(named)} ({row.claims})", terms))
        _set_options(self.controls["question"], options)

    def _list_sources(self) -> None:
        """List the sources of the question picked, or all, each with where it stands."""
        question = self.controls["question"].value
        claims = find_cell(self._view, question=question)
        ordered = order_sources(claims["source"], self._collection.sources)["source"]
        counts = claims["source"].value_counts()
        options = [(f"all {count_noun(len(ordered), 'source')}", "")]
        for source in ordered:
            number = count_noun(counts[source], "claim")
            options.append((f"{self._labels.name_source(source)} ({number})", source))
        _set_options(self.controls["source"], options)

    def _update_claims(self) -> None:
        picked = self._pick()
        self._claims = write_claims(
            picked, self._view, self._collection.vocabulary, self._labels
        )
        text = escape(f"{self.describe()} {describe_view(self._view)}")
        self._panes["chosen"].value = f'<p class="claimbook-view" role="status">{text}</p>'
        self._panes["claims"].value = (
            '<div class="claimbook-view frame" tabindex="0" role="region" aria-label="Claims">'
            f"{self._claims}</div>"
        )
        self._panes["mark"].value = self._mark_picked()
        if self._handle is not None:
            self._handle.update(self._write_snapshot(), raw=True)
