"""What each command does: tables in, results out. Here, and only here, things are printed."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import pandas as pd

from claimbook.collection.codebook import (
    ARTICLE,
    CLAIM_COLUMNS,
    FACETS,
    SOURCE_COLUMNS,
    VERDICTS,
    VOCABULARY_COLUMNS,
)
from claimbook.collection.collection import Collection, check_collection, read_collection
from claimbook.collection.files import CLAIMS_FILE, find_record, open_output, read_texts
from claimbook.collection.problems import describe_problems, suggest
from claimbook.collection.quotes import verify_quotes
from claimbook.collection.record import find_changed, find_proofs, read_proofs
from claimbook.collection.starter import write_explorer, write_starter
from claimbook.collection.tables import read_coding
from claimbook.collection.vocabulary import Vocabulary, roll_up
from claimbook.compare.changes import find_changes
from claimbook.compare.counting import count_relations
from claimbook.compare.fidelity import trace_claims
from claimbook.compare.questions import count_questions, find_conflicts
from claimbook.compare.relations import iter_relations
from claimbook.display import (
    describe_agreement,
    describe_changes,
    describe_points,
    describe_relations,
    describe_size,
    describe_verified,
    draw_table,
    show_number,
    write_csv,
    write_json,
    write_object,
)
from claimbook.measures.agreement import measure_agreement, measure_without
from claimbook.measures.reliability import compare_codings
from claimbook.measures.robustness import ROBUSTNESS_COLUMNS, measure_robustness
from claimbook.measures.yardstick import find_omissions, measure_sources
from claimbook.notebook.lab import check_lab, open_lab
from claimbook.report.pdf import find_browser, write_pdf

DONE, FOUND_WRONG = 0, 1
# what a terminal would obey when it should show it
ESCAPES: Final = {
    code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code not in b"\t\n"
}


def run_check(options: argparse.Namespace) -> int:
    """List every problem in a collection; 1 where there is one."""
    collection, problems = check_collection(options.collection)
    lines = describe_problems(problems)
    if lines:
        lines.append(f"{len(problems)} problem{'s' * (len(problems) != 1)} found")
    else:
        lines.append(f"{describe_size(collection)}: sound")
        if "vocabulary.csv" not in collection.files:
            lines.append("no vocabulary.csv: the spelling of terms was not checked")
        if "sources.csv" not in collection.files:
            lines.append("no sources.csv: which sources are articles is not known")
        lines += _name_likely_slips(collection.claims, CLAIM_COLUMNS, "claims.csv")
        lines += _name_likely_slips(collection.sources, SOURCE_COLUMNS, "sources.csv")
        terms = collection.vocabulary.table
        lines += _name_likely_slips(terms, VOCABULARY_COLUMNS, "vocabulary.csv")
    _write(options, [problems], lines)
    return FOUND_WRONG if len(problems) else DONE


def _name_likely_slips(table: pd.DataFrame, columns: tuple[str, ...], file: str) -> list[str]:
    """Name columns that are nearly called as the codebook calls one; they are kept as they are."""
    known = [name for name in columns if name not in table or (table[name] == "").all()]
    own = [name for name in table.columns if name not in columns]
    likely = {name: suggest(name, known, most=0) for name in own}
    return [
        f"{file}: column {name!r} is one of your own; {hint}"
        for name, hint in likely.items()
        if hint
    ]


def run_relate(options: argparse.Namespace) -> int:
    """Relate every two claims that meet."""
    collection = read_collection(options.collection)
    claims, vocabulary = collection.claims, collection.vocabulary
    if _choose_format(options) != "text":
        pieces = iter_relations(claims, vocabulary)
        _write(options, _show_progress(pieces, "pairs"), [])
        return DONE
    counts = count_relations(claims, vocabulary)
    points = find_conflicts(claims, vocabulary)
    _write(options, [], [*describe_relations(counts), "", *describe_points(points)])
    return DONE


def run_questions(options: argparse.Namespace) -> int:
    """List the questions and the verdict on each."""
    collection = read_collection(options.collection)
    claims = collection.claims
    for facet, term in map(_split_roll_up, options.roll_up):
        claims = roll_up(claims, collection.vocabulary, facet=facet, term=term)
    questions = count_questions(claims, collection.vocabulary)
    if options.leave_one_out:
        questions = _add_robustness(questions, claims, collection.vocabulary)
    order = questions["verdict"].map(VERDICTS.index).sort_values(kind="stable").index
    shown = questions.loc[order]
    if options.leave_one_out:
        shown = shown[[*FACETS, "sources", "verdict", *ROBUSTNESS_COLUMNS[4:]]]
    _write(options, [questions], draw_table(shown))
    return DONE


def _add_robustness(
    questions: pd.DataFrame, claims: pd.DataFrame, vocabulary: Vocabulary
) -> pd.DataFrame:
    robustness = measure_robustness(claims, vocabulary)
    return questions.assign(
        recodings=robustness["recodings"].astype("Int64"),
        one_code=robustness["one_code"],
        turning_sources=robustness["turning_sources"].map(";".join),
        folded=robustness["folded"],
    )


def _split_roll_up(text: str) -> tuple[str, str]:
    facet, sign, term = text.partition("=")
    if not sign:
        raise ValueError(f"--roll-up {text!r}: expected FACET=TERM, such as aspect=use")
    return facet.strip(), term.strip()


def run_verify(options: argparse.Namespace) -> int:
    """Look each quote up; 1 where one was not found once, or a text has changed."""
    collection = read_collection(options.collection)
    texts, checksums = read_texts(collection.sources, options.texts)
    changed = find_changed(collection.sources, checksums)
    verified = verify_quotes(collection.claims, texts)
    _write(options, [verified], describe_verified(verified))
    if options.record:
        _record(collection, verified, checksums)
    for source in changed:
        say(f"{source}: its text is not the one that sha256 in sources.csv names: verify by eye")
    failed = verified["status"].isin(["not found", "ambiguous", "no text"])
    return FOUND_WRONG if failed.any() or changed else DONE


def _record(collection: Collection, verified: pd.DataFrame, checksums: dict[str, str]) -> None:
    """Keep on record, beside the claims, which quotes were found in which text."""
    named = dict(zip(collection.sources["source"], collection.sources["sha256"], strict=True))
    sure = {key: value for key, value in checksums.items() if named[key].lower() == value}
    proofs = find_proofs(collection.claims, verified, checksums=sure)
    earlier = read_proofs(collection)
    proofs = pd.concat([proofs, earlier[~earlier["source"].isin(list(checksums))]])
    places = collection.claims["claim_id"]
    proofs = proofs.set_index("claim_id", drop=False).reindex(
        places[places.isin(proofs["claim_id"])]
    )
    path = find_record(collection.files[CLAIMS_FILE])
    with open_output(path) as file:
        file.writelines(write_csv([proofs]))
    say(f"{path}: {len(proofs)} quotes on record as found")
    for source in (key for key in checksums if not named[key]):
        say(
            f"{source}: not on record, since sources.csv does not name its text: "
            f"put {checksums[source]} into its column sha256"
        )


def run_trace(options: argparse.Namespace) -> int:
    """Hold claims against the studies that they lean on."""
    collection = read_collection(options.collection)
    traces = trace_claims(collection.claims, collection.vocabulary)
    counts = traces["fidelity"].value_counts()
    summary = ", ".join(f"{count} {name}" for name, count in counts.items())
    kinds = collection.sources.set_index("source")["kind"]
    articles = collection.claims["source"].map(kinds).isin([ARTICLE, ""])
    silent = int((articles & ~collection.claims["claim_id"].isin(traces["claim_id"])).sum())
    lines = [
        *draw_table(traces),
        "",
        f"{summary or 'no claim leans on anybody'}; {silent} claims of articles credit nobody",
    ]
    _write(options, [traces], lines)
    return DONE


def run_agreement(options: argparse.Namespace) -> int:
    """Measure agreement between sources."""
    _refuse_csv(options)
    collection = read_collection(options.collection)
    claims, vocabulary = collection.claims, collection.vocabulary
    measured = measure_agreement(claims, vocabulary)
    if options.leave_one_out:
        measured["without"] = measure_without(claims, vocabulary).to_dict("records")
    if options.yardstick is not None:
        by = {"yardstick": options.yardstick}
        measured["yardstick"] = by | {
            "sources": measure_sources(claims, vocabulary, **by).to_dict("records"),
            "omissions": find_omissions(claims, vocabulary, **by).to_dict("records"),
        }
    _write_object(options, measured, describe_agreement(measured))
    return DONE


def run_reliability(options: argparse.Namespace) -> int:
    """Compare two codings, the disagreements first."""
    _refuse_csv(options)
    first, second = map(read_coding, (options.first, options.second))
    compared = compare_codings(first, second, vocabulary=_find_scale(first, second))
    measures = {row.pop("column"): row for row in compared.measures.to_dict("records")}
    only = {"only_first": compared.only_first, "only_second": compared.only_second}
    disagreements = compared.disagreements.to_dict("records")
    lines = [
        *draw_table(compared.disagreements),
        "",
        *draw_table(compared.measures.map(_show_measure)),
        "",
        f"only in {options.first}: {len(compared.only_first)} passages; "
        f"only in {options.second}: {len(compared.only_second)}",
    ]
    _write_object(options, {"disagreements": disagreements, **measures, **only}, lines)
    return DONE


def run_report(options: argparse.Namespace) -> int:
    """Run the report notebook and write one HTML file, and a PDF beside it where one is wanted."""
    browser = find_browser() if options.pdf else ""
    read_collection(options.collection)
    output = Path(options.output)
    if not output.parent.is_dir():
        raise FileNotFoundError(f"--output {output}: no folder '{output.parent}': make it first")
    if output.suffix.lower() == ".pdf":
        raise ValueError(f"--output {output}: name the HTML file; --pdf writes a PDF beside it")
    with _skip_grammars():
        from claimbook.report.exporter import write_report  # its libraries are slow to load
    write_report(options.collection, output, tell=say)
    print(f"report written: {output.resolve()}")
    if browser:
        write_pdf(output, output.with_suffix(".pdf"), browser)
        print(f"report written: {output.with_suffix('.pdf').resolve()}")
    return DONE


@contextmanager
def _skip_grammars() -> Iterator[None]:
    """Keep jsonschema from building, for seconds, grammars of addresses that no notebook needs."""
    name = "rfc3987_syntax"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def run_explore(options: argparse.Namespace) -> int:
    """Open the explorer's notebook in JupyterLab, until that ends or is interrupted."""
    check_lab()
    read_collection(options.collection)
    notebook = write_explorer(options.collection)
    say(f"notebook: {notebook}\nstarting JupyterLab ...")
    with open_lab(notebook, browser=not options.no_browser) as lab:
        say("ready: in the notebook choose Run > Run All Cells; Ctrl-C here ends JupyterLab")
        print(lab.address, flush=True)
        lab.server.wait()
    return DONE


