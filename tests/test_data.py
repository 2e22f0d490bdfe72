"""The collection that comes with the project."""

import os
import re
from pathlib import Path

import pytest

from claimbook import (
    check_collection,
    choose_headline,
    compare_codings,
    find_conflicts,
    read_collection,
    relate_claims,
    trace_claims,
    verify_quotes,
)
from claimbook.collection.files import read_texts
from claimbook.collection.quotes import split_quote
from claimbook.collection.record import find_changed
from claimbook.collection.tables import read_coding

FOLDER = Path(__file__).parents[1]
TEXTS = Path(os.environ.get("CLAIMBOOK_TEXTS", FOLDER.parent / "shared" / "articles"))


@pytest.fixture(scope="module")
def collection():
    return read_collection(FOLDER / "data")


def test_nothing_in_it_is_wrong():
    assert check_collection(FOLDER / "data")[1].empty


def test_every_source_has_claims(collection):
    assert set(collection.sources["source"]) == set(collection.claims["source"])


def test_articles_are_quoted_and_studies_are_not(collection):
    assert collection.articles == [f"article_00{number}" for number in range(5)]
    articles = collection.claims["source"].isin(collection.articles)
    assert (collection.claims.loc[articles, "quote"] != "").all()
    assert (collection.claims.loc[~articles, "quote"] == "").all()


def test_every_quote_stands_in_one_paragraph_of_its_text(collection):
    if not TEXTS.is_dir():
        pytest.skip("the articles' texts are not here: name their folder in CLAIMBOOK_TEXTS")
    texts, checksums = read_texts(collection.sources, TEXTS)
    assert find_changed(collection.sources, checksums) == []
    verified = verify_quotes(collection, texts)
    found = verified["status"].value_counts().to_dict()
    articles = int(collection.claims["source"].isin(collection.articles).sum())
    assert found == {"found": articles, "no quote": len(verified) - articles}


def test_every_quote_is_on_record_as_found_in_the_very_text_named(collection):
    quoted = collection.claims.loc[collection.claims["quote"] != "", "claim_id"]
    assert list(collection.verified["claim_id"]) == list(quoted)


def test_quotes_have_at_most_four_parts_of_at_most_six_words(collection):
    quotes = collection.claims["quote"]
    parts = [split_quote(quote) for quote in quotes[quotes != ""]]
    assert max(map(len, parts)) <= 4
    assert max(len(part.split()) for quote in parts for part in quote) <= 6


def test_every_row_says_who_coded_it(collection):
    assert (collection.claims["coder"] != "").all()


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
        for column in ("claim", "quote", "notes"):
            for cell in table.get(column, ()):
                assert not _find_runs(cell) & runs, f"{path.name}: {cell!r}"
        # who is credited has a name, which may be longer
        assert table.get("attribution", table["claim_id"]).str.split().str.len().max() <= 8


def _find_runs(text, length=7):
    """Find runs of words; an ellipsis that leaves nothing out does not break one."""
    words = re.findall(r"[a-z0-9]+(?:['-][a-z0-9]+)*", text.lower().replace("’", "'"))
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


@pytest.mark.parametrize(
    ("condition", "intervention", "aspect", "for_", "against"),
    [
        ("acute back pain", "massage", "use", "qaseem_2017", "article_002"),
        ("back pain", "massage", "cause", "article_002", "article_000"),
        ("inflammation", "massage", "use", "article_001", "article_002"),
        ("nerve pain", "massage", "use", "article_003", "article_000"),
        ("back pain", "lay massage", "provider", "article_004", "article_003"),
        ("back pain", "massage", "standalone", "article_002", "article_000"),
        ("sciatica", "massage", "use", "nice_ng59", "kngf_2021"),
    ],
)
def test_a_careful_reader_finds_the_conflicts(
    collection, condition, intervention, aspect, for_, against
):
    points = find_conflicts(collection)
    points = points[points["kind"] == "direct"].set_index(["condition", "intervention", "aspect"])
    point = points.loc[(condition, intervention, aspect)]
    assert for_ in point["sources_for"]
    assert against in point["sources_against"]


def test_the_question_shown_first_is_whether_massage_is_enough_alone(collection):
    assert choose_headline(collection) == ("back pain", "massage", "standalone")


def test_annals_and_passive_only_conflict_since_the_denial_is_universal(collection):
    claims = collection.claims
    annals = claims["attribution"].str.contains("Annals") & claims["source"].eq("article_002")
    denied = claims["aspect"].eq("standalone") & claims["universal"].eq("yes")
    relations = relate_claims(
        collection.take(annals | (denied & claims["source"].eq("article_000")))
    )
    assert relations[["relation", "scope", "kind"]].to_numpy().tolist() == [
        ["conflict", "nested", "direct"]
    ]


def test_the_annals_claim_says_that_no_such_paper_is_known(collection):
    claims = collection.claims
    annals = claims["attribution"].str.contains("Annals") & claims["source"].eq("article_002")
    assert claims.loc[annals, "notes"].str.contains("No paper in Annals is known").all()
    assert annals.any()


@pytest.mark.parametrize("case", ["herniated disc", "spinal tumor", "vertebral fracture"])
def test_what_helps_a_back_does_not_help_these(collection, case):
    points = find_conflicts(collection)
    found = points[(points["kind"] == "exception") & (points["narrower_condition"] == case)]
    assert (found["narrower_side"] == "against").all()
    assert len(found)


@pytest.mark.parametrize(
    ("source", "words", "fidelity"),
    [
        ("article_004", "Furlan", "overstated"),
        ("article_004", "Zheng", "overgeneralised"),
        ("article_004", "Touch Research", "overgeneralised"),
        ("article_002", "Annals", "untraceable"),
        ("article_001", "Research has shown", "untraceable"),
    ],
)
def test_claims_say_what_their_studies_found_or_do_not(collection, source, words, fidelity):
    traces = trace_claims(collection)
    chosen = (traces["source"] == source) & traces["attribution"].str.contains(words)
    assert set(traces.loc[chosen, "fidelity"]) == {fidelity}


def test_a_page_that_others_cite_is_no_study(collection):
    traces = trace_claims(collection)
    pages = traces["cited_study"].isin(["cleveland_clinic", "mayo_clinic", "franklin_press"])
    assert set(traces.loc[pages, "cited_part"]) == {"other"}


def test_both_pages_of_one_practice_are_one_voice(collection):
    assert collection.voices["article_000"] == collection.voices["article_001"]


def test_both_codings_are_kept_and_agree_on_the_level():
    first, second = (
        read_coding(FOLDER / "data" / "coding" / f"{n}.csv") for n in ("first", "second")
    )
    measures = compare_codings(first, second).measures.set_index("column")
    assert (len(first), len(second), measures.loc["recommendation", "n"]) == (325, 370, 300)
    assert measures.loc["recommendation", "agreement"] == pytest.approx(285 / 300)


def test_the_articles_text_is_named_but_not_here(collection):
    articles = collection.sources[collection.sources["kind"] == "article"]
    assert articles["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    held = {path.name for path in FOLDER.rglob("*.txt") if ".venv" not in path.parts}
    assert not held & set(articles["text"])


def test_certainty_is_only_where_a_source_states_it(collection):
    stated = collection.claims[collection.claims["certainty"] != ""]
    assert set(stated["source"]) == {"furlan_2010", "furlan_2015", "qaseem_2017", "who_2023"}
