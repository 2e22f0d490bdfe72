"""The explorer: choose in a notebook, and see the matrix, the questions and the claims follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pandas as pd
from IPython.display import display
from markupsafe import Markup

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.collection.door import admit
from claimbook.collection.problems import iter_rows
from claimbook.figures.style import VERDICT_SIGNS
from claimbook.measures import order_sources
from claimbook.notebook.explorer.controls import (
    LISTS,
    PAGES,
    build_controls,
    build_panes,
    fill_lists,
    lay_out,
    read_choice,
    reset_controls,
    set_options,
)
from claimbook.notebook.explorer.page import (
    Sheet,
    list_pages,
    read_looks,
    write_claims,
    write_snapshot,
)
from claimbook.notebook.explorer.selection import (
    Choice,
    describe_choice,
    describe_size,
    pick_claims,
)
from claimbook.notebook.html import render
from claimbook.report.wording import find_names

MOST_OPTIONS: Final = 500
_WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_CLICK: Final = (
    "const cell = event.target.closest('[data-cell]');"
    "const input = this.closest('.claimbook-explorer').querySelector('.claimbook-cell input');"
    "if (cell) { input.value = cell.dataset.cell;"
    "input.dispatchEvent(new Event('change', {bubbles: true})); }"
)


def explore(collection: Collection | pd.DataFrame) -> "Explorer":
    """
    Explore a collection in a notebook: choose, and see what is claimed.

    Parameters
    ----------
    collection : Collection or DataFrame of claims

    Returns
    -------
    explorer : Explorer
        Shows itself where it is the last line of a cell.

    Raises
    ------
    ModuleNotFoundError
        If ipywidgets is not installed; the message names the remedy.
    TypeError
        If it is neither.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> explorer = explore(read_collection("data"))
    >>> explorer.controls["aspects"].value = ("standalone",)
    >>> set(explorer.claims["aspect"])
    {'standalone'}
    """
    return Explorer(admit(collection))


class Explorer:
    """
    Lists to choose from, the matrix and the claims that follow, and what was chosen.

    Parameters
    ----------
    collection : Collection
        What there is to choose from.

    Attributes
    ----------
    controls : dict of widgets
        What can be chosen, by name: see `build_controls`. A program may set a control's ``value``.
    chosen, picked : Collection
        What fits the choice, its questions gathered as chosen; and of that what is on the
        question and by the source picked. All functions of this package take them.
    claims, selection, questions : DataFrame
        The claims of the one and of the other, one a row; the questions that they answer, those
        that one source answers alone last. Verdict and numbers of a question are those of all
        claims on it, whatever levels and words are chosen.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> explorer = Explorer(read_collection("data"))
    >>> explorer.controls["words"].value = "passive"
    >>> len(explorer.claims) == len(explorer.selection) > 0
    True
    """

    def __init__(self, collection: Collection) -> None:
        self._collection, self._names = collection, find_names(collection.whole)
        self.controls = build_controls(collection)
        self._panes = build_panes(read_looks())
        self._widget = lay_out(self.controls, self._panes)
        self._busy, self._saved = False, None
        self._follow_choice()
        for name in (*LISTS, "words"):
            self._watch(name, self._follow_choice)
        for name in PAGES:
            self._watch(name, self._follow_page)
        self._watch("find", self._fill_lists)
        self._watch("question", self._follow_question)
        self._watch("source", self._update_claims)
        self.controls["cell"].observe(self._follow_click, names="value")
        self.controls["clear"].on_click(self._start_again)

    @property
    def choice(self) -> Choice:
        """What is chosen in the lists and in words."""
        return read_choice(self.controls)

    @property
    def picked(self) -> Collection:
        """The claims on the question and by the source picked; all where none is."""
        return pick_claims(self.chosen, *self._find_picked())

    @property
    def claims(self) -> pd.DataFrame:
        """The claims that fit the choice, one row each, as coded."""
        return self.chosen.claims.copy()

    @property
    def selection(self) -> pd.DataFrame:
        """Of these the claims on the question and by the source picked; all where none is."""
        return self.picked.claims.copy()

    @property
    def questions(self) -> pd.DataFrame:
        """The questions that the claims answer, one row each, with verdict."""
        return self._questions.copy()

    def describe(self) -> str:
        """Say in words what is chosen and picked, and how much it is."""
        text = describe_choice(self.choice, self._collection)
        question, source = self._find_picked()
        picked = [f"on {self._names.topic(*question)}"] if question else []
        picked += [f"by {self._names.source(source).rstrip('.?!')}"] if source else []
        if picked:
            text += f" Picked: {self._collection.words.many('claim')} {' '.join(picked)}."
        return f"{text} {describe_size(self.chosen, self._questions)}"

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
        said = self.describe()
        page = write_snapshot(said, self.chosen, self._questions, self._matrix, self._cards)
        return {"text/html": str(page), "text/plain": said}

    def _watch(self, name: str, act: Any) -> None:
        self.controls[name].observe(lambda _: self._busy or act(), names="value")

    def _follow_choice(self) -> None:
        self._fill_lists()
        self.chosen, self._questions = self.choice.apply(self._collection)
        with self._hold():
            for name, pages in zip(PAGES, list_pages(self.chosen, self._questions), strict=True):
                self.controls[name].options, self.controls[name].index = pages, 0
                self.controls[name].layout.display = None if pages[1:] else "none"
        self._list_questions()
        self._follow_page()
        self._follow_question()

    def _fill_lists(self) -> None:
        with self._hold():
            fill_lists(self.controls, self._collection)

    def _follow_page(self) -> None:
        row, column = (self.controls[name].value for name in PAGES)
        self._sheet = Sheet(self.chosen, self._questions, row=row, column=column)
        self._matrix = self._sheet.write()
        self._show("matrix", self._matrix, click=_CLICK)
        self._panes["mark"].value = self._sheet.mark(*self._find_picked())

    def _follow_question(self) -> None:
        self._list_sources()
        self._update_claims()

    def _follow_click(self, change: Any) -> None:
        """Pick the question and the source of a cell; a click on the same lets go of them."""
        row, comma, column = change["new"].partition(",")
        if not comma:
            return
        self.controls["cell"].value = ""  # so that the next click on it is told of, too
        question, source = self._sheet.find_place(row, column)
        if not len(pick_claims(self.chosen, question, source).claims):
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
        self._follow_choice()

    @contextmanager
    def _hold(self) -> Iterator[None]:
        """Set controls without being told of it."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before

    def _find_picked(self) -> tuple[tuple[str, str, str] | None, str]:
        return self.controls["question"].value, self.controls["source"].value

    def _list_questions(self) -> None:
        questions, counts = self._questions, self.chosen.asked.value_counts()
        options: list[tuple[str, Any]] = [(f"all questions ({len(questions)})", None)]
        for row in iter_rows(questions.head(MOST_OPTIONS)):
            terms = (row.condition, row.intervention, row.aspect)
            named = " · ".join(map(self._names.term, FACETS, terms))
            options.append((f"{VERDICT_SIGNS[row.verdict]} {named} ({counts[terms]})", terms))
        with self._hold():
            set_options(self.controls["question"], options)

    def _list_sources(self) -> None:
        """List the sources that answer the question picked, each with its number of claims."""
        answering = pick_claims(self.chosen, self.controls["question"].value, "")
        counts, ordered = answering.claims["source"].value_counts(), order_sources(answering)
        words = self._collection.words
        options = [(f"all {words.many('source')} ({len(ordered)})", "")]
        for source, label in zip(ordered["source"], ordered["label"], strict=True):
            options.append((f"{label} ({words.count(int(counts[source]), 'claim')})", source))
        with self._hold():
            set_options(self.controls["source"], options)

    def _update_claims(self) -> None:
        self._cards = write_claims(self.picked, self._questions)
        self._show("chosen", render("explorer", "chosen", said=self.describe()))
        self._show("claims", render("explorer", "frame", claims=self._cards))
        self._panes["mark"].value = self._sheet.mark(*self._find_picked())
        if self._saved is not None:
            self._saved.update(self._write_snapshot(), raw=True)

    def _show(self, name: str, part: Markup, click: str = "") -> None:
        self._panes[name].value = str(render("explorer", "view", part=part, click=click))
