"""A collection as one: claims, sources, vocabulary and metadata, and what follows from them."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self
from warnings import warn

import numpy as np
import pandas as pd

from claimbook.collection.checks import check_claims, check_sources, check_vocabulary
from claimbook.collection.codebook import (
    ARTICLE,
    CLAIM_COLUMNS,
    CODED,
    FACETS,
    PROOF_COLUMNS,
    SOURCE_COLUMNS,
    USE,
    VOCABULARY_COLUMNS,
)
from claimbook.collection.files import (
    CLAIMS_FILE,
    METADATA_FILE,
    SOURCES_FILE,
    VERIFIED_FILE,
    VOCABULARY_FILE,
    find_files,
    read_metadata,
)
from claimbook.collection.frames import take_table
from claimbook.collection.metadata import check_metadata
from claimbook.collection.problems import (
    ClaimsError,
    build_problems,
    describe_problems,
    join_problems,
    suggest,
)
from claimbook.collection.quotes import fold_text
from claimbook.collection.spelling import spell_tables
from claimbook.collection.tables import check_coding, locate_problems, name_file, read_table
from claimbook.collection.vocabulary import Vocabulary
from claimbook.collection.words import Words

LOST: Final = "is set aside"
_Terms = str | Iterable[str] | None
_TABLES: Final = (CLAIMS_FILE, SOURCES_FILE, VOCABULARY_FILE)
_SAID_IN: Final = ("claim", "quote", "attribution", "notes", "condition", "intervention", "aspect")


class Collection:
    """
    Claims, with the sources that make them and the vocabulary they are coded in.

    `read_collection` reads one, `from_frame` makes one of tables in memory. It is never changed;
    what is derived from it is derived once.

    Attributes
    ----------
    claims : DataFrame of str, one row per sound claim
        As coded. All columns of the codebook, empty where the file lacks them, then the file's
        own.
    sources : DataFrame of str, one row per source
        Likewise; without a table of sources those that the claims name, bare.
    vocabulary : DataFrame of str, one row per term
        As in the file; `terms` knows what follows from it.
    metadata : dict
        What ``datapackage.json`` says, empty where there is none.
    set_aside : DataFrame, one row per problem
        Rows that were left out: ``file``, ``line``, ``record``, ``column``, ``value``,
        ``problem``, ``severity`` (error, or draft where a row is only unfinished).
    path : Path or None
        Where it was read.
    files : dict of Path
        The files read, by the name that each plays.
    terms : Vocabulary
        The terms, the codebook's included.
    whole : Collection
        Before any selection: in it what studies found is looked up.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> read_collection("data").filter(aspect="use").claims["aspect"].nunique() > 1
    True
    """

    def __init__(
        self,
        claims: pd.DataFrame,
        sources: pd.DataFrame,
        vocabulary: pd.DataFrame,
        *,
        terms: Vocabulary,
        metadata: dict[str, Any] | None = None,
        set_aside: pd.DataFrame | None = None,
        files: dict[str, Path] | None = None,
        whole: "Collection | None" = None,
        gathered: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.claims = claims
        self.sources = sources
        self.vocabulary = vocabulary
        self.terms = terms
        self.metadata = metadata or {}
        self.set_aside = build_problems() if set_aside is None else set_aside
        self.files = files or {}
        self.path = self.files[CLAIMS_FILE] if self.files else None
        self.whole = whole or self
        self.gathered = gathered
        self.kept: dict[Any, Any] = {}

    @classmethod
    def from_frame(
        cls,
        claims: Any,
        sources: Any = None,
        vocabulary: Any = None,
        metadata: Mapping[str, Any] | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> Self:
        """
        Make a collection of tables in memory, as if they had been read from files.

        Parameters
        ----------
        claims : DataFrame, one row per claim
            The columns that the codebook requires; of pandas, or of a library that speaks its
            interchange protocol. Any index, any dtypes; a missing value is an empty cell.
        sources, vocabulary : DataFrame, optional
            Likewise. Without sources every source is an article; without a vocabulary terms are
            flat.
        metadata : mapping, optional
            As in ``datapackage.json``.
        columns : mapping of str to str, optional
            Names in the table of claims, and what the codebook calls them.

        Returns
        -------
        collection : Collection
            Rows with an error, and unfinished ones, are in its `set_aside`.

        Raises
        ------
        ClaimsError
            If a required column is missing, an id stands twice, or terms go round in a circle.
        TypeError
            If something is no table, or the metadata are no mapping.

        Warns
        -----
        UserWarning
            Of what is wrong in the metadata.

        Examples
        --------
        >>> claims = pd.DataFrame([["a", "spa", "pain", "massage", "use", "for", "Try it."]],
        ...     columns=["id", "source", "condition", "intervention", "aspect", "recommendation",
        ...              "claim"])
        >>> Collection.from_frame(claims, columns={"id": "claim_id"})
        <Collection: 1 claim by 1 source>
        """
        given = {CLAIMS_FILE: claims, SOURCES_FILE: sources, VOCABULARY_FILE: vocabulary}
        tables = {
            name: take_table(table, name=name, columns=columns if name == CLAIMS_FILE else None)
            for name, table in given.items()
            if table is not None or name == CLAIMS_FILE
        }
        if metadata is not None and not isinstance(metadata, Mapping):
            raise TypeError(f"metadata: expected a dict, found a {type(metadata).__name__}")
        metadata = dict(metadata or {})
        tables, checked = _check_tables(tables, metadata)
        problems = join_problems(checked.values())
        if (problems["severity"] == "fatal").any():
            raise ClaimsError(problems[problems["severity"] == "fatal"])
        if metadata:
            told = check_metadata(metadata, *_name_known(tables), path=Path(METADATA_FILE))
            told = told[~told["column"].str.startswith("codings")]  # paths, seen from no folder
            for line in describe_problems(told.assign(file="metadata")):
                warn(line, UserWarning, stacklevel=2)
        return cls._settle(tables, metadata, {}, problems)

    @classmethod
    def _settle(
        cls,
        tables: dict[str, pd.DataFrame],
        metadata: dict[str, Any],
        files: dict[str, Path],
        problems: pd.DataFrame,
    ) -> Self:
        """Set aside what has an error or is unfinished, and make a collection of the rest."""
        aside = problems[problems["severity"].isin(["error", "draft"]) & problems["record"].notna()]
        names = {name: name_file(files[name], name) if files else name for name in tables}
        sound = {}
        for name, table in tables.items():
            wrong = aside[aside["file"] == names[name]] if len(aside) else aside
            if name == VOCABULARY_FILE:  # a broader term that is not known is no ground to lose one
                wrong = wrong[wrong["column"].isin(["score", "scheme", "term"])]
            gone = _find_blank(table)
            gone |= np.isin(np.arange(len(gone)) + 1, wrong["record"].to_numpy(dtype=np.int64))
            sound[name] = table[~gone] if gone.any() else table
        claims = _complete(sound[CLAIMS_FILE], CLAIM_COLUMNS)
        sources = _complete(sound.get(SOURCES_FILE, _name_sources(claims)), SOURCE_COLUMNS)
        vocabulary = sound.get(VOCABULARY_FILE)
        terms = Vocabulary(vocabulary)
        known: dict[str, Iterable[str]] = {"source": sources["source"]}
        known |= {name: terms.find_terms(name) for name in CODED if not terms.is_open(name)}
        lost = build_problems(
            (names[CLAIMS_FILE], None, *fault)
            for column in known.items()
            for fault in _find_lost(claims, *column)
        )
        if len(lost):
            aside = join_problems([aside, lost])
            claims = claims[~(claims.index + 1).isin(lost["record"])]
        if vocabulary is None:
            vocabulary = pd.DataFrame(columns=list(VOCABULARY_COLUMNS), dtype="str")
        claims, sources = (table.reset_index(drop=True) for table in (claims, sources))
        return cls(
            claims, sources, vocabulary.reset_index(drop=True), terms=terms, metadata=metadata,
            set_aside=aside.reset_index(drop=True), files=files,
        )  # fmt: skip

    def __repr__(self) -> str:
        title = f" {self.metadata['title']!r}" if self.metadata.get("title") else ""
        return f"<Collection{title}: {self._describe()}>"

    def _describe(self) -> str:
        claims, sources = len(self.claims), self.claims["source"].nunique()
        parts = [
            f"{claims:,} claim{'s' * (claims != 1)} by {sources:,} source{'s' * (sources != 1)}"
        ]
        if aside := self.set_aside[["file", "record"]].drop_duplicates().shape[0]:
            parts.append(f"{aside:,} row{'s' * (aside != 1)} set aside")
        return ", ".join(parts)

    def _repr_html_(self) -> str:
        counts = self.claims["source"].value_counts(sort=False).rename("claims").to_frame()
        counts.insert(0, "kind", self.sources.set_index("source")["kind"].reindex(counts.index))
        shown = counts.rename(index=self.labels).rename_axis("source").reset_index()
        table = shown.to_html(index=False, max_rows=12, border=0)
        return f'<div class="mathjax_ignore"><p>{self._describe()}</p>{table}</div>'

    @cached_property
    def levels(self) -> np.ndarray:
        """Place of each claim's level in ``terms.levels``, 0 the highest score."""
        places = pd.Index(self.terms.levels).get_indexer(pd.Index(self.claims["recommendation"]))
        return np.asarray(places, dtype=np.int64)

    @cached_property
    def scores(self) -> np.ndarray:
        """Score of each claim's level, NaN where it is off the scale."""
        known = self.terms.scores
        scores = [known.get(level, float("nan")) for level in self.terms.levels]
        return np.take(np.array(scores, dtype=float), self.levels)

    @cached_property
    def sides(self) -> np.ndarray:
        """Side of each claim: 1 for, -1 against, 0 neither or off the scale."""
        return np.asarray(np.sign(np.nan_to_num(self.scores)), dtype=np.int64)

    @cached_property
    def terms_asked(self) -> pd.DataFrame:
        """Condition, intervention and aspect of each claim as coded, same terms by one name."""
        asked = {facet: self._rename(facet, self.terms.canon) for facet in FACETS}
        return pd.DataFrame(asked, index=self.claims.index, dtype="str")

    def _rename(self, facet: str, rename: Callable[[str, str], str]) -> np.ndarray:
        codes, terms = pd.factorize(self.claims[facet])
        names = np.array([rename(facet, term) for term in terms], dtype=object)
        return names[codes]

    @cached_property
    def asked(self) -> pd.DataFrame:
        """Condition, intervention and aspect that each claim answers, as they are gathered."""
        asked = self.terms_asked
        for facet, term in self.gathered:
            if term == "":
                asked = asked.assign(**{facet: pd.Series("", asked.index, dtype="str")})
                continue
            name = self.terms.canon(facet, term)
            under = asked[facet].isin(self.terms.find_narrower(facet, name))
            asked = asked.assign(**{facet: asked[facet].mask(under, name)})
        return asked

    @cached_property
    def parts(self) -> dict[str, str]:
        """The part that each source plays: article, study or other."""
        return dict(
            zip(self.sources["source"], self.sources["kind"].map(self.terms.part), strict=True)
        )

    @cached_property
    def articles(self) -> list[str]:
        """The articles that make a claim, in the order of the sources."""
        speaking = set(self.claims["source"])
        return [
            source for source, part in self.parts.items() if part == ARTICLE and source in speaking
        ]

    @cached_property
    def voices(self) -> dict[str, str]:
        """The voice of each source: its publisher, or itself where none is known."""
        keys, publisher = self.sources["source"], self.sources["publisher"].str.strip()
        return dict(zip(keys, publisher.where(publisher != "", keys), strict=True))

    @cached_property
    def labels(self) -> dict[str, str]:
        """A short name for each source, no two alike; for display, never a key."""
        keys, given = self.sources["source"], self.sources["label"].str.strip()
        plain = given.where(given != "", keys)
        twice = plain.duplicated(keep=False) | (plain.isin(set(keys)) & (plain != keys))
        names = plain.where(~twice | (plain == keys), plain + " (" + keys + ")")
        return dict(zip(keys, names, strict=True))

    @cached_property
    def verified(self) -> pd.DataFrame:
        """
        The quotes on record as found, one row each: claim_id, source, quote, sha256, line.

        Left out is what no longer holds: where the claim's quote or source is now another, or
        where the sources do not name the text by this very checksum.
        """
        columns = list(PROOF_COLUMNS)
        proofs = pd.DataFrame(columns=columns, dtype="str")
        if VERIFIED_FILE in self.files:
            proofs, _ = read_table(self.files[VERIFIED_FILE], name=VERIFIED_FILE)
        if not set(columns) <= set(proofs):
            return pd.DataFrame(columns=columns, dtype="str")
        sources = self.sources[["source", "sha256"]]
        sources = sources.assign(sha256=sources["sha256"].str.lower())
        sound = self.claims[["claim_id", "source", "quote"]].merge(sources, on="source")
        proofs = sound.merge(proofs[columns].drop_duplicates("claim_id"), on=columns[:4])
        return proofs[(proofs["quote"] != "") & (proofs["sha256"] != "")].reset_index(drop=True)

    @cached_property
    def words(self) -> Words:
        """What it calls its conditions, interventions, aspects, sides, sources and claims."""
        return Words(self.metadata.get("words"))

    def ask(self, condition: str, intervention: str, aspect: str) -> str:
        """Write a question in full, in the words of the collection."""
        many = self.words.many("intervention")
        own = "" if many == "interventions" else many
        return self.terms.ask(condition, intervention, aspect, interventions=own)

    @property
    def topic(self) -> list[str]:
        """The interventions that the collection is about, empty where it does not say."""
        named, known = self.metadata.get("topic"), self._find_known("intervention")
        return [term for term in named if term in known] if isinstance(named, list) else []

    def on_topic(self) -> "Collection":
        """Select the claims on the topic; all where none is named."""
        return self.filter(intervention=self.topic) if self.topic else self

    def gather(
        self,
        *,
        condition: str | None = None,
        intervention: str | None = None,
        aspect: str | None = None,
    ) -> "Collection":
        """
        Ask questions of terms gathered under a broader one.

        Parameters
        ----------
        condition, intervention, aspect : str, optional
            Each narrower term is asked about under this one; ``""`` gathers all terms into one.

        Returns
        -------
        collection : Collection
            The same claims, as coded, answering other questions (`asked`). Where two of them
            conflict is judged as they were coded.

        Raises
        ------
        ValueError
            If a term is neither declared nor used.

        Examples
        --------
        >>> from claimbook import count_questions, read_collection
        >>> gathered = read_collection("data").gather(aspect="use")
        >>> "use" in set(count_questions(gathered)["aspect"])
        True
        """
        wanted = {"condition": condition, "intervention": intervention, "aspect": aspect}
        steps = tuple((facet, term) for facet, term in wanted.items() if term is not None)
        for facet, term in steps:
            if term:
                self._require(facet, term)
        key = ("gather", steps)
        if key not in self.kept:
            self.kept[key] = self._with(self.claims, gathered=(*self.gathered, *steps))
        gathered: Collection = self.kept[key]
        return gathered

    def gather_use(self) -> "Collection":
        """Gather all aspects that ask whether to use it under ``use``."""
        return self.gather(aspect=USE)

    def filter(
        self,
        *,
        source: _Terms = None,
        kind: _Terms = None,
        condition: _Terms = None,
        intervention: _Terms = None,
        aspect: _Terms = None,
        recommendation: _Terms = None,
        words: str = "",
    ) -> "Collection":
        """
        Select claims.

        Parameters
        ----------
        source, kind, condition, intervention, aspect, recommendation : str or list of str, optional
            A claim is kept if it is of one of these. Terms take in what is narrower and what is
            the same.
        words : str
            Kept are claims that hold each of these words, in any order and whatever their case,
            accents and typography, in the claim, its quote, attribution, notes or terms.

        Returns
        -------
        collection : Collection
            What studies found stays at hand for tracing.

        Raises
        ------
        ValueError
            If something is named that is neither declared nor used.

        Examples
        --------
        >>> from claimbook import read_collection
        >>> collection = read_collection("data")
        >>> collection.filter(aspect="standalone").claims["aspect"].unique().tolist()
        ['standalone']
        """
        keep = np.ones(len(self.claims), dtype=bool)
        if source is not None:
            wanted = self._list(source, set(self.sources["source"]), "source")
            keep &= self.claims["source"].isin(wanted).to_numpy()
        if kind is not None:
            known = {*self.terms.find_terms("kind"), *self.sources["kind"]}
            asked = set(self._list(kind, known, "kind"))
            kinds = [
                one
                for one in self.sources["kind"].unique().tolist()
                if not asked.isdisjoint({one, *self.terms.find_broader("kind", one)})
            ]
            chosen = self.sources.loc[self.sources["kind"].isin(kinds), "source"]
            keep &= self.claims["source"].isin(chosen).to_numpy()
        for facet, terms in zip(FACETS, (condition, intervention, aspect), strict=True):
            if terms is not None:
                keep &= self._find_under(facet, terms)
        if recommendation is not None:
            wanted = self._list(recommendation, set(self.terms.levels), "recommendation")
            keep &= self.claims["recommendation"].isin(wanted).to_numpy()
        return self.take(keep & self._find_words(words))

    def take(self, keep: Any) -> "Collection":
        """Select claims by a mask, one truth per claim; what studies found stays at hand."""
        kept = self.claims[np.asarray(keep, dtype=bool)].reset_index(drop=True)
        return self._with(kept, gathered=self.gathered)

    def _with(self, claims: pd.DataFrame, *, gathered: tuple[tuple[str, str], ...]) -> "Collection":
        return type(self)(
            claims, self.sources, self.vocabulary, terms=self.terms, metadata=self.metadata,
            set_aside=self.set_aside, files=self.files, whole=self.whole, gathered=gathered,
        )  # fmt: skip

    def _find_known(self, facet: str) -> list[str]:
        return [*self.terms.find_terms(facet), *self.whole.claims[facet].unique()]

    def _require(self, facet: str, term: str) -> None:
        known = self._find_known(facet)
        if term not in known:
            hint = suggest(term, known) or "see 'claimbook questions' for the terms in use"
            raise ValueError(f"{facet} {term!r} is neither declared nor used: {hint}")

    def _list(self, names: str | Iterable[str], known: set[str], what: str) -> list[str]:
        if not isinstance(names, Iterable):
            raise TypeError(f"{what} is {names!r}: expected a text or a list of texts")
        listed = [names] if isinstance(names, str) else list(names)
        for name in listed:
            if name not in known:
                hint = suggest(name, sorted(known))
                raise ValueError(f"no {what} {name!r}" + (f": {hint}" if hint else ""))
        return listed

    def _find_under(self, facet: str, terms: str | Iterable[str]) -> np.ndarray:
        under: set[str] = set()
        for term in [terms] if isinstance(terms, str) else terms:
            self._require(facet, term)
            name = self.terms.canon(facet, term)
            under |= {name, *self.terms.find_narrower(facet, name)}
        return self.terms_asked[facet].isin(under).to_numpy()

    def _find_words(self, words: str) -> np.ndarray:
        found = np.ones(len(self.claims), dtype=bool)
        for word in fold_text(words).split():
            found &= np.fromiter((word in text for text in self._said), dtype=bool)
        return found

    @cached_property
    def _said(self) -> list[str]:
        """What is searched of each claim: its words and the labels of its terms, folded."""
        named = [
            self._rename(facet, lambda *term: self.terms.describe(*term)[0]) for facet in FACETS
        ]
        cells = zip(*(self.claims[name] for name in _SAID_IN), *named, strict=True)
        return [fold_text("\n".join(map(str, row))) for row in cells]


