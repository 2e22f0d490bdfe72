"""The command ``claimbook``: arguments in, tables out. The only module that prints."""

import argparse
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import claimbook

if TYPE_CHECKING:
    import pandas as pd

# what a terminal would obey when it should show it
_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code != 9}

DONE, FOUND_WRONG, COULD_NOT, INTERRUPTED = 0, 1, 2, 130


def main(arguments: list[str] | None = None) -> int:
    """
    Run one command.

    Parameters
    ----------
    arguments : list of str, optional
        What stands behind ``claimbook`` on the command line; ``sys.argv`` where none is given.

    Returns
    -------
    status : int
        0 done and sound, 1 done and something found wrong, 2 could not be done, 130 interrupted.

    Examples
    --------
    >>> main(["check", "nowhere"])
    2
    """
    options = _build_parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except claimbook.ClaimsError as error:
        _say(f"{error}\nnothing was done: mend these first, 'claimbook check' lists them again")
        return FOUND_WRONG
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else error
        _say(f"claimbook {options.command}: {what}")
        return COULD_NOT
    except ValueError as error:
        _say(f"claimbook {options.command}: {error}")
        return COULD_NOT


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="claimbook",
        description=claimbook.__doc__,
        epilog="Begin with: claimbook init my-topic",
    )
    parser.add_argument("--version", action="version", version=f"claimbook {claimbook.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_check(commands)
    _add_relate(commands)
    _add_questions(commands)
    _add_verify(commands)
    _add_trace(commands)
    _add_report(commands)
    _add_init(commands)
    return parser


def _add_command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], *, does: str, example: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=does, description=f"{does[0].upper()}{does[1:]}.", epilog=f"Example: {example}"
    )
    parser.set_defaults(run=run)
    return parser


def _add_table_options(parser: argparse.ArgumentParser) -> None:
    _add_collection(parser)
    parser.add_argument(
        "--format",
        choices=("text", "csv", "json"),
        help="for people (text, the default) or for programs; "
        "taken from the name of --output where that ends in .csv or .json",
    )
    parser.add_argument(
        "--output", metavar="FILE", help="write a file, whole or not at all, instead of printing"
    )


def _add_collection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "collection",
        nargs="?",
        default="data",
        metavar="COLLECTION",
        help="folder with claims.csv, or a CSV file taken as it (default: data)",
    )


def _add_check(commands: Any) -> None:
    parser = _add_command(
        commands,
        "check",
        _run_check,
        does="list every problem in a collection, at once",
        example="claimbook check data --format csv --output problems.csv",
    )
    _add_table_options(parser)


def _run_check(options: argparse.Namespace) -> int:
    from claimbook.problems import describe_problems

    collection, problems = claimbook.check_collection(options.collection)
    lines = describe_problems(problems)
    if lines:
        lines.append(f"{len(problems)} problem{'s' * (len(problems) != 1)} found")
    else:
        lines.append(f"{_describe_size(collection)}: sound")
        if "vocabulary.csv" not in collection.files:
            lines.append("no vocabulary.csv: the spelling of terms was not checked")
    _write(options, [problems], lines)
    return FOUND_WRONG if len(problems) else DONE


def _describe_size(collection: "claimbook.Collection") -> str:
    claims = collection.claims
    asked = claims[["condition", "intervention", "aspect"]].drop_duplicates()
    return f"{len(claims)} claims by {claims['source'].nunique()} sources on {len(asked)} questions"


def _add_relate(commands: Any) -> None:
    parser = _add_command(
        commands,
        "relate",
        _run_relate,
        does="relate every two claims that meet: do they agree, qualify or conflict",
        example="claimbook relate data --format csv --output relations.csv",
    )
    _add_table_options(parser)


def _run_relate(options: argparse.Namespace) -> int:
    collection = claimbook.read_collection(options.collection)
    pieces = claimbook.iter_relations(collection.claims, collection.vocabulary)
    if _choose_format(options) != "text":
        _write(options, _show_progress(pieces, "pairs"), [])
        return DONE
    points = claimbook.find_conflicts(collection.claims, collection.vocabulary)
    _write(options, [], [*_describe_relations(pieces), "", *_describe_points(points)])
    return DONE


