import pandas as pd
import pytest
from builders import (
    CLAIM_HEADER,
    SOUND_CLAIMS,
    SOUND_SOURCES,
    SOUND_TERMS,
    SOURCE_HEADER,
    TERM_HEADER,
    build_claims,
    build_terms,
)

from claimbook import Vocabulary, check_claims, check_sources, check_vocabulary

CLAIMS = pd.DataFrame(SOUND_CLAIMS, columns=CLAIM_HEADER, dtype="str")
SOURCES = pd.DataFrame(SOUND_SOURCES, columns=SOURCE_HEADER, dtype="str")
TERMS = pd.DataFrame(SOUND_TERMS, columns=TERM_HEADER, dtype="str")


def spoil(table, record, column, value):
    table = table.copy()
    if column not in table:
        table[column] = ""
    table.loc[record - 1, column] = value
    return table


def told(problems, record, column, value, remedy):
    """Exactly one problem, with its place, its value and what to do."""
    places = problems[["record", "column", "value"]].to_numpy().tolist()
    assert places == [[record, column, value]]
    assert problems["line"].isna().all()
    assert problems["problem"].str.contains(remedy).all(), problems.loc[0, "problem"]


def test_sound_tables_have_no_problems():
    assert check_claims(CLAIMS, Vocabulary(TERMS), SOURCES).empty
    assert check_claims(CLAIMS).empty
    assert check_sources(SOURCES).empty
    assert check_vocabulary(TERMS).empty


@pytest.mark.parametrize(
    ("column", "value", "remedy"),
    [
        ("claim_id", "", "empty: fill in"),
        ("claim_id", "c1", "record 1 already"),
        ("source", "", "empty: fill in"),
        ("source", "clinik", "not in sources.csv.*did you mean 'clinic'"),
        ("condition", "", "empty: fill in"),
        ("condition", "sciatca", "did you mean 'sciatica'"),
        ("intervention", "masage", "did you mean 'massage'"),
        ("aspect", "pian", "did you mean 'pain'"),
        ("aspect", "Effect", "did you mean 'effect'"),
        ("recommendation", "yes", "expected one of: for, conditional for, uncertain"),
        ("recommendation", "", "empty: fill in"),
        ("recommendation", "For", "did you mean 'for'"),
        ("claim", "", "empty: fill in"),
        ("claim", " \t", "empty: fill in"),
        ("quote", "", "article's claim needs its words"),
        ("quote", "a … … c", "no words on one side of an ellipsis: add words or drop"),
        ("quote", "… b", "no words on one side of an ellipsis"),
        ("quote", "a ...", "no words on one side of an ellipsis"),
        ("universal", "no", "expected 'yes', or nothing"),
        ("cited_study", "cochrone", "not in sources.csv.*did you mean 'cochrane'"),
        ("cited_study", "clinic", "is the source itself"),
        ("certainty", "very-low", "did you mean 'very low'"),
    ],
)
def test_a_mistake_in_a_claim_is_told_with_its_remedy(column, value, remedy):
    problems = check_claims(spoil(CLAIMS, 2, column, value), Vocabulary(TERMS), SOURCES)
    told(problems, 2, column, value, remedy)
    assert problems["file"].tolist() == ["claims.csv"]


@pytest.mark.parametrize(
    ("column", "value", "severity"),
    [
        ("claim_id", "c1", "fatal"),
        ("recommendation", "yes", "error"),
        ("quote", "…", "error"),
        ("cited_study", "clinic", "error"),
        ("claim", "", "draft"),
        ("aspect", "", "draft"),
        ("quote", "", "warning"),
        ("quote", "a b c d e f g … h", "warning"),
    ],
)
def test_a_problem_is_as_severe_as_the_contract_says(column, value, severity):
    claims = spoil(CLAIMS, 2, column, value)
    problems = check_claims(claims, Vocabulary(TERMS), SOURCES, quote_words=6)
    assert problems["severity"].tolist() == [severity]


def test_how_long_a_quote_may_be_is_the_collections_own_matter():
    claims = spoil(CLAIMS, 2, "quote", "one two three … four")
    assert check_claims(claims).empty
    problems = check_claims(claims, quote_words=2)
    told(problems, 2, "quote", "one two three … four", "3 words in one part: quote_words allows 2")


