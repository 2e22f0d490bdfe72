"""What somebody chose to look at: claims filtered, questions gathered, and both told in words."""

from collections import Counter
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.measures import order_questions
from claimbook.report.wording import find_names

Question = tuple[str, str, str]
_WITHIN: Final = ("recommendation", "words")  # of a question's claims, not which are compared
_PLAIN: Final = {"recommendation": "level", "kind": "kind", "verdict": "verdict"}


class Choice(NamedTuple):
    """
    What is chosen.

    Attributes
    ----------
    filters : dict
        As `Collection.filter` takes it, and besides ``verdict``, a list.
    together : tuple of (facet, term)
        Each as `Collection.gather` takes it.
    """

    filters: dict[str, Any]
    together: tuple[tuple[str, str], ...] = ()

    def without(self, column: str) -> "Choice":
        """Leave one of the filters open."""
        kept = {name: values for name, values in self.filters.items() if name != column}
        return self._replace(filters=kept)

    def apply(self, collection: Collection) -> tuple[Collection, pd.DataFrame]:
        """
        Choose claims by the terms that they have, and only then gather their questions.

        Returns the claims, and the questions that they answer. Levels and words choose among the
        claims on a question; verdict and numbers of a question are those of all claims on it.
        """
        filters = {name: values for name, values in self.filters.items() if name != "verdict"}
        within = {name: filters.pop(name) for name in _WITHIN if name in filters}
        asked = collection.filter(**filters)
        for facet, term in self.together:
            asked = asked.gather(**{facet: term})
        questions, chosen = list_questions(asked), asked.filter(**within) if within else asked
        if "verdict" in self.filters:
            questions = questions[questions["verdict"].isin(self.filters["verdict"])]
            chosen = chosen.take(_index(chosen.asked).isin(_index(questions)))
        answered = _index(questions).isin(_index(chosen.asked))
        return chosen, questions[answered].reset_index(drop=True)


def _index(table: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[list(FACETS)])


@of_collection
def list_questions(collection: Collection) -> pd.DataFrame:
    """List questions as `order_questions` does, but those that one source answers alone last."""
    questions, _ = order_questions(collection, least=1)
    alone = questions["verdict"] == VERDICTS[-1]
    return pd.concat([questions[~alone], questions[alone]], ignore_index=True)


def pick_claims(collection: Collection, question: Question | None, source: str) -> Collection:
    """Pick the claims on a question (None: on any) and by a source (empty: by any)."""
    fits = np.ones(len(collection.claims), dtype=bool)
    if question is not None:
        for facet, term in zip(FACETS, question, strict=True):
            fits &= (collection.asked[facet] == term).to_numpy(dtype=bool)
    if source:
        fits &= (collection.claims["source"] == source).to_numpy(dtype=bool)
    return collection.take(fits)


@of_collection
def count_terms(collection: Collection, *, facet: str) -> pd.DataFrame:
    """
    Count the claims at each term and under it, terms in use and those broader as a tree.

    A row is a term: ``term``; ``depth``, how many stand over it in the tree; ``terms``, how many
    lie under it; ``claims``. A term of several broader ones stands below the nearest of them.
    """
    terms, claims, under = collection.terms, Counter[str](), Counter[str]()
    for term, number in collection.terms_asked[facet].value_counts(sort=False).items():
        for name in {str(term), *terms.find_broader(facet, str(term))}:
            claims[name] += int(number)
    above = {term: terms.find_broader(facet, term) for term in claims}
    known = (terms.canon(facet, term) for term in terms.find_terms(facet))
    place = {term: number for number, term in enumerate(dict.fromkeys([*known, *claims]))}
    paths: dict[str, tuple[int, ...]] = {}
    for term in sorted(claims, key=lambda term: len(above[term])):
        under.update(above[term])
        nearest = max(above[term], key=lambda up: (len(above[up]), -place[up]), default="")
        paths[term] = (*paths.get(nearest, ()), place[term])
    rows = [
        (term, len(paths[term]) - 1, under[term], claims[term])
        for term in sorted(paths, key=paths.__getitem__)
    ]
    return pd.DataFrame(rows, columns=["term", "depth", "terms", "claims"])


def describe_choice(choice: Choice, collection: Collection) -> str:
    """Say in words what is chosen."""
    parts, words = [], collection.words
    for column, values in choice.filters.items():
        if column == "words":
            parts += [f"with “{word}”" for word in values.split()]
            continue
        named = " or ".join(name_value(collection, column, value) for value in values)
        parts.append(f"{name_column(collection, column, several=len(values) > 1)} {named}")
    text = f"Chosen: {'; '.join(parts)}." if parts else f"Every {words['claim']}."
    together = [
        f"{words.many(facet)} under {name_value(collection, facet, term)}"
        for facet, term in choice.together
    ]
    return text + (f" Taken together: {', '.join(together)}." if together else "")


def name_column(collection: Collection, column: str, *, several: bool = False) -> str:
    """Say what is chosen by a column."""
    if column in _PLAIN:
        return _PLAIN[column] + "s" * several
    return collection.words.many(column) if several else collection.words[column]


def name_value(collection: Collection, column: str, value: str) -> str:
    """Name a source or a term by its label."""
    names = find_names(collection.whole)
    return names.source(value) if column == "source" else names.term(column, value)


def describe_size(collection: Collection, questions: pd.DataFrame) -> str:
    """Say in words how many claims there are, and how often each verdict is reached."""
    claims, words = collection.claims, collection.words
    if claims.empty:
        return f"No {words['claim']} fits."
    asked = f"{len(questions):,} question{'s' * (len(questions) != 1)}"
    size = (
        f"{words.count(len(claims), 'claim')} by "
        f"{words.count(claims['source'].nunique(), 'source')} on {asked}"
    )
    counts = questions["verdict"].value_counts()
    verdicts = [f"{verdict} {counts[verdict]}" for verdict in VERDICTS if verdict in counts]
    return f"{size}: {', '.join(verdicts)}."