def run_init(options: argparse.Namespace) -> int:
    """Make a new collection."""
    for path in write_starter(options.folder):
        print(path)
    print(
        f"\nNext: replace the example row of {Path(options.folder) / 'claims.csv'} by your own, "
        f"then\n  claimbook check {options.folder}\n  claimbook report {options.folder}"
    )
    return DONE


def run_diff(options: argparse.Namespace) -> int:
    """List what changed between two versions of a collection, and the verdicts that it turned."""
    old, new = map(read_collection, (options.old, options.new))
    changes = find_changes(old, new)
    _write(options, [changes], describe_changes(changes))
    return DONE


def _find_scale(*codings: pd.DataFrame) -> Vocabulary | None:
    """Find the codebook's scale, where both codings keep to it: then levels are ordered."""
    scale = Vocabulary()
    used = {level for coding in codings for level in coding.get("recommendation", ())}
    return scale if used <= set(scale.levels) else None


def _show_measure(cell: Any) -> Any:
    return show_number(cell) if isinstance(cell, float) else cell


def _refuse_csv(options: argparse.Namespace) -> None:
    if Path(options.output or "").suffix.lower() == ".csv":
        raise ValueError(
            f"--output {options.output}: this is no one table: name a .json file for programs, "
            "or a .txt file for people"
        )


