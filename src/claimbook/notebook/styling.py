"""Tables that look right in a notebook: words wrapped, levels in their colours, claims linked."""

import re
from collections.abc import Iterator
from functools import cache, partial
from importlib import resources
from typing import Any, Final, NamedTuple

import pandas as pd
from IPython.display import HTML
from markupsafe import Markup

from claimbook.collection.codebook import REQUIRED_CLAIM_COLUMNS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import PROBLEM_COLUMNS
from claimbook.notebook.html import render
from claimbook.report.html import Section
from claimbook.report.wording import count_noun, find_names

MOST_ROWS: Final = 20
_LONG: Final = 40
# what the cells of a column hold, where it is more than text
_MEANINGS: Final = {
    "level": "recommendation level level_a level_b lowest highest found_recommendation",
    "judged": "verdict without folded relation fidelity",
    "claim": "claim_id claim_ids claim_a claim_b claims_a claims_b claims_for claims_against "
    "broader finding reference",
    "source": "source source_a source_b sources_for sources_against turning_sources repeats "
    "cited_study study",
    "page": "url",
}
_MEANT: Final = {name: key for key, names in _MEANINGS.items() for name in names.split()}
_SEVERAL: Final = ("finding", "found_recommendation", "reference")  # with ';' between
# a table that has all columns of one of these groups is one of claims, or counted from claims
_GROUPS: Final = (
    "claim_id, claim_a claim_b, source_a source_b, recommendation, fidelity, verdict, cited_study, "
    "condition intervention aspect, for against, source kind, source coverage, sources claims, "
    "claims_for claims_against, kind distance, studies overlap, rests_on, scheme term, "
    "scheme broader, column alpha"
)
_TOLD_BY: Final = (*map(str.split, _GROUPS.split(", ")), PROBLEM_COLUMNS)


class _Column(NamedTuple):
    """A column of a table: its name, what each cell holds, what that means, and how it looks."""

    name: str
    is_index: bool
    items: list[list[Any]]
    meaning: str
    kind: str


def style_table(
    table: pd.DataFrame,
    *,
    collection: Collection | None = None,
    caption: str = "",
    most: int | None = MOST_ROWS,
) -> HTML:
    """
    Show a table of claims, or one counted from claims, as a person wants to read it.

    Long text is wrapped, levels have their colours and signs, lists are joined by commas, and
    what is empty is left blank. An index without a name is left out. The table fits light and
    dark themes.

    Parameters
    ----------
    table : DataFrame
        Any that this package returns, or one made from them.
    collection : Collection or None
        Its levels are coloured; a claim is linked to its words; a source is called by its label,
        and linked to its page where the address is known. None stands for the codebook's levels,
        keys, and no addresses.
    caption : str
        What the table shows; plain text.
    most : int or None
        Show no more rows than this, and say how many are not shown; None shows all.

    Returns
    -------
    html : HTML
        The same bytes for the same table; every text of it escaped.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["a"], "recommendation": ["for"], "claim": ["a < b"]})
    >>> page = style_table(claims).data
    >>> "++" in page, "a &lt; b" in page
    (True, True)
    """
    columns = list(_list_columns(table if most is None else table.head(most)))
    rest = 0 if most is None else max(len(table) - most, 0)
    told = "" if len(table) else "No rows."
    if rest:
        rows_are = "row is" if rest == 1 else "rows are"
        told = f"{rest:,} more {rows_are} not shown, of {len(table):,}."
    if collection is None:
        collection = Collection.from_frame(pd.DataFrame(columns=list(REQUIRED_CLAIM_COLUMNS)))
    page = render(
        "table",
        "table",
        names=find_names(collection.whole),
        columns=columns,
        rows=[*zip(*(column.items for column in columns), strict=True)],
        caption=caption,
        name=caption or f"Table of {count_noun(len(table), 'row')}",
        told=told,
    )
    return HTML(str(page))


def _list_columns(table: pd.DataFrame) -> Iterator[_Column]:
    """List the columns, those of the index before the others where they have names."""
    for place, name in enumerate(table.index.names):
        if name is not None and name not in table.columns:
            yield _read_column(str(name), table.index.get_level_values(place).to_series(), True)
    for place, name in enumerate(table.columns):
        yield _read_column(str(name), table.iloc[:, place], False)


