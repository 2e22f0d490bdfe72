import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest
from builders import sound_files, sound_tables, write_files

import claimbook
from claimbook.cli import _COMMANDS, main
from claimbook.collection.problems import build_problems
from claimbook.collection.starter import find_example
from claimbook.commands import _compare_problems
from claimbook.figures.figure import NAMES

COLUMNS = {
    "check": "file,line,record,column,value,problem,severity",
    "relate": (
        "claim_a,claim_b,source_a,source_b,relation,scope,aspects,distance,broader,"
        "within_source,kind"
    ),
    "questions": (
        "condition,intervention,aspect,sources,claims,for,uncertain,against,lowest,highest,verdict"
    ),
    "conflicts": (
        "kind,condition,intervention,aspect,narrower_condition,narrower_intervention,"
        "narrower_aspect,narrower_side,sources_for,sources_against,claims_for,claims_against,"
        "distance"
    ),
    "trace": (
        "claim_id,source,attribution,cited_study,cited_part,fidelity,finding,claim,"
        "recommendation,found,found_recommendation"
    ),
}


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A sound collection at ``data`` of the working folder."""
    monkeypatch.chdir(tmp_path)
    return write_files(tmp_path / "data", sound_files())


@pytest.fixture
def broken(data):
    """The same with two mistakes."""
    tables = sound_tables()
    tables["claims.csv"][2][4] = "pian"
    tables["sources.csv"][1][1] = "blog"
    return write_files(data, tables)


@pytest.fixture
def run(capsys):
    """Run one command: status, standard output, standard error."""

    def run(*arguments):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            status = stop.code
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return status, out, err

    return run


def start(*arguments, **options):
    """Run the command as a program of its own."""
    environment = (
        os.environ
        | {
            "PYTHONPATH": os.pathsep.join(
                [str(Path(claimbook.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
            )
        }
        | options.pop("env", {})
    )
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-m", "claimbook", *map(str, arguments)],
        **{"stdout": pipe, "stderr": pipe, "env": environment} | options,
    )


def finish(process):
    out, err = process.communicate(timeout=60)
    assert b"Traceback" not in err
    assert b"Exception ignored" not in err
    return process.returncode, out, err.decode()


def read(out):
    return list(csv.DictReader(io.StringIO(out, newline="")))


@pytest.mark.parametrize("command", COLUMNS)
@pytest.mark.parametrize("form", ["csv", "json", "text"])
def test_a_sound_collection_is_done_with_nothing_on_standard_error(run, data, command, form):
    status, out, err = run(command, data, "--format", form)
    assert (status, err) == (0, "")
    assert out.endswith("\n")


@pytest.mark.parametrize("command", COLUMNS)
def test_the_columns_are_those_of_the_contract(run, data, broken, command):
    if command != "check":
        write_files(data, sound_files())
    _, out, _ = run(command, data, "--format", "csv")
    assert out.split("\n", 1)[0] == COLUMNS[command]
    rows = json.loads(run(command, data, "--format", "json")[1], parse_constant=pytest.fail)
    assert {",".join(row) for row in rows} == {COLUMNS[command]}


@pytest.mark.parametrize("command", COLUMNS)
def test_csv_and_json_tell_the_same_and_numbers_are_numbers(run, data, broken, command):
    if command != "check":
        write_files(data, sound_files())
    table = read(run(command, data, "--format", "csv")[1])
    rows = json.loads(run(command, data, "--format", "json")[1])
    assert [{key: flatten(one) for key, one in row.items()} for row in rows] == table
    numbers = {
        "check": ["line", "record"],
        "relate": ["distance"],
        "questions": ["sources", "for"],
        "conflicts": ["distance"],
        "trace": [],
    }
    assert all(type(row[name]) is int for row in rows for name in numbers[command])
    if command == "conflicts":
        assert rows[0]["sources_against"] == ["clinic"]
    if command == "relate":
        assert {type(row["within_source"]) for row in rows} == {bool}


def flatten(cell):
    """What stands in a cell of CSV for what stands in one of JSON."""
    return ";".join(cell) if isinstance(cell, list) else "" if cell is None else str(cell)


@pytest.mark.parametrize("command", COLUMNS)
def test_no_claims_are_no_rows(run, data, command):
    write_files(data, {"claims.csv": sound_tables()["claims.csv"][:1]})
    assert run(command, data, "--format", "csv") == (0, COLUMNS[command] + "\n", "")
    assert json.loads(run(command, data, "--format", "json")[1]) == []
    assert run(command, data)[0] == 0


def test_check_tells_every_problem_on_standard_output_and_ends_with_1(run, broken):
    status, out, err = run("check", broken)
    assert (status, err) == (1, "")
    assert "claims.csv, line 3: aspect 'pian' is no known aspect" in out
    assert "sources.csv, line 2: kind 'blog' is no known kind" in out
    assert "2 problems found" in out
    status, out, err = run("check", broken, "--format", "csv")
    assert (status, err) == (1, "")
    assert [(row["file"], row["line"], row["record"]) for row in read(out)] == [
        ("claims.csv", "3", "2"),
        ("sources.csv", "2", "1"),
    ]


@pytest.mark.parametrize("command", ["relate", "questions", "conflicts", "trace"])
def test_rows_with_an_error_are_set_aside_and_said_and_all_else_is_done(run, broken, command):
    status, out, err = run(command, broken, "--format", "csv")
    assert status == 1
    assert out.startswith(COLUMNS[command])
    assert "c2" not in out
    assert "line 3: aspect 'pian' is no known aspect" in err
    assert "line 2: kind 'blog' is no known kind" in err
    assert "set aside with a source or a term whose own row is set aside" in err


def test_an_unfinished_row_is_counted_and_ends_with_0(run, data):
    tables = sound_tables()
    tables["claims.csv"][2][5] = ""
    write_files(data, tables)
    status, out, err = run("check", data)
    assert status == 0
    assert "draft" in out
    status, out, err = run("questions", data, "--format", "csv")
    assert status == 0
    assert "1 draft" in err
    assert sum(int(row["claims"]) for row in read(out)) == 3


def test_a_warning_is_counted_aloud_and_ends_with_0(run, data):
    (data / "datapackage.json").write_text('{"quote_words": 1}')
    status, out, _ = run("check", data, "--format", "csv")
    assert status == 0
    assert {row["severity"] for row in read(out)} == {"warning"}
    status, out, err = run("questions", data, "--format", "csv")
    assert status == 0
    assert "warning" in err
    assert sum(int(row["claims"]) for row in read(out)) == 4


@pytest.mark.parametrize(
    "spoil",
    [("claims.csv", 2, 0, "c1"), ("vocabulary.csv", 1, 2, "sciatica")],
    ids=["id", "circle"],
)
@pytest.mark.parametrize("command", COLUMNS)
def test_a_fatal_problem_ends_with_2_and_nothing_is_done(run, data, command, spoil):
    tables = sound_tables()
    name, row, column, value = spoil
    tables[name][row][column] = value
    write_files(data, tables)
    status, out, err = run(command, data, "--output", "out.csv")
    assert (status, out) == (2, "")
    assert Path("out.csv").exists() == (command == "check")
    assert (value in err) == (command != "check")


@pytest.mark.parametrize("command", COLUMNS)
def test_strictly_every_problem_stops_a_command(run, data, command):
    assert run(command, data, "--strict", "--output", "sound.csv")[0] == 0
    (data / "datapackage.json").write_text('{"quote_words": 1}')
    status, out, err = run(command, data, "--strict", "--format", "csv")
    assert status == (1 if command == "check" else 2)
    assert (out == "") == (command != "check")
    assert ("quote" in err) == (command != "check")


def test_relate_lists_every_pair_that_meets(run, data):
    rows = read(run("relate", data, "--format", "csv")[1])
    assert [list(row.values()) for row in rows] == [
        ["c1", "c2", "spa", "clinic", "conflict", "crossed", "nested", "4", "", "False", "overlap"],
        ["c1", "c3", "spa", "cochrane", "qualify", "same", "same", "2", "", "False", ""],
        ["c2", "c3", "clinic", "cochrane", "qualify", "crossed", "nested", "2", "", "False", ""],
    ]


@pytest.mark.parametrize("command", COLUMNS)
def test_the_collection_is_data_where_none_is_named_or_a_csv_file(run, data, command):
    expected = run(command, data, "--format", "csv")
    assert run(command, "--format", "csv") == expected
    (data / "claims.csv").rename(data / "mine.csv")
    assert run(command, data / "mine.csv", "--format", "csv") == expected


@pytest.mark.parametrize("command", COLUMNS)
def test_a_collection_that_is_not_there_ends_with_2_and_says_how_to_begin(run, data, command):
    (data / "claims.csv").unlink()
    for place in ("nowhere", data):
        status, out, err = run(command, place)
        assert (status, out) == (2, "")
        assert str(place) in err
        assert "claimbook init" in err


def test_claims_that_cannot_be_read_end_with_2(run, data):
    (data / "claims.csv").unlink()
    (data / "claims.csv").mkdir()
    status, out, err = run("check", data)
    assert (status, out) == (2, "")
    assert "claims.csv" in err


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["check", "--format", "xml"], ["relate", "a", "b"], ["check", "--nonsense"]],
)
def test_wrong_usage_ends_with_2_and_says_what_is_right(run, arguments):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert "usage: claimbook" in err


@pytest.mark.parametrize("command", _COMMANDS)
def test_help_has_an_example_of_every_command(run, command):
    status, out, err = run(command, "--help")
    assert (status, err) == (0, "")
    assert f"Example: claimbook {command}" in " ".join(out.split())
    assert command in run("--help")[1]


@pytest.mark.parametrize("command", COLUMNS)
@pytest.mark.parametrize("form", ["csv", "json", "text"])
def test_output_is_what_would_have_been_printed(run, data, command, form):
    printed = run(command, data, "--format", form)
    assert run(command, data, "--format", form, "--output", "out") == (0, "", "")
    assert Path("out").read_bytes().decode() == printed[1]
    assert sorted(os.listdir()) == ["data", "out"]


def test_the_name_of_the_output_tells_the_format_where_none_is_given(run, data):
    run("questions", data, "--output", "out.csv")
    assert Path("out.csv").read_text().startswith(COLUMNS["questions"])
    run("questions", data, "--output", "out.json")
    assert len(json.loads(Path("out.json").read_text())) == 3
    run("questions", data, "--output", "out.csv", "--format", "json")
    assert len(json.loads(Path("out.csv").read_text())) == 3
    status, _, err = run("questions", data, "--output", "out.docx")
    assert (status, ".csv, .json, .xlsx, .md, .tex" in err, "--format" in err) == (2, True, True)
    assert not Path("out.docx").exists()


@pytest.mark.parametrize("ending", [".xlsx", ".md", ".tex"])
@pytest.mark.parametrize("command", [*COLUMNS, "agreement", "diff", "reliability"])
def test_every_table_can_be_written_for_a_spreadsheet_and_a_paper(run, data, command, ending):
    asked = {"diff": [data, data], "reliability": [data / "claims.csv"] * 2}.get(command, [data])
    written = [f"one{ending}", f"two{ending}"]
    for name in written:
        assert run(command, *asked, "--output", name)[:2] == (0, "")
    one, two = (Path(name).read_bytes() for name in written)
    assert one == two
    assert one


def test_a_paper_has_labels_and_the_words_of_the_collection(run, data):
    words = {"condition": "complaint", "source": ["book", "books"]}
    (data / "datapackage.json").write_text(json.dumps({"words": words}))
    run("conflicts", data, "--output", "out.md")
    head, _, row = Path("out.md").read_text().splitlines()[:3]
    assert head.startswith("| kind | complaint | intervention | aspect |")
    assert "| books for | books against |" in head
    assert "| Pain |" in row or "| back pain |" in row
    run("questions", data, "--roll-up", "condition=pain", "--output", "out.tex")
    assert "Pain & massage" in Path("out.tex").read_text()


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left"), ValueError("no"), KeyboardInterrupt]
)
def test_output_that_fails_half_way_leaves_the_old_file_and_nothing_beside_it(
    run, data, monkeypatch, error
):
    whole = claimbook.iter_relations

    def fail(*arguments, **options):
        yield from whole(*arguments, **options)
        raise error

    monkeypatch.setattr("claimbook.iter_relations", fail)
    Path("out.csv").write_text("old")
    status, out, _ = run("relate", data, "--output", "out.csv")
    assert status == (130 if error is KeyboardInterrupt else 2)
    assert out == ""
    assert Path("out.csv").read_text() == "old"
    assert sorted(os.listdir()) == ["data", "out.csv"]


@pytest.mark.parametrize("output", ["no/such/folder/out.csv", "data"])
def test_output_that_cannot_be_written_ends_with_2_and_names_it(run, data, output):
    status, out, err = run("check", data, "--output", output)
    assert (status, out) == (2, "")
    assert f"{output}:" in err or f"'{output}'" in err
    assert sorted(os.listdir()) == ["data"]


def test_rolling_up_gathers_questions_in_the_order_given(run, data):
    options = ["--roll-up", "aspect=use", "--roll-up", "condition=pain"]
    status, out, _ = run("questions", data, *options, "--format", "csv")
    assert status == 0
    assert [list(row.values()) for row in read(out)] == [
        ["pain", "massage", "use", "3", "3", "1", "1", "1", "against", "for", "qualify"],
        [
            "pain",
            "thai massage",
            "safety",
            "1",
            "1",
            "1",
            "0",
            "0",
            "conditional for",
            "conditional for",
            "single source",
        ],
    ]


@pytest.mark.parametrize(
    ("roll_up", "remedy"),
    [
        ("aspcet=use", "did you mean 'aspect'"),
        ("recommendation=for", "condition, intervention, aspect"),
        ("condition=siatica", "did you mean 'sciatica'"),
        ("aspect=usefulness of it all", "neither declared nor used"),
        ("aspect", "expected FACET=TERM"),
        ("=use", "condition, intervention, aspect"),
    ],
)
def test_rolling_up_to_what_is_unknown_ends_with_2_and_a_remedy(run, data, roll_up, remedy):
    status, out, err = run("questions", data, "--roll-up", roll_up)
    assert (status, out) == (2, "")
    assert remedy in err
    assert not err.rstrip().endswith(":")


def test_a_facet_can_be_gathered_into_one(run, data):
    out = run("questions", data, "--roll-up", "intervention=", "--format", "csv")[1]
    assert {row["intervention"] for row in read(out)} == {""}


def test_leaving_one_out_adds_what_each_verdict_hangs_on(run, data):
    roll_up = ("--roll-up", "condition=pain")
    plain = read(run("questions", data, *roll_up, "--format", "csv")[1])
    status, out, _ = run("questions", data, *roll_up, "--leave-one-out", "--format", "csv")
    assert status == 0
    assert [dict(list(row.items())[:11]) for row in read(out)] == plain
    hangs_on = {row["verdict"]: list(row.values())[11:] for row in read(out)}
    assert hangs_on["single source"] == ["", "False", "", "single source"]
    assert "recodings" in run("questions", data, "--leave-one-out")[1]


def test_agreement_holds_sources_against_a_yardstick(run, data):
    status, out, _ = run("agreement", data, "--yardstick", "cochrane", "--format", "json")
    measured = json.loads(out)["yardstick"]
    assert (status, measured["yardstick"]) == (0, "cochrane")
    assert "spa" in {row["source"] for row in measured["sources"]}
    left_out = {(row["source"], row["claim_id"]) for row in measured["omissions"]}
    said = run("agreement", data, "--yardstick", "cochrane")[1]
    assert all(claim in said for _, claim in left_out)
    status, _, err = run("agreement", data, "--yardstick", "cochrain")
    assert (status, "did you mean 'cochrane'?" in err) == (2, True)


@pytest.mark.parametrize("command", ["agreement", "reliability"])
def test_what_is_no_one_table_is_not_written_as_csv(run, data, command):
    asked = [data] if command == "agreement" else [data / "claims.csv"] * 2
    for options in (["--output", data / "x.CSV"], ["--format", "csv"]):
        status, out, err = run(command, *asked, *options)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert f"'claimbook {command}'" in err
        assert ".json, .xlsx" in err
    assert not (data / "x.CSV").exists()


def test_one_of_each_is_told_in_the_singular(run, data):
    tables = sound_tables()
    one = {
        "claims.csv": tables["claims.csv"][:2],
        "datapackage.json": '{"words": {"claim": "view"}}',
    }
    (data / "vocabulary.csv").unlink()
    (data / "sources.csv").unlink()
    write_files(data, one)
    assert "1 view by 1 source on 1 question: sound" in run("check", data)[1]
    assert "0 pairs of views meet" in run("relate", data)[1]
    assert "1 question: 1 single source" in run("questions", data)[1]
    assert "No views conflict." in run("conflicts", data)[1]
    assert "0 of 1 question (1 source) is answered" in run("agreement", data)[1]
    assert "0 views of articles credit nobody" in run("trace", data)[1]


def test_levels_of_no_known_scale_are_told_where_codings_are_compared(run, data):
    text = "claim_id,recommendation\na,mostly true\nb,false\n"
    (data / "one.csv").write_text(text)
    status, _, err = run("reliability", data / "one.csv", data / "one.csv")
    assert status == 0
    assert "not on the codebook's scale: 'mostly true', 'false'" in err


def test_a_yardstick_without_a_name_is_told(run, data):
    status, out, err = run("agreement", data, "--yardstick", "")
    assert (status, out) == (2, "")
    assert "expected one of: spa, clinic, cochrane" in err


def test_agreement_without_each_source_is_undefined_where_nothing_is_left(run, data):
    out = run("agreement", data, "--leave-one-out", "--format", "json")[1]
    without = json.loads(out)["without"]
    sources = [row["source"] for row in without]
    assert sources == list(dict.fromkeys(sources))
    assert all(row["agreement"] is None for row in without if not row["pairable_units"])
    assert "Without one source:" in run("agreement", data, "--leave-one-out")[1]


def test_questions_for_people_come_worst_verdict_first(run, data):
    tables = sound_tables()
    tables["claims.csv"][3][5] = "against"
    _, out, _ = run("questions", write_files(data, tables), "--roll-up", "condition=pain")
    verdicts = [line for line in out.splitlines() if "conflict" in line or "single" in line]
    assert "conflict" in verdicts[0]


def test_no_cell_reaches_a_terminal_as_an_escape_sequence(run, data):
    files = {
        "claims.csv": sound_files()["claims.csv"].replace(b"thai massage", b"a\x1b]0;owned\x07")
    }
    (data / "vocabulary.csv").unlink()
    write_files(data, files)
    for command in COLUMNS:
        _, out, err = run(command, data)
        assert "\x1b" not in out + err


def test_a_report_is_written_beside_the_claims_from_the_notebook_named(run, data, monkeypatch):
    asked = []

    def write(collection, output, *, notebook, tell):
        asked.append((collection, output, notebook))

    monkeypatch.setattr("claimbook.report.exporter.write_report", write)
    for collection in ("data", "data/claims.csv"):
        status, out, _ = run("report", collection, "--notebook", "mine.ipynb")
        assert (status, out) == (0, f"report written: {data / 'report.html'}\n")
        assert asked.pop() == (Path(collection), Path("data/report.html"), Path("mine.ipynb"))
    run("report", "data", "--output", "out.html")
    assert asked == [(Path("data"), Path("out.html"), None)]


def test_a_report_of_the_example_is_written_here(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = []
    monkeypatch.setattr(
        "claimbook.report.exporter.write_report", lambda *paths, **_: asked.append(paths)
    )
    status, out, err = run("report", "--example")
    assert (status, err) == (0, "")
    assert out == f"report written: {tmp_path / 'report.html'}\n"
    assert asked == [(find_example(), Path("report.html"))]
    assert "back pain" in claimbook.read_collection(find_example()).metadata["title"]


@pytest.mark.parametrize(
    ("name", "begin"), [("f.svg", b"<?xml"), ("f.PDF", b"%PDF"), ("f.png", b"\x89PNG")]
)
def test_a_figure_is_saved_at_the_width_of_a_journal(run, data, name, begin):
    status, out, err = run("figure", "levels", data, "--output", name, "--width", "174mm")
    assert (status, err) == (0, "")
    content = Path(name).read_bytes()
    assert content.startswith(begin)
    assert str(Path(name).resolve()) in out
    alt = claimbook.figure(claimbook.read_collection(data), "levels").alt
    assert " ".join(out.split()).endswith(" ".join(alt.split()))
    if name == "f.svg":
        assert float(re.search(rb'width="([\d.]+)pt"', content)[1]) == pytest.approx(
            174 / 25.4 * 72, abs=0.1
        )
    assert sorted(os.listdir()) == ["data", name]


def test_the_help_names_every_figure(run):
    told = run("figure", "--help")[1]
    assert all(name in told for name in NAMES)


def test_each_page_of_a_figure_is_a_file(run, data):
    rows = [
        f"{source}{n},{source},state {n},x,use,for,Yes.\n" for n in range(200) for source in "ab"
    ]
    header = "claim_id,source,condition,intervention,aspect,recommendation,claim\n"
    Path("claims.csv").write_text(header + "".join(rows))
    pages = claimbook.figure(claimbook.read_collection("."), "matrix").pages
    assert pages > 1
    assert run("figure", "matrix", ".", "--output", "m.png")[0] == 0
    names = {"m.png", *(f"m-{page}.png" for page in range(2, pages + 1))}
    assert {path.name for path in Path().glob("*.png")} == names
    assert len({path.read_bytes() for path in Path().glob("*.png")}) == pages


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["matrx", "--output", "f.svg"], f"did you mean 'matrix'? ({', '.join(NAMES)}"),
        (["matrix", "--output", "f.doc"], "f.doc: name a file that ends in one of .svg, .pdf"),
        (["matrix", "--output", "f"], "f: name a file that ends in one of .svg, .pdf"),
        (["matrix", "--output", "f.svg", "--width", "wide"], "'wide': expected a number and a"),
        (["matrix", "--output", "none/f.svg"], "none"),
        (["matrix"], "required: --output"),
    ],
)
def test_a_figure_that_cannot_be_saved_ends_with_2_and_a_remedy(run, data, arguments, remedy):
    name, *rest = arguments
    status, out, err = run("figure", name, data, *rest)
    assert (status, out) == (2, "")
    assert remedy in err.replace("expected one of: ", "")
    assert os.listdir() == ["data"]


def test_words_too_small_to_read_are_told_and_the_figure_saved(run, data):
    status, _, err = run("figure", "levels", data, "--output", "f.svg", "--width", "2cm")
    assert status == 0
    assert "too small to read in print" in err
    assert "Warning" not in err
    assert Path("f.svg").is_file()


def test_init_makes_a_sound_collection_and_says_what_is_next(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = run("init", "new/my topic")
    assert (status, err) == (0, "")
    assert "claimbook check 'new/my topic'" in out
    names = ["README.md", "claims.csv", "datapackage.json", "sources.csv"]
    assert sorted(os.listdir("new/my topic")) == names
    assert json.loads(Path("new/my topic/datapackage.json").read_text())["name"] == "my-topic"
    assert run("check", "new/my topic", "--strict")[0] == 0
    for name in ("claims.csv", "sources.csv"):
        assert Path("new/my topic", name).read_bytes().startswith(b"\xef\xbb\xbf")
    assert run("relate", "new/my topic")[0] == 0


def test_what_is_left_of_the_example_is_told_by_every_command(run, tmp_path):
    run("init", tmp_path / "new")
    said = "example-1, example-2: example rows of 'claimbook init'"
    checked = run("check", tmp_path / "new")[1]
    assert said in checked
    assert "no title yet" in checked
    assert said in run("questions", tmp_path / "new")[2]


@pytest.mark.parametrize("aspect", ["pain", "readability"])
def test_a_starter_whose_example_rows_are_replaced_is_sound(run, tmp_path, aspect):
    run("init", tmp_path)
    own = {
        "claims.csv": f"c1,book,long function,early return,{aspect},for,It reads.,It reads",
        "sources.csv": "book,article,A book",
    }
    for name, row in own.items():
        header = (tmp_path / name).read_text(encoding="utf-8-sig").splitlines()[0]
        row += "," * (header.count(",") - row.count(","))
        (tmp_path / name).write_text(f"{header}\n{row}\n", encoding="utf-8-sig")
    status, out, _ = run("check", tmp_path, "--strict")
    assert status == 0
    assert "1 claim by 1 source on 1 question: sound" in out
    assert "example row" not in out


def test_init_overwrites_nothing_and_ends_with_2(run, tmp_path):
    (tmp_path / "sources.csv").write_text("mine")
    status, out, err = run("init", tmp_path)
    assert (status, out) == (2, "")
    assert "sources.csv" in err
    assert os.listdir(tmp_path) == ["sources.csv"]
    assert (tmp_path / "sources.csv").read_text() == "mine"


def test_init_in_the_place_of_a_file_ends_with_2(run, tmp_path):
    (tmp_path / "topic").write_text("mine")
    status, _, err = run("init", tmp_path / "topic")
    assert status == 2
    assert "topic" in err
    assert (tmp_path / "topic").read_text() == "mine"


def many(data, number=400):
    header, row = sound_tables()["claims.csv"][:2]
    rows = [[f"c{n}é", *row[1:6], f"Claim {n}.", "", *row[8:]] for n in range(number)]
    (data / "sources.csv").unlink()  # with it, a claim of an article would want a quote
    return write_files(data, {"claims.csv": [header, *rows]})


def test_the_program_ends_with_the_status_of_the_command(data):
    assert finish(start("check"))[0] == 0
    assert finish(start("check", "nowhere"))[0] == 2
    assert finish(start("nonsense"))[0] == 2


def test_a_reader_that_stops_reading_is_no_error(data):
    process = start("relate", many(data), "--format", "csv")
    assert process.stdout.readline().decode().strip() == COLUMNS["relate"]
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(60) == 0


@pytest.mark.parametrize("arguments", [["check"], ["--help"], ["--version"], ["init", "new"]])
def test_a_reader_that_never_reads_is_no_error(data, arguments):
    reader, writer = os.pipe()
    os.close(reader)
    process = start(*arguments, stdout=writer)
    os.close(writer)
    assert finish(process)[::2] == (0, "")


def test_a_reader_of_what_is_said_that_has_gone_does_not_stop_the_work(broken):
    reader, writer = os.pipe()
    os.close(reader)
    process = start("relate", "--output", "out.csv", stderr=writer)
    os.close(writer)
    assert process.communicate(timeout=60)[0] == b""
    assert process.returncode == 1
    assert Path("out.csv").read_text().startswith(COLUMNS["relate"])


@pytest.mark.parametrize("arguments", [["check"], ["init", "new"]])
def test_a_standard_output_that_is_closed_ends_in_no_traceback(data, arguments):
    closed = start(*arguments, stdout=None, preexec_fn=lambda: os.close(1))
    assert finish(closed)[0] in (0, 2)


@pytest.mark.parametrize("arguments", [["check"], ["init", "new"]])
def test_a_standard_output_that_is_full_ends_with_2_and_says_so(data, arguments):
    with open("/dev/full", "w") as full:
        status, _, err = finish(start(*arguments, stdout=full))
    assert status == 2
    assert "No space left" in err


def test_output_is_utf8_whatever_the_locale(data):
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    for form in ("text", "csv", "json"):
        files = {"claims.csv": sound_files()["claims.csv"].replace(b"thai massage", "痛é".encode())}
        (data / "vocabulary.csv").unlink(missing_ok=True)
        write_files(data, files)
        status, out, err = finish(start("questions", "--format", form, env=plain))
        assert (status, err) == (0, "")
        assert "痛é" in out.decode("utf-8")


def test_a_collection_is_checked_again_at_each_save_until_interrupted(data):
    def save(condition, level):
        tables = sound_tables()
        tables["claims.csv"][1][2], tables["claims.csv"][1][5] = condition, level
        tables["claims.csv"][2][5] = "maybe"
        write_files(data, tables)

    def read_until(words):
        lines = []
        while not lines or (lines[-1] and words not in lines[-1]):
            lines.append(process.stdout.readline().decode())
        return "".join(lines)

    save("back pian", "for")
    heed = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731
    process = start("check", "--watch", preexec_fn=heed)
    timer = Timer(60, process.kill)
    timer.start()
    try:
        assert "2 problems found: 2 errors" in read_until("Ctrl-C ends it")
        save("back pain", "yes")
        told = read_until("can be compared")
        assert told.count("gone: ") == told.count("new: ") == told.count("still there: ") == 1
        assert "gone: claims.csv, line 2: condition 'back pian' is no known" in told
        assert "new: claims.csv, line 2: recommendation 'yes' is no known" in told
        assert "still there: claims.csv, line 3: recommendation 'maybe' is no known" in told
        write_files(data / "new", sound_files())
        os.replace(data / "new" / "claims.csv", data / "claims.csv")  # as editors do
        told = read_until("sound")
        assert told.count("gone: ") == 2
        (data / "claims.csv").unlink()
        assert "no claims.csv in 'data'" in read_until("claims.csv")
        write_files(data, sound_files())
        assert "sound" in read_until("sound")
        process.send_signal(signal.SIGINT)
        status, _, err = finish(process)
        assert (status, err.strip()) == (130, "")
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def test_what_is_watched_is_printed_for_people(run, data):
    status, _, err = run("check", "--watch", "--output", "problems.csv")
    assert status == 2
    assert "--watch prints for people" in err


def test_a_problem_whose_row_has_moved_is_still_the_same():
    def build(*lines):
        rows = [("claims.csv", line, line - 1, "aspect", "pian", "unknown") for line in lines]
        return build_problems(rows)

    told = list(_compare_problems(build(2, 3), build(4)))
    assert [line.partition(":")[0] for line in told] == ["gone", "still there"]
    assert "line 4" in told[1]
    told = list(_compare_problems(build(), build(4, 5)))
    assert [line.partition(":")[0] for line in told] == ["new"]
    assert "2 rows, the first is line 4" in told[0]
    assert list(_compare_problems(build(), build())) == []


def test_an_interrupt_ends_quietly_with_130_and_leaves_no_draft(data):
    (data / "claims.csv").unlink()
    os.mkfifo(data / "claims.csv")
    # a shell that runs the tests in the background has told its children to ignore interrupts
    heed = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731
    process = start("relate", "--output", "out.csv", preexec_fn=heed)
    writer = os.open(data / "claims.csv", os.O_WRONLY)  # waits until the program reads
    process.send_signal(signal.SIGINT)
    # a signal that comes just before the program waits is heeded once it need not wait any more
    os.close(writer)
    status, out, err = finish(process)
    assert (status, out, err.strip()) == (130, b"", "")
    assert os.listdir() == ["data"]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_report_that_is_interrupted_ends_quietly_and_leaves_nothing(data, number):
    heed = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731
    process = start("report", "--output", "out.html", preexec_fn=heed)
    while b"cell 3 of" not in (told := process.stderr.readline()):
        assert told
    process.send_signal(number)
    assert finish(process)[0] == 130
    assert os.listdir() == ["data"]


@pytest.fixture
def signals():
    """Signals as they are, put back after the test."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in kept:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_that_a_library_takes_for_its_own_failure_is_one(signals, monkeypatch, number):
    def load():
        try:
            signal.raise_signal(number)
        except KeyboardInterrupt:
            raise ImportError("numpy could not be loaded") from None

    monkeypatch.setattr("claimbook.cli.main", load)
    with pytest.raises(SystemExit) as ended:
        claimbook.cli.run()
    assert ended.value.code == 130


def test_the_version_is_told(run):
    assert run("--version") == (0, f"claimbook {claimbook.__version__}\n", "")
