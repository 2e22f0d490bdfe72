"""The command ``claimbook``: its arguments, and how it ends."""

import argparse
import os
import signal
import sys
from types import FrameType
from typing import Any, Final, NamedTuple, NoReturn

import claimbook as cb

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
    try:
        return _run(_build_parser().parse_args(arguments))
    except BrokenPipeError:  # who was to read it has gone
        return DONE
    finally:
        _drop_what_cannot_be_written()


def run() -> NoReturn:
    """Run one command as a program; whatever signal ends it, it cleans up first and is quiet."""
    taken = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        taken.append(number)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as in the background of a shell
            signal.signal(number, interrupt)
    try:
        status = main()
    except BaseException:  # while a library is loaded, an interrupt may end as any error
        if not taken:
            raise
    status = INTERRUPTED if taken else status
    for number in (signal.SIGINT, signal.SIGTERM):  # all is done but for Python's own end
        signal.signal(number, signal.SIG_IGN)
    sys.exit(status)


def _run(options: argparse.Namespace) -> int:
    """Run a command to its end, whatever that is."""
    try:
        from claimbook.commands import run_command  # here, so that --help need not wait for pandas

        return run_command(options, reads=_COMMANDS[options.command].reads)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except cb.ClaimsError as error:
        _say(f"{error}\nnothing was done: mend these first, 'claimbook check' lists them again")
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else error
        _say(f"claimbook {options.command}: {what}")
    except (ModuleNotFoundError, ValueError) as error:
        _say(f"claimbook {options.command}: {error}")
    return COULD_NOT


def _say(message: str) -> None:
    from claimbook.commands import say

    say(message)