def _describe_relations(pieces: "Iterable[pd.DataFrame]") -> list[str]:
    from claimbook.codebook import RELATIONS, SCOPES

    total: Any = 0
    for piece in _show_progress(pieces, "pairs"):
        counts = piece.groupby(["relation", "scope"]).size().unstack(fill_value=0)
        total = total + counts.reindex(index=RELATIONS, columns=SCOPES, fill_value=0)
    table = total.assign(all=total.sum(axis=1)).rename_axis(index=None, columns=None)
    return [
        f"{int(table['all'].sum())} pairs of claims meet, by relation and scope:",
        "",
        *table.to_string().splitlines(),
    ]


def _describe_points(points: "pd.DataFrame") -> list[str]:
    from claimbook.tables import iter_rows

    lines = [
        f"{point.kind}: {point.intervention} / {point.condition} / {point.aspect}: "
        f"for {', '.join(point.sources_for)}; against {', '.join(point.sources_against)}"
        for point in iter_rows(points[~points["kind"].isin(["exception", "overlap"])])
    ]
    lines += _describe_exceptions(points[points["kind"] == "exception"])
    return (
        ["Points of conflict (--format csv lists every pair):", *lines]
        if lines
        else ["No claims conflict."]
    )


def _describe_exceptions(points: "pd.DataFrame") -> list[str]:
    case = ["narrower_intervention", "narrower_condition", "narrower_aspect", "narrower_side"]
    lines = []
    for (*terms, side), group in points.groupby(case, sort=False):
        sources = dict.fromkeys(source for row in group[f"sources_{side}"] for source in row)
        lines.append(f"exception: {' / '.join(map(str, terms))}: {side} {', '.join(sources)}")
    return lines


def _add_questions(commands: Any) -> None:
    parser = _add_command(
        commands,
        "questions",
        _run_questions,
        does="list the questions (condition, intervention, aspect) and the verdict on each",
        example="claimbook questions data --roll-up aspect=use --roll-up 'condition=back pain'",
    )
    _add_table_options(parser)
    parser.add_argument(
        "--roll-up",
        action="append",
        default=[],
        metavar="FACET=TERM",
        help="first replace each term under TERM by it (repeatable)",
    )


def _run_questions(options: argparse.Namespace) -> int:
    from claimbook.codebook import VERDICTS

    collection = claimbook.read_collection(options.collection)
    claims = collection.claims
    for facet, term in map(_split_roll_up, options.roll_up):
        claims = claimbook.roll_up(claims, collection.vocabulary, facet=facet, term=term)
    questions = claimbook.count_questions(claims, collection.vocabulary)
    order = questions["verdict"].map(VERDICTS.index).sort_values(kind="stable").index
    _write(options, [questions], _draw_table(questions.loc[order]))
    return DONE


def _split_roll_up(text: str) -> tuple[str, str]:
    facet, sign, term = text.partition("=")
    if not sign:
        raise ValueError(f"--roll-up {text!r}: expected FACET=TERM, such as aspect=use")
    return facet.strip(), term.strip()


def _add_verify(commands: Any) -> None:
    parser = _add_command(
        commands,
        "verify",
        _run_verify,
        does="look each quote up in the text of its source",
        example="claimbook verify data --texts articles",
    )
    _add_table_options(parser)
    parser.add_argument(
        "--texts",
        required=True,
        metavar="DIR",
        help="folder with the texts, under the names that sources.csv gives (column text)",
    )


def _run_verify(options: argparse.Namespace) -> int:
    from claimbook.quotes import verify_quotes
    from claimbook.tables import read_texts

    collection = claimbook.read_collection(options.collection)
    texts, changed = read_texts(collection.sources, options.texts)
    verified = verify_quotes(collection.claims, texts)
    _write(options, [verified], _describe_verified(verified))
    for source in changed:
        _say(f"{source}: its text is not the one that sha256 in sources.csv names: verify by eye")
    failed = verified["status"].isin(["not found", "ambiguous", "no text"])
    return FOUND_WRONG if failed.any() or changed else DONE


def _describe_verified(verified: "pd.DataFrame") -> list[str]:
    from claimbook.tables import iter_rows

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