def _write_object(options: argparse.Namespace, content: dict[str, Any], lines: list[str]) -> None:
    if _choose_format(options) == "json":
        lines = write_object(content)
    with _open(options.output) as file:
        file.writelines(f"{line.translate(ESCAPES)}\n" for line in lines)


def _choose_format(options: argparse.Namespace) -> str:
    suffix = Path(options.output or "").suffix.lower().lstrip(".")
    return str(options.format or (suffix if suffix in ("csv", "json") else "text"))


def _write(
    options: argparse.Namespace, tables: Iterable[pd.DataFrame], lines: Iterable[str]
) -> None:
    """Write pieces of one table for programs, or lines for people, to a file or to the screen."""
    form = _choose_format(options)
    parts = {"csv": write_csv, "json": write_json}
    with _open(options.output) as file:
        if form in parts:
            for part in parts[form](tables):
                file.write(part)
        else:
            file.writelines(f"{line.translate(ESCAPES)}\n" for line in lines)


@contextmanager
def _open(output: str | None) -> Iterator[IO[str]]:
    if output:
        with open_output(output) as file:
            yield file
    elif sys.stdout is None:
        raise OSError("standard output is closed: name a file with --output")
    else:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield sys.stdout
        sys.stdout.flush()


def say(message: str) -> None:
    """Say something to the person at the terminal, beside the results."""
    print(message.translate(ESCAPES), file=sys.stderr, flush=True)


def _show_progress(pieces: Iterable[pd.DataFrame], what: str) -> Iterator[pd.DataFrame]:
    """Hand pieces on, counting them aloud where a person watches and there is more than one."""
    done = 0
    for number, piece in enumerate(pieces):
        done += len(piece)
        if number and sys.stderr.isatty():
            print(f"\r{done:,} {what} ", end="", file=sys.stderr, flush=True)
        yield piece
