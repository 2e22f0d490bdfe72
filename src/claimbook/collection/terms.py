"""The terms that a collection uses, and a vocabulary completed by those that it lacks."""

import os
from collections import Counter
from pathlib import Path
from typing import Final

import pandas as pd

from claimbook.collection.codebook import FACETS, VOCABULARY_COLUMNS
from claimbook.collection.edits import TableFile
from claimbook.collection.files import (
    CLAIMS_FILE,
    SOURCES_FILE,
    VOCABULARY_FILE,
    find_files,
    open_output,
)
from claimbook.collection.problems import ClaimsError, iter_rows
from claimbook.collection.spelling import find_near_terms, spell_tables
from claimbook.collection.tables import read_table
from claimbook.collection.vocabulary import Vocabulary, split_terms
from claimbook.collection.workbooks import is_workbook

_HOMES: Final = dict.fromkeys((*FACETS, "recommendation"), CLAIMS_FILE) | {"kind": SOURCES_FILE}


def list_terms(path: str | os.PathLike[str]) -> pd.DataFrame:
    """
    List the terms in use, those of rows with an error too, and which are nearly another.

    Parameters
    ----------
    path : path
        As for `read_collection`.

    Returns
    -------
    terms : DataFrame, one row per term
        ``scheme``, ``term`` (as it is read), ``rows`` (how many claims, or sources, have it),
        ``like`` (tuple of the terms that it nearly is, but for those that the vocabulary says
        are the same or broader), ``known`` (to the vocabulary or the codebook). By scheme; terms
        nearly equal stand side by side. Named in ``broader`` or ``same_as`` is used, too.

    Raises
    ------
    ClaimsError
        If a table cannot be read.
    OSError
        If there is no such collection, or a file cannot be opened.

    Examples
    --------
    >>> terms = list_terms("data")
    >>> terms.loc[~terms["known"], "term"].tolist()
    []
    """
    files, tables = find_files(path), dict[str, pd.DataFrame]()
    for name in (CLAIMS_FILE, SOURCES_FILE, VOCABULARY_FILE):
        if name in files:
            tables[name] = _read_whole_records(files[name], name)
    tables, _ = spell_tables(tables)
    vocabulary = Vocabulary(tables.get(VOCABULARY_FILE))
    rows = [row for scheme in _HOMES for row in _list_scheme(scheme, tables, vocabulary)]
    return pd.DataFrame(rows, columns=["scheme", "term", "rows", "like", "known"])


def _read_whole_records(path: Path, name: str) -> pd.DataFrame:
    """Read a table without the records whose cells may stand in another column."""
    table, problems = read_table(path, name=name)
    if len(fatal := problems[problems["severity"] == "fatal"]):
        raise ClaimsError(fatal)
    broken = problems["column"].eq("") & problems["severity"].eq("error")
    return table[~(table.index + 1).isin(problems.loc[broken, "record"].dropna())]


def _list_scheme(
    scheme: str, tables: dict[str, pd.DataFrame], vocabulary: Vocabulary
) -> list[tuple[str, str, int, tuple[str, ...], bool]]:
    cells = tables.get(_HOMES[scheme], pd.DataFrame()).get(scheme, pd.Series(dtype="str"))
    uses = Counter(cells)
    own = vocabulary.table[vocabulary.table["scheme"] == scheme]
    for cell in (*own["broader"], *own["same_as"]):
        uses.update(dict.fromkeys(split_terms(cell), 0))
    del uses[""]
    known = vocabulary.find_terms(scheme)
    ordered = sorted({*known, *uses}, key=lambda term: (term.casefold(), term))
    near = [
        (one, other)
        for one, other in find_near_terms(ordered)
        if vocabulary.canon(scheme, one) != vocabulary.canon(scheme, other)
        and not vocabulary.count_steps(scheme, one, other)
    ]
    like: dict[str, list[str]] = {}
    for one, other in near:
        like.setdefault(one, []).append(other)
        like.setdefault(other, []).append(one)
    joined = {"term": ordered, "same_as": [";".join(like.get(term, ())) for term in ordered]}
    first = Vocabulary(pd.DataFrame({"scheme": scheme} | joined)).canon
    place = {term: number for number, term in enumerate(ordered)}
    return [
        (scheme, term, uses[term], tuple(like.get(term, ())), term in known)
        for term in sorted(ordered, key=lambda term: (place[first(scheme, term)], place[term]))
        if term in uses
    ]


def complete_vocabulary(path: str | os.PathLike[str], terms: pd.DataFrame) -> Path:
    r"""
    Write terms into the vocabulary of a collection; every byte that is there is kept.

    Parameters
    ----------
    path : path
        As for `read_collection`.
    terms : DataFrame, one row per term
        ``scheme`` and ``term``.

    Returns
    -------
    file : Path
        ``vocabulary.csv`` beside the claims, made where it is missing.

    Raises
    ------
    ValueError
        If the vocabulary is, or belongs into, a workbook, or has no header.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "claims.csv").touch()
    >>> terms = pd.DataFrame({"scheme": ["condition"], "term": ["sciatica"]})
    >>> complete_vocabulary(folder, terms).read_text(encoding="utf-8-sig")
    'scheme,term,broader,same_as,score,label,definition,question\ncondition,sciatica,,,,,,\n'
    """
    files = find_files(path)
    claims = files[CLAIMS_FILE]
    file = files.get(VOCABULARY_FILE, claims.with_name(VOCABULARY_FILE))
    if VOCABULARY_FILE in files:
        there = TableFile(file, name=VOCABULARY_FILE)
        there.append({"scheme": row.scheme, "term": row.term} for row in iter_rows(terms))
        there.write()
        return file
    if is_workbook(claims):
        raise ValueError(f"{claims} is a workbook, which is not written to")
    with open_output(file) as new:
        new.write("\ufeff")  # a spreadsheet knows by it that the table is UTF-8
        table = terms.reindex(columns=list(VOCABULARY_COLUMNS))
        table.to_csv(new, index=False, lineterminator="\n")
    return file
