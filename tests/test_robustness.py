from itertools import product

import numpy as np
import pandas as pd
from builders import build_claims, build_collection, build_terms, rules_and_claims
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Rules as Oracle

from claimbook import Vocabulary, count_questions
from claimbook.measures import (
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


def join(*tables: pd.DataFrame) -> pd.DataFrame:
    """Claims on several questions, ids in the order of the alphabet."""
    claims = pd.concat(tables, ignore_index=True)
    return claims.assign(claim_id=[chr(ord("a") + place) for place in range(len(claims))])


def test_a_lone_dissenter_turns_the_verdict():
    turns = find_turning_sources(stand("a+", "b+", "c-"))
    assert turns[["source", "verdict", "without"]].values.tolist() == [["c", "conflict", "agree"]]


def test_either_of_two_turns_agreement_into_a_single_source():
    turns = find_turning_sources(stand("a+", "b+"))
    assert turns[["source", "without"]].values.tolist() == [
        ["a", "single source"],
        ["b", "single source"],
    ]


def test_a_source_alone_is_not_left_out():
    assert len(find_turning_sources(stand("a+", "a-"))) == 0
    assert len(find_turning_sources(build_claims())) == 0


@settings(max_examples=40, deadline=None)
@given(case=rules_and_claims(), gather=st.booleans())
def test_turns_are_those_found_by_leaving_each_source_out(case, gather):
    rules, claims = case
    whole = build_collection(claims, vocabulary=rules.table())
    whole = whole.gather(condition="", aspect="") if gather else whole
    verdicts = count_questions(whole).set_index(FACETS)["verdict"].to_dict()
    expected = set()
    for source in claims["source"].unique():
        rest = count_questions(whole.take(whole.claims["source"] != source))
        for *question, without in rest[[*FACETS, "verdict"]].itertuples(index=False, name=None):
            verdict = verdicts[tuple(question)]
            if verdict != without:
                expected.add((*question, verdict, source, without))
    turns = find_turning_sources(whole)
    assert set(turns.itertuples(index=False, name=None)) == expected
    assert not turns.duplicated().any()


def test_a_conflict_hangs_on_its_weaker_side():
    table = measure_robustness(stand("a+", "b+", "c+", "d-", "e-"))
    assert table[["recodings", "one_code"]].values.tolist() == [[2, False]]


def test_a_conflict_may_hang_on_the_one_claim_of_a_second_source():
    table = measure_robustness(stand("a+", "a+", "a-", "a-", "b+"))
    assert table[["recodings", "one_code"]].values.tolist() == [[1, True]]


def test_the_only_claim_on_a_question_cannot_turn():
    table = measure_robustness(stand("a+"))
    assert table["recodings"].isna().all()
    assert not table["one_code"].any()


def recode_by_hand(claims: list[dict], rules: Oracle, question: tuple, **gather: str) -> float:
    """Try every other coding of the claims on one question, that of the fewest claims first."""

    def judge(levels):
        recoded = [
            claim | {"recommendation": level} for claim, level in zip(claims, levels, strict=True)
        ]
        (verdict,) = rules.verdicts(recoded, **gather).values()
        return verdict

    now = [claim["recommendation"] for claim in claims]
    costs = [
        sum(old != new for old, new in zip(now, other, strict=True))
        for other in product(rules.scale, repeat=len(claims))
        if judge(other) != judge(now)
    ]
    return min(costs, default=np.nan)


SCALES = st.sampled_from(
    [
        {"p": 2, "q": 0, "r": -2},
        {"p": 2, "q": 1},
        {"p": 1, "r": -1},
        {"p": 1, "q": 0, "x": None, "r": -1},
        {"p": 1, "x": None, "r": -1},
        {"p": 1},
    ]
)


def build_scale(scores: dict[str, float | None]) -> pd.DataFrame:
    return build_terms(
        *(
            ("recommendation", level, "", "" if score is None else str(score))
            for level, score in scores.items()
        )
    )


@settings(max_examples=80, deadline=None)
@given(data=st.data(), scores=SCALES)
def test_fewest_recodings_are_those_found_by_trying_all(data, scores):
    claim = st.fixed_dictionaries(
        {
            "source": st.sampled_from("abc"),
            "speaker": st.sampled_from(["", "", "a surgeon"]),
            "recommendation": st.sampled_from(list(scores)),
        }
    )
    rows = data.draw(st.lists(claim, min_size=1, max_size=4))
    claims = build_claims(*rows, speaker="")
    table = measure_robustness(build_collection(claims, vocabulary=build_scale(scores)))
    by_hand = recode_by_hand(claims.to_dict("records"), Oracle(scale=scores), ())
    np.testing.assert_equal(float(table.loc[0, "recodings"]), float(by_hand))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_fewest_recodings_of_gathered_outcomes_are_those_found_by_trying_all(data):
    """Sleep and function do not meet; whether to use it beside other care meets both."""
    claim = st.fixed_dictionaries(
        {
            "source": st.sampled_from("abc"),
            "speaker": st.sampled_from(["", "", "a surgeon"]),
            "aspect": st.sampled_from(["effect", "sleep", "function", "adjunct"]),
            "universal": st.sampled_from(["", "yes"]),
            "recommendation": st.sampled_from(["for", "uncertain", "against"]),
        }
    )
    rows = data.draw(st.lists(claim, min_size=1, max_size=5))
    claims = build_claims(*rows, speaker="", universal="")
    scale = build_scale({"for": 1, "uncertain": 0, "against": -1})
    table = measure_robustness(build_collection(claims, vocabulary=scale).gather_use())
    rules = Oracle(scale={"for": 1, "uncertain": 0, "against": -1})
    by_hand = recode_by_hand(claims.to_dict("records"), rules, (), aspect="use")
    np.testing.assert_equal(float(table.loc[0, "recodings"]), float(by_hand))


def test_two_outcomes_under_one_question_are_no_conflict_and_do_not_hang_on_one_source():
    claims = build_claims(
        {"aspect": "sleep"}, {"aspect": "function", "source": "gp", "recommendation": "against"}
    )
    table = measure_robustness(build_collection(claims).gather_use())
    assert table[["verdict", "folded"]].values.tolist() == [["qualify", "qualify"]]


def test_a_gathered_conflict_hangs_on_the_claims_that_touch_all_its_pairs():
    claims = build_claims(
        {"source": "a", "aspect": "sleep"},
        {"source": "b", "aspect": "sleep", "recommendation": "against"},
        {"source": "c", "aspect": "function"},
        {"source": "d", "aspect": "function", "recommendation": "against"},
        {"source": "e", "aspect": "function", "recommendation": "against"},
    )
    collection = build_collection(claims).gather_use()
    table = measure_robustness(collection)
    assert table[["verdict", "recodings"]].values.tolist() == [["conflict", 2]]
    assert table["turning_sources"].tolist() == [()]
    verdicts, _ = order_verdicts(collection)
    assert verdicts["decisive"].tolist() == [("a", "c")]


def test_folding_keeps_the_sides_and_all_else():
    claims = stand("a+", "a1", "b0", "c2", "c-")
    folded = fold_levels(claims)
    levels = ["for", "for", "uncertain", "against", "against"]
    assert folded.claims["recommendation"].tolist() == levels
    assert folded.claims["claim_id"].tolist() == claims["claim_id"].tolist()
    assert folded.terms.scores == {"for": 1, "uncertain": 0, "against": -1}
    narrower = folded.terms.find_narrower("aspect", "use")
    assert narrower == Vocabulary().find_narrower("aspect", "use")
    assert claims["recommendation"].tolist()[1] == "conditional for"


def test_folding_leaves_levels_off_the_scale_as_they_are():
    scale = build_scale({"good": 3, "fair": 1, "poor": -1, "not rated": None})
    claims = build_claims({"recommendation": "fair"}, {"recommendation": "not rated"})
    folded = fold_levels(build_collection(claims, vocabulary=scale))
    assert folded.claims["recommendation"].tolist() == ["for", "not rated"]
    assert np.isnan(folded.scores[1])


@settings(max_examples=25, deadline=None)
@given(case=rules_and_claims())
def test_folding_turns_qualify_into_agree_and_nothing_else(case):
    rules, claims = case
    table = measure_robustness(build_collection(claims, vocabulary=rules.table()))
    for verdict, folded in table[["verdict", "folded"]].itertuples(index=False, name=None):
        assert folded == verdict or (verdict, folded) == ("qualify", "agree")


def test_what_a_verdict_hangs_on_stands_in_one_table():
    table = measure_robustness(stand("a+", "b1", "c+"))
    assert table.drop(columns=FACETS).values.tolist() == [["qualify", 1.0, True, ("b",), "agree"]]
    assert len(measure_robustness(build_claims())) == 0


class TestOrderVerdicts:
    def test_conflicts_come_first_and_of_them_those_that_one_code_decides(self):
        claims = join(
            stand("a+", "b+").assign(aspect="agreed"),
            stand("a+", "b+", "c-", "d-").assign(aspect="even"),
            stand("a+", "b+", "c-").assign(aspect="frail"),
            stand("a+", "b1").assign(aspect="qualified"),
        )
        verdicts, left_out = order_verdicts(claims)
        assert verdicts["aspect"].tolist() == ["frail", "even", "qualified", "agreed"]
        assert left_out == 0

    def test_the_decisive_claims_of_a_conflict_are_those_of_the_weaker_side(self):
        verdicts, _ = order_verdicts(stand("a+", "b+", "c-", "d0"))
        assert verdicts["decisive"].tolist() == [("c",)]

    def test_where_sides_are_equal_either_is_decisive(self):
        verdicts, _ = order_verdicts(stand("a+", "b-", "c0"))
        assert set(verdicts["decisive"][0]) == {"a", "b"}

    def test_of_an_agreement_every_claim_is_decisive(self):
        verdicts, _ = order_verdicts(stand("a+", "b+"))
        assert verdicts["decisive"].tolist() == [("a", "b")]

    def test_claims_are_listed_by_side(self):
        verdicts, _ = order_verdicts(stand("a+", "b-", "c0", "d1"))
        row = verdicts.iloc[0]
        assert (row["for"], row["uncertain"], row["against"]) == (("a", "d"), ("c",), ("b",))

    def test_what_one_source_fewer_turns_stands_with_what_it_turns_to(self):
        verdicts, _ = order_verdicts(stand("a+", "b+", "c-"))
        assert verdicts["turns"].tolist() == [(("c", "agree"),)]

    def test_questions_that_few_sources_answer_are_left_out_but_for_contradictions(self):
        claims = join(stand("a+").assign(aspect="alone"), stand("a+", "a-").assign(aspect="torn"))
        verdicts, left_out = order_verdicts(claims)
        assert (verdicts["aspect"].tolist(), left_out) == (["torn"], 1)
        assert order_verdicts(claims, least=1)[1] == 0

    def test_where_sides_clash_no_question_is_left_out(self):
        torn = stand("a+", "a-").assign(aspect="torn")
        opposed = stand("a+", "b-").assign(aspect="opposed")
        agreed = stand("a+", "b+").assign(aspect="agreed")
        claims = join(torn, agreed, opposed)
        verdicts, left_out = order_verdicts(claims, least=3)
        assert (verdicts["aspect"].tolist(), left_out) == (["opposed", "torn"], 1)

    def test_without_claims_there_is_no_verdict(self):
        verdicts, left_out = order_verdicts(build_claims())
        assert (len(verdicts), left_out) == (0, 0)

    @settings(max_examples=40, deadline=None)
    @given(rules_and_claims())
    def test_recoding_as_many_of_the_decisive_claims_can_turn_a_verdict_of_two_sides(self, drawn):
        rules, claims = drawn
        collection = build_collection(claims, vocabulary=rules.table())
        verdicts, _ = order_verdicts(collection, least=1)
        for row in verdicts[verdicts["verdict"] == "conflict"].to_dict("records"):
            assert len(row["decisive"]) >= row["recodings"]
            assert set(row["decisive"]) <= {*row["for"], *row["against"]}
