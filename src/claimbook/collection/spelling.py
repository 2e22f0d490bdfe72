"""Terms that are written otherwise than the ones they mean."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import pandas as pd
from rapidfuzz.distance import OSA

from claimbook.collection.codebook import CODED, SCHEMES
from claimbook.collection.files import CLAIMS_FILE, SOURCES_FILE, VOCABULARY_FILE
from claimbook.collection.problems import build_problems, join_problems
from claimbook.collection.quotes import fold_text, normalise_text
from claimbook.collection.vocabulary import Vocabulary

_SHORTEST: Final = 5  # letters: of shorter words one letter more or less makes another
_READ: Final = "differs from a known one only in capitals, dashes or quotes: read as that"


def find_near_terms(terms: Iterable[str]) -> list[tuple[str, str]]:
    """
    Find terms that are nearly another: by case, blanks, signs, plural, order of words or a letter.

    Parameters
    ----------
    terms : iterable of str
        Of one scheme; numbers in them make them two.

    Returns
    -------
    pairs : list of (str, str)
        Each pair once, the one given earlier first, in the order given.

    Examples
    --------
    >>> find_near_terms(["back pain", "Back pains", "sciatica", "sciatca", "week 2", "-1", "1"])
    [('back pain', 'Back pains'), ('sciatica', 'sciatca')]
    """
    listed = list(dict.fromkeys(filter(None, terms)))
    plain = [_write_plain(term) for term in listed]
    alike: dict[tuple[str, str], list[int]] = {}
    for place, (words, numbers) in enumerate(plain):
        for variant in _iter_variants(words) if words else ():  # numbers and signs are meant
            alike.setdefault((variant, numbers), []).append(place)
    pairs = {
        (one, other)
        for places in alike.values()
        for number, other in enumerate(places)
        for one in places[:number]
        if sorted(plain[one][0].split()) == sorted(plain[other][0].split())
        or OSA.distance(plain[one][0], plain[other][0]) <= 1
    }
    return [(listed[one], listed[other]) for one, other in sorted(pairs)]


def _write_plain(term: str) -> tuple[str, str]:
    """Write a term in small letters without signs, each word in the singular; and its numbers."""
    words = re.findall(r"[^\W\d_]+", fold_text(term))
    return " ".join(map(_write_singular, words)), " ".join(re.findall(r"\d+|[+%<>]", term))


def _write_singular(word: str) -> str:
    if len(word) < _SHORTEST or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("xes", "ches", "shes", "sses")) else word.removesuffix("s")


def _iter_variants(words: str) -> Iterator[str]:
    """Give what two terms share that are one letter, or two that change places, apart."""
    yield from {words, " ".join(sorted(words.split()))}
    if len(words) >= _SHORTEST:
        yield from {f"{words[:place]}{words[place + 1 :]}" for place in range(len(words))}


def fold_term(term: str) -> str:
    """Write a term as it is compared where it is not known: one case, plain signs and blanks."""
    return normalise_text(term).casefold()


def spell_tables(
    tables: dict[str, pd.DataFrame],
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """
    Read terms, levels, kinds and keys as those known that differ only in case and signs.

    Parameters
    ----------
    tables : dict of DataFrame
        By ``"claims.csv"``, ``"sources.csv"`` and ``"vocabulary.csv"``.

    Returns
    -------
    tables : dict of DataFrame
        New ones where something was read otherwise.
    problems : dict of DataFrame, one row per cell that was
        Warnings, by the name of the table.
    """
    tables = dict(tables)
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in tables}

    def spell(name: str, column: str, known: Iterable[str]) -> None:
        if name not in tables or column not in tables[name]:
            return
        cells = tables[name][column]
        read = _find_meant(cells.unique().tolist(), known)
        if read:
            rows = cells.isin(list(read)).to_numpy().nonzero()[0]
            faults = ((name, None, row + 1, column, cells.iloc[row], _READ) for row in rows)
            found[name].append(build_problems(faults, severity="warning"))
            tables[name] = tables[name].assign(**{column: cells.replace(read)})

    spell(VOCABULARY_FILE, "scheme", SCHEMES)
    table = tables.get(VOCABULARY_FILE)
    if table is None or {"scheme", "term"} <= set(table):
        vocabulary = Vocabulary(table)
        for scheme in CODED:
            spell(CLAIMS_FILE, scheme, vocabulary.find_terms(scheme))
        spell(SOURCES_FILE, "kind", vocabulary.find_terms("kind"))
    if "source" in (sources := tables.get(SOURCES_FILE, pd.DataFrame())):
        for column in ("source", "cited_study"):
            spell(CLAIMS_FILE, column, sources["source"])
    return tables, {name: join_problems(problems) for name, problems in found.items()}


def _find_meant(values: list[str], known: Iterable[str]) -> dict[str, str]:
    """Find for values that are not known the one that is, where just one can be meant."""
    names = set(known)
    strange = [value for value in values if value and value not in names]
    if not strange:
        return {}
    folded: dict[str, list[str]] = {}
    for name in names:
        folded.setdefault(fold_term(name), []).append(name)
    meant = {value: folded.get(fold_term(value), []) for value in strange}
    return {value: near[0] for value, near in meant.items() if len(near) == 1}
