"""A matrix too large for one page, cut into pages that each say which part they are."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS
from claimbook.measures.stances import order_sources


def find_pages(
    stances: pd.DataFrame,
    questions: pd.DataFrame,
    *,
    sources: pd.DataFrame | None = None,
    rows: int = 40,
    columns: int = 40,
) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """
    Cut the matrix of stances into pages.

    Parameters
    ----------
    stances : DataFrame, one row per question and source
        As `count_stances` returns them.
    questions : DataFrame, one row per question
        As `order_questions` returns them: the first of the three columns ``condition``,
        ``intervention`` and ``aspect`` is what they are grouped by.
    sources : DataFrame or None, one row per source
        Gives the order of the sources, as for `plot_matrix`.
    rows, columns : int
        How many questions and how many sources a page has at most.

    Returns
    -------
    pages : list of (stances, questions)
        What each page shows. The questions keep their order; a group of them is broken only
        where it has no room on a page of its own. Of the sources only those that answer a
        question of the page are counted; where they need several pages, these come one after the
        other. Where there are several pages the questions have a column ``page``, which says
        which part it is; `plot_matrix` writes it.

    Raises
    ------
    ValueError
        If a page has no room for a row or a column.

    Examples
    --------
    >>> from claimbook import Vocabulary
    >>> from claimbook.measures.stances import count_stances, order_questions
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"]})
    >>> tables = count_stances(claims, Vocabulary()), order_questions(claims, Vocabulary())[0]
    >>> [questions["page"].iloc[0] for _, questions in find_pages(*tables, columns=1)][0]
    'Page 1 of 2. Questions: 1. Sources that answer them: 1 to 1 of 2.'
    """
    if rows < 1 or columns < 1:
        raise ValueError(f"a page of {rows} rows by {columns} columns is empty, expected 1 or more")
    pages, captions = [], []
    for first, last in _cut_questions(questions, rows):
        part = questions.iloc[first:last]
        shown = stances.merge(part[list(FACETS)], on=list(FACETS))
        names = order_sources(shown["source"], sources)["source"]
        for start in range(0, max(len(names), 1), columns):
            chosen = names.iloc[start : start + columns]
            pages.append((shown[shown["source"].isin(chosen)].reset_index(drop=True), part))
            asked = _write_part(first, last, len(questions))
            heard = _write_part(start, start + len(chosen), len(names))
            captions.append(f"Questions: {asked}. Sources that answer them: {heard}.")
    if len(pages) == 1:
        return pages
    return [
        (shown, part.assign(page=f"Page {place} of {len(pages)}. {caption}"))
        for place, ((shown, part), caption) in enumerate(zip(pages, captions, strict=True), 1)
    ]


def _write_part(first: int, last: int, number: int) -> str:
    whole = f"all {number}" if number > 1 else f"{number}"
    return whole if last - first == number else f"{first + 1} to {last} of {number}"


def _cut_questions(questions: pd.DataFrame, most: int) -> Iterator[tuple[int, int]]:
    """Give where each page begins and ends, and break no group that has room on one page."""
    by = next(column for column in questions if column in FACETS)
    begins = np.flatnonzero(questions[by].ne(questions[by].shift()).to_numpy())
    first, bounds = 0, [*begins.tolist(), len(questions)]
    for begin, end in pairwise(bounds):
        if end - first > most and begin > first and end - begin <= most:
            yield first, begin
            first = begin
        while end - first > most:
            yield first, first + most
            first += most
    yield first, len(questions)
