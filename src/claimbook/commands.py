"""What each command does: collections in, an answer out, for programs and for people."""

import shlex
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any, Final
from warnings import catch_warnings, simplefilter

import pandas as pd

import claimbook as cb
from claimbook.cli import COULD_NOT, DONE, FOUND_WRONG
from claimbook.collection import codebook
from claimbook.collection.collection import LOST
from claimbook.collection.files import (
    METADATA_FILE,
    SOURCES_FILE,
    VOCABULARY_FILE,
    open_output,
    read_texts,
)
from claimbook.collection.problems import describe_problems, iter_rows, suggest
from claimbook.collection.record import fill_checksums, find_changed, write_proofs
from claimbook.collection.starter import EXAMPLES, find_example, write_explorer, write_starter
from claimbook.collection.tables import read_coding
from claimbook.collection.terms import complete_vocabulary, list_terms
from claimbook.collection.words import Words, pluralise
from claimbook.collection.workbooks import ENDINGS
from claimbook.display import (
    Answer,
    choose_form,
    draw_table,
    escape_controls,
    show_number,
    wrap,
    write_answer,
)

_MOST_ERRORS: Final = 20
_MOST_PAIRS: Final = 12
_BETWEEN: Final = 0.2  # seconds from one look at the files to the next
_WATCHED: Final = (".csv", ".json", *ENDINGS)
_PICTURES: Final = (".svg", ".pdf", ".png")
_Stamps = dict[str, tuple[int, int, int]]
_ORDER: Final = ["intervention", "condition", "aspect"]  # in which a question is told
_MEASURES: Final = ("agreement", "alpha_nominal", "alpha_ordinal", "alpha_interval")


def run_command(options: Namespace, *, reads: Iterable[str]) -> int:
    """Read the collections that a command works on, let it answer, and write the answer."""
    find_answer = globals()[f"answer_{options.command}"]
    output = options.output if "format" in options else None
    form = choose_form(options.format, output) if "format" in options else "text"
    if "example" in options and options.example:
        options.collection = str(find_example())
    read = [_read(getattr(options, name), strict=options.strict) for name in reads]
    answer: Answer = find_answer(options, *(collection for collection, _ in read))
    collection = read[-1][0] if read else None
    with _open(output) as file:
        for part in write_answer(answer, form=form, name=options.command, collection=collection):
            file.buffer.write(part) if isinstance(part, bytes) else file.write(part)
    return max([answer.status, *(status for _, status in read)])


def _read(path: str, *, strict: bool) -> tuple[cb.Collection, int]:
    """Read a collection, and say what in it is set aside."""
    collection, problems = cb.check_collection(path)
    if collection is None or (strict and len(problems)):
        raise cb.ClaimsError(problems)
    errors = problems[problems["severity"] == "error"]
    for line in describe_problems(errors)[:_MOST_ERRORS]:
        say(line)
    if len(problems):
        say(f"{_count(problems)}: 'claimbook check {path}' lists all")
    for line in _tell_lost(collection):
        say(line)
    for line in _name_leftovers(collection):
        say(line)
    if len(collection.set_aside):
        say("rows with an error and unfinished ones are set aside; what follows is of the others")
    return collection, FOUND_WRONG if len(errors) else DONE


def _tell_lost(collection: cb.Collection) -> Iterator[str]:
    """Tell of claims that are set aside for no fault of their own."""
    aside = collection.set_aside
    if lost := aside.loc[aside["problem"].str.endswith(LOST), "record"].nunique():
        are = "claim is" if lost == 1 else "claims are"
        yield f"{lost:,} {are} set aside with a source or a term whose own row {LOST}"


@contextmanager
def _open(output: str | None) -> Iterator[Any]:
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
    with suppress(OSError):  # who was to read it has gone: that is no reason to stop the work
        print(escape_controls(message), file=sys.stderr, flush=True)


def _count(problems: pd.DataFrame) -> str:
    counts = problems["severity"].value_counts().to_dict()
    told = (name for name in codebook.SEVERITIES if name in counts)
    return ", ".join(f"{counts[name]} {name}{'s' * (counts[name] != 1)}" for name in told)


