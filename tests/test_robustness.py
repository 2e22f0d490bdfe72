from itertools import product

import numpy as np
import pandas as pd
import pytest
from builders import Rules, build_claims, rules_and_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbook import Vocabulary, count_questions
from claimbook.measures.robustness import (
    count_recodings,
    find_turning_sources,
    fold_levels,
    measure_robustness,
    order_verdicts,
)

FACETS = ["condition", "intervention", "aspect"]


def stand(*stances: str) -> pd.DataFrame:
    """Claims on one question, 'a+' for source a and level for."""
    levels = {
        "+": "for",
        "1": "conditional for",
        "0": "uncertain",
        "2": "conditional against",
        "-": "against",
    }
    return build_claims(*({"source": s[0], "recommendation": levels[s[1]]} for s in stances))


def test_a_lone_dissenter_turns_the_verdict():
    turns = find_turning_sources(stand("a+", "b+", "c-"), Vocabulary())
    assert turns[["source", "verdict", "without"]].values.tolist() == [["c", "conflict", "agree"]]


def test_either_of_two_turns_agreement_into_a_single_source():
    turns = find_turning_sources(stand("a+", "b+"), Vocabulary())
    assert turns[["source", "without"]].values.tolist() == [
        ["a", "single source"],
        ["b", "single source"],
    ]


def test_a_source_alone_is_not_left_out():
    assert len(find_turning_sources(stand("a+", "a-"), Vocabulary())) == 0
    assert len(find_turning_sources(build_claims(), Vocabulary())) == 0


@settings(max_examples=40, deadline=None)
@given(case=rules_and_claims())
def test_turns_are_those_found_by_leaving_each_source_out(case):
    rules, claims = case
    vocabulary = rules.vocabulary()
    verdicts = count_questions(claims, vocabulary).set_index(FACETS)["verdict"].to_dict()
    expected = set()
    for source in claims["source"].unique():
        rest = count_questions(claims[claims["source"] != source], vocabulary)
        for *question, without in rest[[*FACETS, "verdict"]].itertuples(index=False, name=None):
            verdict = verdicts[tuple(question)]
            if verdict != without:
                expected.add((*question, verdict, source, without))
    turns = find_turning_sources(claims, vocabulary)
    assert set(turns.itertuples(index=False, name=None)) == expected
    assert not turns.duplicated().any()


def test_a_conflict_hangs_on_its_weaker_side():
    table = count_recodings(stand("a+", "b+", "c+", "d-", "e-"), Vocabulary())
    assert table[["recodings", "one_code"]].values.tolist() == [[2, False]]


def test_a_conflict_may_hang_on_the_one_claim_of_a_second_source():
    table = count_recodings(stand("a+", "a+", "a-", "a-", "b+"), Vocabulary())
    assert table[["recodings", "one_code"]].values.tolist() == [[1, True]]


def test_the_only_claim_on_a_question_cannot_turn():
    table = count_recodings(stand("a+"), Vocabulary())
    assert table["recodings"].isna().all()
    assert not table["one_code"].any()


def judge(claims: pd.DataFrame, rules: Rules) -> str:
    """The contract's verdict on one question, in its own words."""
    sides = {source: set() for source in claims["source"]}
    for source, level in zip(claims["source"], claims["recommendation"], strict=True):
        sides[source].add(rules.side(level))
    pairs = [(one, two) for one in sides for two in sides if one != two]
    if any(1 in sides[one] and -1 in sides[two] for one, two in pairs):
        return "conflict"
    if any({1, -1} <= side for side in sides.values()):
        return "self-contradiction"
    if len(sides) == 1:
        return "single source"
    return "agree" if claims["recommendation"].nunique() == 1 else "qualify"


def recode_by_hand(claims: pd.DataFrame, rules: Rules) -> float:
    now, levels = judge(claims, rules), claims["recommendation"].tolist()
    costs = [
        sum(old != new for old, new in zip(levels, other, strict=True))
        for other in product(rules.scores, repeat=len(claims))
        if judge(claims.assign(recommendation=list(other)), rules) != now
    ]
    return min(costs, default=np.nan)


SCALES = st.sampled_from(
    [
        {"p": 2, "q": 0, "r": -2},
        {"p": 2, "q": 1},
        {"p": 1, "r": -1},
        {"p": 1, "q": 0, "q2": 0},
        {"p": 1, "q": 0, "q2": 0, "r": -1},
        {"p": 1},
    ]
)


@settings(max_examples=80, deadline=None)
@given(data=st.data(), scores=SCALES)
def test_fewest_recodings_are_those_found_by_trying_all(data, scores):
    rules = Rules(scores=scores)
    claim = st.fixed_dictionaries(
        {"source": st.sampled_from("abc"), "recommendation": st.sampled_from(list(scores))}
    )
    claims = build_claims(*data.draw(st.lists(claim, min_size=1, max_size=4)))
    table = count_recodings(claims, rules.vocabulary())
    assert table.loc[0, "verdict"] == judge(claims, rules)
    np.testing.assert_equal(float(table.loc[0, "recodings"]), float(recode_by_hand(claims, rules)))


