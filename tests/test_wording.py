import pytest
from builders import build_claims, build_collection

from claimbook.report.wording import Labels, count_noun, label_sources, link_page


def test_a_study_that_is_no_source_keeps_its_key():
    claims = build_claims({"source": "spa_1"}).assign(cited_study="trial_2")
    labelled = label_sources(build_collection(claims)).claims
    assert labelled[["source", "cited_study"]].values.tolist() == [["spa 1", "trial_2"]]


def test_sources_that_would_be_called_alike_keep_their_keys():
    collection = build_collection(build_claims({"source": "a_b"}, {"source": "a b"}))
    assert list(label_sources(collection).claims["source"]) == ["a_b", "a b"]


def test_a_number_opens_so_many_links_and_counts_the_rest():
    labels = Labels(build_collection(build_claims({})))
    assert labels.open_claims([]) == "0"
    assert labels.open_claims(map(str, range(3))).count("<a ") == 3
    many = labels.open_claims(map(str, range(1300)))
    assert (many.count("<a "), "1,300" in many, "and 1,100 more" in many) == (200, True, True)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " https://x", ""])
def test_only_addresses_of_the_web_become_links(url):
    assert "<a" not in link_page(url, "x")


def test_small_numbers_are_words():
    assert count_noun(0, "claim") == "no claims"
    assert count_noun(1, "study", "studies") == "one study"
    assert count_noun(1200, "claim") == "1,200 claims"
