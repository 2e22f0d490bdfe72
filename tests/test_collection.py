import tempfile
from pathlib import Path

import pytest
from builders import sound_files, sound_tables, write_csv, write_files
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from claimbook import (
    ClaimsError,
    check_collection,
    count_questions,
    find_conflicts,
    read_collection,
    relate_claims,
)

FILES = ["claims.csv", "sources.csv", "vocabulary.csv"]
COLUMNS = ["file", "line", "record", "column", "value", "problem", "severity"]

# file, record, column, value, remedy: in each column that has a rule, each on its own record
MISTAKES = [
    ("claims.csv", 1, "condition", "bak pain", "did you mean 'back pain'"),
    ("claims.csv", 1, "cited_study", "cochran", "not in sources.csv"),
    ("claims.csv", 2, "claim_id", "c1", "record 1 already"),
    ("claims.csv", 2, "source", "klinic", "not in sources.csv"),
    ("claims.csv", 2, "quote", "a … … c", "ellips"),
    ("claims.csv", 3, "intervention", "tea", "massage"),
    ("claims.csv", 3, "certainty", "lowest", "very low"),
    ("claims.csv", 4, "aspect", "safty", "did you mean 'safety'"),
    ("claims.csv", 4, "recommendation", "yes", "expected one of: for"),
    ("claims.csv", 4, "claim", "", "empty: fill in"),
    ("sources.csv", 1, "sha256", "12", "64 hexadecimal digits"),
    ("sources.csv", 2, "url", "clinic", "expected http"),
    ("sources.csv", 3, "kind", "metaanalysis", "add it to vocabulary.csv"),
    ("vocabulary.csv", 3, "score", "1", "only recommendation has scores"),
    ("vocabulary.csv", 4, "broader", "back pain; leg", "'leg' is no term"),
    ("vocabulary.csv", 7, "scheme", "treatment", "condition, intervention"),
]


def plant(*mistakes):
    tables = sound_tables()
    for file, record, column, value, _ in mistakes:
        rows = tables[file]
        rows[record][rows[0].index(column)] = value
    return tables


def check(folder, files):
    collection, problems = check_collection(write_files(folder, files))
    assert problems.columns.tolist() == COLUMNS
    return collection, problems


def describe(problems):
    return problems[["file", "line", "record", "column", "value"]].to_numpy().tolist()