@pytest.mark.parametrize(
    ("column", "value", "remedy"),
    [
        ("source", "", "empty: fill in"),
        ("source", "spa", "record 1 already"),
        ("kind", "blog", "add it to vocabulary.csv"),
        ("kind", "Article", "did you mean 'article'"),
        ("url", "www.clinic.example", "expected http"),
        ("sha256", "abc", "expected 64 hexadecimal digits"),
        ("sha256", "g" * 64, "expected 64 hexadecimal digits"),
    ],
)
def test_a_mistake_in_a_source_is_told_with_its_remedy(column, value, remedy):
    problems = check_sources(spoil(SOURCES, 2, column, value))
    told(problems, 2, column, value, remedy)
    assert problems["file"].tolist() == ["sources.csv"]


@pytest.mark.parametrize(
    ("record", "column", "value", "remedy"),
    [
        (6, "scheme", "", "empty: fill in"),
        (6, "scheme", "outcome", "condition, intervention, aspect"),
        (6, "term", "", "empty: fill in"),
        (6, "term", "massage", "record 5 already"),
        (4, "broader", "leg pain", "'leg pain' is no term of scheme condition: add a row"),
        (4, "broader", "pain; massage", "'massage' is no term of scheme condition: add a row"),
        (1, "score", "2", "only recommendation has scores"),
        (1, "broader", "sciatica", "circle: .*pain"),
        (1, "broader", "pain", "circle: pain > pain"),
        (1, "same_as", "leg pain", "'leg pain' is no term of scheme condition: add a row"),
    ],
)
def test_a_mistake_in_a_term_is_told_with_its_remedy(record, column, value, remedy):
    table = spoil(TERMS, record, column, value)
    if column in ("scheme", "term"):
        table.loc[record - 1, "broader"] = ""
    problems = check_vocabulary(table)
    told(problems, record, column, value, remedy)
    assert problems["file"].tolist() == ["vocabulary.csv"]


def test_every_circle_is_told_not_only_the_first():
    circles = [("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")]
    problems = check_vocabulary(build_terms(*(("condition", *pair) for pair in circles)))
    assert problems["problem"].str.contains("circle").sum() == 2


def test_a_circle_through_the_codebook_is_told_at_a_row_of_the_table():
    table = build_terms(("aspect", "adjunct", "sleep"), ("aspect", "use", "sleep"))
    told(check_vocabulary(table), 2, "broader", "sleep", "circle: use > sleep > effect > use")


@pytest.mark.parametrize("score", ["two", "1,5", "nan", "inf", "-Infinity", "1e999", "0x2", "1_0"])
def test_a_score_that_is_no_number_is_told(score):
    table = build_terms(("recommendation", "yes", "", "1"), ("recommendation", "no", "", score))
    told(check_vocabulary(table), 2, "score", score, "expected a number")


@pytest.mark.parametrize("score", ["2", "-0.5", "+1", ".5", "1e3", " 2 ", "0", "-0"])
def test_a_score_may_be_any_number(score):
    rows = [("recommendation", name, "", number) for name, number in (("up", "9"), ("down", "-9"))]
    assert check_vocabulary(build_terms(*rows, ("recommendation", "yes", "", score))).empty


def test_a_score_too_great_is_told():
    table = build_terms(("recommendation", "yes", "", "1e308"), ("recommendation", "no", "", "-1"))
    told(check_vocabulary(table), 1, "score", "1e308", "too great: keep within 1,000,000,000")


def test_a_scale_with_one_side_is_warned_of_and_how_to_centre_it():
    rows = [("recommendation", str(level), "", str(level)) for level in range(1, 6)]
    problems = check_vocabulary(build_terms(*rows))
    assert problems["severity"].tolist() == ["warning"]
    assert (
        problems["problem"]
        .str.contains(r"no two claims can conflict.*5 \+2, .*3 \+0, .*1 -2")
        .all()
    )
    assert check_vocabulary(build_terms(*rows, ("recommendation", "0", "", "-1"))).empty


def test_a_level_without_a_score_stands_off_the_scale():
    rows = [("recommendation", "yes", "", "1"), ("recommendation", "no", "", "-1")]
    table = build_terms(*rows, ("recommendation", "unproven"))
    assert check_vocabulary(table).empty
    vocabulary = Vocabulary(table)
    assert check_claims(build_claims({"recommendation": "unproven"}), vocabulary).empty


