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


def test_the_codebooks_questions_speak_of_a_collections_own_interventions():
    question = ("naming", "short names", "standalone")
    own = collect({}, words={"intervention": "practice"})
    assert collect({}).ask(*question) == (
        "Is short names enough alone for naming, or can it take the place of conventional care?"
    )
    assert own.ask(*question).endswith("or can it take the place of other practices?")
    assert own.ask(*question[:2], "adjunct") == (
        "Does short names belong beside other practices of naming?"
    )