def read_collection(path: str | os.PathLike[str] = "data", *, strict: bool = False) -> Collection:
    """
    Read a collection.

    Parameters
    ----------
    path : path
        A folder that holds ``claims.csv`` and, where present, ``sources.csv``,
        ``vocabulary.csv`` and ``datapackage.json``; or a CSV file taken as its claims.
    strict : bool
        Whether any problem at all, a warning too, is reason to read nothing.

    Returns
    -------
    collection : Collection
        Rows with an error and unfinished ones are left out, and listed in its `set_aside`.

    Raises
    ------
    ClaimsError
        If it cannot be compared at all (a required column is missing, an id stands twice, terms
        go round in a circle), or `strict` and anything is wrong; it lists the problems.
    OSError
        If there is no such collection, or a file cannot be opened.

    Examples
    --------
    >>> collection = read_collection("data")
    >>> collection.claims.columns[:3].tolist()
    ['claim_id', 'source', 'condition']
    """
    collection, problems = check_collection(path)
    if collection is None or (strict and len(problems)):
        raise ClaimsError(problems)
    return collection


def check_collection(
    path: str | os.PathLike[str] = "data",
) -> tuple[Collection | None, pd.DataFrame]:
    """
    Read a collection and list every problem in it.

    Parameters
    ----------
    path : path
        As for `read_collection`.

    Returns
    -------
    collection : Collection or None
        None where a problem is fatal.
    problems : DataFrame, one row per problem
        ``file``, ``line`` (1-based, where the record starts), ``record`` (1-based, header not
        counted), ``column``, ``value``, ``problem``, ``severity`` (fatal, error, draft or
        warning); in the order of files and lines.

    Raises
    ------
    OSError
        If there is no such collection, or a file cannot be opened.

    Examples
    --------
    >>> _, problems = check_collection("data")
    >>> problems["severity"].isin(["fatal", "error"]).any()
    np.False_
    """
    files = find_files(path)
    tables: dict[str, pd.DataFrame] = {}
    found: dict[str, pd.DataFrame] = {}
    for name in _TABLES:
        if name in files:
            tables[name], found[name] = read_table(files[name], name=name)
    if VERIFIED_FILE in files:
        _, faults = read_table(files[VERIFIED_FILE], name=VERIFIED_FILE)
        found[VERIFIED_FILE] = faults.assign(severity="error")  # it proves nothing, no more
    metadata, faults = (
        read_metadata(files[METADATA_FILE]) if METADATA_FILE in files else ({}, build_problems())
    )
    tables, checked = _check_tables(tables, metadata)
    problems = [_locate(files[name], name, found[name], checked.get(name)) for name in found]
    known = _name_known(tables)
    told = check_metadata(metadata, *known, path=files.get(METADATA_FILE, files[CLAIMS_FILE]))
    if "codings" in metadata and not told["column"].str.startswith("codings").any():
        folder = files[CLAIMS_FILE].parent
        problems += _check_codings(metadata["codings"], folder, known[2].levels)
    problems += [faults, told]
    listed = join_problems(problems)
    if (listed["severity"] == "fatal").any():
        return None, listed
    return Collection._settle(tables, metadata, files, listed), listed


