"""The one door: what a file may hold a table in memory may hold, with the same numbers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import collect

from claimbook import (
    ClaimsError,
    Collection,
    check_collection,
    count_questions,
    find_conflicts,
    measure_agreement,
    order_questions,
    read_collection,
    relate_claims,
    trace_claims,
)
from claimbook.collection import of_collection

DATA = read_collection("data")
ASKED = (count_questions, find_conflicts, relate_claims, trace_claims)


def rebuild(claims, **more):
    return Collection.from_frame(claims, DATA.sources, DATA.vocabulary, DATA.metadata, **more)


def answer(collection):
    return [ask(collection) for ask in ASKED]


def assert_same(one, other):
    for left, right in zip(answer(one), answer(other), strict=True):
        pd.testing.assert_frame_equal(left, right)


@pytest.mark.parametrize("dtype", ["object", "string", "category", "str"])
def test_any_dtype_of_text_is_text(dtype):
    assert_same(rebuild(DATA.claims.astype(dtype)), DATA)


@pytest.mark.parametrize("missing", [np.nan, None, pd.NA])
def test_a_missing_value_is_an_empty_cell_whatever_it_is_called(missing):
    claims = DATA.claims.astype(object).where(DATA.claims != "", missing)
    assert_same(rebuild(claims), DATA)


def test_what_read_csv_makes_of_the_file_has_the_same_numbers():
    assert_same(
        Collection.from_frame(
            *(pd.read_csv(f"data/{name}.csv") for name in ("claims", "sources", "vocabulary"))
        ),
        DATA,
    )


@pytest.mark.parametrize("index", [[7] * len(DATA.claims), range(len(DATA.claims))[::-1]])
def test_the_index_does_not_count(index):
    assert_same(rebuild(DATA.claims.set_index(pd.Index(index))), DATA)


class Interchanged:
    """Speaks the interchange protocol, as the tables of other libraries do."""

    def __init__(self, table):
        self.__dataframe__ = table.__dataframe__


class Convertible:
    """Knows how to become a table of pandas."""

    columns = DATA.claims.columns

    def to_pandas(self):
        return DATA.claims

    def __getitem__(self, name):
        return DATA.claims[name]


class Bare(Convertible):
    """Lacks the library by which it would."""

    def to_pandas(self):
        raise ModuleNotFoundError("No module named 'pyarrow'")


@pytest.mark.filterwarnings("ignore:The Dataframe Interchange Protocol")
@pytest.mark.parametrize("table", [Interchanged(DATA.claims), Convertible(), Bare()])
def test_a_table_of_another_library_is_taken(table):
    assert_same(rebuild(table), DATA)


def test_columns_go_by_other_names_where_they_are_told_and_by_case_and_blanks_unasked():
    renamed = DATA.claims.rename(columns={"claim_id": "Claim ID", "recommendation": "verdict"})
    assert_same(rebuild(renamed, columns={"verdict": "recommendation"}), DATA)


def test_a_missing_column_is_named_with_the_one_that_was_meant():
    claims = DATA.claims.rename(columns={"condition": "conditon"})
    with pytest.raises(ClaimsError, match="lacks the column 'condition': did you mean 'conditon'"):
        count_questions(claims)


def test_two_columns_of_one_name_are_told():
    claims = pd.concat([DATA.claims, DATA.claims[["claim"]]], axis=1)
    with pytest.raises(ClaimsError, match="two columns 'claim': drop or rename one"):
        count_questions(claims)


@pytest.mark.parametrize("wrong", ["data", ["a"], None, 3, {"claim_id": ["a"]}])
def test_what_is_no_table_is_told_in_a_sentence(wrong):
    with pytest.raises(TypeError, match="expected a Collection or a DataFrame of claims"):
        count_questions(wrong)


def test_rows_that_are_set_aside_are_said_aloud():
    claims = collect({}, {}).claims.assign(recommendation=["for", "yes"])
    with pytest.warns(UserWarning, match="1 row is set aside: claims.csv, record 2: recommend"):
        questions = count_questions(claims)
    assert questions["claims"].tolist() == [1]
    draft = claims.assign(recommendation=["for", pd.NA])
    assert Collection.from_frame(draft).set_aside["severity"].tolist() == ["draft"]


def test_what_was_derived_is_derived_once_and_cannot_be_spoiled():
    asked = []

    @of_collection
    def count(collection, *, by="source"):
        asked.append(by)
        return collection.claims[by].value_counts().reset_index()

    collection = collect({}, {})
    first = count(collection)
    first.loc[:, "count"] = 99
    assert count(collection)["count"].tolist() == [1, 1]
    assert count(collection, by="aspect")["count"].tolist() == [2]
    assert asked == ["source", "aspect"]


def test_no_argument_is_changed():
    claims = DATA.claims.copy(deep=True)
    count_questions(claims)
    pd.testing.assert_frame_equal(claims, DATA.claims)


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["a", "b"]), min_size=2, max_size=3, unique=False))
def test_labels_are_never_two_alike_and_never_keys(labels):
    sources = [{"source": f"s{n}", "label": label} for n, label in enumerate(labels, 1)]
    collection = collect(*[{}] * len(labels), sources=[*sources, {"source": "a", "label": "b"}])
    assert len(set(collection.labels.values())) == len(labels) + 1


def test_a_selection_takes_in_what_is_narrower_and_what_is_the_same():
    terms = [
        ("condition", "pain", {}),
        ("condition", "back pain", {"broader": "pain"}),
        ("condition", "ache", {"same_as": "pain"}),
    ]
    rows = {}, {"condition": "ache"}, {"condition": "pain", "recommendation": "against"}
    collection = collect(*rows, terms=terms)
    assert collection.filter(condition="pain").claims["claim_id"].tolist() == ["a", "b", "c"]
    assert collection.filter(condition="back pain").claims["claim_id"].tolist() == ["a"]
    assert collection.filter(recommendation=["against"]).claims["claim_id"].tolist() == ["c"]
    assert collection.filter(words="CLAIM 1").claims["claim_id"].tolist() == ["b"]
    assert collection.filter(kind="article").claims.empty
    assert collection.filter(source="s1").whole is collection
    with pytest.raises(ValueError, match="no source 's9'"):
        collection.filter(source="s9")


def test_a_collection_tells_its_size_and_shows_a_short_table():
    assert repr(collect({}, title="Tea")) == "<Collection 'Tea': 1 claim by 1 source>"
    html = collect({}, {"source": "<b>"})._repr_html_()
    assert "&lt;b&gt;" in html
    assert "mathjax_ignore" in html


def test_an_article_is_told_by_its_part_and_a_voice_by_its_publisher():
    sources = [
        {"source": "s1", "kind": "article", "publisher": "Spa Ltd"},
        {"source": "s2", "kind": "page", "publisher": "Spa Ltd"},
        {"source": "s3", "kind": "", "publisher": ""},
    ]
    collection = collect({}, {}, {}, sources=sources)
    assert collection.articles == ["s1", "s3"]
    assert collection.parts["s2"] == "other"
    assert collection.voices == {"s1": "Spa Ltd", "s2": "Spa Ltd", "s3": "s3"}


def test_what_is_done_to_an_answer_changes_no_other():
    questions, _ = order_questions(DATA)
    measured = measure_agreement(DATA)
    questions["mine"] = measured["mine"] = 1
    assert "mine" not in order_questions(DATA)[0]
    assert "mine" not in measure_agreement(DATA)


@pytest.mark.parametrize("number", [1e300, float("inf"), 0.5])
def test_a_column_of_numbers_of_any_size_is_text(number):
    claims = DATA.claims.head(2).assign(weight=[number, float("nan")])
    assert float(rebuild(claims).claims["weight"].iloc[0]) == number


def test_a_header_of_two_levels_is_told_as_columns_that_are_missing():
    claims = DATA.claims.head(1)
    claims.columns = pd.MultiIndex.from_product([claims.columns, ["first"]])
    with pytest.raises(ClaimsError, match="lacks the column 'claim_id'"):
        rebuild(claims)


@pytest.mark.parametrize("topic", ["massage", 5, ["masage"]])
def test_a_topic_that_is_none_selects_nothing_and_is_told(topic):
    with pytest.warns(UserWarning, match="metadata: topic"):
        collection = collect({}, topic=topic)
    assert collection.topic == []
    assert len(collection.on_topic().claims) == 1


def test_metadata_that_are_no_mapping_are_told():
    with pytest.raises(TypeError, match="metadata: expected a dict, found a str"):
        Collection.from_frame(DATA.claims, metadata="a title")


def test_an_index_with_a_name_counts_as_a_column():
    plain = rebuild(DATA.claims)
    for index in ("claim_id", ["source", "claim_id"]):
        indexed = rebuild(DATA.claims.set_index(index))
        pd.testing.assert_frame_equal(indexed.claims[plain.claims.columns], plain.claims)
    named = rebuild(DATA.claims.set_index("claim_id").rename_axis("Claim ID"))
    pd.testing.assert_frame_equal(named.claims, plain.claims)
    assert len(rebuild(DATA.claims.rename_axis("claim_id")).claims) == len(plain.claims)


def test_what_is_no_path_is_told():
    for found in (DATA, DATA.claims, 5, None):
        with pytest.raises(TypeError, match="expected the path of a collection, found"):
            check_collection(found)


def test_what_is_no_list_of_names_is_told():
    with pytest.raises(TypeError, match="source is 3: expected a text or a list of texts"):
        DATA.filter(source=3)


def test_a_kind_takes_in_the_kinds_that_are_declared_under_it():
    sources = [
        {"source": "s1", "kind": "blog"},
        {"source": "s2", "kind": "trial"},
        {"source": "s3", "kind": "page"},
    ]
    terms = [("kind", "blog", {"broader": "article"})]
    collection = collect({}, {}, {}, sources=sources, terms=terms)
    for kind, source in (("article", "s1"), ("study", "s2"), ("other", "s3"), ("blog", "s1")):
        assert collection.filter(kind=kind).claims["source"].tolist() == [source]


def test_a_column_of_truths_is_yes_or_empty():
    claims = collect({}, {}).claims.assign(universal=[True, False])
    assert Collection.from_frame(claims).claims["universal"].tolist() == ["yes", ""]