def test_the_five_levels_may_be_labelled_without_scores():
    levels = ["for", "conditional for", "uncertain", "conditional against", "against"]
    five = build_terms(*(("recommendation", level) for level in levels)).assign(label="L")
    assert check_vocabulary(five).empty
    assert check_claims(CLAIMS, Vocabulary(five)).empty


def test_the_same_term_may_stand_in_two_schemes():
    assert check_vocabulary(build_terms(("condition", "sleep"), ("aspect", "sleep"))).empty


def test_each_further_use_of_an_id_is_told():
    problems = check_claims(build_claims(*[{"claim_id": "x"}] * 3))
    assert problems["record"].tolist() == [2, 3]


def test_a_scheme_left_open_takes_any_term():
    odd = build_claims({"condition": "x", "intervention": "y", "aspect": "z"})
    assert check_claims(odd).empty
    only = Vocabulary(build_terms(("intervention", "y")))
    assert check_claims(odd, only)["column"].tolist() == ["aspect"]


def test_declared_levels_replace_the_codebooks_and_aspects_are_added():
    table = build_terms(("aspect", "cost"), ("recommendation", "yes", "", "1"))
    problems = check_claims(build_claims({}), Vocabulary(table))
    assert problems["column"].tolist() == ["recommendation"]


def test_a_kind_of_the_collections_own_is_known():
    table = build_terms(("kind", "newspaper", "article"), ("kind", "blog", "newspaper"))
    assert check_vocabulary(table).empty
    sources = pd.DataFrame({"source": ["a", "b"], "kind": ["newspaper", "blog"]})
    assert check_sources(sources, Vocabulary(table)).empty
    problems = check_claims(build_claims({"source": "a"}, quote=""), Vocabulary(table), sources)
    assert problems["problem"].str.contains("article's claim needs its words").all()


def test_an_article_is_quoted_and_a_study_need_not_be():
    claims, sources = build_claims({}), pd.DataFrame({"source": ["spa"], "kind": ["article"]})
    assert check_claims(claims, None, sources)["column"].tolist() == ["quote"]
    assert check_claims(claims, None, sources.assign(kind="trial")).empty


def test_every_problem_is_told_at_once_in_the_order_of_the_rows():
    claims = spoil(spoil(CLAIMS, 3, "condition", "x"), 1, "claim", "")
    claims = spoil(spoil(claims, 4, "recommendation", "y"), 1, "quote", "…")
    problems = check_claims(claims, Vocabulary(TERMS), SOURCES)
    assert problems["record"].tolist() == [1, 1, 3, 4]


@pytest.mark.parametrize("column", CLAIM_HEADER)
def test_a_column_less_never_raises(column):
    assert check_claims(CLAIMS.drop(columns=column), Vocabulary(TERMS), SOURCES) is not None


@pytest.mark.parametrize("column", SOURCE_HEADER)
def test_a_column_less_in_the_sources_never_raises(column):
    sources = SOURCES.drop(columns=column)
    assert check_sources(sources) is not None
    assert check_claims(CLAIMS, None, sources) is not None


@pytest.mark.parametrize("column", TERM_HEADER)
def test_a_column_less_in_the_vocabulary_never_raises(column):
    assert check_vocabulary(TERMS.drop(columns=column)) is not None


