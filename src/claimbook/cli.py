"""The command ``claimbook`` and its arguments."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import Any

import claimbook

_DONE, _FOUND_WRONG, _COULD_NOT, _INTERRUPTED = 0, 1, 2, 130


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
    try:
        options = _build_parser().parse_args(arguments)
        return _run(options)
    finally:
        _drop_what_cannot_be_written()


def _run(options: argparse.Namespace) -> int:
    try:
        from claimbook import commands  # here, so that --help need not wait for pandas

        run: Callable[[argparse.Namespace], int] = getattr(commands, f"run_{options.command}")
        status = run(options)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        return _DONE
    except claimbook.ClaimsError as error:
        _say(f"{error}\nnothing was done: mend these first, 'claimbook check' lists them again")
        return _FOUND_WRONG
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else error
        _say(f"claimbook {options.command}: {what}")
        return _COULD_NOT
    except (ModuleNotFoundError, ValueError) as error:
        _say(f"claimbook {options.command}: {error}")
        return _COULD_NOT


def _drop_what_cannot_be_written() -> None:
    """Keep Python from complaining at its end of a reader that has gone, or a full disk."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
    _add_agreement(commands)
    _add_reliability(commands)
    _add_diff(commands)
    _add_report(commands)
    _add_explore(commands)
    _add_init(commands)
    return parser


def _add_command(commands: Any, name: str, *, does: str, example: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=does, description=f"{does[0].upper()}{does[1:]}.", epilog=f"Example: {example}"
    )
    return parser


def _add_table_options(parser: argparse.ArgumentParser) -> None:
    _add_collection(parser)
    _add_format_options(parser)


def _add_format_options(parser: argparse.ArgumentParser) -> None:
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
        does="list every problem in a collection, at once",
        example="claimbook check data --format csv --output problems.csv",
    )
    _add_table_options(parser)


def _add_relate(commands: Any) -> None:
    parser = _add_command(
        commands,
        "relate",
        does="relate every two claims that meet: do they agree, qualify or conflict",
        example="claimbook relate data --format csv --output relations.csv",
    )
    _add_table_options(parser)


def _add_questions(commands: Any) -> None:
    parser = _add_command(
        commands,
        "questions",
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
    _add_leave_one_out(
        parser,
        help="add what each verdict hangs on: the fewest claims coded otherwise that turn it, "
        "the sources without which it is another, and the verdict on three levels",
    )


def _add_verify(commands: Any) -> None:
    parser = _add_command(
        commands,
        "verify",
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
    parser.add_argument(
        "--record",
        action="store_true",
        help="keep in verified.csv, beside the claims, which quotes were found: "
        "the report marks them",
    )


def _add_trace(commands: Any) -> None:
    parser = _add_command(
        commands,
        "trace",
        does="hold each claim that leans on a study against what the study found",
        example="claimbook trace data --format csv",
    )
    _add_table_options(parser)


def _add_agreement(commands: Any) -> None:
    parser = _add_command(
        commands,
        "agreement",
        does="measure how far sources agree on the questions that they share",
        example="claimbook agreement data --yardstick nice_ng59 --format json",
    )
    _add_collection(parser)
    parser.add_argument(
        "--yardstick",
        metavar="SOURCE",
        help="also hold every other source against this one, such as a guideline: "
        "how accurate it is, how much it covers, what it leaves out",
    )
    _add_leave_one_out(parser, help="also measure how far the others agree without each source")
    _add_object_options(parser)


def _add_leave_one_out(parser: argparse.ArgumentParser, *, help: str) -> None:
    parser.add_argument("--leave-one-out", action="store_true", help=help)


def _add_reliability(commands: Any) -> None:
    parser = _add_command(
        commands,
        "reliability",
        does="compare two codings of the same passages, matched by claim_id",
        example="claimbook reliability data/coding/first.csv data/coding/second.csv",
    )
    parser.add_argument("first", metavar="A.csv", help="one coding")
    parser.add_argument("second", metavar="B.csv", help="the other")
    _add_object_options(parser)


def _add_diff(commands: Any) -> None:
    parser = _add_command(
        commands,
        "diff",
        does="list what changed between two versions of a collection, and the verdicts it turned",
        example="claimbook diff data-2025 data --format csv",
    )
    parser.add_argument("old", metavar="OLD", help="folder or CSV file of the older version")
    parser.add_argument("new", metavar="NEW", help="folder or CSV file of the newer one")
    _add_format_options(parser)


def _add_object_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        help="for people (text, the default) or for programs (json)",
    )
    parser.add_argument("--output", metavar="FILE", help="write a file instead of printing")


def _add_report(commands: Any) -> None:
    parser = _add_command(
        commands,
        "report",
        does="run the report notebook on a collection and write one HTML file",
        example="claimbook report data --output report.html --pdf",
    )
    _add_collection(parser)
    parser.add_argument(
        "--output", metavar="FILE", default="report.html", help="(default: report.html)"
    )
    parser.add_argument(
        "--pdf",
        action="store_true",
        help="write a PDF beside it, too, through Chromium or Chrome, where one is installed",
    )


def _add_explore(commands: Any) -> None:
    parser = _add_command(
        commands,
        "explore",
        does="open the explorer notebook in JupyterLab on a collection",
        example="claimbook explore data",
    )
    _add_collection(parser)
    parser.add_argument(
        "--no-browser", action="store_true", help="print the address, and open nothing"
    )


def _add_init(commands: Any) -> None:
    parser = _add_command(
        commands,
        "init",
        does="make a new collection: a worked example row, its tables and its notebook",
        example="claimbook init coffee-and-sleep",
    )
    parser.add_argument("folder", metavar="DIR", help="made where it is missing")


def _say(message: str) -> None:
    from claimbook.commands import say

    say(message)
