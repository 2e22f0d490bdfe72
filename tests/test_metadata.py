import json

import pytest
from builders import sound_files, write_files
from hypothesis import given
from hypothesis import strategies as st
from small import collect

from claimbook import check_collection
from claimbook.collection.metadata import SWIM, check_metadata
from claimbook.collection.problems import describe_problems

KEYS = ("headline", "yardstick", "codings", "swim")


@pytest.fixture
def check(tmp_path):
    def check(**metadata):
        text = json.dumps({"title": "Massage"} | metadata, indent=1)
        folder = write_files(tmp_path / "data", sound_files() | {"datapackage.json": text})
        problems = check_collection(folder)[1]
        assert (problems["file"] == "datapackage.json").all()
        return [tuple(row) for row in problems[["line", "column", "value", "problem"]].values]

    return check


def test_each_slip_is_told_with_its_line_and_what_was_meant(check):
    question = {"condition": "back pian", "intervention": "massage", "aspect": "pain"}
    ((line, column, value, problem),) = check(headline=question)
    assert (line, column, value) == (3, "headline.condition", "back pian")
    assert problem.startswith("is no term: did you mean 'back pain'?")
    ((line, column, value, problem),) = check(yardstick="cochrain")
    assert (line, column, value) == (3, "yardstick", "cochrain")
    assert "did you mean 'cochrane'?" in problem
    ((_, column, _, problem),) = check(swim={"metrik": "x"})
    assert (column, "did you mean 'metric'?" in problem) == ("swim.metrik", True)
    ((_, _, value, problem), _) = check(codings=["coding/first.csv", 3])
    assert (value, "no such file" in problem) == ("coding/first.csv", True)


def test_what_is_named_rightly_is_no_problem(check, tmp_path):
    write_files(tmp_path / "data" / "coding", {"a.csv": "claim_id\n", "b.csv": "claim_id\n"})
    question = {"condition": "back pain", "intervention": "massage", "aspect": "pain"}
    assert not check(
        headline=question,
        yardstick="cochrane",
        codings=["coding/a.csv", "coding/b.csv"],
        swim=dict.fromkeys(SWIM, "said"),
    )


@pytest.mark.parametrize(
    "name", ["/etc/hostname", "../a.csv", "coding/../../a.csv", ".", "a" * 300]
)
def test_a_coding_is_a_file_within_the_folder(check, tmp_path, name):
    write_files(tmp_path, {"a.csv": "claim_id\n"})
    write_files(tmp_path / "data" / "coding", {"a.csv": "claim_id\n"})
    ((line, column, value, _),) = check(codings=["coding/a.csv", name])
    assert (line, column, value) == (3, "codings", name)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (r"a\ud800", "U+D800"),
        (r"\u0000", "U+0000"),
        (r"\uffff", "U+FFFF"),
        (r"\ud83f\udffe", "U+1FFFE"),
        (r"\u0085", "U+0085"),
    ],
)
def test_letters_that_no_page_can_hold_are_told_wherever_they_stand(tmp_path, text, number):
    written = f'{{"title": "{text}",\n "swim": {{"{text}": ""}},\n "a": [["{text}"]]}}'
    folder = write_files(tmp_path / "data", sound_files() | {"datapackage.json": written})
    problems = check_collection(folder)[1]
    told = problems[problems["problem"].str.contains(number, regex=False)]
    assert told["line"].tolist() == [1, 2, 3]
    assert told["column"].str.startswith(("title", "swim.", "a.0.0")).all()
    describe_problems(problems)[0].encode()


def test_letters_of_any_script_and_faces_are_letters(check):
    assert not check(title="Ärger, 腰痛, ألم, 😀\t\n", notes=["👩‍⚕️", "\ufeff", "\U0001fffd"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=6,
)


@given(metadata=st.dictionaries(st.sampled_from(KEYS), JSON))
def test_metadata_of_any_shape_are_told_and_never_raise(metadata, tmp_path_factory):
    collection = collect({})
    path = tmp_path_factory.getbasetemp() / "datapackage.json"
    problems = check_metadata(
        metadata, collection.claims, collection.sources, collection.terms, path=path
    )
    wrong = {key for key, value in metadata.items() if value is not None and value != {}}
    assert {column.split(".")[0] for column in problems["column"]} <= set(metadata)
    assert wrong - {"swim", "headline"} <= {column.split(".")[0] for column in problems["column"]}


@pytest.mark.parametrize(
    ("words", "key", "remedy"),
    [
        ("sources", "words", "expected an object"),
        ({"sauce": "book"}, "words.sauce", "did you mean 'source'"),
        ({"source": 3}, "words.source", "a text, or a list of singular and plural"),
    ],
)
def test_words_that_cannot_be_read_are_told(check, words, key, remedy):
    ((_, column, _, problem),) = check(words=words)
    assert column == key
    assert remedy in problem


def test_a_coding_that_is_a_link_out_of_the_folder_is_told(tmp_path):
    folder = write_files(tmp_path / "data", sound_files())
    (tmp_path / "outside.csv").write_text("claim_id\na\n")
    for name in ("first.csv", "second.csv"):
        (folder / name).symlink_to(tmp_path / "outside.csv")
    (folder / "datapackage.json").write_text('{"codings": ["first.csv", "second.csv"]}')
    problems = check_collection(folder)[1]
    told = problems[problems["file"] == "datapackage.json"]
    assert told["value"].tolist() == ["first.csv", "second.csv"]
    assert told["problem"].str.startswith("leads out of the folder").all()