def test_folding_keeps_the_sides_and_all_else():
    claims = stand("a+", "a1", "b0", "c2", "c-")
    folded, vocabulary = fold_levels(claims, Vocabulary())
    assert folded["recommendation"].tolist() == ["for", "for", "uncertain", "against", "against"]
    assert folded.drop(columns="recommendation").equals(claims.drop(columns="recommendation"))
    assert vocabulary.scores == {"for": 1, "uncertain": 0, "against": -1}
    assert vocabulary.find_narrower("aspect", "use") == Vocabulary().find_narrower("aspect", "use")
    assert claims["recommendation"].tolist()[1] == "conditional for"


@settings(max_examples=25, deadline=None)
@given(case=rules_and_claims())
def test_folding_turns_qualify_into_agree_and_nothing_else(case):
    rules, claims = case
    table = measure_robustness(claims, rules.vocabulary())
    for verdict, folded in table[["verdict", "folded"]].itertuples(index=False, name=None):
        assert folded == verdict or (verdict, folded) == ("qualify", "agree")


def test_what_a_verdict_hangs_on_stands_in_one_table():
    table = measure_robustness(stand("a+", "b1", "c+"), Vocabulary())
    assert table.drop(columns=FACETS).values.tolist() == [["qualify", 1.0, True, ("b",), "agree"]]
    assert len(measure_robustness(build_claims(), Vocabulary())) == 0


@pytest.mark.parametrize("function", [find_turning_sources, count_recodings, fold_levels])
def test_a_level_that_is_none_is_named(function):
    with pytest.raises(ValueError, match="recommendation is 'yes'"):
        function(build_claims({"recommendation": "yes"}), Vocabulary())


class TestOrderVerdicts:
    def test_conflicts_come_first_and_of_them_those_that_one_code_decides(self):
        claims = pd.concat(
            [
                stand("a+", "b+").assign(aspect="agreed"),
                stand("a+", "b+", "c-", "d-").assign(aspect="even"),
                stand("a+", "b+", "c-").assign(aspect="frail"),
                stand("a+", "b1").assign(aspect="qualified"),
            ],
            ignore_index=True,
        )
        verdicts, left_out = order_verdicts(claims, Vocabulary())
        assert verdicts["aspect"].tolist() == ["frail", "even", "qualified", "agreed"]
        assert left_out == 0

    def test_the_decisive_claims_of_a_conflict_are_those_of_the_weaker_side(self):
        verdicts, _ = order_verdicts(stand("a+", "b+", "c-", "d0"), Vocabulary())
        assert verdicts["decisive"].tolist() == [("c",)]

    def test_where_sides_are_equal_either_is_decisive(self):
        verdicts, _ = order_verdicts(stand("a+", "b-", "c0"), Vocabulary())
        assert set(verdicts["decisive"][0]) == {"a", "b"}

    def test_of_an_agreement_every_claim_is_decisive(self):
        verdicts, _ = order_verdicts(stand("a+", "b+"), Vocabulary())
        assert verdicts["decisive"].tolist() == [("a", "b")]

    def test_claims_are_listed_by_side(self):
        verdicts, _ = order_verdicts(stand("a+", "b-", "c0", "d1"), Vocabulary())
        row = verdicts.iloc[0]
        assert (row["for"], row["uncertain"], row["against"]) == (("a", "d"), ("c",), ("b",))

    def test_what_one_source_fewer_turns_stands_with_what_it_turns_to(self):
        verdicts, _ = order_verdicts(stand("a+", "b+", "c-"), Vocabulary())
        assert verdicts["turns"].tolist() == [(("c", "agree"),)]

    def test_questions_that_few_sources_answer_are_left_out_but_for_contradictions(self):
        claims = pd.concat(
            [stand("a+").assign(aspect="alone"), stand("a+", "a-").assign(aspect="torn")],
            ignore_index=True,
        )
        verdicts, left_out = order_verdicts(claims, Vocabulary())
        assert (verdicts["aspect"].tolist(), left_out) == (["torn"], 1)
        assert order_verdicts(claims, Vocabulary(), least=1)[1] == 0

    def test_where_sides_clash_no_question_is_left_out(self):
        torn = stand("a+", "a-").assign(aspect="torn")
        opposed = stand("a+", "b-").assign(aspect="opposed")
        agreed = stand("a+", "b+").assign(aspect="agreed")
        claims = pd.concat([torn, agreed, opposed], ignore_index=True)
        verdicts, left_out = order_verdicts(claims, Vocabulary(), least=3)
        assert (verdicts["aspect"].tolist(), left_out) == (["opposed", "torn"], 1)

    def test_without_claims_there_is_no_verdict(self):
        verdicts, left_out = order_verdicts(build_claims(), Vocabulary())
        assert (len(verdicts), left_out) == (0, 0)

    @settings(max_examples=40, deadline=None)
    @given(rules_and_claims())
    def test_recoding_as_many_of_the_decisive_claims_can_turn_a_verdict_of_two_sides(self, drawn):
        rules, claims = drawn
        verdicts, _ = order_verdicts(claims, rules.vocabulary(), least=1)
        for row in verdicts[verdicts["verdict"] == "conflict"].to_dict("records"):
            assert len(row["decisive"]) >= row["recodings"]
            assert set(row["decisive"]) <= {*row["for"], *row["uncertain"], *row["against"]}