def answer_check(options: Namespace) -> Answer:
    """List every problem in a collection."""
    if options.watch and (options.format or options.output):
        raise ValueError("--watch prints for people: leave out --format and --output")
    path = options.collection
    stamps = _stamp_files(path)
    collection, problems = cb.check_collection(path)
    wrong = ["error", *(["draft", "warning"] if options.strict else [])]
    status = FOUND_WRONG if problems["severity"].isin(wrong).any() else DONE
    lines = _describe_checked(collection, problems, path, listed=describe_problems(problems))
    if options.watch:
        lines = chain(lines, _watch(path, problems, stamps))
    return Answer(problems, lines, COULD_NOT if collection is None else status)


def _watch(path: str, problems: pd.DataFrame, stamps: _Stamps) -> Iterator[str]:
    """Check a collection again at each save, and tell what has changed, until interrupted."""
    yield "checked again at each save; Ctrl-C ends it"
    for _ in _iter_saves(path, stamps):
        yield f"\nsaved, {datetime.now():%H:%M:%S}"
        before = problems
        try:
            collection, problems = cb.check_collection(path)
        except OSError as error:
            yield str(error)
            continue
        listed = _compare_problems(before, problems)
        yield from _describe_checked(collection, problems, path, listed=listed)


def _iter_saves(path: str, checked: _Stamps) -> Iterator[None]:
    """Wait for the next save of a table, or of what describes them, till it is whole."""
    # asked for in turn: a collection is a few files, and watchfiles brings a compiled library
    latest = checked
    while True:
        sys.stdout.flush()
        sleep(_BETWEEN)
        earlier, latest = latest, _stamp_files(path)
        if earlier == latest != checked:
            checked = latest
            yield


def _stamp_files(collection: str) -> _Stamps:
    """Tell the files of a collection as they are now; an editor may put another in the place."""
    path, stamps = Path(collection), {}
    with suppress(OSError):
        for file in (path if path.is_dir() else path.parent).iterdir():
            watched = file.suffix.lower() in _WATCHED and not file.name.startswith((".", "~"))
            if watched or file == path:
                with suppress(OSError):  # gone since
                    stat = file.stat()
                    stamps[file.name] = stat.st_mtime_ns, stat.st_size, stat.st_ino
    return stamps


def _compare_problems(before: pd.DataFrame, now: pd.DataFrame) -> Iterator[str]:
    """List the problems that are gone, new and still there, wherever their rows stand by now."""
    keys = [name for name in now.columns if name not in ("line", "record")]
    old, new = (
        table.assign(number=table.groupby(keys).cumcount()).set_index([*keys, "number"]).index
        for table in (before, now)
    )
    gone, there = before[~old.isin(new)], new.isin(old)
    for name, problems in {"gone": gone, "new": now[~there], "still there": now[there]}.items():
        yield from (f"{name}: {line}" for line in describe_problems(problems))


def _describe_checked(
    collection: cb.Collection | None, problems: pd.DataFrame, path: str, *, listed: Iterable[str]
) -> Iterator[str]:
    """List the problems, or say that there are none, and what was not checked."""
    yield from listed
    if len(problems):
        yield f"{_number(len(problems), 'problem')} found: {_count(problems)}"
    if collection is None:
        return
    yield from _tell_lost(collection)
    claims, words = collection.claims, collection.words
    by = words.count(claims["source"].nunique(), "source")
    asked = _number(len(collection.asked.drop_duplicates()), "question")
    size = f"{words.count(len(claims), 'claim')} by {by} on {asked}"
    state = "can be compared" if len(claims) else "there is nothing to compare yet"
    yield f"{size}: {state if len(problems) or claims.empty else 'sound'}"
    if VOCABULARY_FILE not in collection.files:
        made = f"'claimbook vocabulary {shlex.quote(path)}' makes one"
        yield f"no vocabulary.csv: any term is taken as known; {made}"
    if SOURCES_FILE not in collection.files:
        yield "no sources.csv: which sources are articles is not known"
    yield from _name_leftovers(collection)
    if METADATA_FILE in collection.files and not collection.metadata.get("title"):
        yield f"{METADATA_FILE}: no title yet: the report is headed 'What the sources claim'"
    yield from _name_likely_slips(claims, codebook.CLAIM_COLUMNS, "claims.csv")
    yield from _name_likely_slips(collection.sources, codebook.SOURCE_COLUMNS, SOURCES_FILE)
    terms = collection.vocabulary
    yield from _name_likely_slips(terms, codebook.VOCABULARY_COLUMNS, VOCABULARY_FILE)