def _read_column(name: str, cells: pd.Series, is_index: bool) -> _Column:
    """Read a column; it keeps its meaning under an ending that a merge has added."""
    items = [_list_items(cell) for cell in cells]
    if name in _SEVERAL:
        items = [[*dict.fromkeys(";".join(cell).split(";"))] if cell else cell for cell in items]
    meaning = _MEANT.get(name) or _MEANT.get(name.rpartition("_")[0], "")
    longest = max((sum(len(str(item)) + 2 for item in cell) for cell in items), default=0)
    kind = "long" if longest > _LONG else ""
    if meaning == "source":
        kind = "name" if longest > _LONG / 2 else ""
    if meaning in ("level", "judged"):
        kind = "short"
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        meaning, kind = "", "number"
        known = cells.dropna()  # whole numbers as such, and a column with parts to three digits
        write = ("{:,.0f}" if (known == known.round()).all() else "{:,.3f}").format
        items = [[write(item) for item in cell] for cell in items]
    return _Column(name, is_index, items, meaning, kind)


def _list_items(cell: Any) -> list[Any]:
    """List what a cell holds, as text unless it is one number; nothing where it is missing."""
    if isinstance(cell, list | tuple | set | frozenset):
        items = [str(item) for one in cell for item in _list_items(one)]
        return items if isinstance(cell, list | tuple) else sorted(items)
    if pd.api.types.is_bool(cell):
        return ["yes" if cell else "no"]
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return []
    return [cell if pd.api.types.is_number(cell) else str(cell)]


def load_ipython_extension(ipython: Any) -> None:
    """
    Show tables of claims as `style_table` does, wherever a notebook shows one.

    Called by ``%load_ext claimbook``. Levels and addresses come from the collection that the
    notebook has read. Tables that hold no claims stay as pandas shows them. Parts of a report,
    such as `report.show_claims` gives, look as they do in the report.

    Parameters
    ----------
    ipython : InteractiveShell
        The notebook's own.

    Examples
    --------
    >>> from IPython.core.interactiveshell import InteractiveShell
    >>> from traitlets.config import Config
    >>> shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    >>> load_ipython_extension(shell)  # as %load_ext claimbook does
    >>> claims = pd.DataFrame({"claim_id": ["a"], "recommendation": ["for"]})
    >>> "++" in shell.display_formatter.format(claims)[0]["text/html"]
    True
    """
    formatter = ipython.display_formatter.formatters["text/html"]
    former = formatter.type_printers.get(pd.DataFrame)
    if not _is_ours(former):
        show = partial(_show, former=former, names=ipython.user_ns)
        formatter.for_type(pd.DataFrame, show)
    formatter.for_type(Section, _dress)


def unload_ipython_extension(ipython: Any) -> None:
    """
    Show tables again as they were shown before `load_ipython_extension`.

    Parameters
    ----------
    ipython : InteractiveShell
        The notebook's own.

    Examples
    --------
    >>> from IPython.core.interactiveshell import InteractiveShell
    >>> from traitlets.config import Config
    >>> shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    >>> unload_ipython_extension(shell)  # nothing to undo
    """
    formatter = ipython.display_formatter.formatters["text/html"]
    formatter.type_printers.pop(Section, None)
    present = formatter.type_printers.get(pd.DataFrame)
    if _is_ours(present):
        formatter.pop(pd.DataFrame)
        if present.keywords["former"] is not None:
            formatter.for_type(pd.DataFrame, present.keywords["former"])


def _is_ours(show: Any) -> bool:
    return isinstance(show, partial) and show.func is _show


def _show(table: pd.DataFrame, *, former: Any, names: dict[str, Any]) -> str | None:
    """Write a table as a notebook shows it."""
    if _holds_claims(table):
        return str(style_table(table, collection=_find_collection(table, names)).data)
    shown: str | None = former(table) if former else table._repr_html_()  # type: ignore[operator]
    return shown


def _dress(section: Section) -> str:
    """Write a part of a report in the dress of the page; no dollar in it begins a formula."""
    return str(render("section", "dressed", section=section, style=_read_style()))


@cache
def _read_style() -> Markup:
    """Read the style of a report's page so that it holds within one element, and not outside."""
    style = resources.files("claimbook.report").joinpath("templates/claimbook/report.css")
    return Markup(re.sub(r"(?m)^(\s*)(:root|body)(?= {)", r"\1&", style.read_text("utf-8")))


def _holds_claims(table: pd.DataFrame) -> bool:
    if table.columns.nlevels > 1:
        return False
    names = {*table.columns, *table.index.names, table.columns.name}
    return any(names.issuperset(group) for group in _TOLD_BY)


def _find_collection(table: pd.DataFrame, names: dict[str, Any]) -> Collection | None:
    """Find, of the collections that a notebook has read, the one of which most is in a table."""
    columns = [*_list_columns(table.head(MOST_ROWS))]
    known = [column for column in columns if column.meaning in ("claim", "source")]
    shown = {item for column in known for cell in column.items for item in cell}

    def count_known(collection: Collection) -> int:
        claims = collection.claims
        return int(claims["claim_id"].isin(shown).sum() + claims["source"].isin(shown).any())

    found = [value for value in names.values() if isinstance(value, Collection)]
    return max(found, key=count_known, default=None)
