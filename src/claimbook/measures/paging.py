"""A matrix too large for one page, cut into pages that each say which part they are."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.measures.stances import count_stances, order_questions, order_sources


@of_collection
def cut_matrix(
    collection: Collection,
    *,
    rows: int = 40,
    columns: int = 40,
    least: int = 2,
    by: str = FACETS[0],
) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """
    Cut the matrix of questions by sources into pages.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    rows, columns : int
        How many questions and how many sources a page has at most.
    least, by
        As for `order_questions`, which chooses and orders the questions.

    Returns
    -------
    pages : list of (stances, questions)
        What each page shows, as `count_stances` and `order_questions` return them. A group of
        questions is broken only where it has no room on a page of its own. Of the sources only
        those that answer a question of the page are counted; where they need several pages, these
        come one after the other. Where there are several pages the questions have a column
        ``page``, which says which part it is.

    Raises
    ------
    ValueError
        If a page has no room for a row or a column, or `by` is no facet.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a", "b"], "source": ["spa", "clinic"],
    ...     "condition": "back pain", "intervention": "massage", "aspect": "cause",
    ...     "recommendation": ["for", "against"], "claim": "It is said."})
    >>> [questions["page"].iloc[0] for _, questions in cut_matrix(claims, columns=1)][0]
    'Page 1 of 2. Questions: 1. Sources that answer them: 1 to 1 of 2.'
    """
    if rows < 1 or columns < 1:
        raise ValueError(f"a page of {rows} rows by {columns} columns is empty, expected 1 or more")
    questions, _ = order_questions(collection, least=least, by=by)
    stances, ordered = count_stances(collection), order_sources(collection)["source"]
    pages, captions = [], []
    for first, last in _cut_questions(questions, rows):
        part = questions.iloc[first:last]
        shown = stances.merge(part[list(FACETS)], on=list(FACETS))
        names = ordered[ordered.isin(shown["source"])]
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
    by = questions.iloc[:, 0]
    begins = np.flatnonzero(by.ne(by.shift()).to_numpy())
    first, bounds = 0, [*begins.tolist(), len(questions)]
    for begin, end in pairwise(bounds):
        if end - first > most and begin > first and end - begin <= most:
            yield first, begin
            first = begin
        while end - first > most:
            yield first, first + most
            first += most
    yield first, len(questions)
