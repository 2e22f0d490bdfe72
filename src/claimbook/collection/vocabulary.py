"""The terms of a collection: which are broader than which, and what a level scores."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import (
    ASPECTS,
    CERTAINTIES,
    FACETS,
    SCORES,
    USE,
    VOCABULARY_COLUMNS,
)
from claimbook.collection.problems import suggest

EQUAL: Final = 0
BROADER: Final = 1
NARROWER: Final = 2
SIBLING: Final = 3


class Vocabulary:
    """
    The terms of each scheme, with what is broader and what a level scores.

    A scheme that the table says nothing about is open: its terms are known as they come, and
    flat. The exceptions are ``aspect``, ``recommendation`` and ``certainty``, which then keep the
    codebook's terms.

    Parameters
    ----------
    table : DataFrame or None, one row per term
        Needs the columns ``scheme`` and ``term``; takes ``broader`` (terms of the same scheme,
        ``;`` between), ``score`` (recommendation only), ``label`` and ``definition``.
        None stands for no ``vocabulary.csv``.

    Attributes
    ----------
    table : DataFrame, one row per term
        All six columns as text, the codebook's terms included.

    Examples
    --------
    >>> table = pd.DataFrame({"scheme": "condition", "term": ["pain", "back pain"],
    ...                       "broader": ["", "pain"]})
    >>> vocabulary = Vocabulary(table)
    >>> vocabulary.find_broader("condition", "back pain")
    {'pain'}
    >>> vocabulary.scores["conditional for"]
    1
    """

    def __init__(self, table: pd.DataFrame | None = None) -> None:
        self._has_table = table is not None
        given = pd.DataFrame(columns=list(VOCABULARY_COLUMNS), dtype="str")
        if table is not None:
            given = table.reindex(columns=list(VOCABULARY_COLUMNS), fill_value="").astype("str")
        self.table = _add_codebook(given)
        self._declared = frozenset(given["scheme"])

    @cached_property
    def _terms(self) -> dict[str, dict[str, tuple[str, ...]]]:
        terms: dict[str, dict[str, tuple[str, ...]]] = {}
        for scheme, term, broader in zip(
            self.table["scheme"], self.table["term"], self.table["broader"], strict=True
        ):
            terms.setdefault(scheme, {})[term] = split_broader(broader)
        return terms

    @cached_property
    def scores(self) -> dict[str, float]:
        """Score of each level, from the highest to the lowest (whole numbers stay whole)."""
        rows = self.table[self.table["scheme"] == "recommendation"]
        scores = {
            term: _read_number(score)
            for term, score in zip(rows["term"], rows["score"], strict=True)
        }
        return dict(sorted(scores.items(), key=lambda item: -item[1]))

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of recommendation, from the highest score to the lowest."""
        return tuple(self.scores)

    def is_open(self, scheme: str) -> bool:
        """Tell whether any term may be used in a scheme."""
        if scheme in self._declared or scheme in ("recommendation", "certainty"):
            return False
        return scheme != "aspect" or not self._has_table

    def find_terms(self, scheme: str) -> tuple[str, ...]:
        """Find the terms declared in a scheme, in the order of the table."""
        return tuple(self._terms.get(scheme, {}))

    def find_broader(self, scheme: str, term: str) -> set[str]:
        """Find every term broader than a term, any number of steps away."""
        return self._climb(scheme, term)

    def find_narrower(self, scheme: str, term: str) -> set[str]:
        """Find every declared term narrower than a term, any number of steps away."""
        return {
            other for other in self._terms.get(scheme, {}) if term in self._climb(scheme, other)
        }

    def find_circles(self, scheme: str) -> Iterator[list[str]]:
        """Find terms that are broader than themselves, each circle as a path upwards."""
        broader = {term: set(above) for term, above in self._terms.get(scheme, {}).items()}
        while True:
            try:
                TopologicalSorter(broader).prepare()
            except CycleError as error:
                circle = list(reversed(error.args[1]))
                if circle[1] not in broader[circle[0]]:
                    circle.reverse()
                yield circle
                broader[circle[0]].discard(circle[1])
            else:
                return

    def count_steps(self, scheme: str, term: str, other: str) -> int:
        """Count the steps from a term up or down to another; 0 where neither is broader."""
        steps = [self._count_up(scheme, term, other), self._count_up(scheme, other, term)]
        return max(steps)

    def _count_up(self, scheme: str, term: str, goal: str) -> int:
        broader, level, steps = self._terms.get(scheme, {}), {term}, 0
        if goal not in self._climb(scheme, term):
            return 0
        while goal not in level:
            level = {above for below in level for above in broader.get(below, ())}
            steps += 1
        return steps

    def describe(self, scheme: str, term: str) -> tuple[str, str]:
        """Give the label of a term (the term itself where it has none) and its definition."""
        return self._texts.get((scheme, term), (term, ""))

    def compare_terms(
        self, facet: str, terms: Iterable[str]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """
        Compare terms of a facet with one another.

        Parameters
        ----------
        facet : str
            ``"condition"``, ``"intervention"`` or ``"aspect"``.
        terms : iterable of str
            The terms to compare, each once.

        Returns
        -------
        first, second : arrays of int
            Places in `terms` of two terms that meet, each pair both ways, sorted by first.
        relation : array of int
            What the first is to the second: `EQUAL`, `BROADER`, `NARROWER` or, for two aspects
            under ``use``, `SIBLING`.
        """
        place = {term: number for number, term in enumerate(terms)}
        rows = [(number, number, EQUAL) for number in place.values()]
        for term, number in place.items():
            for other in self._climb(facet, term) & place.keys():
                rows += [(place[other], number, BROADER), (number, place[other], NARROWER)]
        if facet == "aspect":
            rows += self._find_siblings(place, {(first, second) for first, second, _ in rows})
        first, second, relation = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3).T
        return first, second, relation

    def _find_siblings(
        self, place: dict[str, int], met: set[tuple[int, int]]
    ) -> list[tuple[int, int, int]]:
        under_use = [number for term, number in place.items() if USE in self._climb("aspect", term)]
        return [
            (first, second, SIBLING)
            for first in under_use
            for second in under_use
            if (first, second) not in met
        ]

    def _climb(self, scheme: str, term: str) -> set[str]:
        above = self._above.get((scheme, term))
        if above is None:
            broader = self._terms.get(scheme, {})
            above, waiting = set(), list(broader.get(term, ()))
            while waiting:
                found = waiting.pop()
                if found not in above:
                    above.add(found)
                    waiting.extend(broader.get(found, ()))
            above.discard(term)
            self._above[scheme, term] = above
        return above

    @cached_property
    def _above(self) -> dict[tuple[str, str], set[str]]:
        return {}

    @cached_property
    def _texts(self) -> dict[tuple[str, str], tuple[str, str]]:
        columns = (self.table[name] for name in ("scheme", "term", "label", "definition"))
        return {
            (scheme, term): (label or term, definition)
            for scheme, term, label, definition in zip(*columns, strict=True)
        }


