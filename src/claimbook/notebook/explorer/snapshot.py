"""What the explorer shows, as HTML: claims as cards, and all of a view as a page keeps it."""

from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS
from claimbook.collection.problems import iter_rows
from claimbook.collection.vocabulary import Vocabulary
from claimbook.notebook.explorer.selection import View, describe_view
from claimbook.notebook.explorer.sheet import write_verdict
from claimbook.report.wording import Labels, capitalise, count_noun, write_table

MOST_CLAIMS: Final = 40
MOST_LISTED: Final = 500


def write_claims(claims: pd.DataFrame, view: View, vocabulary: Vocabulary, labels: Labels) -> str:
    """
    Write claims as cards, question by question, those furthest for it first.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Some of the view's, or all.
    view : View
        Gives the questions, and their order.
    vocabulary : Vocabulary
        What a level scores.
    labels : Labels
        Name terms and sources.

    Returns
    -------
    html : str
        No more than `MOST_CLAIMS` cards; if there are more claims, it says how many.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> from claimbook.notebook.explorer.selection import Choice, build_view
    >>> collection = read_collection("data")
    >>> view = build_view(collection, Choice(words="passive"))
    >>> html = write_claims(view.claims, view, collection.vocabulary, Labels(collection))
    >>> html.count('class="claim"') == len(view.claims)
    True
    """
    grouped = view.grouped.loc[claims.index]
    numbered = view.questions[list(FACETS)].assign(number=range(len(view.questions)))
    numbers = grouped.merge(numbered, on=list(FACETS), how="left")["number"].to_numpy(dtype=int)
    scores = claims["recommendation"].map(vocabulary.scores).to_numpy(dtype=float)
    order = np.lexsort((-scores, numbers))[:MOST_CLAIMS]
    parts, last = [], -1
    for number, claim in zip(numbers[order], iter_rows(claims.iloc[order]), strict=True):
        question = view.questions.iloc[number]
        if number != last:
            parts.append(_write_asked(question, labels))
            last = number
        parts.append(_write_card(claim, question, labels))
    rest = len(claims) - len(order)
    if rest:
        parts.append(
            f'<p class="rest">{rest:,} more not drawn here: choose a question or a cell of the '
            "matrix.</p>"
        )
    return "".join(parts)


def _write_asked(question: pd.Series, labels: Labels) -> str:
    topic = labels.ask_topic(*question[list(FACETS)])
    return (
        f'<p class="asked"><strong>{escape(capitalise(topic))}</strong> '
        f"{write_verdict(question['verdict'])}</p>"
    )


def _write_card(claim: Any, question: pd.Series, labels: Labels) -> str:
    other = [
        labels.name_term(facet, getattr(claim, facet))
        for facet in FACETS
        if getattr(claim, facet) != question[facet]
    ]
    credited = f"credits “{claim.attribution}”" if claim.attribution else ""
    study = f"cites {labels.name_source(claim.cited_study)}" if claim.cited_study else ""
    foot = ["on " + ", ".join(other) if other else "", credited, study, claim.notes]
    lines = [
        f"{labels.mark_level(claim.recommendation)} · "
        f"<strong>{escape(labels.name_source(claim.source))}</strong> "
        f'<span class="id">{escape(claim.claim_id)}</span>',
        escape(claim.claim),
        f'<span class="words">{labels.quote(claim)}</span>' if claim.quote else "",
        f'<span class="foot">{escape("; ".join(filter(None, foot)))}</span>' if any(foot) else "",
    ]
    return f'<div class="claim">{"".join(f"<p>{line}</p>" for line in lines if line)}</div>'


def write_snapshot(view: View, labels: Labels, *, chosen: str, parts: tuple[str, str]) -> str:
    """
    Write a view as a page keeps it, when nobody is there to choose.

    Parameters
    ----------
    view : View
        All of it.
    labels : Labels
        Name terms and sources.
    chosen : str
        What was chosen, in words.
    parts : (matrix, claims)
        HTML, as `write_matrix` and `write_claims` write it.

    Returns
    -------
    html : str
        With the looks of it, for light and dark pages.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> from claimbook.notebook.explorer.selection import Choice, build_view
    >>> collection = read_collection("data")
    >>> view = build_view(collection, Choice(words="passive"))
    >>> page = write_snapshot(view, Labels(collection), chosen="All.", parts=("", ""))
    >>> page.startswith('<div class="claimbook-view claimbook-snapshot">')
    True
    """
    matrix, claims = parts
    return (
        f'<div class="claimbook-view claimbook-snapshot"><style>{read_looks()}</style>'
        f'<p class="chosen">{escape(chosen)} {escape(describe_view(view))}</p>'
        f"{matrix}{claims}{_write_questions(view, labels)}</div>"
    )


def _write_questions(view: View, labels: Labels) -> str:
    listed = view.questions.head(MOST_LISTED)
    topics = (labels.name_topic(*terms) for terms in listed[list(FACETS)].to_numpy())
    numbers = listed[["for", "uncertain", "against", "sources"]].astype("str").to_numpy()
    rows = [
        (escape(topic), write_verdict(verdict), *counts)
        for topic, verdict, counts in zip(topics, listed["verdict"], numbers, strict=True)
    ]
    heads = ("Question", "Verdict", "For", "Uncertain", "Against", "Sources")
    number = len(view.questions)
    name = f"{count_noun(number, 'question')}, with verdict"
    if number > MOST_LISTED:
        name += f" (the first {MOST_LISTED})"
    return f"<details><summary>{name}</summary>{write_table(heads, rows, caption=name)}</details>"


@cache
def read_looks() -> str:
    """
    Read how the explorer looks.

    Returns
    -------
    css : str
        Rules that touch nothing outside the explorer.

    Examples
    --------
    >>> ".claimbook-view" in read_looks()
    True
    """
    return (Path(__file__).with_name("explorer.css")).read_text(encoding="utf-8")
