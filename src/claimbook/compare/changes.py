"""What changed between two versions of a collection, and what turned with it."""

from typing import Any, Final

import numpy as np
import pandas as pd

from claimbook.collection.codebook import CLAIM_COLUMNS, FACETS, SOURCE_COLUMNS, VOCABULARY_COLUMNS
from claimbook.collection.collection import Collection
from claimbook.collection.door import admit
from claimbook.compare.conflicts import CONFLICT_COLUMNS, find_conflicts
from claimbook.compare.fidelity import trace_claims
from claimbook.compare.questions import count_questions

CHANGE_COLUMNS: Final = ("change", "claim_id", *FACETS, "name", "column", "old", "new")
_POINT: Final = CONFLICT_COLUMNS[:8]
_QUIET: Final = ("coder",)  # who coded is no news of what is claimed


def find_changes(old: Collection, new: Collection) -> pd.DataFrame:
    """
    Find what came, went or was changed, and what turned with it.

    Parameters
    ----------
    old, new : Collection or DataFrame of claims
        Claims are matched by ``claim_id``, sources by ``source``, terms by scheme and term; each
        version is judged by its own vocabulary.

    Returns
    -------
    changes : DataFrame of str, one row per thing that is now otherwise
        ``change``: verdict (of a question), point (a point of conflict that came or went: its kind
        stands in ``column``, the narrower case in ``name``), fidelity (of a claim), removed,
        added, recoded (a claim), source, term, in this order; ``claim_id``; ``condition``,
        ``intervention``, ``aspect`` of the question, the point or the claim as it is now, or was;
        ``name`` of the source or term; ``column``, what changed; ``old`` and ``new``, what stood
        and what stands there. A cell is empty where there is nothing to say. Who coded is passed
        over.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> collection = read_collection("data")
    >>> fewer = collection.take(collection.claims.index > 0)
    >>> changes = find_changes(collection, fewer)
    >>> changes.loc[changes["change"] == "removed", "claim_id"].tolist()
    ['000-001']
    """
    old, new = admit(old), admit(new)
    parts = [
        _turn("verdict", *(count_questions(one)[[*FACETS, "verdict"]] for one in (old, new))),
        _find_points(old, new),
        _find_fidelities(old, new),
        *_find_claims(old, new),
        _recode("source", *(_list_sources(one) for one in (old, new))),
        _recode("term", *(_list_terms(one) for one in (old, new))),
    ]
    changes = pd.concat(parts, ignore_index=True).reindex(columns=list(CHANGE_COLUMNS))
    return changes.fillna("").astype("str")


def _turn(column: str, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Find the rows of two tables, alike but for one column, in which that column differs."""
    keys = [name for name in after if name != column]
    both = before.merge(after, on=keys, how="outer", suffixes=("_old", "_new"), sort=False)
    both = both.fillna("").rename(columns={f"{column}_old": "old", f"{column}_new": "new"})
    return both[both["old"] != both["new"]].assign(change=column, column=column)


def _find_points(old: Collection, new: Collection) -> pd.DataFrame:
    before, after = (_list_points(one) for one in (old, new))
    points = _turn("sides", before, after)
    narrower = zip(*(points[f"narrower_{facet}"] for facet in FACETS), strict=True)
    names = [", ".join(filter(None, terms)) for terms in narrower]
    return points.assign(change="point", column=points["kind"], name=names)


def _list_points(collection: Collection) -> pd.DataFrame:
    points = find_conflicts(collection)
    sides = points["sources_for"].map(" ".join) + " ≠ " + points["sources_against"].map(" ".join)
    listed = points[list(_POINT)].astype("str").assign(sides=sides.astype("str"))
    return listed.groupby(list(_POINT), sort=False)["sides"].agg("; ".join).reset_index()


def _find_fidelities(old: Collection, new: Collection) -> pd.DataFrame:
    before, after = (trace_claims(one)[["claim_id", "fidelity"]] for one in (old, new))
    return _turn("fidelity", before, after).merge(_name_questions(old, new), on="claim_id")


def _name_questions(old: Collection, new: Collection) -> pd.DataFrame:
    both = pd.concat([one.claims[["claim_id", *FACETS]] for one in (new, old)])
    return both.drop_duplicates("claim_id")


def _find_claims(old: Collection, new: Collection) -> list[pd.DataFrame]:
    before, after = (one.claims.set_index("claim_id") for one in (old, new))
    parts = []
    for change, column, one, other in (
        ("removed", "old", before, after),
        ("added", "new", after, before),
    ):
        lone = one.loc[~one.index.isin(other.index), [*FACETS, "claim"]].reset_index()
        parts.append(lone.rename(columns={"claim": column}).assign(change=change, column="claim"))
    kept = _recode("recoded", before, after, only_kept=True).rename(columns={"name": "claim_id"})
    return [*parts, kept.merge(_name_questions(old, new), on="claim_id", how="left")]


def _list_sources(collection: Collection) -> pd.DataFrame:
    return collection.sources.set_index("source")


def _list_terms(collection: Collection) -> pd.DataFrame:
    terms = collection.vocabulary.reindex(columns=list(VOCABULARY_COLUMNS), fill_value="")
    names = terms["scheme"] + " " + terms["term"]
    return terms.set_axis(names, axis=0).drop(columns=["scheme", "term"])


def _recode(
    change: str, before: pd.DataFrame, after: pd.DataFrame, *, only_kept: bool = False
) -> pd.DataFrame:
    """Find the cells that differ; a column that one version lacks is empty there."""
    known = [*CLAIM_COLUMNS, *SOURCE_COLUMNS, *VOCABULARY_COLUMNS]
    columns = [name for name in dict.fromkeys([*after, *before]) if name not in _QUIET]
    columns.sort(key=lambda name: known.index(name) if name in known else len(known))
    kept = after.index[after.index.isin(before.index)]
    one, other = (
        table.reindex(columns=columns, fill_value="").loc[kept] for table in (before, after)
    )
    row, place = np.nonzero((one != other).to_numpy())
    cells: dict[str, Any] = {
        "name": kept.to_numpy()[row],
        "column": np.array(columns, dtype=object)[place],
        "old": one.to_numpy()[row, place],
        "new": other.to_numpy()[row, place],
    }
    changed = pd.DataFrame(cells).assign(change=change)
    if only_kept:
        return changed
    gone, come = before.index.difference(kept, sort=False), after.index.difference(kept, sort=False)
    lone = pd.DataFrame({"name": [*gone, *come], "old": [*gone, *[""] * len(come)]})
    lone["new"] = [*[""] * len(gone), *come]
    return pd.concat([changed, lone.assign(change=change, column=change)], ignore_index=True)
