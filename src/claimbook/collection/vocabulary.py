"""The terms of a collection: which are one, which are broader, and what a level scores."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import (
    ARTICLE,
    PARTS,
    TERMS,
    USE,
    VOCABULARY_COLUMNS,
)

EQUAL: Final = 0
BROADER: Final = 1
NARROWER: Final = 2
SIBLING: Final = 3
_Row = dict[str, str]
_CODEBOOK: Final[list[_Row]] = [dict.fromkeys(VOCABULARY_COLUMNS, "") | row for row in TERMS]


class Vocabulary:
    """
    The terms of each scheme: which are one, which are broader, and what a level scores.

    The codebook's aspects, kinds and certainties are always there; the table adds to them, or
    replaces one of the same name. Levels with a score replace the codebook's five.

    Parameters
    ----------
    table : DataFrame or None, one row per term
        Needs the columns ``scheme`` and ``term``; takes ``broader`` and ``same_as`` (terms of the
        same scheme, ``;`` between), ``score`` (recommendation only), ``label``, ``definition``
        and ``question`` (aspect only). None stands for no ``vocabulary.csv``.

    Examples
    --------
    >>> table = pd.DataFrame({"scheme": "condition", "term": ["pain", "back pain", "backache"],
    ...                       "broader": ["", "pain", ""], "same_as": ["", "", "back pain"]})
    >>> vocabulary = Vocabulary(table)
    >>> vocabulary.find_broader("condition", "backache")
    {'pain'}
    >>> vocabulary.scores["conditional for"]
    1
    """

    def __init__(self, table: pd.DataFrame | None = None) -> None:
        self._has_table = table is not None
        given = [] if table is None else _list_terms(table)
        self._rows = _add_codebook(given)
        self._declared = frozenset(row["scheme"] for row in given)
        self._climbed: dict[tuple[str, str], frozenset[str]] = {}

    @cached_property
    def table(self) -> pd.DataFrame:
        """All terms as text, one row each, the codebook's after the table's own."""
        return pd.DataFrame(self._rows, columns=list(VOCABULARY_COLUMNS), dtype="str")

    @cached_property
    def _terms(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """The broader terms of each term, by scheme, as they are declared."""
        return self._split("broader")

    def _split(self, column: str) -> dict[str, dict[str, tuple[str, ...]]]:
        cells: dict[str, dict[str, tuple[str, ...]]] = {}
        for row in self._rows:
            cells.setdefault(row["scheme"], {})[row["term"]] = split_terms(row[column])
        return cells

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        """The one name of each term that `same_as` joins to others: the first declared."""
        names: dict[str, dict[str, str]] = {}
        for scheme, joined in self._split("same_as").items():
            group = {term: [term] for term in joined}
            for term, others in joined.items():
                for other in others:
                    if other in group and group[other] is not group[term]:
                        group[term] += group[other]
                        group.update(dict.fromkeys(group[other], group[term]))
            place = {term: number for number, term in enumerate(joined)}
            names[scheme] = {
                term: min(terms, key=place.__getitem__) for term, terms in group.items()
            }
        return names

    @cached_property
    def _above(self) -> dict[str, dict[str, frozenset[str]]]:
        """The terms one step above each, by scheme, each under its one name."""
        above: dict[str, dict[str, frozenset[str]]] = {}
        for scheme, terms in self._terms.items():
            steps: dict[str, set[str]] = {}
            for term, broader in terms.items():
                up = (self.canon(scheme, other) for other in broader)
                steps.setdefault(self.canon(scheme, term), set()).update(up)
            above[scheme] = {term: frozenset(up) for term, up in steps.items()}
        return above

    def canon(self, scheme: str, term: str) -> str:
        """Give the one name of a term: that of the first declared of those that are the same."""
        return self._names.get(scheme, {}).get(term, term)

    @cached_property
    def scores(self) -> dict[str, float]:
        """Score of each level on the scale, from the highest to the lowest."""
        scores = {term: score for term, score in self._levels.items() if score == score}
        return dict(sorted(scores.items(), key=lambda item: -item[1]))

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The levels of recommendation, the highest first; those off the scale last."""
        return (*self.scores, *(term for term in self._levels if term not in self.scores))

    @cached_property
    def _levels(self) -> dict[str, float]:
        return {
            row["term"]: _read_number(row["score"])
            for row in self._rows
            if row["scheme"] == "recommendation"
        }

    def is_open(self, scheme: str) -> bool:
        """Tell whether any term may be used in a scheme."""
        if scheme in ("recommendation", "certainty", "kind"):
            return False
        if scheme == "aspect":
            return not self._has_table
        return scheme not in self._declared

    def find_terms(self, scheme: str) -> tuple[str, ...]:
        """Find the terms known in a scheme, the collection's own first."""
        return tuple(self._terms.get(scheme, {}))

    def part(self, kind: str) -> str:
        """Tell the part that a kind of source plays: article, study or other."""
        above = {self.canon("kind", kind), *self.find_broader("kind", kind)}
        return next((part for part in PARTS if self.canon("kind", part) in above), ARTICLE)

    def find_broader(self, scheme: str, term: str) -> set[str]:
        """Find every term broader than a term, any number of steps away, by its one name."""
        return set(self._climb(scheme, self.canon(scheme, term)))

    def find_narrower(self, scheme: str, term: str) -> set[str]:
        """Find every known term narrower than a term, any number of steps away."""
        name = self.canon(scheme, term)
        return {
            other
            for other in self._terms.get(scheme, {})
            if name in self._climb(scheme, self.canon(scheme, other))
        }

    def find_circles(self, scheme: str) -> Iterator[list[str]]:
        """Find terms that are broader than themselves, each circle as a path upwards."""
        broader = {term: set(above) for term, above in self._above.get(scheme, {}).items()}
        for term, above in broader.items():
            if term in above:
                yield [term, term]
                above.discard(term)
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
        one, two = self.canon(scheme, term), self.canon(scheme, other)
        return max(self._count_up(scheme, one, two), self._count_up(scheme, two, one))

    def _count_up(self, scheme: str, term: str, goal: str) -> int:
        above, level, steps = self._above.get(scheme, {}), {term}, 0
        if goal not in self._climb(scheme, term):
            return 0
        while goal not in level:
            level = {up for below in level for up in above.get(below, ())}
            steps += 1
        return steps

    def describe(self, scheme: str, term: str) -> tuple[str, str]:
        """Give the label of a term (the term itself where it has none) and its definition."""
        label, definition, _ = self._texts.get((scheme, term), (term, "", ""))
        return label, definition

    def ask(
        self, condition: str, intervention: str, aspect: str, *, interventions: str = ""
    ) -> str:
        """
        Write a question in full, as its aspect asks it.

        `interventions` is what a collection calls them, where it has a name of its own.
        """
        asked = self._texts.get(("aspect", aspect), ("", "", ""))[2]
        named = {
            "condition": self.describe("condition", condition)[0],
            "intervention": self.describe("intervention", intervention)[0],
        }
        if not asked:
            return (
                f"{self.describe('aspect', aspect)[0]}: {' for '.join(list(named.values())[::-1])}?"
            )
        named["others"] = f"other {interventions or 'treatments'}"
        named["usual"] = named["others"] if interventions else "conventional care"
        for name, label in named.items():
            asked = asked.replace(f"{{{name}}}", label)
        return asked[:1].upper() + asked[1:]

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
            The terms to compare, each once and by its one name (`canon`).

        Returns
        -------
        first, second : arrays of int
            Places in `terms` of two terms that meet, each pair both ways, sorted by first.
        relation : array of int
            What the first is to the second: `EQUAL`, `BROADER`, `NARROWER` or, for two aspects
            under different branches of ``use``, `SIBLING`.
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
        """Find aspects under ``use`` that share none of its branches: effect, adjunct and so on."""
        use = self.canon("aspect", USE)
        above = self._above.get("aspect", {})
        branches = {
            number: {up for up in {term, *self._climb("aspect", term)} if use in above.get(up, ())}
            for term, number in place.items()
            if use in self._climb("aspect", term)
        }
        return [
            (first, second, SIBLING)
            for first in branches
            for second in branches
            if (first, second) not in met and not branches[first] & branches[second]
        ]

    def _climb(self, scheme: str, term: str) -> frozenset[str]:
        """Find all above a term that goes by its one name."""
        known = self._climbed.get((scheme, term))
        if known is None:
            above, found = self._above.get(scheme, {}), set()
            waiting = list(above.get(term, ()))
            while waiting:
                up = waiting.pop()
                if up not in found:
                    found.add(up)
                    waiting.extend(above.get(up, ()))
            known = self._climbed[scheme, term] = frozenset(found - {term})
        return known

    @cached_property
    def _texts(self) -> dict[tuple[str, str], tuple[str, str, str]]:
        return {
            (row["scheme"], row["term"]): (
                row["label"] or row["term"],
                row["definition"],
                row["question"],
            )
            for row in self._rows
        }


