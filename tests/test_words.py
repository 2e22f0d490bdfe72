import pytest
from small import collect

from claimbook.collection.words import Words


def test_a_word_that_is_not_given_is_the_codebooks():
    words = Words({"source": ["witness", "witnesses"]})
    assert (words["condition"], words.many("condition")) == ("condition", "conditions")
    assert (words.count(1, "source"), words.count(2, "source")) == ("1 witness", "2 witnesses")


@pytest.mark.parametrize(
    "names", ["style guide", ["style guide", "style guides"], {"singular": "style guide"}]
)
def test_singular_and_plural_may_be_given_in_three_ways(names):
    words = Words({"source": names})
    assert (words["source"], words.many("source")) == ("style guide", "style guides")


def test_a_collection_knows_its_words():
    collection = collect({}, words={"for": "supported"})
    assert (collection.words["for"], collection.words["against"]) == ("supported", "against")
    assert collection.filter().words["for"] == "supported"