@pytest.fixture(scope="module")
def folder():
    """One folder for examples that hypothesis draws, each writing all files anew."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def test_a_sound_collection_is_read_whole(tmp_path):
    collection, problems = check(tmp_path, sound_files())
    assert problems.empty
    assert collection.claims["notes"].tolist() == ["one, two", 'a "word"', "ä, ü, 痛", ""]
    assert collection.sources["source"].tolist() == ["spa", "clinic", "cochrane"]
    assert collection.metadata == {"title": "Massage"}
    assert list(collection.files) == [*FILES, "datapackage.json"]
    assert collection.terms.find_broader("condition", "sciatica") == {
        "back pain",
        "nerve pain",
        "pain",
    }
    assert read_collection(tmp_path).claims.equals(collection.claims)


def test_only_claims_are_required_and_the_rest_is_bare(tmp_path):
    header, row = "claim_id,source,condition,intervention,aspect,recommendation,claim", "a,b,c,d,e"
    collection, problems = check(tmp_path, {"claims.csv": f"{header}\n{row},for,It helps.\n"})
    assert problems.empty
    assert collection.claims.loc[0, "quote"] == ""
    assert collection.sources["source"].tolist() == ["b"]
    assert collection.metadata == {}


def test_a_header_alone_is_a_sound_collection_of_no_claims(tmp_path):
    tables = {name: rows[:1] for name, rows in sound_tables().items()}
    collection, problems = check(tmp_path, tables)
    assert problems.empty
    assert len(collection.claims) == 0
    assert len(relate_claims(collection)) == 0


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_optional_columns_may_be_missing_and_no_warning_comes(tmp_path, file, columns):
    required = {"claims.csv": 8, "sources.csv": 1, "vocabulary.csv": 2}[file]
    tables = sound_tables()
    tables[file] = [row[: required + columns] for row in tables[file]]
    assert check(tmp_path, tables)[1].empty


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one[0]}-{one[2]}")
def test_a_mistake_in_any_column_is_told_with_its_line_and_remedy(tmp_path, mistake):
    file, record, column, value, remedy = mistake
    _, problems = check(tmp_path, plant(mistake))
    row = problems[(problems["file"] == file) & (problems["column"] == column)]
    assert describe(row) == [[file, record + 1, record, column, value]]
    assert remedy in row["problem"].iloc[0]


@settings(deadline=None, max_examples=12)
@given(st.sets(st.sampled_from(MISTAKES)))
def test_all_mistakes_are_told_at_once_by_file_and_line(folder, mistakes):
    _, problems = check(folder, plant(*mistakes))
    planted = {(file, record + 1, column, value) for file, record, column, value, _ in mistakes}
    found = set(problems[["file", "line", "column", "value"]].itertuples(index=False, name=None))
    assert planted <= found
    assert found == planted
    places = [
        (FILES.index(file), line)
        for file, line in zip(problems["file"], problems["line"], strict=True)
    ]
    assert places == sorted(places)


def test_rows_with_an_error_and_drafts_are_set_aside_and_all_else_is_read(tmp_path):
    mistakes = [MISTAKES[0], ("claims.csv", 4, "claim", "", "")]
    collection, problems = check(tmp_path, plant(*mistakes))
    assert problems["severity"].tolist() == ["error", "draft"]
    assert collection.claims["claim_id"].tolist() == ["c2", "c3"]
    assert describe(collection.set_aside) == describe(problems)
    assert repr(collection) == "<Collection: 2 claims by 2 sources, 2 rows set aside>"
    with pytest.raises(ClaimsError, match=r"^2 problems found\nclaims\.csv, line 2: "):
        read_collection(tmp_path, strict=True)


def test_what_is_fatal_is_raised_with_every_other_problem(tmp_path):
    collection, problems = check(tmp_path, plant(MISTAKES[0], MISTAKES[2]))
    assert collection is None
    with pytest.raises(ClaimsError, match=r"^2 problems found\n") as caught:
        read_collection(tmp_path)
    assert describe(caught.value.problems) == describe(problems)


def test_claims_of_a_source_that_is_set_aside_are_set_aside_with_it(tmp_path):
    collection, problems = check(tmp_path, plant(("sources.csv", 2, "kind", "blog", "")))
    assert problems["file"].tolist() == ["sources.csv"]
    assert collection.claims["claim_id"].tolist() == ["c1", "c3"]
    aside = collection.set_aside
    assert aside["file"].tolist() == ["sources.csv", "claims.csv", "claims.csv"]


def test_blanks_around_terms_and_human_headers_are_read_with_a_word(tmp_path):
    tables = sound_tables()
    tables["claims.csv"][0][:2] = ["Claim ID", " Source"]
    tables["claims.csv"][1][2] = "back\u00a0pain "
    collection, problems = check(tmp_path, tables)
    assert set(problems["severity"]) == {"warning"}
    assert problems["value"].tolist() == ["Claim ID", "back\u00a0pain "]
    assert collection.claims.loc[0, ["claim_id", "condition"]].tolist() == ["c1", "back pain"]


@settings(deadline=None, max_examples=12)
@given(st.data())
def test_a_sound_collection_stays_sound_in_any_order_of_columns_ending_and_mark(folder, data):
    for name, rows in sound_tables().items():
        rows = [
            [*row, "own", "é"] if n else [*row, "my column", "x\ny"] for n, row in enumerate(rows)
        ]
        order = data.draw(st.permutations(range(len(rows[0]))))
        header, *rows = [[row[place] for place in order] for row in rows]
        end = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
        text = "\ufeff" * data.draw(st.booleans()) + write_csv(header, rows, end=end)
        write_files(folder, {name: text + end * data.draw(st.integers(0, 2))})
    collection, problems = check_collection(folder)
    assert problems.empty
    assert collection.claims["claim_id"].tolist() == ["c1", "c2", "c3", "c4"]
    assert collection.claims["my column"].tolist() == ["own"] * 4
    assert collection.sources["my column"].tolist() == ["own"] * 3


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_right_behind_quoted_line_breaks_and_blank_lines(tmp_path, end):
    tables = plant(("claims.csv", 3, "aspect", "pian", ""))
    tables["claims.csv"][1][-1] = f"three{end}lines{end}long"
    text = write_csv(tables["claims.csv"][0], tables["claims.csv"][1:], end=end)
    head, body = text.split(end, 1)
    _, problems = check(tmp_path, tables | {"claims.csv": head + end + end + body})
    assert describe(problems) == [["claims.csv", 7, 3, "aspect", "pian"]]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\n\n\n",
        b"\xef\xbb\xbf",
        b"\x00",
        b'"',
        b",",
        b",,,\n,,,\n",
        b"x",
        b"x\n1\n",
        b"\xff\xfe",
        "claim_id,source\n1,2\n".encode("utf-16"),
        b'"claim_id',
        b"\r",
        b'a,b\n1,"2\n',
        b"claim_id;source;term\n1;2;3\n",
        b"a\tb\n",
        b"source,source\n1,2\n",
        b"scheme,term\n,\n",
        b"claim_id,source\n1,2,3\n",
        b"source,kind\nspa,article,x\n",
        b"scheme,broader\na,b\n",
    ],
)
def test_no_content_of_a_file_raises_and_something_is_told(tmp_path, file, content):
    _, problems = check(tmp_path, sound_files() | {file: content})
    assert file in set(problems["file"])


@pytest.mark.parametrize("file", FILES)
def test_a_file_separated_by_semicolons_is_told_once(tmp_path, file):
    text = sound_files()[file].replace(b",", b";")
    _, problems = check(tmp_path, sound_files() | {file: text})
    told = problems[problems["problem"].str.contains("';' stands between the cells: read")]
    assert told[["file", "line"]].to_numpy().tolist() == [[file, 1]]


@pytest.mark.parametrize("file", FILES)
def test_a_row_of_commas_is_told_once(tmp_path, file):
    tables = sound_tables()
    tables[file].append([""] * len(tables[file][0]))
    _, problems = check(tmp_path, tables)
    record = len(tables[file]) - 1
    assert describe(problems) == [[file, record + 1, record, "", ""]]
    assert "the row is empty: passed over" in problems.loc[0, "problem"]


def test_a_ragged_row_is_told_and_its_cells_are_not_guessed_at(tmp_path):
    tables = sound_tables()
    tables["claims.csv"][2].insert(1, "a")
    _, problems = check(tmp_path, tables)
    assert describe(problems) == [["claims.csv", 3, 2, "", ""]]


@pytest.mark.parametrize("file", FILES)
def test_a_cell_longer_than_can_be_read_is_told(tmp_path, file):
    tables = sound_tables()
    tables[file][2][-1] = "x" * 140_000
    _, problems = check(tmp_path, tables)
    row = problems[problems["problem"].str.contains("longer than 131,072")]
    assert row[["file", "line"]].to_numpy().tolist() == [[file, 3]]


@pytest.mark.parametrize("file", FILES)
def test_a_missing_required_column_is_told_on_line_1(tmp_path, file):
    key = {"claims.csv": "source", "sources.csv": "source", "vocabulary.csv": "term"}[file]
    tables = sound_tables()
    tables[file][0][tables[file][0].index(key)] = "own"
    _, problems = check(tmp_path, tables)
    told = problems[(problems["file"] == file) & (problems["column"] == key)]
    assert told["line"].tolist()[0] == 1
    assert "is missing from the header" in told["problem"].iloc[0]


def test_a_missing_quote_column_is_told_on_line_1(tmp_path):
    tables = sound_tables()
    tables["claims.csv"] = [row[:7] for row in tables["claims.csv"]]
    _, problems = check(tmp_path, tables)
    assert problems["column"].tolist() == ["quote"]
    assert problems["line"].tolist() == [1]


def test_bytes_that_are_not_utf8_are_told_where_they_stand(tmp_path):
    tables = sound_tables()
    tables["sources.csv"][2][2] = "schön"
    text = write_csv(tables["sources.csv"][0], tables["sources.csv"][1:])
    _, problems = check(tmp_path, sound_files() | {"sources.csv": text.encode("latin-1")})
    assert problems[["file", "line", "column"]].to_numpy().tolist() == [["sources.csv", 3, "title"]]
    assert "UTF-8" in problems.loc[0, "problem"]


def test_unknown_sources_are_told_only_where_there_is_a_table_of_them(tmp_path):
    files = sound_files()
    del files["sources.csv"]
    assert check(tmp_path, files)[1].empty


@pytest.mark.parametrize(
    "text", ['{"a": ', "[]", "", b"\xff", "[" * 100_000, '{"n": ' + "9" * 5000 + "}"]
)
def test_metadata_that_cannot_be_read_are_one_more_problem(tmp_path, text):
    collection, problems = check(tmp_path, sound_files() | {"datapackage.json": text})
    assert problems["file"].tolist() == ["datapackage.json"]
    assert collection.metadata == {}


def test_the_name_of_a_csv_file_taken_as_claims_is_told(tmp_path):
    tables = plant(MISTAKES[0])
    write_files(tmp_path, tables | {"mine.csv": tables.pop("claims.csv")})
    _, problems = check_collection(tmp_path / "mine.csv")
    assert problems["file"].tolist() == ["mine.csv"]


def test_a_collection_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="claimbook init"):
        check_collection(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (b"claim_id,recommendation\na,for\n\nb,perhaps\n", 4, "recommendation"),
        (b"claim_id,recommendation\na,for\na,for\n", 3, "claim_id"),
        (b"claim_id,recommendation\na,for,so\n", 2, ""),
        (b"claim_id,claim\na,\xff\n", 2, "claim"),
        (b"id\na\n", 1, "claim_id"),
    ],
)
def test_a_fault_of_a_coding_is_told_by_the_name_and_line_of_its_file(tmp_path, text, line, column):
    named = '{"codings": ["coding/a.csv", "coding/b.csv"]}'
    write_files(tmp_path / "coding", {"a.csv": "claim_id,recommendation\na,for\n", "b.csv": text})
    _, problems = check(tmp_path, sound_files() | {"datapackage.json": named})
    told = problems[["file", "line", "column"]].to_numpy().tolist()
    assert told == [["coding/b.csv", line, column]]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"", 1),
        (b"claim_id,source,quote,sha256\n", 1),
        (b"claim_id,source,quote,sha256,line\na,b\n", 2),
        (b'claim_id,source,quote,sha256,line\na,b,c,d,e\na,b,"c,d,e\n', 3),
    ],
)
def test_a_broken_record_of_quotes_found_is_told(tmp_path, text, line):
    _, problems = check(tmp_path, sound_files() | {"verified.csv": text})
    assert problems[["file", "line"]].to_numpy().tolist() == [["verified.csv", line]]


SPLINTERS = [
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\r\n",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b";",
    b" ",
    b"\xe2\x80\xa6",
    b'""',
    b",,,,,,,,,,,,",
    b"c1",
    b"pain",
    b"use",
    b"recommendation",
    b"1e999",
    b"\xed\xa0\x80",
    b"\xc2\xa0",
]


@st.composite
def mutilated(draw):
    """The sound files, one of them cut, doubled or interspersed in up to four places."""
    files = sound_files()
    name = draw(st.sampled_from(sorted(files)))
    text = files[name]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 60)))
        splinter = draw(st.sampled_from(SPLINTERS) | st.just(text[start:end] * 2))
        text = text[:start] + splinter + text[end if draw(st.booleans()) else start :]
    return files | {name: text}


def check_anything(folder, files):
    """Nothing raises or warns, places are real, and what is found sound can be worked with."""
    collection, problems = check(folder, files)
    tables = problems[problems["file"] != "datapackage.json"]
    for file, line in zip(tables["file"], tables["line"], strict=True):
        assert 1 <= line <= max(1, len((folder / file).read_bytes().splitlines()))
    assert problems["problem"].str.len().gt(0).all()
    if collection is not None:
        relate_claims(collection)
        count_questions(collection)
        find_conflicts(collection)


PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]


@settings(deadline=None, max_examples=30, phases=PHASES)
@given(mutilated())
def test_no_mutilation_of_a_sound_collection_raises(folder, files):
    check_anything(folder, files)


@settings(deadline=None, max_examples=20, phases=PHASES)
@given(
    st.sampled_from([*FILES, "datapackage.json"]),
    st.binary(max_size=60) | st.lists(st.sampled_from(SPLINTERS), max_size=30).map(b"".join),
)
def test_no_bytes_in_any_file_raise(folder, name, content):
    check_anything(folder, sound_files() | {name: content})
