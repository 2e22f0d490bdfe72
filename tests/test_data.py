"""The collection that comes with the project."""

import os
import re
from pathlib import Path

import pytest

from claimbook import (
    find_conflicts,
    read_collection,
    relate_claims,
    trace_claims,
    verify_quotes,
)
from claimbook.collection.files import read_texts
from claimbook.collection.record import find_changed, read_proofs
from claimbook.collection.tables import read_coding
from claimbook.measures.reliability import compare_codings

FOLDER = Path(__file__).parents[1]
TEXTS = Path(os.environ.get("CLAIMBOOK_TEXTS", FOLDER.parent / "shared" / "articles"))


@pytest.fixture(scope="module")
def collection():
    return read_collection(FOLDER / "data")


def test_every_article_and_study_has_claims_but_the_one_without_a_finding(collection):
    silent = set(collection.sources["source"]) - set(collection.claims["source"])
    assert silent == {"munk_2014"}


def test_articles_are_quoted_and_studies_are_not(collection):
    articles = collection.claims["source"].str.startswith("article_")
    assert (collection.claims.loc[articles, "quote"] != "").all()
    assert (collection.claims.loc[~articles, "quote"] == "").all()


def test_every_quote_stands_in_one_paragraph_of_its_text(collection):
    if not TEXTS.is_dir():
        pytest.skip("the articles' texts are not here: name their folder in CLAIMBOOK_TEXTS")
    texts, checksums = read_texts(collection.sources, TEXTS)
    assert find_changed(collection.sources, checksums) == []
    verified = verify_quotes(collection.claims, texts)
    found = verified["status"].value_counts().to_dict()
    articles = int(collection.claims["source"].str.startswith("article_").sum())
    assert found == {"found": articles, "no quote": len(verified) - articles}


def test_every_quote_is_on_record_as_found_in_the_very_text_named(collection):
    quoted = collection.claims.loc[collection.claims["quote"] != "", "claim_id"]
    assert list(read_proofs(collection)["claim_id"]) == list(quoted)


def test_no_text_holds_more_than_six_running_words_of_an_article():
    if not TEXTS.is_dir():
        pytest.skip("the articles' texts are not here: name their folder in CLAIMBOOK_TEXTS")
    runs = set()
    for path in TEXTS.glob("*.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            runs |= _find_runs(line)
    for path in sorted((FOLDER / "data").rglob("*.csv")):
        table = read_coding(path) if "claim_id" in path.read_text().splitlines()[0] else None
        if table is None:
            continue
        for column in ("claim", "quote", "attribution", "notes"):
            for cell in table.get(column, ()):
                assert not _find_runs(cell) & runs, f"{path.name}: {cell!r}"


def _find_runs(text, length=7):
    """Find runs of words; an ellipsis that leaves nothing out does not break one."""
    words = re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


@pytest.mark.parametrize(
    ("condition", "intervention", "aspect", "for_", "against"),
    [
        ("back pain", "massage", "cause", "article_002", "article_000"),
        ("inflammation", "massage", "use", "article_001", "article_002"),
        ("nerve pain", "massage", "use", "article_003", "article_000"),
        ("back pain", "lay massage", "provider", "article_004", "article_003"),
        ("sciatica", "massage", "use", "nice_ng59", "kngf_2021"),
    ],
)
def test_a_careful_reader_finds_the_conflicts(
    collection, condition, intervention, aspect, for_, against
):
    points = find_conflicts(collection.claims, collection.vocabulary)
    points = points[points["kind"] == "conflict"].set_index(["condition", "intervention", "aspect"])
    point = points.loc[(condition, intervention, aspect)]
    assert for_ in point["sources_for"]
    assert against in point["sources_against"]


def test_the_article_that_contradicts_itself_on_acute_pain(collection):
    points = find_conflicts(collection.claims, collection.vocabulary)
    own = points[points["kind"] == "self-contradiction"]
    assert own[["condition", "sources_for"]].to_numpy().tolist() == [
        ["acute back pain", ("article_002",)]
    ]


def test_annals_and_passive_only_stand_against_each_other_in_nested_scope(collection):
    claims = collection.claims
    annals = claims["attribution"].eq("Annals of Internal Medicine") & claims["source"].eq(
        "article_002"
    )
    passive = claims["quote"].str.contains("passive treatment option")
    relations = relate_claims(claims[annals | passive], collection.vocabulary)
    assert relations[["relation", "scope", "distance"]].to_numpy().tolist() == [
        ["conflict", "nested", 3]
    ]


@pytest.mark.parametrize("case", ["herniated disc", "spinal tumor", "vertebral fracture"])
def test_what_helps_a_back_does_not_help_these(collection, case):
    points = find_conflicts(collection.claims, collection.vocabulary)
    found = points[(points["kind"] == "exception") & (points["narrower_condition"] == case)]
    assert (found["narrower_side"] == "against").all()
    assert len(found)


@pytest.mark.parametrize(
    ("source", "words", "fidelity"),
    [
        ("article_004", "Furlan", "overstated"),
        ("article_004", "Zheng", "faithful"),
        ("article_004", "Touch Research", "faithful"),
        ("article_002", "Annals", "untraceable"),
        ("article_002", "College of Physicians", "faithful"),
        ("article_001", "Research has shown", "untraceable"),
    ],
)
def test_claims_say_what_their_studies_found_or_do_not(collection, source, words, fidelity):
    traces = trace_claims(collection.claims, collection.vocabulary)
    chosen = (traces["source"] == source) & traces["attribution"].str.contains(words)
    assert set(traces.loc[chosen, "fidelity"]) == {fidelity}


def test_both_codings_are_kept_and_agree_on_the_level():
    first, second = (
        read_coding(FOLDER / "data" / "coding" / f"{n}.csv") for n in ("first", "second")
    )
    measures = compare_codings(first, second).measures.set_index("column")
    assert (len(first), len(second), measures.loc["recommendation", "n"]) == (325, 370, 303)
    assert measures.loc["recommendation", "agreement"] == pytest.approx(288 / 303)


def test_the_articles_text_is_named_but_not_here(collection):
    articles = collection.sources[collection.sources["kind"] == "article"]
    assert articles["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    held = {path.name for path in FOLDER.rglob("*.txt") if ".venv" not in path.parts}
    assert not held & set(articles["text"])


def test_certainty_is_only_where_a_source_states_it(collection):
    stated = collection.claims[collection.claims["certainty"] != ""]
    assert set(stated["source"]) == {"furlan_2010", "furlan_2015", "qaseem_2017", "who_2023"}