def test_checking_changes_no_table():
    before = CLAIMS.copy(deep=True), SOURCES.copy(deep=True), TERMS.copy(deep=True)
    check_claims(CLAIMS, Vocabulary(TERMS), SOURCES)
    check_sources(SOURCES)
    check_vocabulary(TERMS)
    for table, copy in zip((CLAIMS, SOURCES, TERMS), before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_near_misses_are_looked_for_only_where_a_value_is_unknown(monkeypatch):
    # 1,500 known sources took 40 seconds otherwise
    asked = []
    monkeypatch.setattr(
        "claimbook.collection.checks.suggest", lambda value, known: asked.append(value) or ""
    )
    check_claims(spoil(CLAIMS, 2, "aspect", "pian"), Vocabulary(TERMS), SOURCES)
    assert asked == ["pian"]


@pytest.mark.parametrize(
    ("column", "value", "sound"),
    [
        ("doi", "10.7326/0003-4819-155-1-201107050-00002", True),
        ("doi", "https://doi.org/10.7326/x", False),
        ("doi", "xyz", False),
        ("pmid", "21727288", True),
        ("pmid", "PMID 21727288", False),
    ],
)
def test_addresses_of_records_are_told_where_they_lead_nowhere(column, value, sound):
    sources = pd.DataFrame({"source": ["spa"], "kind": ["article"], column: [value]})
    assert check_sources(sources)["value"].tolist() == ([] if sound else [value])


def warn(*rows, terms=None, sources=None, **common):
    """What is told of claims: the record, the column and the problem of each warning."""
    vocabulary = Vocabulary(terms) if terms is not None else Vocabulary()
    problems = check_claims(build_claims(*rows, **common), vocabulary, sources)
    assert set(problems["severity"]) <= {"warning"}
    return problems[["record", "column", "problem"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("change", "repeats"),
    [
        ({}, True),
        ({"claim": "it HELPS."}, True),
        ({"claim": "Other words.", "quote": "it … helps"}, True),
        ({"claim": "Other words."}, False),
        ({"speaker": "a professor"}, False),
        ({"recommendation": "against"}, False),
        ({"source": "clinic"}, False),
    ],
)
def test_a_claim_that_repeats_another_is_told_with_its_id(change, repeats):
    same = {"claim": "It helps.", "quote": "it … helps", "speaker": ""}
    told = (
        warn({}, same | change, **same)
        if "quote" in change
        else warn({"quote": ""}, same | {"quote": ""} | change, **same)
    )
    assert told == (
        [[2, "claim_id", "repeats a: the same source, terms, level and words; keep one"]]
        if repeats
        else []
    )


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("claim_id", "9.45E+12", "a number"),
        ("claim_id", "3.00E+05", "a number"),
        ("source", "1-Feb", "a date"),
        ("source", "Mar-01", "a date"),
        ("condition", "1/7/06", "a date"),
        ("condition", "02.09.2024", "a date"),
        ("intervention", "43344", "a number"),
        ("intervention", "0.1", "a number"),
        ("aspect", "#NAME?", "an error"),
        ("source", "#REF!", "an error"),
    ],
)
def test_what_a_spreadsheet_has_made_of_a_key_or_term_is_told(column, value, what):
    ((record, where, problem),) = warn({column: value})
    assert (record, where) == (1, column)
    assert f"looks like {what} that a spreadsheet has made of it" in problem


def test_plain_numbers_as_keys_and_declared_terms_of_numbers_are_left_alone():
    assert warn({"claim_id": "1", "source": "2"}, {"claim_id": "43344", "source": "25184013"}) == []
    terms = build_terms(("condition", "2019"), ("condition", "1/7/06"))
    assert warn({"condition": "2019"}, {"condition": "1/7/06"}, terms=terms) == []


@pytest.mark.parametrize("near", ["Knee pain", "knee pains", "kneepain", "knee  pain", "knee pian"])
def test_a_term_used_once_that_is_nearly_another_is_told(near):
    terms = ("knee pain", "knee pain", near)
    rows = [{"source": f"s{n}", "condition": term} for n, term in enumerate(terms)]
    ((record, column, problem),) = warn(*rows)
    assert (record, column) == (3, "condition")
    assert "is used once, and nearly 'knee pain'" in problem


def test_a_term_used_twice_or_declared_or_of_another_number_is_meant():
    assert (
        warn(*({"condition": name, "source": key} for name in ("sleep", "sleeps") for key in "xy"))
        == []
    )
    assert warn({"condition": "week 1"}, {"condition": "week 2"}) == []
    terms = build_terms(("condition", "knee pain"), ("condition", "knee pains"))
    assert warn({"condition": "knee pain"}, {"condition": "knee pains"}, terms=terms) == []


def test_a_source_without_claims_is_told_unless_somebody_cites_it():
    sources = pd.DataFrame({"source": ["spa", "trial", "silent"]})
    claims = build_claims({"source": "spa"}, cited_study="trial")
    problems = check_sources(sources, claims=claims)
    assert problems[["record", "value", "severity"]].to_numpy().tolist() == [
        [3, "silent", "warning"]
    ]
    assert "enter its claims, or delete the row" in problems["problem"][0]