def _add_trace(commands: Any) -> None:
    parser = _add_command(
        commands,
        "trace",
        _run_trace,
        does="hold each claim that leans on a study against what the study found",
        example="claimbook trace data --format csv",
    )
    _add_table_options(parser)


def _run_trace(options: argparse.Namespace) -> int:
    collection = claimbook.read_collection(options.collection)
    traces = claimbook.trace_claims(collection.claims, collection.vocabulary)
    counts = traces["fidelity"].value_counts()
    summary = ", ".join(f"{count} {name}" for name, count in counts.items())
    silent = len(collection.claims) - len(traces)
    lines = [
        *_draw_table(traces),
        "",
        f"{summary or 'no claim leans on anybody'}; {silent} uncredited",
    ]
    _write(options, [traces], lines)
    return DONE


def _add_report(commands: Any) -> None:
    parser = _add_command(
        commands,
        "report",
        _run_report,
        does="run the report notebook on a collection and write one HTML file",
        example="claimbook report data --output report.html",
    )
    _add_collection(parser)
    parser.add_argument(
        "--output", metavar="FILE", default="report.html", help="(default: report.html)"
    )


def _run_report(options: argparse.Namespace) -> int:
    from claimbook.exporter import write_report

    claimbook.read_collection(options.collection)
    output = Path(options.output)
    write_report(options.collection, output, tell=_say)
    print(f"report written: {output.resolve()}")
    return DONE


def _add_init(commands: Any) -> None:
    parser = _add_command(
        commands,
        "init",
        _run_init,
        does="make a new collection: a worked example row, its tables and its notebook",
        example="claimbook init coffee-and-sleep",
    )
    parser.add_argument("folder", metavar="DIR", help="made where it is missing")


def _run_init(options: argparse.Namespace) -> int:
    from claimbook.starter import write_starter

    for path in write_starter(options.folder):
        print(path)
    print(
        f"\nNext: replace the example row of {Path(options.folder) / 'claims.csv'} by your own, "
        f"then\n  claimbook check {options.folder}\n  claimbook report {options.folder}"
    )
    return DONE


def _choose_format(options: argparse.Namespace) -> str:
    suffix = Path(options.output or "").suffix.lower().lstrip(".")
    return str(options.format or (suffix if suffix in ("csv", "json") else "text"))


def _write(
    options: argparse.Namespace, tables: "Iterable[pd.DataFrame]", lines: Iterable[str]
) -> None:
    """Write pieces of one table for programs, or lines for people, to a file or to the screen."""
    form = _choose_format(options)
    parts = {"csv": _write_csv, "json": _write_json}
    with _open(options.output) as file:
        if form in parts:
            for part in parts[form](tables):
                file.write(part)
        else:
            file.writelines(f"{line.translate(_ESCAPES)}\n" for line in lines)


@contextmanager
def _open(output: str | None) -> Iterator[IO[str]]:
    if output:
        from claimbook.tables import open_output

        with open_output(output) as file:
            yield file
    elif sys.stdout is None:
        raise OSError("standard output is closed: name a file with --output")
    else:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield sys.stdout
        sys.stdout.flush()


def _write_csv(tables: "Iterable[pd.DataFrame]") -> Iterator[str]:
    for number, table in enumerate(tables):
        yield table.to_csv(index=False, header=number == 0, lineterminator="\n")


def _write_json(tables: "Iterable[pd.DataFrame]") -> Iterator[str]:
    yield "["
    between = "\n"
    for table in tables:
        for row in table.astype(object).where(table.notna(), None).to_dict("records"):
            yield between + json.dumps(row, ensure_ascii=False, default=_as_plain)
            between = ",\n"
    yield "\n]\n"


def _as_plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


def _draw_table(table: "pd.DataFrame") -> list[str]:
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


def _show_progress(pieces: "Iterable[pd.DataFrame]", what: str) -> "Iterator[pd.DataFrame]":
    """Hand pieces on, counting them aloud where a person watches and there is more than one."""
    done = 0
    for number, piece in enumerate(pieces):
        done += len(piece)
        if number and sys.stderr.isatty():
            print(f"\r{done:,} {what} ", end="", file=sys.stderr, flush=True)
        yield piece


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
