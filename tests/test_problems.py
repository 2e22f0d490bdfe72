import re

import pytest

from claimbook import ClaimsError
from claimbook.collection.problems import build_problems, describe_problems, join_problems, suggest

COLUMNS = ["file", "line", "record", "column", "value", "problem", "severity"]
ONE = ("claims.csv", 42, 41, "aspect", "pian", "expected 'pain'")


def test_an_error_lists_every_problem_and_carries_the_table():
    problems = build_problems([ONE, ("claims.csv", 43, 42, "claim", "", "is empty")])
    error = ClaimsError(problems)
    assert str(error).splitlines() == [
        "2 problems found",
        "claims.csv, line 42: aspect is 'pian': expected 'pain'",
        "claims.csv, line 43: claim is empty",
    ]
    assert error.problems is problems
    assert isinstance(error, ValueError)


def test_no_problems_are_a_table_of_all_columns_and_numbers_stay_numbers():
    empty, one = build_problems(), build_problems([ONE])
    assert empty.columns.tolist() == one.columns.tolist() == COLUMNS
    assert empty.dtypes.astype(str).tolist() == one.dtypes.astype(str).tolist()
    assert one.loc[0, ["line", "record"]].tolist() == [42, 41]


def test_joined_problems_stand_by_file_and_line_those_of_no_line_first():
    first = build_problems([("a", 9, 8, "", "", "x"), ("a", None, None, "", "", "y")])
    second = build_problems([("b", 1, None, "", "", "z"), ("a", 2, 1, "", "", "w")])
    joined = join_problems([first, build_problems(), second])
    assert joined["problem"].tolist() == ["y", "w", "x", "z"]
    assert join_problems([]).columns.tolist() == COLUMNS


def test_the_order_of_problems_in_one_record_is_kept():
    rows = [("a", 2, 1, column, "", "x") for column in ("term", "scheme", "broader")]
    assert join_problems([build_problems(rows)])["column"].tolist() == ["term", "scheme", "broader"]


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (ONE, "claims.csv, line 42: aspect is 'pian': expected 'pain'"),
        (("claims.csv", None, 7, "aspect", "x", "y"), "claims.csv, record 7: aspect is 'x': y"),
        (("claims.csv", None, None, "", "", "is empty"), "claims.csv: is empty"),
        (("a", 1, 1, "claim", "two\nlines", "y"), r"a, line 1: claim is 'two\nlines': y"),
    ],
)
def test_a_problem_is_one_line_that_names_place_value_and_remedy(row, line):
    assert describe_problems(build_problems([row])) == [line]


def test_a_long_value_is_cut_in_the_line_but_not_in_the_table():
    problems = build_problems([("a", 1, 1, "claim", "x" * 999, "y")])
    assert len(describe_problems(problems)[0]) < 100
    assert problems.loc[0, "value"] == "x" * 999


def test_suggestions_name_the_nearest_term_and_all_where_they_are_few():
    assert (
        suggest("pian", ["pain", "sleep"]) == "did you mean 'pain'? (expected one of: pain, sleep)"
    )
    assert suggest("zzz", ["pain"]) == "expected one of: pain"
    assert suggest("zzz", map(str, range(99))) == ""
    assert suggest(" PAIN ", [*map(str, range(99)), "pain"]) == "did you mean 'pain'?"


def test_raising_the_error_shows_the_problems():
    with pytest.raises(ClaimsError, match=re.escape("claims.csv, line 42: aspect is 'pian'")):
        raise ClaimsError(build_problems([ONE]))


def test_equal_problems_are_told_once_with_the_remedy_behind_the_rows():
    rows = [("a", line, line - 1, "kind", "blog", "is no kind; one of: x, y") for line in (2, 9)]
    told = describe_problems(build_problems(rows))
    assert told == ["a: kind 'blog' is no kind: 2 rows, the first is line 2; one of: x, y"]


def test_what_two_sources_do_stands_in_the_plural():
    rows = [
        ("a", line, line - 1, "source", key, "makes no claim") for key, line in (("x", 2), ("y", 3))
    ]
    told = describe_problems(build_problems(rows, severity="warning"))
    assert told == ["a: warning: source 'x' and 'y' make no claim: 2 rows, the first is line 2"]
