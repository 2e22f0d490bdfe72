"""What the explorer shows, as HTML: the matrix, claims as cards, and a page that keeps both."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from markupsafe import Markup

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.style import KIND_NAMES
from claimbook.measures import count_stances, order_sources
from claimbook.notebook.explorer.selection import (
    Question,
    describe_size,
    list_questions,
    name_value,
)
from claimbook.notebook.html import find_looks, render
from claimbook.notebook.styling import find_pages, style_table
from claimbook.report.wording import count_noun, find_words

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
        self._collection, self._drawn, self._kinds = collection, drawn, columns["kind"]
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
        name, rows = self._collection.terms.describe, []
        for number, (terms, verdict) in enumerate(
            zip(self.questions, self._drawn["verdict"], strict=True)
        ):
            condition, *topic = (name(*term)[0] for term in zip(FACETS, terms, strict=True))
            cells = (self.stances.get((number, place)) for place in range(len(self.sources)))
            stances = [self._describe_cell(cell) for cell in cells]
            rows.append(
                {"condition": condition, "topic": " · ".join(topic), "verdict": verdict}
                | {"stances": stances}
            )
        sizes = self._kinds.groupby(self._kinds, sort=False).size()
        named = [(KIND_NAMES.get(str(kind), kind), size) for kind, size in sizes.items()]
        return render(
            "matrix",
            looks=find_looks(self._collection.terms),
            rows=rows,
            sources=[self._collection.labels[source] for source in self.sources],
            kinds=named if [*sizes.index] != [""] else [],
            rest=self._describe_rest(),
        )

    def _describe_cell(self, stance: Any) -> dict[str, Any] | None:
        if stance is None:
            return None
        names = (
            self._collection.terms.describe("recommendation", level)[0] for level in stance.levels
        )
        said = f"{' and '.join(names)} ({count_noun(stance.claims, 'claim')})"
        return {"levels": stance.levels, "split": stance.contradicts, "said": said}

    def _describe_rest(self) -> list[str]:
        questions, sources = self.left_out
        alone = " that only one source answers"
        shared = len(self.questions) < MOST_QUESTIONS
        rest = [count_noun(questions, "question") + alone * shared] if questions else []
        return rest + ([count_noun(sources, "source")] if sources else [])

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
    asked: list[tuple[str, str, list[Any]]] = []
    last = -1
    for number, claim in zip(numbers[order], iter_rows(picked.claims.iloc[order]), strict=True):
        if number != last:
            last, (*terms, verdict) = number, questions.loc[number, [*FACETS, "verdict"]]
            asked.append((picked.terms.ask(*terms), verdict, []))
        asked[-1][2].append(_describe_claim(claim, terms, picked))
    rest = len(picked.claims) - len(order)
    return render("claims", looks=find_looks(picked.terms), asked=asked, rest=rest)


def _describe_claim(claim: Any, asked: list[str], collection: Collection) -> dict[str, Any]:
    labels, pages = collection.labels, find_pages(collection)
    coded = (getattr(claim, facet) for facet in FACETS)
    other = [
        name_value(collection, facet, term)
        for facet, term, question in zip(FACETS, coded, asked, strict=True)
        if collection.terms.canon(facet, term) != question
    ]
    foot = [f"on {', '.join(other)}"] if other else []
    foot += [f"credits “{claim.attribution}”"] if claim.attribution else []
    foot += [f"cites {labels.get(claim.cited_study, claim.cited_study)}"] * bool(claim.cited_study)
    return {
        "claim_id": claim.claim_id,
        "level": claim.recommendation,
        "source": labels[claim.source],
        "claim": claim.claim,
        "quote": claim.quote,
        "found": claim.claim_id in set(collection.verified["claim_id"]),
        "words": find_words(pages[claim.source], claim.quote),
        "foot": [*foot, *([claim.notes] if claim.notes else [])],
    }


def write_chosen(said: str, collection: Collection) -> Markup:
    """Write what is chosen, and how much it is."""
    return render("chosen", said=said, size=describe_size(collection))


def write_snapshot(said: str, collection: Collection, matrix: Markup, claims: Markup) -> Markup:
    """Write a view as a page keeps it, when nobody is there to choose."""
    questions = list_questions(collection)
    columns = [*FACETS, "verdict", "for", "uncertain", "against", "sources"]
    table = style_table(questions[columns], collection=collection, most=MOST_LISTED)
    return render(
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
