"""What the explorer shows, as HTML: the matrix, claims as cards, and a page that keeps both."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from markupsafe import Markup

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.measures import count_stances, order_sources
from claimbook.notebook.explorer.selection import Question, describe_size, list_questions
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
    As much of the matrix of stances as a person can take in, and where its cells lead.

    A table of HTML and not the figure: its cells are clicked and reached by keyboard, its heads
    stay while it scrolls, and it is there at once after each choice. What it shows and how comes
    from where the figure has it.

    Attributes
    ----------
    questions : list of (condition, intervention, aspect)
        Those drawn: of many only such as two sources answer.
    sources : list of str
        Those drawn: of many those that answer most.
    stances : dict of named tuple
        As `count_stances` returns them, by the numbers of their question and source.
    left_out : (questions, sources)
        How many of each are not drawn.
    """

    def __init__(self, collection: Collection) -> None:
        questions, sources = list_questions(collection), order_sources(collection)
        drawn = questions
        if len(questions) > MOST_QUESTIONS:
            shared = questions[questions["verdict"] != VERDICTS[-1]]
            drawn = (shared if len(shared) else questions).head(MOST_QUESTIONS)
        stances = count_stances(collection).merge(drawn[list(FACETS)], on=list(FACETS))
        busiest = stances["source"].value_counts().index[:MOST_SOURCES]
        columns = sources[sources["source"].isin(busiest)]
        self._whole, self._drawn = collection.whole, drawn
        self._kinds = columns["kind"].value_counts(sort=False).to_dict()
        self.questions = [*drawn[list(FACETS)].itertuples(index=False, name=None)]
        self.sources = columns["source"].tolist()
        row = {question: number for number, question in enumerate(self.questions)}
        column = {source: number for number, source in enumerate(self.sources)}
        self.stances = {
            (
                row[stance.condition, stance.intervention, stance.aspect],
                column[stance.source],
            ): stance
            for stance in iter_rows(stances)
            if stance.source in column
        }
        self.left_out = len(questions) - len(drawn), len(sources) - len(columns)

    def write(self) -> Markup:
        """Write the matrix, in a frame that scrolls, with a key and with what is not drawn."""
        questions, sources = self.left_out
        shared = len(self.questions) < MOST_QUESTIONS
        alone = " that only one source answers" if shared else ""
        rest = [count_noun(questions, "question") + alone] if questions else []
        rest += [count_noun(sources, "source")] if sources else []
        return render(
            "explorer",
            "matrix",
            names=find_names(self._whole),
            questions=[*iter_rows(self._drawn)],
            sources=self.sources,
            kinds=self._kinds,
            stances=self.stances,
            rest=rest,
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


def write_claims(picked: Collection, chosen: Collection) -> Markup:
    """Write claims as cards under their questions, those furthest for it first, not too many."""
    questions = list_questions(chosen)
    numbered = questions[list(FACETS)].assign(number=range(len(questions)))
    numbers = picked.asked.merge(numbered, on=list(FACETS), how="left")["number"].to_numpy()
    order = np.lexsort((-np.nan_to_num(picked.scores, nan=-np.inf), numbers))[:MOST_CLAIMS]
    names, asked = find_names(chosen.whole), dict[int, list[Any]]()
    for number, claim in zip(numbers[order], picked.claims["claim_id"].iloc[order], strict=True):
        asked.setdefault(int(number), []).append(names.claims[claim])
    return render(
        "explorer",
        "claims",
        names=names,
        asked=[(questions.loc[number], claims) for number, claims in asked.items()],
        rest=len(picked.claims) - len(order),
    )


def write_chosen(said: str, collection: Collection) -> Markup:
    """Write what is chosen, and how much it is."""
    return render("explorer", "chosen", said=said, size=describe_size(collection))


def write_snapshot(said: str, collection: Collection, matrix: Markup, claims: Markup) -> Markup:
    """Write a view as a page keeps it, when nobody is there to choose."""
    questions = list_questions(collection)
    columns = [*FACETS, "verdict", "for", "uncertain", "against", "sources"]
    table = style_table(questions[columns], collection=collection, most=MOST_LISTED)
    return render(
        "explorer",
        "snapshot",
        style=Markup(read_looks()),
        said=said,
        size=describe_size(collection),
        matrix=matrix,
        claims=claims,
        name=f"{count_noun(len(questions), 'question')}, with verdict",
        questions=Markup(table.data),
    )


@cache
def read_looks() -> str:
    """Read how the explorer looks: rules that touch nothing outside it."""
    return (Path(__file__).with_name("explorer.css")).read_text(encoding="utf-8")
