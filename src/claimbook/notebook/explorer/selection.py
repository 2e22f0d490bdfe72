"""What somebody chose to look at: claims filtered, questions gathered, and both told in words."""

from collections import Counter
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.measures import order_questions
from claimbook.report.wording import count_noun, find_names

Question = tuple[str, str, str]
_PLURALS: Final = {"recommendation": "levels", "kind": "kinds", "source": "sources"}


class Choice(NamedTuple):
    """
    What is chosen.

    Attributes
    ----------
    filters : dict
        As `Collection.filter` takes it.
    together : tuple of (facet, term)
        Each as `Collection.gather` takes it.
    """

    filters: dict[str, Any]
    together: tuple[tuple[str, str], ...] = ()

    def apply(self, collection: Collection) -> Collection:
        """Choose claims by the terms that they have, and only then gather their questions."""
        chosen = collection.filter(**self.filters)
        for facet, term in self.together:
            chosen = chosen.gather(**{facet: term})
        return chosen


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
    parts = []
    for column, values in choice.filters.items():
        if column == "words":
            parts += [f"with “{word}”" for word in values.split()]
            continue
        one = "level" if column == "recommendation" else column
        many = _PLURALS.get(column, f"{column}s")
        named = " or ".join(name_value(collection, column, value) for value in values)
        parts.append(f"{many if len(values) > 1 else one} {named}")
    text = f"Chosen: {'; '.join(parts)}." if parts else "Every claim."
    together = [
        f"{facet}s under {name_value(collection, facet, term)}" for facet, term in choice.together
    ]
    return text + (f" Taken together: {', '.join(together)}." if together else "")


def name_value(collection: Collection, column: str, value: str) -> str:
    """Name a source or a term by its label."""
    names = find_names(collection.whole)
    return names.source(value) if column == "source" else names.term(column, value)


def describe_size(collection: Collection) -> str:
    """Say in words how many claims there are, and how often each verdict is reached."""
    claims, questions = collection.claims, list_questions(collection)
    if claims.empty:
        return "No claim fits."
    size = (
        f"{count_noun(len(claims), 'claim')} by {count_noun(claims['source'].nunique(), 'source')} "
        f"on {count_noun(len(questions), 'question')}"
    )
    counts = questions["verdict"].value_counts()
    verdicts = [f"{verdict} {counts[verdict]}" for verdict in VERDICTS if verdict in counts]
    return f"{size[0].upper()}{size[1:]}: {', '.join(verdicts)}."
