"""What changed between two versions of a collection, and which verdicts it turned."""

from typing import Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.compare.questions import count_questions

CHANGE_COLUMNS: Final = ("change", "claim_id", *FACETS, "column", "old", "new")


def find_changes(old: Collection, new: Collection) -> pd.DataFrame:
    """
    Find the claims that came, went or were coded otherwise, and the verdicts that turned.

    Parameters
    ----------
    old, new : Collection
        Claims are matched by ``claim_id``; each version is judged by its own vocabulary.

    Returns
    -------
    changes : DataFrame of str, one row per claim come or gone, cell changed or verdict turned
        ``change``: verdict, removed, added or recoded, in this order; ``claim_id``, empty for a
        verdict; ``condition``, ``intervention``, ``aspect`` of the question (of the claim as it
        is now, or was); ``column``, the column changed; ``old`` and ``new``, what stood and what
        stands there. A question that nobody answers has an empty verdict.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> collection = read_collection("data")
    >>> fewer = collection._replace(claims=collection.claims.iloc[1:])
    >>> changes = find_changes(collection, fewer)
    >>> changes.loc[changes["change"] == "removed", "claim_id"].tolist()
    ['000-001']
    """
    before, after = (one.claims.set_index("claim_id", drop=False) for one in (old, new))
    gone, come = (
        one.loc[~one.index.isin(other.index)] for one, other in ((before, after), (after, before))
    )
    parts = [
        _find_turned(old, new),
        _list_claims(gone, change="removed", column="old"),
        _list_claims(come, change="added", column="new"),
        _find_recoded(before, after),
    ]
    changes = pd.concat(parts, ignore_index=True).reindex(columns=list(CHANGE_COLUMNS))
    return changes.fillna("").astype("str")


def _find_turned(old: Collection, new: Collection) -> pd.DataFrame:
    """Find the questions on which the verdict is another than it was."""
    facets = list(FACETS)
    before, after = (
        count_questions(one.claims, one.vocabulary)[[*facets, "verdict"]] for one in (old, new)
    )
    both = before.merge(after, on=facets, how="outer", suffixes=("_old", "_new"), sort=False)
    both = both.fillna("").rename(columns={"verdict_old": "old", "verdict_new": "new"})
    return both[both["old"] != both["new"]].assign(change="verdict", column="verdict")


def _list_claims(claims: pd.DataFrame, *, change: str, column: str) -> pd.DataFrame:
    listed = claims[["claim_id", *FACETS]].assign(change=change, column="claim")
    return listed.assign(**{column: claims["claim"]})


def _find_recoded(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Find the cells that differ; a column that one version lacks is empty there."""
    columns = list(dict.fromkeys([*after.columns, *before.columns]))
    kept = after.index[after.index.isin(before.index)]
    one, other = (
        table.reindex(columns=columns, fill_value="").loc[kept] for table in (before, after)
    )
    row, place = np.nonzero((one != other).to_numpy())
    changed = other.iloc[row][["claim_id", *FACETS]].reset_index(drop=True)
    return changed.assign(
        change="recoded",
        column=np.array(columns, dtype=object)[place],
        old=one.to_numpy()[row, place],
        new=other.to_numpy()[row, place],
    )
