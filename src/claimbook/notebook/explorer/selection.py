"""What somebody chose to look at: claims picked by terms, sources, levels and words."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Final, NamedTuple

import pandas as pd

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.collection.quotes import normalise_text
from claimbook.collection.vocabulary import Vocabulary, roll_up, split_broader
from claimbook.measures.stances import count_stances, order_questions
from claimbook.report.wording import Labels, count_noun

SEARCHED: Final = ("claim", "quote", "attribution", "notes")
_NAMES: Final = {
    "condition": "conditions",
    "intervention": "interventions",
    "aspect": "aspects",
    "source": "sources",
    "kind": "kinds",
    "recommendation": "levels",
}


@dataclass(frozen=True)
class Choice:
    """
    What is chosen. What is left empty leaves every claim in.

    Attributes
    ----------
    conditions, interventions, aspects : tuple of str
        Terms; a broader term stands for those under it, too.
    sources, kinds, levels : tuple of str
        Keys of sources, kinds of sources, levels of recommendation.
    words : str
        Each of these words must occur in a claim, its quote, its attribution or its notes.
    together : tuple of (facet, term)
        Terms that stand for all under them when questions are put: see `roll_up`.

    Examples
    --------
    >>> Choice(words="disc").conditions
    ()
    """

    conditions: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    words: str = ""
    together: tuple[tuple[str, str], ...] = ()

    def list_columns(self) -> dict[str, tuple[str, ...]]:
        """List what is chosen by the column that holds it; ``kind`` is one of the sources'."""
        chosen = (
            self.conditions,
            self.interventions,
            self.aspects,
            self.sources,
            self.kinds,
            self.levels,
        )
        return dict(zip(_NAMES, chosen, strict=True))


class View(NamedTuple):
    """
    What a choice leaves to look at.

    Attributes
    ----------
    claims : DataFrame, one row per claim
        Those chosen, as the file has them.
    grouped : DataFrame, one row per claim
        The same, with the terms that stand for others in their place.
    questions : DataFrame, one row per question
        As `count_questions` counts them on `grouped`: those that two sources answer or on which
        one contradicts itself first, then the others, both in the order of `order_questions`.
    stances : DataFrame, one row per question and source
        As `count_stances` returns them.
    """

    claims: pd.DataFrame
    grouped: pd.DataFrame
    questions: pd.DataFrame
    stances: pd.DataFrame


def select_claims(
    claims: pd.DataFrame, sources: pd.DataFrame, vocabulary: Vocabulary, *, choice: Choice
) -> pd.DataFrame:
    """
    Select the claims that fit a choice.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs ``source``, ``condition``, ``intervention``, ``aspect`` and ``recommendation``;
        words are looked for in ``claim``, ``quote``, ``attribution`` and ``notes``.
    sources : DataFrame, one row per source
        Needs ``source``; takes ``kind``.
    vocabulary : Vocabulary
        Says what lies under a term.
    choice : Choice
        Of several terms, sources, kinds or levels one must fit; of the words each must occur,
        also within a longer word, whatever its case and its accents.

    Returns
    -------
    chosen : DataFrame, one row per claim
        In the order of the claims, with their index and their own terms.

    Examples
    --------
    >>> claims = pd.DataFrame({"source": "spa", "condition": ["sciatica", "headache"],
    ...     "intervention": "massage", "aspect": "effect", "recommendation": "for",
    ...     "claim": "It helps."})
    >>> sources = pd.DataFrame({"source": ["spa"], "kind": "article"})
    >>> table = pd.DataFrame({"scheme": "condition", "term": ["back pain", "sciatica"],
    ...                       "broader": ["", "back pain"]})
    >>> choice = Choice(conditions=("back pain",), words="HELP")
    >>> select_claims(claims, sources, Vocabulary(table), choice=choice)["condition"].tolist()
    ['sciatica']
    """
    fits = pd.Series(True, index=claims.index)
    for column, chosen in choice.list_columns().items():
        if not chosen:
            continue
        if column in FACETS:
            under = (vocabulary.find_narrower(column, term) for term in chosen)
            fits &= claims[column].isin(set(chosen).union(*under))
        elif column == "kind":
            fits &= _find_kinds(claims, sources).isin(chosen)
        else:
            fits &= claims[column].isin(chosen)
    return _search(claims[fits], choice.words)


