"""The explorer: choose in a notebook, and see the matrix, the questions and the claims follow."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any, Final

import pandas as pd
from IPython.display import HTML, display
from matplotlib.figure import Figure

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection, read_collection
from claimbook.collection.problems import iter_rows
from claimbook.figures import describe_matrix, plot_matrix, size_matrix
from claimbook.figures.style import VERDICT_SIGNS
from claimbook.measures.stances import order_sources
from claimbook.notebook.explorer.controls import (
    LISTS,
    build_controls,
    build_panes,
    lay_out,
    read_choice,
    reset_controls,
    set_options,
)
from claimbook.notebook.explorer.selection import (
    Choice,
    build_view,
    describe_choice,
    describe_view,
    find_cell,
)
from claimbook.notebook.explorer.sheet import find_place, mark_cell, trim_view, write_matrix
from claimbook.notebook.explorer.snapshot import read_looks, write_claims, write_snapshot
from claimbook.report.pictures import show_figure
from claimbook.report.wording import Labels, count_noun, label_sources

MOST_OPTIONS: Final = 500
_WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_CLICK: Final = (
    "const cell = event.target.closest('[data-cell]');"
    "const input = this.closest('.claimbook-explorer').querySelector('.claimbook-cell input');"
    "if (cell) { input.value = cell.dataset.cell;"
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
        self._panes = build_panes(read_looks())
        self._widget = lay_out(self.controls, self._panes)
        self._busy, self._saved = False, None
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

    def describe(self) -> str:
        """Say in words what is chosen and picked."""
        text = describe_choice(self.choice, self._labels)
        question, source = self._find_picked()
        picked = [f"on {self._labels.name_topic(*question)}"] if question else []
        picked += [f"by {self._labels.name_source(source).rstrip('.?!')}"] if source else []
        return f"{text} Picked: claims {' '.join(picked)}." if picked else text

    def show_matrix(self) -> HTML:
        """Show the matrix of the present view as a figure, to be kept or printed."""
        vocabulary = self._collection.vocabulary
        sources = label_sources(self._collection).sources
        names = dict(zip(self._collection.sources["source"], sources["source"], strict=True))
        stances = self._sheet.stances.assign(source=self._sheet.stances["source"].map(names))
        questions = self._sheet.questions
        size = size_matrix(stances, questions, vocabulary, sources=sources)
        figure = Figure(figsize=size, layout="constrained")
        plot_matrix(stances, questions, vocabulary, sources=sources, ax=figure.subplots())
        for mark in figure.findobj():
            mark.set_url(None)  # no row of a page to lead to
        seen = describe_matrix(stances, questions, sources=sources)
        return show_figure(figure, alt=f"{self.describe()} {seen}", name="explorer")

    def _ipython_display_(self) -> None:
        """
        Show the widgets, and after them what a saved page keeps.

        The second stays out of sight where the widgets live, and is renewed whenever they change:
        renewing the widgets' own output would build them anew under the user's hands.
        """
        view = {"version_major": 2, "version_minor": 0, "model_id": self._widget.model_id}
        plain = "The explorer: run this cell to choose."
        display({"text/plain": plain, _WIDGET: view}, raw=True)
        self._saved = display(self._write_snapshot(), raw=True, display_id=True)

    def _write_snapshot(self) -> dict[str, str]:
        chosen = self.describe()
        parts = self._matrix, self._cards
        page = write_snapshot(self._view, self._labels, chosen=chosen, parts=parts)
        return {"text/html": page, "text/plain": f"{chosen} {describe_view(self._view)}"}

    def _follow_choice(self, _: Any) -> None:
        if not self._busy:
            self._update_view()

    def _follow_question(self, _: Any) -> None:
        if not self._busy:
            self._list_sources()
            self._update_claims()

    def _follow_source(self, _: Any) -> None:
        if not self._busy:
            self._update_claims()

    def _follow_click(self, change: Any) -> None:
        """Pick the question and the source of a cell; a click on the same lets go of them."""
        row, comma, column = change["new"].partition(",")
        if not comma:
            return
        self.controls["cell"].value = ""  # so that the next click on it is told of, too
        question, source = find_place(self._sheet, row, column)
        if find_cell(self._view, question=question, source=source).empty:
            return
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
            self.controls["question"].value, self.controls["source"].value = None, ""
        self._update_view()

    @contextmanager
    def _hold(self) -> Iterator[None]:
        """Set controls without being told of it."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before

    def _find_picked(self) -> tuple[_Question | None, str]:
        return self.controls["question"].value, self.controls["source"].value

    def _pick(self) -> pd.DataFrame:
        question, source = self._find_picked()
        return find_cell(self._view, question=question, source=source)

    def _update_view(self) -> None:
        self._view = build_view(self._collection, self.choice)
        self._sheet = trim_view(self._view, self._collection.sources)
        self._matrix = write_matrix(self._sheet, self._collection.vocabulary, self._labels)
        html = f'<div class="claimbook-view" onclick="{escape(_CLICK)}">{self._matrix}</div>'
        self._panes["matrix"].value = html
        self._list_questions()
        self._list_sources()
        self._update_claims()

    def _list_questions(self) -> None:
        total = len(self._view.questions)
        options: list[tuple[str, Any]] = [(f"all questions ({total})", None)]
        for row in iter_rows(self._view.questions.head(MOST_OPTIONS)):
            terms = (row.condition, row.intervention, row.aspect)
            named = " · ".join(map(self._labels.name_term, FACETS, terms))
            options.append((f"{VERDICT_SIGNS[row.verdict]} {named} ({row.claims})", terms))
        with self._hold():
            set_options(self.controls["question"], options)

    def _list_sources(self) -> None:
        """List the sources that answer the question picked, each with its number of claims."""
        claims = find_cell(self._view, question=self.controls["question"].value)["source"]
        ordered, counts = order_sources(claims, self._collection.sources), claims.value_counts()
        options: list[tuple[str, Any]] = [(f"all sources ({len(ordered)})", "")]
        for source in ordered["source"]:
            number = count_noun(int(counts[source]), "claim")
            options.append((f"{self._labels.name_source(source)} ({number})", source))
        with self._hold():
            set_options(self.controls["source"], options)

    def _update_claims(self) -> None:
        picked, vocabulary = self._pick(), self._collection.vocabulary
        self._cards = write_claims(picked, self._view, vocabulary, self._labels)
        said = f"<strong>{escape(self.describe())}</strong> {escape(describe_view(self._view))}"
        self._panes[
            "chosen"
        ].value = f'<div class="claimbook-view"><p class="chosen" role="status">{said}</p></div>'
        self._panes["claims"].value = (
            '<div class="claimbook-view"><div class="frame cards" tabindex="0" role="region" '
            f'aria-label="Claims">{self._cards}</div></div>'
        )
        self._panes["mark"].value = mark_cell(self._sheet, *self._find_picked())
        if self._saved is not None:
            self._saved.update(self._write_snapshot(), raw=True)
