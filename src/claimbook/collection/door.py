"""The one way in: whatever comes is a collection, a table of claims, or told what it should be."""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from warnings import warn

import pandas as pd

from claimbook.collection.collection import Collection
from claimbook.collection.problems import describe_problems

_P = ParamSpec("_P")
_Answer = TypeVar("_Answer")


def of_collection(
    function: Callable[Concatenate[Collection, _P], _Answer],
) -> Callable[Concatenate[Collection | pd.DataFrame, _P], _Answer]:
    """
    Let a function of a collection take a table of claims too, and remember what it answers.

    Parameters
    ----------
    function : callable
        Takes a `Collection` first and changes nothing.

    Returns
    -------
    asked : callable
        Takes a `Collection` or a DataFrame of claims. Asked the same of the same collection again
        it gives the same answer at once; of tables, lists and dicts it hands out a copy, so
        that whoever changes one changes nothing here.

    Examples
    --------
    >>> @of_collection
    ... def count_claims(collection):
    ...     return len(collection.claims)
    >>> from claimbook import read_collection
    >>> count_claims(read_collection("data")) > 400
    True
    >>> count_claims("data")
    Traceback (most recent call last):
        ...
    TypeError: expected a Collection or a DataFrame of claims, not 'data': read_collection reads it
    """

    @wraps(function)
    def asked(collection: Any, /, *args: _P.args, **options: _P.kwargs) -> _Answer:
        collection = admit(collection)
        key = (function, args, tuple(sorted(options.items())))
        try:
            hash(key)
        except TypeError:
            return function(collection, *args, **options)
        if key not in collection.kept:
            collection.kept[key] = function(collection, *args, **options)
        return cast(_Answer, _copy(collection.kept[key]))

    return asked


def _copy(answer: Any) -> Any:
    """Copy tables, and the lists, tuples and dicts that hold them; named tuples are ours alone."""
    if isinstance(answer, pd.DataFrame | pd.Series):
        return answer.copy(deep=False)
    if isinstance(answer, dict):
        return {key: _copy(value) for key, value in answer.items()}
    if type(answer) in (list, tuple):
        return type(answer)(map(_copy, answer))
    return answer


def admit(collection: Any) -> Collection:
    """
    Give what came as a collection.

    Parameters
    ----------
    collection : Collection, or a table of claims of any library
        A table is taken as `Collection.from_frame` takes it, bare of sources and vocabulary.

    Returns
    -------
    collection : Collection
        The same, or a new one.

    Warns
    -----
    UserWarning
        Where rows of a table had to be set aside: how many, and the first problem.

    Raises
    ------
    TypeError
        If it is neither.
    ClaimsError
        If the table lacks a column that the codebook requires, or an id stands twice.

    Examples
    --------
    >>> admit(["a", "list"])
    Traceback (most recent call last):
        ...
    TypeError: expected a Collection or a DataFrame of claims, found a list
    """
    if isinstance(collection, Collection):
        return collection
    if isinstance(collection, str | os.PathLike):
        raise TypeError(
            "expected a Collection or a DataFrame of claims, "
            f"not {str(collection)!r}: read_collection reads it"
        )
    taken = Collection.from_frame(collection)
    if aside := len(taken.set_aside):
        first = describe_problems(taken.set_aside.head(1))[0]
        rows = "1 row is" if aside == 1 else f"{aside} rows are"
        warn(f"{rows} set aside: {first}", UserWarning, stacklevel=3)
    return taken
