"""Results laid out: as lines for people, as CSV or JSON for programs."""

import json
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pandas as pd

from claimbook.collection.codebook import RELATIONS, SCOPES
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows

_MOST_PAIRS: Final = 12


def describe_size(collection: Collection) -> str:
    """Say how much a collection holds."""
    claims = collection.claims
    asked = claims[["condition", "intervention", "aspect"]].drop_duplicates()
    return f"{len(claims)} claims by {claims['source'].nunique()} sources on {len(asked)} questions"


def describe_relations(counts: pd.DataFrame) -> list[str]:
    """Show the numbers of pairs of claims by relation and scope."""
    sums = counts.groupby(["relation", "scope"])["pairs"].sum().unstack()
    table = sums.reindex(index=RELATIONS, columns=SCOPES).rename_axis(index=None, columns=None)
    table = table.assign(all=table.sum(axis=1))
    return [
        f"{int(table['all'].sum())} pairs of claims meet, by relation and scope:",
        "",
        *table.to_string().splitlines(),
    ]


def describe_points(points: pd.DataFrame) -> list[str]:
    """List points of conflict, exceptions gathered by the narrower case."""
    lines = [
        f"{point.kind}: {point.intervention} / {point.condition} / {point.aspect}: "
        f"for {', '.join(point.sources_for)}; against {', '.join(point.sources_against)}"
        for point in iter_rows(points[~points["kind"].isin(["exception", "overlap"])])
    ]
    lines += _describe_exceptions(points[points["kind"] == "exception"])
    if overlaps := int((points["kind"] == "overlap").sum()):
        lines.append(f"overlap: {overlaps} pairs of questions of which neither is the broader")
    return (
        ["Points of conflict (--format csv lists every pair):", *lines]
        if lines
        else ["No claims conflict."]
    )


def _describe_exceptions(points: pd.DataFrame) -> list[str]:
    case = ["narrower_intervention", "narrower_condition", "narrower_aspect", "narrower_side"]
    lines = []
    for (*terms, side), group in points.groupby(case, sort=False):
        sources = dict.fromkeys(source for row in group[f"sources_{side}"] for source in row)
        lines.append(f"exception: {' / '.join(map(str, terms))}: {side} {', '.join(sources)}")
    return lines


def describe_verified(verified: pd.DataFrame) -> list[str]:
    """List the quotes that were not found once, and count the rest."""
    lines = []
    for row in iter_rows(verified):
        if row.status == "not found":
            hint = f", nearest ({row.similarity:.2f}): {row.hint}" if row.hint else ""
            lines.append(f"{row.claim_id} ({row.source}): not found{hint}")
        elif row.status == "ambiguous":
            lines.append(f"{row.claim_id} ({row.source}): ambiguous, in lines {row.line}")
    counts = verified["status"].value_counts()
    return [
        *lines,
        ", ".join(f"{count} {status}" for status, count in counts.items()) or "no claims",
    ]


def describe_agreement(measured: dict[str, Any]) -> list[str]:
    """List the measures of agreement and the pairs that share most."""
    lines = [
        f"{measured['pairable_units']} of {measured['units']} questions are answered by more than "
        f"one of {measured['sources']} sources; agreement between sources, not between coders:",
        "",
    ]
    for name in ("agreement", "alpha_nominal", "alpha_ordinal", "alpha_interval"):
        low, high = (show_number(measured[f"{name}_{end}"]) for end in ("low", "high"))
        lines.append(f"  {name:<15} {show_number(measured[name])}  (95 % {low} to {high})")
    lines += ["", f"left out, since a source stands on both sides: {measured['left_out']}", ""]
    pairs = sorted(measured["pairs"], key=lambda pair: -pair["shared"])
    lines += [
        f"  {pair['source_a']} and {pair['source_b']}: {pair['shared']} shared, "
        f"{pair['equal']} equal, {pair['opposite']} opposite"
        for pair in pairs[:_MOST_PAIRS]
    ]
    rest = len(pairs) - _MOST_PAIRS
    lines += [f"  and {rest} more pairs: --format json lists them"] if rest > 0 else []
    if "without" in measured:
        lines += ["", "Without one source:", *_describe_without(measured["without"])]
    if "yardstick" in measured:
        lines += ["", *_describe_yardstick(measured["yardstick"])]
    return lines