def _find_kinds(claims: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    if "kind" not in sources:
        return pd.Series("", index=claims.index, dtype="str")
    kinds = sources.drop_duplicates("source").set_index("source")["kind"]
    return claims["source"].map(kinds).astype("str").fillna("")


def _search(claims: pd.DataFrame, words: str) -> pd.DataFrame:
    wanted = _fold(words).split()
    if not wanted:
        return claims
    columns = [claims[name] for name in SEARCHED if name in claims]
    texts = [_fold("\n".join(cells)) for cells in zip(*columns, strict=True)]
    found = [all(word in text for word in wanted) for text in texts]
    return claims[pd.Series(found, index=claims.index, dtype="bool")]


def _fold(text: str) -> str:
    """Write a text without case, accents and typographic marks."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", normalise_text(text))
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def build_view(collection: Collection, choice: Choice) -> View:
    """
    Put a choice into effect: claims, questions and stances.

    Parameters
    ----------
    collection : Collection
        Claims, sources and vocabulary.
    choice : Choice
        Claims are chosen by the terms that they have; only then are terms taken together.

    Returns
    -------
    view : View
        Its tables.

    Raises
    ------
    ValueError
        If a term to be taken together is no term of its facet.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> view = build_view(read_collection("data"), Choice(together=(("aspect", "use"),)))
    >>> view.questions["verdict"].iloc[0]
    'conflict'
    """
    claims, sources, vocabulary, *_ = collection
    chosen = select_claims(claims, sources, vocabulary, choice=choice)
    grouped = chosen
    for facet, term in choice.together:
        if len(grouped):
            grouped = roll_up(grouped, vocabulary, facet=facet, term=term)
    questions, _ = order_questions(grouped, vocabulary, least=1)
    shared = (questions["sources"] > 1) | (questions["verdict"] == VERDICTS[1])
    ordered = pd.concat([questions[shared], questions[~shared]], ignore_index=True)
    return View(chosen, grouped, ordered, count_stances(grouped, vocabulary))


def find_cell(
    view: View, *, question: tuple[str, str, str] | None = None, source: str = ""
) -> pd.DataFrame:
    """
    Find the claims behind a question, behind a source, or behind a cell of the matrix.

    Parameters
    ----------
    view : View
        Where to look.
    question : (condition, intervention, aspect) or None
        As `view` puts its questions; None stands for all.
    source : str
        Key of the source; empty stands for all.

    Returns
    -------
    claims : DataFrame, one row per claim
        With their own terms, in their order.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> view = build_view(read_collection("data"), Choice())
    >>> question = ("back pain", "massage", "standalone")
    >>> cell = find_cell(view, question=question, source="article_000")
    >>> set(cell["recommendation"])
    {'conditional against'}
    """
    fits = pd.Series(True, index=view.claims.index)
    if question is not None:
        for facet, term in zip(FACETS, question, strict=True):
            fits &= view.grouped[facet] == term
    if source:
        fits &= view.claims["source"] == source
    return view.claims[fits]


def count_terms(claims: pd.DataFrame, vocabulary: Vocabulary, *, facet: str) -> pd.DataFrame:
    """
    Count the claims at each term and under it.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs the column named by `facet`.
    vocabulary : Vocabulary
        Says what is broader, and gives the order.
    facet : {"condition", "intervention", "aspect"}
        Whose terms.

    Returns
    -------
    terms : DataFrame, one row per term that claims use, or that is broader than such
        ``term``; ``depth``, how many terms stand over it in the list; ``terms``, how many terms
        in use lie under it; ``claims``. A term stands below the first of its broader terms.

    Examples
    --------
    >>> count_terms(pd.DataFrame({"aspect": ["sleep", "sleep", "cause"]}), Vocabulary(),
    ...             facet="aspect").values.tolist()
    [['use', 0, 2, 2], ['effect', 1, 1, 2], ['sleep', 2, 0, 2], ['cause', 0, 0, 1]]
    """
    counts: Counter[str] = Counter()
    for term, number in claims[facet].value_counts(sort=False).items():
        for name in {str(term), *vocabulary.find_broader(facet, str(term))}:
            counts[name] += int(number)
    under = Counter(above for term in counts for above in vocabulary.find_broader(facet, term))
    rows = [
        (term, depth, under[term], counts[term])
        for term, depth in _walk(list(counts), vocabulary, facet)
    ]
    return pd.DataFrame(rows, columns=["term", "depth", "terms", "claims"])


def _walk(shown: list[str], vocabulary: Vocabulary, facet: str) -> list[tuple[str, int]]:
    """Go through terms as through a tree, each once, in the order of the vocabulary."""
    table = vocabulary.table[vocabulary.table["scheme"] == facet]
    broader = dict(zip(table["term"], map(split_broader, table["broader"]), strict=True))
    ordered = [term for term in dict.fromkeys([*broader, *shown]) if term in set(shown)]
    below: dict[str, list[str]] = {}
    for term in ordered:
        above = [name for name in broader.get(term, ()) if name in set(shown)]
        below.setdefault(above[0] if above else "", []).append(term)
    walked: dict[str, int] = {}
    waiting = [(term, 0) for term in reversed(below.get("", []))]
    while waiting:
        term, depth = waiting.pop()
        walked[term] = depth
        waiting += [(name, depth + 1) for name in reversed(below.get(term, []))]
    return list(walked.items())


def describe_choice(choice: Choice, labels: Labels) -> str:
    """
    Say in words what is chosen.

    Parameters
    ----------
    choice : Choice
        What to tell of.
    labels : Labels
        Name terms and sources.

    Returns
    -------
    description : str
        Sentences.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> labels = Labels(read_collection("data"))
    >>> describe_choice(Choice(levels=("against",), words="disc"), labels)
    'Chosen: level against; with “disc”.'
    """

    def name(column: str, value: str) -> str:
        if column == "source":
            return labels.name_source(value)
        return labels.name_term(column, value) if value else "not given"

    parts = [
        f"{_NAMES[column] if len(values) > 1 else column.replace('recommendation', 'level')} "
        + " or ".join(name(column, value) for value in values)
        for column, values in choice.list_columns().items()
        if values
    ]
    parts += [f"with “{word}”" for word in choice.words.split()]
    text = f"Chosen: {'; '.join(parts)}." if parts else "Every claim."
    together = [
        f"{_NAMES[facet]} under {labels.name_term(facet, term)}" for facet, term in choice.together
    ]
    return text + (f" Taken together: {', '.join(together)}." if together else "")


def describe_view(view: View) -> str:
    """
    Say in words how much there is to look at.

    Parameters
    ----------
    view : View
        What to tell of.

    Returns
    -------
    description : str
        Claims, sources and questions, and how often each verdict is reached.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> describe_view(build_view(read_collection("data"), Choice(words="no such word")))
    'No claim fits.'
    """
    if view.claims.empty:
        return "No claim fits."
    size = (
        f"{count_noun(len(view.claims), 'claim')} by "
        f"{count_noun(view.claims['source'].nunique(), 'source')} on "
        f"{count_noun(len(view.questions), 'question')}"
    )
    counts = view.questions["verdict"].value_counts()
    verdicts = [f"{verdict} {counts[verdict]}" for verdict in VERDICTS if verdict in counts]
    return f"{size[0].upper()}{size[1:]}: {', '.join(verdicts)}."
