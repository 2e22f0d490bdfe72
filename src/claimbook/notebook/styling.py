"""Tables that look right in a notebook: words wrapped, levels in their colours, claims linked."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from html import escape
from typing import Any, Final, NamedTuple

import pandas as pd
from IPython.display import HTML

from claimbook.collection.codebook import FACETS
from claimbook.collection.collection import Collection
from claimbook.collection.problems import PROBLEM_COLUMNS, iter_rows
from claimbook.collection.vocabulary import Vocabulary
from claimbook.figures.style import (
    FIDELITY_SIGNS,
    VERDICT_SIGNS,
    find_colours,
    find_signs,
)
from claimbook.report.register import find_records
from claimbook.report.wording import count_noun, find_words, link_page, write_level

MOST_ROWS: Final = 20
_LONG: Final = 40
_MOST_ITEMS: Final = 12
_LEVELS: Final = ("recommendation", "level", "level_a", "level_b", "lowest", "highest")
_JUDGED: Final = ("verdict", "without", "folded", "relation", "fidelity")
_CLAIMS: Final = (
    "claim_id",
    "claim_ids",
    "claim_a",
    "claim_b",
    "claims_a",
    "claims_b",
    "claims_for",
    "claims_against",
    "broader",
    "finding",
    "reference",
)
_SOURCES: Final = (
    "source",
    "source_a",
    "source_b",
    "sources_for",
    "sources_against",
    "turning_sources",
    "cited_study",
    "study",
)
# a table that has all columns of one of these groups is one of claims, or counted from claims
_TOLD_BY: Final = (
    ("claim_id",),
    ("claim_a", "claim_b"),
    ("source_a", "source_b"),
    ("recommendation",),
    ("fidelity",),
    ("verdict",),
    ("cited_study",),
    FACETS,
    ("for", "against"),
    ("source", "kind"),
    ("source", "coverage"),
    ("sources", "claims"),
    ("claims_for", "claims_against"),
    ("kind", "distance"),
    ("studies", "overlap"),
    ("rests_on",),
    ("scheme", "term"),
    ("scheme", "broader"),
    ("column", "alpha"),
    PROBLEM_COLUMNS,
)
_SIGNS: Final = {**VERDICT_SIGNS, **FIDELITY_SIGNS}
# ':is(.claimbook, #claimbook)' weighs as much as an id: what a notebook says of tables gives way
_STYLE: Final = """<style>
:is(.claimbook, #claimbook) { overflow-x: auto; margin: .8em 0 1.4em; }
:is(.claimbook, #claimbook) table { border-collapse: collapse; width: auto; margin: 0; \
font-size: .9em; line-height: 1.4; }
:is(.claimbook, #claimbook) caption { text-align: start; padding: 0 0 .4em; }
:is(.claimbook, #claimbook) :is(th, td) { text-align: start; vertical-align: top; \
white-space: normal; max-width: 30em; overflow-wrap: break-word; padding: .4em 1.2em .4em 0; \
background: none; border: 0 solid var(--jp-border-color2, var(--rule, #8888)); \
border-bottom-width: 1px; unicode-bidi: plaintext; }
:is(.claimbook, #claimbook) thead th { vertical-align: bottom; border-bottom-width: 2px; \
font-weight: 700; }
:is(.claimbook, #claimbook) tbody th { font-weight: 400; }
:is(.claimbook, #claimbook) .number { text-align: end; font-variant-numeric: tabular-nums; }
:is(.claimbook, #claimbook) .short { white-space: nowrap; max-width: none; }
:is(.claimbook, #claimbook) .name { min-width: 9em; }
:is(.claimbook, #claimbook) .long { min-width: 12em; }
:is(.claimbook, #claimbook) :is(.level, .sign) { display: inline-block; text-align: center; }
:is(.claimbook, #claimbook) .level { min-width: 1.9em; padding: 0 .3em; border: 0; \
border-radius: .25em; font-weight: 700; line-height: 1.3; \
outline: 1px solid var(--jp-border-color2, var(--rule, #8888)); outline-offset: -1px; }
:is(.claimbook, #claimbook) .sign { min-width: 1em; }
</style>"""
# a notebook would take what stands between two dollars for a formula
_NO_FORMULAS: Final = "mathjax_ignore tex2jax_ignore"
_Write = Callable[[Any], str]


class _Column(NamedTuple):
    """A column of a table, ready to be written."""

    name: str
    cells: pd.Series
    is_index: bool

    def find_meaning(self, known: Iterable[str]) -> str:
        """Find the known name that the column has, be it with an ending that a merge added."""
        stem = self.name.rpartition("_")[0]
        return next((name for name in (self.name, stem) if name in known), "")


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
        Its levels are coloured; a claim is linked to its words and a source to its page, where
        the address is known. None stands for the codebook's levels and no addresses.
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
    writers = _find_writers(columns, collection)
    heads = "".join(_write_head(column) for column in columns)
    cells = [list(_write_cells(column, writers)) for column in columns]
    body = "\n".join(f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True))
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    rest = 0 if most is None else max(len(table) - most, 0)
    name = caption or f"Table of {count_noun(len(table), 'row')}"
    return HTML(
        f'{_STYLE}<div class="claimbook {_NO_FORMULAS}" tabindex="0" role="group" '
        f'aria-label="{escape(name)}">'
        f"<table>{said}<thead><tr>{heads}</tr></thead>\n<tbody>{body}</tbody></table>"
        f"{_say_rest(rest, len(table))}</div>"
    )


def _list_columns(table: pd.DataFrame) -> Iterator[_Column]:
    """List the columns, those of the index before the others where they have names."""
    for place, name in enumerate(table.index.names):
        if name is not None and name not in table.columns:
            yield _Column(str(name), table.index.get_level_values(place).to_series(), True)
    for place, name in enumerate(table.columns):
        yield _Column(str(name), table.iloc[:, place], False)


def _say_rest(rest: int, rows: int) -> str:
    if not rows:
        return "<p>No rows.</p>"
    if not rest:
        return ""
    rows_are = "row is" if rest == 1 else "rows are"
    return f"<p>{rest:,} more {rows_are} not shown, of {rows:,}.</p>"


def _write_head(column: _Column) -> str:
    return f'<th scope="col"{_name_class(column)}>{escape(column.name)}</th>'


def _write_cells(column: _Column, writers: dict[str, _Write]) -> Iterator[str]:
    start, end = ('<th scope="row"', "</th>") if column.is_index else ("<td", "</td>")
    start = f"{start}{_name_class(column)}>"
    write = writers.get(column.find_meaning(writers), _write_text)
    if _is_number(column):
        write = _choose_format(column.cells)
    for cell in column.cells:
        items = _list_items(cell)
        shown = [write(item) for item in items[:_MOST_ITEMS]]
        rest = [f"and {len(items) - _MOST_ITEMS:,} more"] if len(items) > _MOST_ITEMS else []
        yield f"{start}{', '.join(shown + rest)}{end}"


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


def _name_class(column: _Column) -> str:
    if _is_number(column):
        return ' class="number"'
    if column.find_meaning((*_LEVELS, *_JUDGED, *_CLAIMS[:4])):
        return ' class="short"'
    lengths = [sum(len(str(item)) + 2 for item in _list_items(cell)) for cell in column.cells]
    longest = max(lengths, default=0)
    if column.find_meaning(_SOURCES):
        return ' class="name"' if longest > _LONG / 2 else ""
    return ' class="long"' if longest > _LONG else ""


def _is_number(column: _Column) -> bool:
    kind = column.cells.dtype
    return bool(pd.api.types.is_numeric_dtype(kind)) and not pd.api.types.is_bool_dtype(kind)


def _choose_format(cells: pd.Series) -> _Write:
    """Write whole numbers as such, and a column with parts to three digits."""
    known = cells.dropna()
    return "{:,.0f}".format if (known == known.round()).all() else "{:,.3f}".format


def _write_text(item: Any) -> str:
    return escape(str(item))


def _find_writers(columns: list[_Column], collection: Collection | None) -> dict[str, _Write]:
    """Say how the cells of the columns that mean something are written."""
    vocabulary = Vocabulary() if collection is None else collection.vocabulary
    sources = {} if collection is None else _find_pages(collection.sources)
    shown = set(_gather(columns, _CLAIMS))
    claims = {} if collection is None else _find_addresses(collection.claims, shown, sources)
    marks = _mark_levels(vocabulary)
    return {
        **dict.fromkeys(_CLAIMS, lambda item: _write_id(item, claims)),
        **dict.fromkeys(_SOURCES, lambda item: link_page(sources.get(item, ""), str(item))),
        **dict.fromkeys(_LEVELS, lambda item: marks.get(item) or _write_text(item)),
        **dict.fromkeys(_JUDGED, _write_judged),
        "url": lambda item: link_page(str(item), str(item)),
    }


def _write_id(claim: Any, pages: dict[str, str]) -> str:
    """Write a claim's key, linked where it can be, and in one piece unless it is long."""
    link = link_page(pages.get(claim, ""), str(claim))
    return link if len(str(claim)) > _LONG else f'<span class="short">{link}</span>'


def _write_judged(word: Any) -> str:
    sign = f'<span class="sign">{_SIGNS[word]}</span> ' if word in _SIGNS else ""
    return f"{sign}{escape(str(word))}"


def _gather(columns: list[_Column], names: tuple[str, ...]) -> Iterator[Any]:
    for column in columns:
        if column.find_meaning(names):
            yield from (item for cell in column.cells for item in _list_items(cell))


def _find_pages(sources: pd.DataFrame) -> dict[str, str]:
    """Find the page of each source, by its key and by its label."""
    pages: dict[str, str] = {}
    for row in iter_rows(sources):
        page = next(filter(None, (getattr(row, "url", ""), *find_records(row))), "")
        label = getattr(row, "label", "") or row.source.replace("_", " ")
        pages.setdefault(label, page)
        pages[row.source] = page
    return pages


def _find_addresses(claims: pd.DataFrame, ids: set[Any], pages: dict[str, str]) -> dict[str, str]:
    """Find the address of each claim's own words, or of its source."""
    return {
        claim.claim_id: find_words(pages.get(claim.source, ""), claim.quote)
        for claim in iter_rows(claims[claims["claim_id"].isin(ids)])
    }


def _mark_levels(vocabulary: Vocabulary) -> dict[str, str]:
    colours, signs = find_colours(vocabulary), find_signs(vocabulary)
    names = {level: vocabulary.describe("recommendation", level)[0] for level in colours}
    return {
        level: write_level(name, colour=colours[level], sign=signs[level])
        for level, name in names.items()
    }


def load_ipython_extension(ipython: Any) -> None:
    """
    Show tables of claims as `style_table` does, wherever a notebook shows one.

    Called by ``%load_ext claimbook``. Levels and addresses come from the collection that the
    notebook has read. Tables that hold no claims stay as pandas shows them.

    Parameters
    ----------
    ipython : InteractiveShell
        The notebook's own.

    Examples
    --------
    >>> from IPython.core.interactiveshell import InteractiveShell
    >>> shell = InteractiveShell.instance()
    >>> load_ipython_extension(shell)
    >>> claims = pd.DataFrame({"claim_id": ["a"], "recommendation": ["for"]})
    >>> "++" in shell.display_formatter.format(claims)[0]["text/html"]
    True
    >>> unload_ipython_extension(shell)
    """
    formatter = ipython.display_formatter.formatters["text/html"]
    former = formatter.type_printers.get(pd.DataFrame)
    if not _is_ours(former):
        show = partial(_show, former=former, names=ipython.user_ns)
        formatter.for_type(pd.DataFrame, show)


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
    >>> unload_ipython_extension(InteractiveShell.instance())  # nothing to undo
    """
    formatter = ipython.display_formatter.formatters["text/html"]
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
        collection = _find_collection(table, names)
        return str(style_table(table, collection=collection).data)
    shown: str | None = former(table) if former else table._repr_html_()  # type: ignore[operator]
    return shown


def _holds_claims(table: pd.DataFrame) -> bool:
    if table.columns.nlevels > 1:
        return False
    names = {*table.columns, *table.index.names, table.columns.name}
    return any(names.issuperset(group) for group in _TOLD_BY)


def _find_collection(table: pd.DataFrame, names: dict[str, Any]) -> Collection | None:
    """Find, of the collections that a notebook has read, the one of which most is in a table."""
    found = [value for value in names.values() if isinstance(value, Collection)]
    shown = set(_gather(list(_list_columns(table.head(MOST_ROWS))), (*_CLAIMS, *_SOURCES)))
    return max(found, key=lambda one: _count_known(one, shown), default=None)


def _count_known(collection: Collection, shown: set[Any]) -> int:
    claims = collection.claims
    return int(claims["claim_id"].isin(shown).sum() + claims["source"].isin(shown).any())