def _describe_without(rows: list[dict[str, Any]]) -> list[str]:
    return [
        f"  {row['source']}: agreement {show_number(row['agreement'])}, "
        f"ordinal alpha {show_number(row['alpha_ordinal'])}, on {row['pairable_units']} questions"
        for row in rows
    ]


def _describe_yardstick(measured: dict[str, Any]) -> list[str]:
    """Say how far each source agrees with the yardstick, and what it leaves out."""
    left: dict[str, list[str]] = {}
    for row in measured["omissions"]:
        left.setdefault(row["source"], []).append(row["claim_id"])
    lines = [f"Held against {measured['yardstick']} (same level, of the claims that meet it):"]
    for row in measured["sources"]:
        omitted = left.get(row["source"], [])
        lines.append(
            f"  {row['source']}: {row['agree']} of {row['met']} agree, {row['qualify']} qualify, "
            f"{row['conflict']} conflict; addresses {row['addressed']} of "
            f"{row['recommendations']} recommendations, {row['rightly']} rightly"
            + (f"; leaves out {', '.join(omitted)}" if omitted else "")
        )
    return lines


def describe_changes(changes: pd.DataFrame) -> list[str]:
    """Say what changed, verdicts first."""
    if changes.empty:
        return ["No claim and no verdict changed."]
    lines = []
    for row in iter_rows(changes):
        question = " / ".join((row.intervention, row.condition, row.aspect))
        old, new = (text or "nobody answers it" for text in (row.old, row.new))
        lines.append(
            {
                "verdict": f"verdict on {question}: {old} -> {new}",
                "removed": f"removed {row.claim_id} ({question}): {row.old}",
                "added": f"added {row.claim_id} ({question}): {row.new}",
                "recoded": f"{row.claim_id}: {row.column} is {row.new!r}, was {row.old!r}",
            }[row.change]
        )
    counts = changes["change"].value_counts(sort=False)
    words = {"verdict": "verdicts turned", "recoded": "cells changed"}
    summary = ", ".join(f"{count} {words.get(str(name), name)}" for name, count in counts.items())
    return [*lines, "", summary]


def show_number(number: float | None) -> str:
    """Write a number, or say that it is not defined."""
    return "undefined" if number is None or number != number else f"{number:.3f}"


def _replace_nan(content: Any) -> Any:
    """Write a number that is not defined as null, which JSON knows, and not as NaN."""
    if isinstance(content, dict):
        return {key: _replace_nan(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_replace_nan(value) for value in content]
    return None if content != content else content


def write_csv(tables: Iterable[pd.DataFrame]) -> Iterator[str]:
    """Write pieces of one table as CSV, under one header."""
    for number, table in enumerate(tables):
        yield table.to_csv(index=False, header=number == 0, lineterminator="\n")


def write_json(tables: Iterable[pd.DataFrame]) -> Iterator[str]:
    """Write pieces of one table as a JSON list of rows; a number that is missing is null."""
    yield "["
    between = "\n"
    for table in tables:
        for row in table.astype(object).where(table.notna(), None).to_dict("records"):
            yield between + json.dumps(row, ensure_ascii=False, default=_as_plain)
            between = ",\n"
    yield "\n]\n"


def write_object(content: dict[str, Any]) -> list[str]:
    """Write one object as JSON, line by line."""
    return json.dumps(
        _replace_nan(content), ensure_ascii=False, indent=1, default=_as_plain
    ).splitlines()


def _as_plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


def draw_table(table: pd.DataFrame) -> list[str]:
    """Lay a table out in columns as wide as the terminal allows, long cells on several lines."""
    names = [str(name) for name in table.columns]
    rows = [[str(cell) for cell in row] for row in table.itertuples(index=False)]
    widths = _fit_widths([names, *rows], shutil.get_terminal_size((100, 24)).columns)
    lines = []
    for row in [names, ["-" * width for width in widths], *rows]:
        cells = [
            textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)
        ]
        for number in range(max(map(len, cells))):
            parts = (cell[number] if number < len(cell) else "" for cell in cells)
            line = "  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True))
            lines.append(line.rstrip())
    return lines


def _fit_widths(rows: list[list[str]], total: int) -> list[int]:
    """Narrow the widest columns, one letter at a time, until the table fits."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    while sum(widths) + 2 * (len(widths) - 1) > total and max(widths) > 10:
        widths[widths.index(max(widths))] -= 1
    return widths