def _drop_what_cannot_be_written() -> None:
    """Keep Python from complaining at its end of a reader that has gone, or a full disk."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


# Every argument of every command, and what it is for one where that is something of its own.
_ARGUMENTS: Final[dict[str, dict[str, Any]]] = {
    "collection": {"nargs": "?", "default": "data", "metavar": "COLLECTION", "help":
        "folder with claims.csv, or a CSV file taken as it (default: data)"},
    "first": {"metavar": "A.csv", "help": "one coding"},
    "second": {"metavar": "B.csv", "help": "the other"},
    "old": {"metavar": "OLD", "help": "folder or CSV file of the older version"},
    "new": {"metavar": "NEW", "help": "folder or CSV file of the newer one"},
    "name": {"metavar": "NAME", "help":
        "matrix, question, levels, harvest, map, pairs, citations or robustness"},
    "folder": {"metavar": "DIR", "help": "made where it is missing"},
    "--strict": {"action": "store_true", "help":
        "let no problem pass, be it a warning: check then ends with 1, all else with 2, undone"},
    "--format": {"choices": ("text", "csv", "json"), "help":
        "for people (text, the default) or for programs; else --output tells by its ending"},
    "--output": {"metavar": "FILE", "help":
        "write a file, whole or not at all, instead of printing: .csv, .json, .xlsx, .md, .tex, "
        ".txt"},
    "report --output": {"metavar": "FILE", "help":
        "where to write it: report.html beside the claims where nothing is said"},
    "figure --output": {"metavar": "FILE", "required": True, "help":
        ".svg, .pdf or .png; further pages are written beside it as FILE-2 and so on"},
    "--width": {"metavar": "WIDTH", "default": "", "help":
        "of the journal's column, such as 84mm or 7in; as wide as it needs where nothing is said"},
    "--roll-up": {"metavar": "FACET=TERM", "action": "append", "default": [], "help":
        "first gather each term under TERM as it (repeatable)"},
    "--leave-one-out": {"action": "store_true", "help":
        "also tell what each verdict hangs on: the sources that turn it, the fewest claims coded "
        "otherwise that turn it, whether one code does, and the verdict on three levels (folded)"},
    "agreement --leave-one-out": {"action": "store_true", "help":
        "also measure agreement without each source in turn"},
    "--texts": {"metavar": "DIR", "required": True, "help":
        "folder with the texts, under the names that sources.csv gives (column text)"},
    "--record": {"action": "store_true", "help":
        "keep in verified.csv, beside the claims, which quotes were found: the report marks them; "
        "an empty sha256 in sources.csv is filled in"},
    "--watch": {"action": "store_true", "help":
        "check again at each save: what is gone, new, still there; Ctrl-C ends it"},
    "--dry-run": {"action": "store_true", "help":
        "say what would be added, and write nothing"},
    "--yardstick": {"metavar": "SOURCE", "help":
        "also hold every other source against this one, such as a guideline: what it says of its "
        "recommendations, and what it leaves out"},
    "--example": {"action": "store_true", "help":
        "of the collection that comes with claimbook; report.html is then written here"},
    "--notebook": {"metavar": "FILE", "help":
        "run this notebook instead of the one that comes with claimbook"},
    "--pdf": {"action": "store_true", "help":
        "write a PDF beside it, too, by Chromium or Chrome where one is installed"},
    "--no-browser": {"action": "store_true", "help": "print the address, and open nothing"},
}  # fmt: skip


class _Command(NamedTuple):
    """What a command is for, what it takes, and which of that are collections to be read."""

    does: str
    example: str
    takes: str
    reads: tuple[str, ...] = ("collection",)


_ONE: Final = "collection --strict"
_TABLE: Final = "--format --output"
_COMMANDS: Final = {
    "check": _Command(
        "list every problem in a collection, at once",
        "data --format csv --output problems.csv", f"{_ONE} --watch {_TABLE}", reads=(),
    ),
    "vocabulary": _Command(
        "complete vocabulary.csv by the terms in use that it lacks; tell which look alike",
        "data --dry-run", f"collection --dry-run {_TABLE}", reads=(),
    ),
    "relate": _Command(
        "relate every two claims that meet: do they agree, qualify or conflict",
        "data --format csv --output relations.csv", f"{_ONE} {_TABLE}",
    ),
    "questions": _Command(
        "list the questions (condition, intervention, aspect), the verdict on each",
        "data --roll-up aspect=use", f"{_ONE} {_TABLE} --roll-up --leave-one-out",
    ),
    "conflicts": _Command(
        "gather conflicting claims into points of conflict",
        "data --format csv --output conflicts.csv", f"{_ONE} {_TABLE}",
    ),
    "verify": _Command(
        "look each quote up in the text of its source",
        "data --texts articles", f"{_ONE} {_TABLE} --texts --record",
    ),
    "trace": _Command(
        "hold each claim that leans on a study against what the study found",
        "data --format csv", f"{_ONE} {_TABLE}",
    ),
    "agreement": _Command(
        "measure how far sources agree on the questions that they share",
        "data --yardstick nice_ng59", f"{_ONE} {_TABLE} --yardstick --leave-one-out",
    ),
    "reliability": _Command(
        "compare two codings of the same passages, matched by claim_id",
        "data/coding/first.csv data/coding/second.csv", f"first second {_TABLE}", reads=(),
    ),
    "diff": _Command(
        "list what changed between two versions of a collection, and what it turned",
        "data-2025 data --format csv", f"old new --strict {_TABLE}", reads=("old", "new"),
    ),
    "report": _Command(
        "run the report notebook on a collection and write one HTML file",
        "data --output report.html --pdf", f"{_ONE} --example --output --notebook --pdf",
    ),
    "figure": _Command(
        "save a figure at a journal's width, and say what it shows",
        "matrix data --output matrix.pdf --width 174mm", f"name {_ONE} --output --width",
    ),
    "explore": _Command(
        "open the explorer notebook in JupyterLab on a collection",
        "data", f"{_ONE} --no-browser",
    ),
    "init": _Command(
        "make a new collection: its tables, with a worked example in them",
        "coffee-and-sleep", "folder", reads=(),
    ),
}  # fmt: skip


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="claimbook", description=cb.__doc__, epilog="Begin with: claimbook init my-topic"
    )
    parser.add_argument("--version", action="version", version=f"claimbook {cb.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in _COMMANDS.items():
        does = f"{command.does[0].upper()}{command.does[1:]}."
        example = f"Example: claimbook {name} {command.example}"
        own = commands.add_parser(name, help=command.does, description=does, epilog=example)
        for argument in command.takes.split():
            told = _ARGUMENTS.get(f"{name} {argument}", _ARGUMENTS[argument])
            own.add_argument(argument, **told)
    return parser