def split_broader(cell: str) -> tuple[str, ...]:
    """
    Split a cell of broader terms.

    Parameters
    ----------
    cell : str
        Terms with ``;`` between; white space around a term does not count.

    Returns
    -------
    terms : tuple of str
        Empty where the cell is.

    Examples
    --------
    >>> split_broader("back pain; nerve pain")
    ('back pain', 'nerve pain')
    """
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def roll_up(claims: pd.DataFrame, vocabulary: Vocabulary, *, facet: str, term: str) -> pd.DataFrame:
    """
    Replace each term under a broader one by it, as one groups rows in a pivot table.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs the column named by `facet`.
    vocabulary : Vocabulary
        Says what is under what.
    facet : {"condition", "intervention", "aspect"}
        Where to replace.
    term : str
        The broader term.

    Returns
    -------
    claims : DataFrame, one row per claim
        A copy in the same order.

    Raises
    ------
    ValueError
        If the facet is no facet, or the term is neither declared nor used.

    Examples
    --------
    >>> claims = pd.DataFrame({"aspect": ["pain", "adjunct", "cause"]})
    >>> roll_up(claims, Vocabulary(), facet="aspect", term="use")["aspect"].tolist()
    ['use', 'use', 'cause']
    """
    if facet not in FACETS:
        raise ValueError(f"no facet {facet!r}: {suggest(facet, FACETS)}")
    known = dict.fromkeys([*vocabulary.find_terms(facet), *claims[facet].unique()])
    if term not in known:
        hint = suggest(term, known) or "see 'claimbook questions' for the terms in use"
        raise ValueError(f"{facet} {term!r} is neither declared nor used: {hint}")
    under = claims[facet].isin(vocabulary.find_narrower(facet, term))
    return claims.assign(**{facet: claims[facet].mask(under, term)})


def gather_use(claims: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """
    Put all aspects that ask whether to use a treatment under the one that gathers them, ``use``.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``aspect``.
    vocabulary : Vocabulary
        Says what is under ``use``; where its aspects are its own and lack it, nothing is.

    Returns
    -------
    claims : DataFrame, one row per claim
        A copy in the same order.

    Examples
    --------
    >>> claims = pd.DataFrame({"aspect": ["pain", "adjunct", "cause"]})
    >>> gather_use(claims, Vocabulary())["aspect"].tolist()
    ['use', 'use', 'cause']
    """
    under = claims["aspect"].isin(vocabulary.find_narrower("aspect", USE))
    return claims.assign(aspect=claims["aspect"].mask(under, USE))


def _add_codebook(given: pd.DataFrame) -> pd.DataFrame:
    parts = [given]
    declared = set(given["scheme"])
    if "aspect" not in declared:
        aspects = ((term, broader, "", definition) for term, broader, definition in ASPECTS)
        parts.append(_build_terms("aspect", aspects))
    if "certainty" not in declared:
        parts.append(_build_terms("certainty", ((term, "", "", "") for term in CERTAINTIES)))
    return _add_levels(pd.concat(parts, ignore_index=True))


def _build_terms(scheme: str, rows: Iterable[tuple[str, str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (scheme, term, broader, score, "", definition)
            for term, broader, score, definition in rows
        ],
        columns=list(VOCABULARY_COLUMNS),
        dtype="str",
    )


def _add_levels(table: pd.DataFrame) -> pd.DataFrame:
    """Add the five levels, unless levels with a score replace them; rows without one label them."""
    given = table["scheme"] == "recommendation"
    if (table.loc[given, "score"].str.strip() != "").any():
        return table
    scores = table["term"].map({level: str(score) for level, score in SCORES.items()}).fillna("")
    missing = [level for level in SCORES if level not in set(table.loc[given, "term"])]
    levels = ((level, "", str(SCORES[level]), "") for level in missing)
    table = table.assign(score=table["score"].mask(given, scores))
    return pd.concat([table, _build_terms("recommendation", levels)], ignore_index=True)


def _read_number(cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        return float("nan")
    return int(number) if number.is_integer() else number
