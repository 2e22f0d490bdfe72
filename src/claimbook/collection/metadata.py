"""What ``datapackage.json`` may say of a collection beyond its title, checked against it."""

import os.path
import re
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path, PureWindowsPath
from typing import Any, Final

import pandas as pd

from claimbook.collection.codebook import FACETS
from claimbook.collection.files import METADATA_FILE, find_unfit
from claimbook.collection.problems import build_problems, suggest
from claimbook.collection.vocabulary import Vocabulary
from claimbook.collection.words import NOUNS, SIDES, read_names

# Campbell M, McKenzie JE, Sowden A, et al. (2020), doi 10.1136/bmj.l6890
SWIM: Final = {
    "grouping": "Grouping studies for synthesis",
    "metric": "Standardised metric",
    "synthesis": "Synthesis methods",
    "prioritisation": "Criteria used to prioritise results",
    "heterogeneity": "Investigation of heterogeneity",
    "certainty": "Certainty of evidence",
    "presentation": "Data presentation methods",
    "results": "Reporting results",
    "limitations": "Limitations of the synthesis",
}
_Faults = Iterator[tuple[str, Any, str]]


def check_metadata(
    metadata: dict[str, Any],
    claims: pd.DataFrame,
    sources: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    path: Path,
) -> pd.DataFrame:
    """
    Check the letters of the metadata, and what they name: a question, a source, codings, SWiM.

    Parameters
    ----------
    metadata : dict
        ``headline`` (an object of condition, intervention and aspect), ``yardstick`` (key of a
        source), ``codings`` (a list of two paths within its folder, seen from there), ``swim`` (an
        object of texts), ``topic`` (a list of interventions), ``quote_words`` (a number),
        ``words`` (an object of names). Of whatever else it holds only the letters are looked at.
    claims : DataFrame of str, one row per claim
        Needs ``condition``, ``intervention`` and ``aspect``.
    sources : DataFrame of str, one row per source
        Needs ``source``.
    vocabulary : Vocabulary
        Its terms may be named too.
    path : Path
        The file, for the line on which each fault stands.

    Returns
    -------
    problems : DataFrame, one row per problem
        ``column`` is the key, ``value`` what stands there.

    Examples
    --------
    >>> claims = pd.DataFrame({name: [] for name in FACETS})
    >>> sources = pd.DataFrame({"source": ["nice"]})
    >>> path = Path("datapackage.json")
    >>> check_metadata({"yardstick": "nise"}, claims, sources, Vocabulary(), path=path)["problem"]
    0    is no source: did you mean 'nice'? (expected o...
    Name: problem, dtype: str
    """
    faults = [
        *_check_headline(metadata.get("headline"), claims, vocabulary),
        *_check_yardstick(metadata.get("yardstick"), sources),
        *_check_codings(metadata.get("codings"), path.parent),
        *_check_swim(metadata.get("swim")),
        *_check_topic(metadata.get("topic"), claims, vocabulary),
        *_check_quote_words(metadata.get("quote_words")),
        *_check_words(metadata.get("words")),
        *_check_letters(metadata),
    ]
    lines = path.read_text(encoding="utf-8-sig").splitlines() if faults and path.is_file() else []
    return build_problems(
        (METADATA_FILE, _find_line(lines, key), None, *map(_escape, (key, str(value), fault)))
        for key, value, fault in faults
    )


def _escape(text: str) -> str:
    """Write halves of characters, which no file can hold, by their numbers."""
    return text.encode("utf-8", errors="backslashreplace").decode()


def _find_line(lines: Iterable[str], key: str) -> int | None:
    """Find the line on which a key of the outermost object first seems to stand."""
    pattern = re.compile(rf'"{re.escape(key.split(".")[0])}"\s*:')
    return next((number for number, line in enumerate(lines, 1) if pattern.search(line)), None)


def _check_headline(named: Any, claims: pd.DataFrame, vocabulary: Vocabulary) -> _Faults:
    if named is None:
        return
    if not isinstance(named, dict):
        yield "headline", named, "expected an object of condition, intervention and aspect"
        return
    for facet in FACETS:
        term = named.get(facet, "")
        known = [*vocabulary.find_terms(facet), *claims[facet].unique()]
        if term not in known:
            yield f"headline.{facet}", term, f"is no term: {suggest(str(term), known)}"


def _check_yardstick(named: Any, sources: pd.DataFrame) -> _Faults:
    known = list(sources["source"])
    if named is not None and named not in known:
        yield "yardstick", named, f"is no source: {suggest(str(named), known)}"


def _check_codings(named: Any, folder: Path) -> _Faults:
    if named is None:
        return
    if not isinstance(named, list) or len(named) != 2:
        yield "codings", named, "expected a list of two paths, seen from this file"
        return
    for name in named:
        if not isinstance(name, str) or not os.path.isfile(folder / name):
            yield "codings", name, "there is no such file: name it as seen from this file"
        elif (
            PureWindowsPath(name).anchor
            or ".." in PureWindowsPath(name).parts
            or not (folder / name).resolve().is_relative_to(folder.resolve())  # a link
        ):
            yield "codings", name, "leads out of the folder: put the file there, name it from there"


def _check_swim(named: Any) -> _Faults:
    if named is None:
        return
    if not isinstance(named, dict):
        yield "swim", named, "expected an object of texts"
        return
    for item, text in named.items():
        if item not in SWIM:
            yield f"swim.{item}", text, f"is no item: {suggest(item, SWIM)}"
        elif not isinstance(text, str):
            yield f"swim.{item}", text, "expected a text"


def _check_topic(named: Any, claims: pd.DataFrame, vocabulary: Vocabulary) -> _Faults:
    if named is None:
        return
    if not isinstance(named, list):
        yield "topic", named, "expected a list of interventions"
        return
    known = [*vocabulary.find_terms("intervention"), *claims["intervention"].unique()]
    for term in named:
        if term not in known:
            yield "topic", term, f"is no intervention: {suggest(str(term), known)}"


def _check_quote_words(named: Any) -> _Faults:
    if named is not None and (type(named) is not int or named < 1):
        yield "quote_words", named, "expected a whole number of words, such as 6"


def _check_words(named: Any) -> _Faults:
    if named is None:
        return
    if not isinstance(named, dict):
        yield "words", named, 'expected an object, such as {"source": ["book", "books"]}'
        return
    for word, names in named.items():
        if word not in (*NOUNS, *SIDES):
            yield f"words.{word}", names, f"is no word: {suggest(word, (*NOUNS, *SIDES))}"
        elif read_names(names) is None:
            yield f"words.{word}", names, "expected a text, or a list of singular and plural"


def _check_letters(metadata: dict[str, Any]) -> _Faults:
    """Check every key and every text, however deep."""
    parts = deque[tuple[str, Any]](metadata.items())
    while parts:
        key, part = parts.popleft()
        for text in (key.rpartition(".")[2], part):
            if isinstance(text, str) and (unfit := find_unfit(text)):
                yield key, text, f"holds {unfit}, a character that no page can hold: delete it"
        if isinstance(part, dict | list):
            inner = part.items() if isinstance(part, dict) else enumerate(part)
            parts.extend((f"{key}.{name}", value) for name, value in inner)
