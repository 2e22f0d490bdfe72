import pytest
from builders import build_claims, build_collection, read_html

from claimbook.report.reference import choose_yardstick, show_yardstick

CLAIMS = (
    {"source": "nice", "recommendation": "conditional for"},
    {"source": "nice", "aspect": "standalone", "recommendation": "against"},
    {"source": "who", "aspect": "sleep"},
    {"source": "spa"},
    {"source": "spa", "aspect": "standalone"},
    {"source": "gp", "recommendation": "conditional for"},
)
KINDS = {"nice": "guideline", "who": "guideline"}


def build(**metadata):
    return build_collection(build_claims(*CLAIMS), kinds=KINDS, **metadata)


def test_the_guideline_that_most_claims_meet_is_the_yardstick_unless_one_is_named():
    assert choose_yardstick(build()) == "nice"
    assert choose_yardstick(build(yardstick="who")) == "who"
    assert choose_yardstick(build_collection(build_claims({}))) == ""


def test_a_yardstick_that_says_nothing_is_told_and_another_taken():
    with pytest.warns(UserWarning, match="yardstick 'silent'"):
        collection = build(yardstick="silent")
    text = read_html(show_yardstick(collection))
    assert "silent says nothing here. nice makes two claims" in text


def test_claims_are_counted_by_what_the_yardstick_says():
    text = read_html(show_yardstick(build()))
    assert (
        "spa 1 0 1 0 0 0 2 of 2" in text
    )  # opposite, no side, same side, same level, mixed, silent
    assert "gp 0 0 0 1 0 1 1 of 1" in text


def test_each_thing_it_says_stands_beside_what_the_sources_say():
    text = read_html(show_yardstick(build()))
    assert "It helps. a same side d same answer f" in text
    assert "It helps. b opposite e" in text


def test_several_guidelines_are_set_side_by_side():
    text = read_html(show_yardstick(build()))
    assert "spa 1 opposite; 1 same side; 0 same answer; 0 silent 0 opposite" in text
    alone = build_collection(build_claims(*CLAIMS), kinds={"nice": "guideline"})
    assert "guideline by guideline" not in read_html(show_yardstick(alone))


def test_without_a_guideline_the_part_is_left_out():
    assert show_yardstick(build_collection(build_claims({}))) == ""


def test_many_sources_are_counted_and_not_set_side_by_side():
    rows = [{"source": "nice"}, *({"source": f"s{n}"} for n in range(30))]
    claims = build_claims(*rows).assign(claim_id=[str(n) for n in range(31)])
    page = show_yardstick(build_collection(claims, kinds=KINDS))
    assert page.count("<table") == 1
