"""The record that a quote was found: what was looked up once stays known, until a word changes."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from claimbook.collection.codebook import PROOF_COLUMNS
from claimbook.collection.collection import Collection
from claimbook.collection.edits import TableFile
from claimbook.collection.files import CLAIMS_FILE, SOURCES_FILE, find_record, open_output


def find_changed(sources: pd.DataFrame, checksums: dict[str, str]) -> list[str]:
    """
    Find the sources whose text is not the one that was coded.

    Parameters
    ----------
    sources : DataFrame of str, one row per source
        ``sha256`` names the text; where it is empty any text will do.
    checksums : dict of str
        SHA-256 of the texts at hand, by source.

    Returns
    -------
    changed : list of str
        In the order of the sources.

    Examples
    --------
    >>> sources = pd.DataFrame({"source": ["spa", "gp"], "sha256": ["9f86", ""]})
    >>> find_changed(sources, {"spa": "e3b0", "gp": "e3b0"})
    ['spa']
    """
    named = sources[(sources["sha256"] != "") & sources["source"].isin(list(checksums))]
    other = named["sha256"].str.lower() != named["source"].map(checksums)
    return list(named.loc[other, "source"])


def find_proofs(
    claims: pd.DataFrame, verified: pd.DataFrame, *, checksums: dict[str, str]
) -> pd.DataFrame:
    """
    Find the quotes that were found in just one place, with the text in which they were.

    Parameters
    ----------
    claims : DataFrame of str, one row per claim
        Needs ``claim_id`` and ``quote``.
    verified : DataFrame, one row per claim
        As `verify_quotes` gives it.
    checksums : dict of str
        SHA-256 of the text that was searched, by source; a source that is not there is left out.

    Returns
    -------
    proofs : DataFrame of str, one row per quote found
        ``claim_id``, ``source``, ``quote``, ``sha256`` of the text, ``line`` in it. In the order
        of the claims.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a"], "source": ["spa"], "quote": ["good … back"]})
    >>> verified = pd.DataFrame({"claim_id": ["a"], "source": ["spa"], "status": ["found"],
    ...     "line": ["3"]})
    >>> find_proofs(claims, verified, checksums={"spa": "9f86"}).values.tolist()
    [['a', 'spa', 'good … back', '9f86', '3']]
    """
    found = verified["status"].eq("found") & verified["source"].isin(list(checksums))
    proofs = verified.loc[found, ["claim_id", "source", "line"]]
    quotes = claims.set_index("claim_id")["quote"]
    proofs["quote"] = proofs["claim_id"].map(quotes)
    proofs["sha256"] = proofs["source"].map(checksums)
    return proofs[list(PROOF_COLUMNS)].astype("str").reset_index(drop=True)


def fill_checksums(
    collection: Collection, verified: pd.DataFrame, *, checksums: dict[str, str]
) -> dict[str, str]:
    """
    Fill the empty cells of ``sha256`` in ``sources.csv``; every other byte of it is kept.

    Parameters
    ----------
    collection : Collection
        Read from files.
    verified : DataFrame, one row per claim
        As `verify_quotes` gives it.
    checksums : dict of str
        SHA-256 of the texts at hand, by source. Left out is a source with quotes of which none
        was found: its text is likely another.

    Returns
    -------
    filled : dict of str
        What was written, by source. Where the table lacks the column, it is added.

    Raises
    ------
    ValueError
        If there is no table of sources, or it is a workbook: says what to put in by hand.
    OSError
        If the file cannot be written.
    """
    quoted = verified[verified["status"] != "no quote"].groupby("source")["status"]
    astray = quoted.agg(lambda found: not found.eq("found").any())
    named = collection.sources.set_index("source")["sha256"]
    wanted = {
        source: digest
        for source, digest in checksums.items()
        if not named[source].strip() and not astray.get(source, False)
    }
    if not wanted:
        return {}
    path = collection.files.get(SOURCES_FILE)
    listed = "\n".join(f"  {source}: {digest}" for source, digest in wanted.items())
    if path is None:
        raise ValueError(
            "nothing can be kept on record without a sources.csv that names the texts: make one "
            f"beside the claims, with the columns source, kind, sha256:\n{listed}"
        )
    try:
        file = TableFile(path, name=SOURCES_FILE)
    except ValueError as error:
        raise ValueError(f"{error}: put into the column sha256 yourself\n{listed}") from None
    if "sha256" not in file.columns:
        file.add_column("sha256")
        file.write()
        file = TableFile(path, name=SOURCES_FILE)
    for record, source in enumerate(file.read("source"), start=1):
        if source.strip() in wanted:
            file.fill(record, "sha256", wanted[source.strip()])
    file.write()
    return wanted


def write_proofs(
    collection: Collection,
    verified: pd.DataFrame,
    *,
    checksums: dict[str, str],
    filled: Mapping[str, str],
) -> tuple[Path, pd.DataFrame]:
    """
    Keep on record, beside the claims, which quotes were found in which text.

    Parameters
    ----------
    collection : Collection
        Read from a file.
    verified : DataFrame, one row per claim
        As `verify_quotes` gives it.
    checksums : dict of str
        SHA-256 of the texts that were searched, by source. What was found in a text that the
        sources do not name by its checksum is not kept; what is on record of a source whose text
        is not at hand is.
    filled : mapping of str
        What `fill_checksums` has just written.

    Returns
    -------
    path : Path
        The record.
    proofs : DataFrame of str, one row per quote on record
        As `find_proofs` gives them, in the order of the claims.

    Raises
    ------
    OSError
        If the record cannot be written.
    """
    named = dict(zip(collection.sources["source"], collection.sources["sha256"], strict=True))
    named |= filled
    sure = {key: value for key, value in checksums.items() if named[key].lower() == value}
    earlier = collection.verified
    earlier = earlier[~earlier["source"].isin(list(checksums))]
    proofs = pd.concat([find_proofs(collection.claims, verified, checksums=sure), earlier])
    places = collection.claims["claim_id"]
    proofs = proofs.set_index("claim_id", drop=False)
    proofs = proofs.loc[places[places.isin(proofs["claim_id"])]]
    path = find_record(collection.files[CLAIMS_FILE])
    with open_output(path) as file:
        proofs.to_csv(file, index=False, lineterminator="\n")
    return path, proofs