def _check_tables(
    tables: dict[str, pd.DataFrame], metadata: dict[str, Any]
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Read terms as they are meant, and check each table against the codebook and the others."""
    tables, told = spell_tables(tables)
    sources, table = tables.get(SOURCES_FILE), tables.get(VOCABULARY_FILE)
    if table is not None and not {"scheme", "term"} <= set(table):
        return tables, {}
    vocabulary = Vocabulary(table)
    words = metadata.get("quote_words")
    checked = {
        CLAIMS_FILE: check_claims(
            tables[CLAIMS_FILE], vocabulary, sources,
            quote_words=words if type(words) is int and words > 0 else None,
        )
    }  # fmt: skip
    if sources is not None:
        checked[SOURCES_FILE] = check_sources(sources, vocabulary, tables[CLAIMS_FILE])
    if table is not None:
        checked[VOCABULARY_FILE] = check_vocabulary(table)
    for name, problems in checked.items():
        problems = join_problems([told[name], problems])
        if len(problems) and (blank := _find_blank(tables[name])).any():
            problems = problems[~problems["record"].isin(blank.nonzero()[0] + 1)]
        checked[name] = problems
    return tables, checked


def _find_blank(table: pd.DataFrame) -> np.ndarray:
    """Find rows that hold nothing at all."""
    blank = np.ones(len(table), dtype=bool)
    for column in table:
        if not blank.any():
            break
        blank &= (table[column] == "").to_numpy(dtype=bool)
    return blank


def _name_known(
    tables: dict[str, pd.DataFrame],
) -> tuple[pd.DataFrame, pd.DataFrame, Vocabulary]:
    """Give what the metadata may name: claims, sources and terms."""
    claims = _complete(tables[CLAIMS_FILE], CLAIM_COLUMNS)
    sources = _complete(tables.get(SOURCES_FILE, _name_sources(claims)), SOURCE_COLUMNS)
    table = tables.get(VOCABULARY_FILE)
    if table is not None:
        table = _complete(table, ("scheme", "term"))
    return claims, sources, Vocabulary(table)


def _check_codings(names: Any, folder: Path, levels: tuple[str, ...]) -> Iterator[pd.DataFrame]:
    """Check each coding that the metadata name; where they name it is the name it is told by."""
    remedy = f"is no level; {suggest('', levels)}".rstrip("; ")
    for name in names or ():
        coding, problems = check_coding(folder / name)
        used = coding.get("recommendation", pd.Series(dtype="str"))
        unknown = (~used.isin(levels)).to_numpy().nonzero()[0]
        rows = ((name, None, row + 1, used.name, used[row], remedy) for row in unknown)
        located = locate_problems(build_problems(rows), folder / name, name="coding")
        yield join_problems([problems.assign(file=name), located])


def _find_lost(
    claims: pd.DataFrame, column: str, known: Iterable[str]
) -> Iterator[tuple[int, str, str, str]]:
    """Find claims whose source or term was known, but its own row was set aside."""
    names = {"", *known}
    home = SOURCES_FILE if column == "source" else VOCABULARY_FILE
    for row, value in zip(claims.index, claims[column], strict=True):
        if value not in names:
            yield row + 1, column, value, f"its row in {home} {LOST}"


def _name_sources(claims: pd.DataFrame) -> pd.DataFrame:
    """List the sources that the claims name, for a collection without a table of them."""
    return pd.DataFrame({"source": claims["source"].unique()}, dtype="str")


def _complete(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Add the codebook's columns that a table lacks, and put them first."""
    names = [*columns, *(name for name in table if name not in columns)]
    blank = pd.array([""] * len(table), dtype="str")
    cells = {name: table[name].array if name in table else blank for name in names}
    return pd.DataFrame(cells, index=table.index)


def _locate(
    path: Path, name: str, found: pd.DataFrame, checked: pd.DataFrame | None
) -> pd.DataFrame:
    """Put what was found in reading before what was checked, each where it stands in the file."""
    if checked is None:
        return found
    broken = found.loc[(found["column"] == "") & (found["severity"] != "warning"), "record"]
    told = pd.MultiIndex.from_frame(found[["record", "column"]])
    again = pd.MultiIndex.from_frame(checked[["record", "column"]]).isin(told)
    checked = checked[~checked["record"].isin(broken.dropna()) & ~again]
    checked = checked.assign(file=name_file(path, name))
    problems = join_problems([found, locate_problems(checked, path, name=name)])
    return problems.sort_values(["line", "record"], kind="stable", na_position="first")