def _name_leftovers(collection: cb.Collection) -> Iterator[str]:
    """Say that rows of the example that `claimbook init` writes are still there."""
    claims = collection.claims
    left = claims.loc[claims["source"].isin(EXAMPLES), "claim_id"]
    if len(left):
        rows = "an example row" if len(left) == 1 else "example rows"
        yield f"{', '.join(left)}: {rows} of 'claimbook init', no real {collection.words['claim']}"


def _name_likely_slips(table: pd.DataFrame, columns: tuple[str, ...], file: str) -> Iterator[str]:
    """Name columns that are nearly called as the codebook calls one; they are kept as they are."""
    known = [name for name in columns if name not in table or (table[name] == "").all()]
    for name in table.columns.difference(list(columns), sort=False):
        if hint := suggest(name, known, most=0):
            yield f"{file}: column {name!r} is one of your own; {hint}"


def answer_vocabulary(options: Namespace) -> Answer:
    """Complete the vocabulary by the terms in use that it lacks."""
    terms = list_terms(options.collection)
    new = terms[~terms["known"]].drop(columns="known").reset_index(drop=True)
    status, added = DONE, _number(len(new), "term")
    if options.dry_run:
        say(f"{added} would be added to vocabulary.csv")
    elif new.empty:
        say("vocabulary.csv and the codebook know every term in use: nothing was added")
    else:
        try:
            say(f"{complete_vocabulary(options.collection, new)}: {added} added")
        except ValueError as error:
            say(f"{error}: put these rows (scheme, term) into the sheet 'vocabulary' yourself")
            status = COULD_NOT
    return Answer(new, _describe_terms(terms, new), status)


def _describe_terms(terms: pd.DataFrame, new: pd.DataFrame) -> Iterator[str]:
    """List new terms as a sheet takes them, the terms that look alike, and what to do with each."""
    yield from (f"{row.scheme}\t{row.term}" for row in iter_rows(new))
    told = set()
    for row in iter_rows(terms):
        for other in row.like:
            if (row.scheme, other, row.term) not in told:
                told.add((row.scheme, row.term, other))
                yield f"{row.scheme}: {row.term!r} and {other!r} look alike"
    if told:
        yield "where two are one: correct the rows, or name one in same_as of the other"
    schemes = set(new["scheme"])
    if "recommendation" in schemes:
        yield "a level without a score takes no side: give it one, or correct the claims"
    if "kind" in schemes:
        yield "a kind counts as article: say in broader if it is another part, study or other"


def answer_relate(options: Namespace, collection: cb.Collection) -> Answer:
    """Relate every two claims that meet."""
    pieces = _show_progress(cb.iter_relations(collection), "pairs")
    return Answer(pieces, _describe_relations(collection))


def _describe_relations(collection: cb.Collection) -> Iterator[str]:
    """Show the numbers of pairs of claims by relation and scope, and of conflicts by kind."""
    counts = cb.count_relations(collection)
    sums = counts.groupby(["relation", "scope"])["pairs"].sum().unstack()
    sums = sums.reindex(index=codebook.RELATIONS, columns=codebook.SCOPES)
    sums = sums.rename_axis(index=None, columns=None).assign(all=sums.sum(axis=1))
    total = int(sums["all"].sum())
    pairs, claims = f"{total:,} pair{'s' * (total != 1)}", collection.words.many("claim")
    yield f"{pairs} of {claims} meet{'s' * (total == 1)}, by relation and scope:"
    yield ""
    yield from sums.to_string().splitlines()
    kinds = counts.groupby("kind")["pairs"].sum()
    told = ", ".join(f"{kinds[name]:,} {name}" for name in codebook.CONFLICT_KINDS if kinds[name])
    if told:
        yield ""
        yield f"conflicts by kind: {told}; 'claimbook conflicts' gathers them into points"


def _show_progress(pieces: Iterable[pd.DataFrame], what: str) -> Iterator[pd.DataFrame]:
    """Hand pieces on, counting them aloud where a person watches and there is more than one."""
    done = 0
    for number, piece in enumerate(pieces):
        done += len(piece)
        if number and sys.stderr.isatty():
            print(f"\r{done:,} {what} ", end="", file=sys.stderr, flush=True)
        yield piece