def split_terms(cell: str) -> tuple[str, ...]:
    """
    Split a cell of several terms.

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
    >>> split_terms("back pain; nerve pain")
    ('back pain', 'nerve pain')
    """
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _list_terms(table: pd.DataFrame) -> list[_Row]:
    """List the rows of a table of terms, as text, with every column of the codebook."""
    blank = [""] * len(table)
    columns = (
        map(str, table[name].tolist()) if name in table else blank for name in VOCABULARY_COLUMNS
    )
    return [
        dict(zip(VOCABULARY_COLUMNS, cells, strict=True)) for cells in zip(*columns, strict=True)
    ]


def _add_codebook(given: list[_Row]) -> list[_Row]:
    """Add the codebook's terms; its five levels only where none of its own has a score."""
    own = {(row["scheme"], row["term"]) for row in given}
    levels = [row for row in given if row["scheme"] == "recommendation"]
    scored = any(row["score"].strip() for row in levels)
    if not scored:  # rows that only label the five
        scores = {row["term"]: row["score"] for row in _CODEBOOK if row["score"]}
        for row in levels:
            row["score"] = scores.get(row["term"], "")
    return given + [
        row
        for row in _CODEBOOK
        if (row["scheme"], row["term"]) not in own
        and not (scored and row["scheme"] == "recommendation")
    ]


def _read_number(cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        return float("nan")
    return int(number) if number.is_integer() else number
