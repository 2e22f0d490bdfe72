"""What the explorer shows, as HTML: the matrix, claims as cards, and a page that keeps both."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.style import name_kind
from claimbook.measures import count_stances, order_sources
from claimbook.notebook.explorer.selection import Question
from claimbook.notebook.html import render
from claimbook.notebook.styling import style_table
from claimbook.report.wording import count_noun, find_names

MOST_QUESTIONS: Final = 60
MOST_SOURCES: Final = 40
MOST_CLAIMS: Final = 40
MOST_LISTED: Final = 500
_FRAMED: Final = "outline: 3px solid var(--jp-brand-color1, #1565c0); outline-offset: -2px;"


class Sheet:
    """
    A page of the matrix of stances, and where its cells lead.

    A table of HTML and not the figure: its cells are clicked and reached by keyboard, its heads
    stay while it scrolls, and it is there at once after each choice. What it shows and how comes
    from where the figure has it.

    Parameters
    ----------
    chosen : Collection
        The claims.
    questions : DataFrame
        Those that they answer, in order.
    row, column : int
        From which question and which source on the page shows them.

    Attributes
    ----------
    questions : list of (condition, intervention, aspect)
        Those of the page.
    sources : list of str
        Those of the page.
    stances : dict of named tuple
        As `count_stances` returns them, by the numbers of their question and source.
    rows, columns : list of (str, int)
        The pages that there are, each with where it begins.
    """

    def __init__(
        self, chosen: Collection, questions: pd.DataFrame, *, row: int = 0, column: int = 0
    ) -> None:
        sources = order_sources(chosen)
        self.rows, self.columns = list_pages(chosen, questions)
        self._drawn = questions.iloc[row : row + MOST_QUESTIONS]
        columns = sources.iloc[column : column + MOST_SOURCES]
        self._whole, self._place = chosen.whole, (row, column)
        counts = columns["kind"].value_counts(sort=False)
        self._kinds = (
            [(name_kind(str(kind), self._whole.terms, size), size) for kind, size in counts.items()]
            if any(counts.index)
            else []
        )
        self.questions = [*self._drawn[list(FACETS)].itertuples(index=False, name=None)]
        self.sources = columns["source"].tolist()
        rows = {question: number for number, question in enumerate(self.questions)}
        places = {source: number for number, source in enumerate(self.sources)}
        self.stances = {
            (
                rows[stance.condition, stance.intervention, stance.aspect],
                places[stance.source],
            ): stance
            for stance in iter_rows(count_stances(chosen))
            if stance.source in places
            and (stance.condition, stance.intervention, stance.aspect) in rows
        }

    def write(self) -> Markup:
        """Write the page, in a frame that scrolls, with a key and with what else there is."""
        words, shown = self._whole.words, []
        for place, pages, what in zip(
            self._place, (self.rows, self.columns), ("questions", words.many("source")), strict=True
        ):
            shown += [f"{what} {name}" for name, start in pages[1:] and pages if start == place]
        return render(
            "explorer",
            "matrix",
            names=find_names(self._whole),
            questions=[*iter_rows(self._drawn)],
            sources=self.sources,
            kinds=self._kinds,
            stances=self.stances,
            shown=shown,
        )

    def find_place(self, row: str, column: str) -> tuple[Question | None, str]:
        """Find the question and the source at a place as ``data-cell`` names it."""
        at = row and int(row) < len(self.questions)
        by = column and int(column) < len(self.sources)
        return self.questions[int(row)] if at else None, self.sources[int(column)] if by else ""

    def mark(self, question: Question | None, source: str) -> Markup:
        """Write rules of style that mark a row, a column, or the cell where they meet."""
        row = str(self.questions.index(question)) if question in self.questions else ""
        column = str(self.sources.index(source)) if source in self.sources else ""
        places = [f"{row},"] * bool(row) + [f",{column}"] * bool(column)
        places += [f"{row},{column}"] * bool(row and column)
        marked = ", ".join(f'[data-cell="{place}"]' for place in places)
        rule = f"<style>.claimbook-explorer .matrix :is({marked}) {{ {_FRAMED} }}</style>"
        return Markup(rule if places else "")


def list_pages(
    chosen: Collection, questions: pd.DataFrame
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Name the pages of a matrix by its rows and by its columns, each with where it begins."""
    sources = len(order_sources(chosen))
    return _divide(len(questions), MOST_QUESTIONS), _divide(sources, MOST_SOURCES)


def _divide(number: int, most: int) -> list[tuple[str, int]]:
    starts = range(0, max(number, 1), most)
    return [
        (f"{start + 1:,} to {min(start + most, number):,} of {number:,}", start) for start in starts
    ]


def write_claims(picked: Collection, questions: pd.DataFrame) -> Markup:
    """Write claims as cards under their questions, those furthest for it first, not too many."""
    numbered = questions[list(FACETS)].assign(number=range(len(questions)))
    numbers = picked.asked.merge(numbered, on=list(FACETS), how="left")["number"].to_numpy()
    order = np.lexsort((-np.nan_to_num(picked.scores, nan=-np.inf), numbers))[:MOST_CLAIMS]
    names, asked = find_names(picked.whole), dict[int, list[Any]]()
    for number, claim in zip(numbers[order], picked.claims["claim_id"].iloc[order], strict=True):
        asked.setdefault(int(number), []).append(names.claims[claim])
    return render(
        "explorer",
        "claims",
        names=names,
        asked=[(questions.loc[number], claims) for number, claims in asked.items()],
        rest=len(picked.claims) - len(order),
    )


def write_snapshot(
    said: str, collection: Collection, questions: pd.DataFrame, matrix: Markup, claims: Markup
) -> Markup:
    """Write a view as a page keeps it, when nobody is there to choose."""
    columns = [*FACETS, "verdict", "for", "uncertain", "against", "sources"]
    table = style_table(questions[columns], collection=collection, most=MOST_LISTED)
    return render(
        "explorer",
        "snapshot",
        style=Markup(read_looks()),
        said=said,
        matrix=matrix,
        claims=claims,
        name=f"{count_noun(len(questions), 'question')}, with verdict",
        questions=Markup(table.data),
    )


@cache
def read_looks() -> str:
    """Read how the explorer looks: rules that touch nothing outside it."""
    return (Path(__file__).with_name("explorer.css")).read_text(encoding="utf-8")