def answer_questions(options: Namespace, collection: cb.Collection) -> Answer:
    """List the questions and the verdict on each."""
    for text in options.roll_up:
        collection = collection.gather(**_split_roll_up(text))
    questions = cb.count_questions(collection)
    shown = questions.drop(columns=["lowest", "highest"])
    if options.leave_one_out:
        robustness = cb.measure_robustness(collection).astype({"recodings": "Int64"})
        questions = questions.merge(robustness, on=[*codebook.FACETS, "verdict"], validate="1:1")
        counts = ["sources", "claims", "for", "uncertain", "against", "lowest", "highest"]
        shown = questions.drop(columns=counts)  # what a verdict hangs on takes their place
        shown = shown[shown["verdict"] != codebook.VERDICTS[-1]]
    worst_first = shown["verdict"].map(codebook.VERDICTS.index).sort_values(kind="stable").index
    shown = shown.loc[worst_first]
    lines = _describe_questions(shown, questions["verdict"], collection.words)
    return Answer(questions, lines, shown=shown)


def _describe_questions(
    questions: pd.DataFrame, verdicts: pd.Series, words: Words
) -> Iterator[str]:
    """Lay questions out, each in one cell, and count the verdicts on all there are."""
    facets = [questions[facet] for facet in _ORDER]
    asked = [" / ".join(filter(None, terms)) for terms in zip(*facets, strict=True)]
    table = questions.drop(columns=_ORDER)
    table.insert(0, "question", asked)
    if len(table):
        yield from draw_table(table, words)
        yield ""
    counted = _count_values(verdicts)
    yield f"{_number(len(verdicts), 'question')}{': ' * bool(counted)}{counted}"
    if len(verdicts) > len(table):
        yield f"(not listed: those that a single {words['source']} answers)"
    if "conflict" in counted:
        yield from wrap(
            f"A conflict here is between two {words.many('source')} on the very same question; "
            "'claimbook conflicts' also lists those between a question and a narrower one, "
            "or on different aspects of use (--roll-up aspect=use gathers these)."
        )


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else pluralise(noun)}"


def _split_roll_up(text: str) -> dict[str, str]:
    facet, sign, term = (part.strip() for part in text.partition("="))
    if not sign:
        raise ValueError(f"--roll-up {text!r}: expected FACET=TERM, such as aspect=use")
    if facet not in codebook.FACETS:
        hint = suggest(facet, codebook.FACETS)
        raise ValueError(f"--roll-up {text!r}: there is no facet {facet!r}: {hint}")
    return {facet: term}


def answer_conflicts(options: Namespace, collection: cb.Collection) -> Answer:
    """Gather conflicting claims into points."""
    points = cb.find_conflicts(collection)
    shown = points.drop(columns=["claims_for", "claims_against", "distance"])
    return Answer(points, _describe_points(points, collection.words), shown=shown)


def _describe_points(points: pd.DataFrame, words: Words) -> Iterator[str]:
    """List points of conflict, exceptions gathered by the narrower case."""
    case = [*(f"narrower_{facet}" for facet in _ORDER), "narrower_side"]
    apart = [codebook.EXCEPTION, codebook.OVERLAP]
    for point in iter_rows(points[~points["kind"].isin(apart)]):
        narrower = (point.narrower_intervention, point.narrower_condition, point.narrower_aspect)
        beside = f" (and {' / '.join(narrower)})" if any(narrower) else ""
        yield (
            f"{point.kind}: {point.intervention} / {point.condition} / {point.aspect}{beside}: "
            f"{words['for']} {', '.join(point.sources_for)}; "
            f"{words['against']} {', '.join(point.sources_against)}"
        )
    exceptions = points[points["kind"] == codebook.EXCEPTION]
    for (*terms, side), group in exceptions.groupby(case, sort=False):
        sources = dict.fromkeys(source for row in group[f"sources_{side}"] for source in row)
        yield f"exception: {' / '.join(map(str, terms))}: {words[str(side)]} {', '.join(sources)}"
    if overlaps := int((points["kind"] == codebook.OVERLAP).sum()):
        yield f"overlap: {_number(overlaps, 'pair')} of questions, of which neither is the broader"
    if len(points):
        yield f"(--format csv lists each point with its {words.many('claim')})"
    else:
        yield f"No {words.many('claim')} conflict."


