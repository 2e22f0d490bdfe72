"""The verdict on a question, gathered or not."""

import pytest
from small import collect, tree

from claimbook import count_questions, find_answers
from claimbook.collection.codebook import FACETS


def verdicts(*rows, terms=(), **gather):
    questions = count_questions(collect(*rows, terms=terms).gather(**gather))
    return dict(zip(questions["aspect"], questions["verdict"], strict=True))


def stand(text):
    """Read 'spa for, clinic against' as rows."""
    parts = (part.split(" ", 1) for part in text.split(", "))
    return [{"source": source, "recommendation": level} for source, level in parts]


@pytest.mark.parametrize(
    ("stands", "verdict"),
    [
        ("spa for", "single source"),
        ("spa for, spa conditional for", "single source"),
        ("spa for, clinic for", "agree"),
        ("spa uncertain, clinic uncertain", "agree"),
        ("spa for, clinic uncertain", "qualify"),
        ("spa for, clinic conditional for", "qualify"),
        ("spa conditional for, clinic conditional against", "conflict"),
        ("spa for, spa against", "self-contradiction"),
        ("spa for, spa against, clinic uncertain", "self-contradiction"),
        ("spa for, spa against, clinic for", "conflict"),
    ],
)
def test_the_verdict_follows_from_who_stands_where(stands, verdict):
    assert verdicts(*stand(stands)) == {"pain": verdict}


def test_gathered_outcomes_stay_apart():
    rows = {"aspect": "sleep"}, {"aspect": "function", "recommendation": "against"}
    assert verdicts(*rows, aspect="use") == {"use": "qualify"}
    rows = [row | {"source": "blog"} for row in rows]
    assert verdicts(*rows, aspect="use") == {"use": "single source"}


def test_gathered_branches_of_use_answer_one_question():
    rows = {"aspect": "sleep"}, {"aspect": "contraindication", "recommendation": "against"}
    assert verdicts(*rows) == {"sleep": "single source", "contraindication": "single source"}
    assert verdicts(*rows, aspect="use") == {"use": "conflict"}


def test_an_exception_is_no_conflict_however_it_is_gathered():
    rows = {"aspect": "effect"}, {"aspect": "pain", "recommendation": "against"}
    assert verdicts(*rows, aspect="use") == {"use": "qualify"}
    universal = rows[0] | {"universal": "yes"}, rows[1]
    assert verdicts(*universal, aspect="use") == {"use": "conflict"}


def test_a_source_that_reports_two_speakers_does_not_contradict_itself():
    rows = {"source": "daily"}, {"source": "daily", "recommendation": "against", "speaker": "Dr A"}
    assert verdicts(*rows) == {"pain": "single source"}


def test_claims_off_the_scale_are_counted_on_no_side():
    terms = [
        ("recommendation", "true", {"score": "1"}),
        ("recommendation", "false", {"score": "-1"}),
        ("recommendation", "unproven", {}),
    ]
    rows = {"recommendation": "true"}, {"recommendation": "unproven"}
    questions = count_questions(collect(*rows, terms=terms))
    told = questions.loc[0, ["claims", "for", "uncertain", "against", "lowest", "verdict"]]
    assert told.tolist() == [2, 1, 0, 0, "true", "qualify"]
    alone = count_questions(collect(rows[1], terms=terms))
    assert alone.loc[0, ["lowest", "highest", "verdict"]].tolist() == ["", "", "single source"]


def test_no_claims_raise_no_questions():
    questions = count_questions(collect())
    assert len(questions) == 0
    counts = ["sources", "claims", "for", "uncertain", "against", "lowest", "highest", "verdict"]
    assert questions.columns.tolist() == [*FACETS, *counts]


def test_gathering_asks_for_a_known_term():
    with pytest.raises(ValueError, match="aspect 'uze' is neither declared nor used: did you mean"):
        collect({}).gather(aspect="uze")


def test_answers_stand_at_under_over_or_across_a_question():
    terms = tree("condition", ("pain", ""), ("back pain", "pain"), ("sciatica", "back pain"))
    rows = (
        {},
        {"condition": "sciatica"},
        {"condition": "pain"},
        {"condition": "pain", "aspect": "sleep"},
        {"condition": "sciatica", "aspect": "use"},
    )
    answers = find_answers(collect(*rows, terms=terms), ("back pain", "massage", "pain"))
    assert dict(zip(answers["claim_id"], answers["stands"], strict=True)) == {
        "a": "at",
        "b": "under",
        "c": "over",
        "e": "across",
    }
