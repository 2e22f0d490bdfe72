"""A collection read and checked as one: claims, sources, vocabulary and metadata."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from claimbook.collection.checks import check_claims, check_sources, check_vocabulary
from claimbook.collection.codebook import CLAIM_COLUMNS, SOURCE_COLUMNS
from claimbook.collection.files import (
    CLAIMS_FILE,
    METADATA_FILE,
    SOURCES_FILE,
    VOCABULARY_FILE,
    find_files,
    read_metadata,
)
from claimbook.collection.metadata import check_metadata
from claimbook.collection.problems import ClaimsError, build_problems, join_problems, suggest
from claimbook.collection.tables import REQUIRED, check_coding, find_lines, read_table
from claimbook.collection.vocabulary import Vocabulary


class Collection(NamedTuple):
    """
    What one folder holds, read and sound.

    Attributes
    ----------
    claims : DataFrame of str, one row per claim
        All columns of the codebook, empty where the file lacks them, then the file's own.
    sources : DataFrame of str, one row per source
        Likewise; without ``sources.csv`` the sources that the claims name, otherwise bare.
    vocabulary : Vocabulary
        The terms, the codebook's included.
    metadata : dict
        What ``datapackage.json`` says, empty where there is none.
    files : dict of Path
        The files read, by the name that each plays.
    """

    claims: pd.DataFrame
    sources: pd.DataFrame
    vocabulary: Vocabulary
    metadata: dict[str, Any]
    files: dict[str, Path]


def read_collection(path: str | os.PathLike[str] = "data") -> Collection:
    """
    Read a collection, all or nothing.

    Parameters
    ----------
    path : path
        A folder that holds ``claims.csv`` and, where present, ``sources.csv``,
        ``vocabulary.csv`` and ``datapackage.json``; or a CSV file taken as its claims.

    Returns
    -------
    collection : Collection
        Claims, sources, vocabulary, metadata and files.

    Raises
    ------
    ClaimsError
        If anything in it breaks the codebook; it lists every problem.
    OSError
        If there is no such collection, or a file cannot be opened.

    Examples
    --------
    >>> collection = read_collection("data")
    >>> collection.claims.columns[:3].tolist()
    ['claim_id', 'source', 'condition']
    """
    collection, problems = check_collection(path)
    if len(problems):
        raise ClaimsError(problems)
    return collection


def check_collection(path: str | os.PathLike[str] = "data") -> tuple[Collection, pd.DataFrame]:
    """
    Read a collection and list every problem in it.

    Parameters
    ----------
    path : path
        As for `read_collection`.

    Returns
    -------
    collection : Collection
        As far as it could be read.
    problems : DataFrame, one row per problem
        ``file``, ``line`` (1-based, where the record starts), ``record`` (1-based, header not
        counted), ``column``, ``value``, ``problem``; in the order of files and lines.

    Raises
    ------
    OSError
        If there is no such collection, or a file cannot be opened.

    Examples
    --------
    >>> _, problems = check_collection("data")
    >>> len(problems)
    0
    """
    files = find_files(path)
    tables, found = {}, {}
    for name in REQUIRED:
        if name in files:
            tables[name], found[name] = read_table(files[name], name=name)
    metadata, faults = (
        read_metadata(files[METADATA_FILE]) if METADATA_FILE in files else ({}, build_problems())
    )
    terms, sources = tables.get(VOCABULARY_FILE), tables.get(SOURCES_FILE)
    collection = _collect(tables, metadata, files)
    checked = {
        CLAIMS_FILE: check_claims(tables[CLAIMS_FILE], collection.vocabulary, sources),
        SOURCES_FILE: None if sources is None else check_sources(sources),
        VOCABULARY_FILE: None if terms is None else check_vocabulary(terms),
    }
    problems = [_locate(files[name], found[name], checked.get(name)) for name in found]
    told = check_metadata(
        metadata, *collection[:3], path=files.get(METADATA_FILE, files[CLAIMS_FILE])
    )
    problems += [faults, told]
    if "codings" in metadata and not told["column"].str.startswith("codings").any():
        problems += _check_codings(collection)
    return collection, join_problems(problems)


def _check_codings(collection: Collection) -> Iterator[pd.DataFrame]:
    """Check each coding that the metadata name; where they name it is the name it is told by."""
    folder, levels = collection.files[CLAIMS_FILE].parent, collection.vocabulary.levels
    remedy = f"is no level; {suggest('', levels)}".rstrip("; ")
    for name in collection.metadata["codings"] or ():
        coding, problems = check_coding(folder / name)
        used = coding.get("recommendation", pd.Series(dtype="str"))
        unknown = (~used.isin(levels)).to_numpy().nonzero()[0]
        lines = find_lines(folder / name) if len(unknown) else []
        rows = ((name, lines[row + 1], row + 1, used.name, used[row], remedy) for row in unknown)
        yield join_problems([problems.assign(file=name), build_problems(rows)])


def _collect(
    tables: dict[str, pd.DataFrame], metadata: dict[str, Any], files: dict[str, Path]
) -> Collection:
    claims = _complete(tables[CLAIMS_FILE], CLAIM_COLUMNS)
    named = pd.DataFrame({"source": claims["source"].unique()}, dtype="str")
    sources = _complete(tables.get(SOURCES_FILE, named), SOURCE_COLUMNS)
    terms = tables.get(VOCABULARY_FILE)
    if terms is not None and not {"scheme", "term"} <= set(terms):
        terms = _complete(terms, ("scheme", "term"))
    return Collection(claims, sources, Vocabulary(terms), metadata, files)


def _complete(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    missing = {column: "" for column in columns if column not in table}
    table = table.assign(**missing).astype(dict.fromkeys(missing, "str"))
    return table[[*columns, *(name for name in table if name not in columns)]]


def _locate(path: Path, found: pd.DataFrame, checked: pd.DataFrame | None) -> pd.DataFrame:
    """Put what was found in reading before what was checked, each with its line of the file."""
    if checked is not None:
        broken = found.loc[found["column"] == "", "record"].dropna()
        told = pd.MultiIndex.from_frame(found[["record", "column"]])
        again = pd.MultiIndex.from_frame(checked[["record", "column"]]).isin(told)
        checked = checked[~checked["record"].isin(broken) & ~again].assign(file=path.name)
    problems = join_problems([found] if checked is None else [found, checked])
    headed = problems["record"].isna() & (problems["column"] != "")
    problems["line"] = problems["line"].mask(headed & problems["line"].isna(), 1)
    if problems["record"].notna().any():
        lines = pd.Series(find_lines(path), dtype="Int64")
        known = problems["record"].fillna(0).where(problems["record"] < len(lines), 0)
        problems["line"] = problems["line"].fillna(known.map(lines))
    return problems.sort_values(["line", "record"], kind="stable", na_position="first")