def answer_verify(options: Namespace, collection: cb.Collection) -> Answer:
    """Look each quote up; wrong is one that was not found once, or a text that has changed."""
    texts, checksums = read_texts(collection.sources, options.texts)
    verified = cb.verify_quotes(collection, texts)
    if options.record:
        _record(collection, verified, checksums)
    changed = find_changed(collection.sources, checksums)
    for source in changed:
        say(f"{source}: its text is not the one that sha256 in sources.csv names: verify by eye")
    wrong = changed or verified["status"].isin(["not found", "ambiguous", "no text"]).any()
    return Answer(
        verified, _describe_verified(verified, collection.words), FOUND_WRONG if wrong else DONE
    )


def _record(collection: cb.Collection, verified: pd.DataFrame, checksums: dict[str, str]) -> None:
    """Keep on record what was found, and name in the sources the texts in which it was."""
    filled: dict[str, str] = {}
    try:
        filled = fill_checksums(collection, verified, checksums=checksums)
    except ValueError as error:
        say(str(error))
    if filled:
        say(f"{collection.files[SOURCES_FILE]}: sha256 filled in for {', '.join(filled)}")
    path, proofs = write_proofs(collection, verified, checksums=checksums, filled=filled)
    say(f"{path}: {_number(len(proofs), 'quote')} on record as found")


def _describe_verified(verified: pd.DataFrame, words: Words) -> Iterator[str]:
    """List the quotes that were not found once, and count the rest."""
    for row in iter_rows(verified):
        if row.status == "not found":
            hint = f", nearest ({row.similarity:.2f}): {row.hint}" if row.hint else ""
            yield f"{row.claim_id} ({row.source}): not found{hint}"
        elif row.status == "ambiguous":
            yield f"{row.claim_id} ({row.source}): ambiguous, in lines {row.line}"
    yield _count_values(verified["status"]) or f"no {words.many('claim')}"


def _count_values(values: pd.Series) -> str:
    return ", ".join(f"{count:,} {value}" for value, count in values.value_counts().items())


def answer_trace(options: Namespace, collection: cb.Collection) -> Answer:
    """Hold claims against the studies that they lean on."""
    traces = cb.trace_claims(collection)
    words, claims = collection.words, collection.claims
    shown = traces.drop(columns=["claim", "found", "finding"])
    silent = claims["source"].isin(collection.articles)
    silent &= ~claims["claim_id"].isin(traces["claim_id"])
    table = [*draw_table(_list_traces(traces), words), ""] if len(traces) else []
    counted = _count_values(traces["fidelity"]) or f"no {words['claim']} leans on anybody"
    number = int(silent.sum())
    credit = f"credit{'s' * (number == 1)} nobody"
    silence = f"{words.count(number, 'claim')} of articles {credit}"
    return Answer(traces, [*table, f"{counted}; {silence}"], shown=shown)


def _list_traces(traces: pd.DataFrame) -> pd.DataFrame:
    """Give what was traced in few columns: who says it, and on what it leans, in one cell each."""
    cited = traces["cited_study"].where(
        traces["cited_part"].isin(["", "study"]), traces["cited_study"] + " (second-hand)"
    )
    return pd.DataFrame({
        "claim": traces["claim_id"] + " " + traces["source"],
        "leans on": traces["attribution"].str.cat(cited, sep=" ").str.strip(),
        "fidelity": traces["fidelity"],
        "says": traces["recommendation"],
        "found": traces["found_recommendation"],
    })  # fmt: skip


def answer_agreement(options: Namespace, collection: cb.Collection) -> Answer:
    """Measure agreement between sources."""
    measured = dict(cb.measure_agreement(collection))
    if options.leave_one_out:
        measured["without"] = cb.measure_without(collection).to_dict("records")
    if options.yardstick is not None:
        by = {"yardstick": options.yardstick}
        measured["yardstick"] = by | {
            "sources": cb.measure_sources(collection, **by).to_dict("records"),
            "omissions": cb.find_omissions(collection, **by).to_dict("records"),
        }
    return Answer(
        measured, _describe_agreement(measured, collection.words),
        tables=lambda: _tabulate_agreement(measured),
    )  # fmt: skip


def _tabulate_agreement(measured: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """Give what `claimbook agreement` found as tables."""
    ends = ("", "_low", "_high")
    rows = [(name, *(measured[f"{name}{end}"] for end in ends)) for name in _MEASURES]
    beside = [
        (name, measured[name], None, None)
        for name in ("units", "sources", "pairable_units", "left_out")
    ]
    lists = {"pairs": measured["pairs"], "without": measured.get("without", [])}
    lists |= {
        name: measured.get("yardstick", {}).get(name, []) for name in ("sources", "omissions")
    }
    names = {"sources": "yardstick", "omissions": "left out"}
    return {
        "agreement": pd.DataFrame([*rows, *beside], columns=["measure", "value", "low", "high"])
    } | {names.get(name, name): pd.DataFrame(rows) for name, rows in lists.items() if rows}


def _describe_agreement(measured: dict[str, Any], words: Words) -> Iterator[str]:
    """Lay out the measures of agreement and the pairs of sources that share most."""
    source, sources = words["source"], words.many("source")
    answered = f"is answered by more than one {source}" if measured["units"] == 1 else (
        f"are answered by more than one {source}"
    )  # fmt: skip
    yield (
        f"{measured['pairable_units']:,} of {_number(measured['units'], 'question')} "
        f"({words.count(measured['sources'], 'source')}) {answered}; "
        f"agreement between {sources} on these, not between coders:"
    )
    yield ""
    for name in _MEASURES:
        low, high = (show_number(measured[f"{name}_{end}"]) for end in ("low", "high"))
        yield f"  {name:<15} {show_number(measured[name])}  (95 % {low} to {high})"
    yield ""
    yield f"left out, since a {source} stands on both sides: {measured['left_out']}"
    if measured.get("off_scale"):
        yield f"{words.many('claim')} off the scale, which do not count: {measured['off_scale']}"
    pairs = sorted(measured["pairs"], key=lambda pair: -pair["shared"])
    yield from _draw_rows(
        f"{_head(sources)} that share most questions:", pairs[:_MOST_PAIRS], words
    )
    if pairs:
        yield ""
        yield from wrap(
            "(shared: questions that both answer; equal, opposite: with what each says nearest to "
            "the middle. Conflicts with a narrower question are not in it: 'claimbook conflicts')"
        )
    if len(pairs) > _MOST_PAIRS:
        yield f"and {_number(len(pairs) - _MOST_PAIRS, 'more pair')}: --format json lists all"
    without = measured.get("without", [])
    yield from _draw_rows(f"Without one {source}:", without, words)
    if "yardstick" in measured:
        yield from _describe_yardstick(**measured["yardstick"], words=words)


def _head(text: str) -> str:
    return text[:1].upper() + text[1:]


def _describe_yardstick(
    yardstick: str, sources: list[dict[str, Any]], omissions: list[dict[str, Any]], words: Words
) -> Iterator[str]:
    yield ""
    yield f"What {yardstick} says: how many of it each addresses, and how:"
    for row in sources:
        names = ("same_level", "same_side", "no_side", "opposite", "mixed")
        told = ", ".join(f"{row[name]} {name.replace('_', ' ')}" for name in names if row[name])
        left = [omitted["claim_id"] for omitted in omissions if omitted["source"] == row["source"]]
        if told:
            yield (
                f"  {row['source']}: {row['addressed']} of {row['recommendations']} ({told})"
                + (f"; leaves out {', '.join(left)}" if left else "")
            )
    if silent := [row["source"] for row in sources if not row["addressed"]]:
        yield f"  none of it: {', '.join(silent)}"


def _draw_rows(title: str, rows: list[dict[str, Any]], words: Words) -> list[str]:
    return ["", title, "", *draw_table(pd.DataFrame(rows), words)] if rows else []


def answer_reliability(options: Namespace) -> Answer:
    """Compare two codings, the disagreements first."""
    codings = [read_coding(path) for path in (options.first, options.second)]
    used = (coding.get("recommendation", pd.Series(dtype="str")) for coding in codings)
    known = ("", *cb.Vocabulary().levels)
    if own := list(
        dict.fromkeys(level for levels in used for level in levels if level not in known)
    ):
        say(
            f"not on the codebook's scale: {', '.join(map(repr, own))}: for recommendation, alpha "
            "takes levels as names (nominal) and knows of no distance"
        )
    compared = cb.compare_codings(*codings)
    only = {"only_first": compared.only_first, "only_second": compared.only_second}
    measures = {row.pop("column"): row for row in compared.measures.to_dict("records")}
    content = {"disagreements": compared.disagreements.to_dict("records"), **measures, **only}
    tables = {"disagreements": compared.disagreements, "agreement": compared.measures}
    lines = [*draw_table(compared.disagreements), "", *draw_table(compared.measures), ""]
    for path, passages in zip((options.first, options.second), only.values(), strict=True):
        lines.append(f"only in {path}: {_number(len(passages), 'passage')}")
    return Answer(content, lines, tables=lambda: tables)


def answer_diff(options: Namespace, old: cb.Collection, new: cb.Collection) -> Answer:
    """List what changed between two versions of a collection, and what it turned."""
    changes = cb.find_changes(old, new)
    return Answer(changes, _describe_changes(changes))


def _describe_changes(changes: pd.DataFrame) -> Iterator[str]:
    """Say what turned, then what came, went or was changed."""
    for row in iter_rows(changes):
        question = " / ".join(filter(None, (row.intervention, row.condition, row.aspect)))
        what = {
            "verdict": f"verdict on {question}",
            "point": f"{row.column} on {question}" + (f" ({row.name})" if row.name else ""),
            "fidelity": f"fidelity of {row.claim_id}",
        }.get(row.change, f"{row.change} {row.claim_id or row.name}: {row.column}")
        yield f"{what}: {row.old or '(nothing)'} -> {row.new or '(nothing)'}"
    yield _count_values(changes["change"]) or "Nothing changed."


def answer_report(options: Namespace, collection: cb.Collection) -> Answer:
    """Run the report notebook, write one HTML file, and a PDF beside it where one is wanted."""
    from claimbook.report.pdf import find_browser, write_pdf  # here, for they are slow to load

    browser = find_browser() if options.pdf else ""
    path = Path(options.collection)
    beside = Path() if options.example else path if path.is_dir() else path.parent
    output = Path(options.output or beside / "report.html")
    if not output.parent.is_dir():
        raise FileNotFoundError(f"--output {output}: no folder '{output.parent}': make it first")
    if output.suffix.lower() == ".pdf":
        raise ValueError(f"--output {output}: name the HTML file; --pdf writes a PDF beside it")
    with _skip_grammars():
        from claimbook.report.exporter import write_report
    notebook = Path(options.notebook) if options.notebook else None
    write_report(path, output, notebook=notebook, tell=say)
    written = [output]
    if browser:
        written.append(output.with_suffix(".pdf"))
        write_pdf(output, written[-1], browser)
    return Answer(lines=[f"report written: {file.resolve()}" for file in written])


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


def answer_figure(options: Namespace, collection: cb.Collection) -> Answer:
    """Save a figure, a file for each of its pages, and say what it shows."""
    path = Path(options.output)
    ending = path.suffix.lower()
    if ending not in _PICTURES:
        known = ", ".join(_PICTURES)
        raise ValueError(f"--output {path}: name a file that ends in one of {known}")
    figure = cb.figure(collection, options.name)
    written = []
    with TemporaryDirectory() as folder, catch_warnings(record=True) as warned:
        simplefilter("always", UserWarning)
        for page in range(1, figure.pages + 1):
            draft = Path(folder, f"{page}{ending}")
            figure.save(draft, width=options.width, page=page)
            written.append(path if page == 1 else path.with_stem(f"{path.stem}-{page}"))
            with _open(str(written[-1])) as file:
                file.buffer.write(draft.read_bytes())
    for warning in dict.fromkeys(str(one.message) for one in warned):
        say(warning)
    files = [f"figure written: {file.resolve()}" for file in written]
    return Answer(lines=[*files, "", *wrap(figure.alt)])


def answer_explore(options: Namespace, collection: cb.Collection) -> Answer:
    """Open the explorer's notebook in JupyterLab, until that ends or is interrupted."""
    from claimbook.notebook.lab import check_lab, open_lab

    check_lab()
    notebook = write_explorer(options.collection)
    say(f"notebook: {notebook}\nstarting JupyterLab ...")
    with open_lab(notebook, browser=not options.no_browser) as lab:
        say("ready: in the notebook choose Run > Run All Cells; Ctrl-C here ends JupyterLab")
        print(lab.address, flush=True)
        lab.server.wait()
    return Answer()


def answer_init(options: Namespace) -> Answer:
    """Make a new collection."""
    folder = options.folder
    written = map(str, write_starter(folder))
    rows = " and ".join(str(Path(folder, name)) for name in ("claims.csv", "sources.csv"))
    told = f"Next: replace the example rows of {rows} by your own (README.md says how), then"
    steps = (f"  claimbook {command} {shlex.quote(folder)}" for command in ("check", "report"))
    return Answer(lines=[*written, "", *wrap(told), *steps])
