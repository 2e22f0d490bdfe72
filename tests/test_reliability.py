from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from builders import build_claims, build_collection, build_terms
from hypothesis import given
from hypothesis import strategies as st

from claimbook import Vocabulary
from claimbook.measures import compare_codings, measure_alpha, measure_kappa

# Gwet's abstractors, https://cran.r-project.org/web/packages/irrCAC/vignettes/overview.html
GWET = {"ee": 13, "aa": 20, "an": 7, "na": 4, "nn": 56}


def list_codings(table: dict[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    codes = [pair for pair, times in table.items() for _ in range(times)]
    ids = [f"c{number}" for number in range(len(codes))]
    first, second = (
        pd.DataFrame({"claim_id": ids, "aspect": [code[place] for code in codes]})
        for place in (0, 1)
    )
    return first, second


def test_kappa_is_the_published_one():
    measures = compare_codings(*list_codings(GWET)).measures.set_index("column")
    assert measures.loc["aspect", ["n", "agreement"]].tolist() == [100, 0.89]
    assert round(measures.loc["aspect", "kappa"], 7) == 0.7964094
    assert round(measures.loc["aspect", "alpha"], 3) == 0.797
    assert measures.loc["overall"].equals(measures.loc["aspect"])


@given(codes=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=9))
def test_kappa_is_what_the_formula_says(codes):
    first, second = (pd.Series([pair[place] for pair in codes], dtype="str") for place in (0, 1))
    kappa, n = measure_kappa(first, second), len(codes)
    chance = sum(
        Fraction(int((first == code).sum()), n) * Fraction(int((second == code).sum()), n)
        for code in (set(first) | set(second))
    )
    if not n or chance == 1:
        assert np.isnan(kappa)
    else:
        alike = Fraction(int((first == second).sum()), n)
        assert kappa == pytest.approx(float((alike - chance) / (1 - chance)), abs=1e-12)


def test_codings_are_matched_by_id_and_their_disagreements_listed():
    first = build_claims({}, {"aspect": "sleep"}, {"recommendation": "against"})
    second = build_claims({"aspect": "mood"}, {"claim": "Other words."}, {}).iloc[::-1]
    second = second.assign(claim_id=["z", "b", "a"])
    comparison = compare_codings(first, second)
    assert comparison.disagreements.values.tolist() == [
        ["a", "aspect", "pain", "mood"],
        ["b", "aspect", "sleep", "pain"],
    ]
    assert (comparison.only_first, comparison.only_second) == (["c"], ["z"])
    measures = comparison.measures.set_index("column")
    assert measures.index.tolist() == [
        "condition",
        "intervention",
        "aspect",
        "recommendation",
        "overall",
    ]
    assert measures["agreement"].tolist() == [1, 1, 0, 1, 0]
    assert measures.loc["condition", ["kappa", "alpha"]].isna().all()


def test_recommendation_is_ordinal_where_the_levels_are_known():
    levels = ["for", "for", "against", "uncertain", "for"]
    other = ["for", "conditional for", "against", "against", "uncertain"]
    first, second = (
        build_claims(*({"recommendation": level} for level in coding)) for coding in (levels, other)
    )
    measures = compare_codings(first, second).measures.set_index("column")
    scores = {"for": 2, "conditional for": 1, "uncertain": 0, "against": -2}
    ratings = np.array([[scores[level] for level in coding] for coding in (levels, other)]).T
    alpha = measure_alpha(ratings, metric="ordinal")
    assert measures.loc["recommendation", "alpha"] == alpha
    by_terms = compare_codings(first, second, terms=Vocabulary()).measures
    assert by_terms.set_index("column").loc["recommendation", "alpha"] == alpha
    renamed = (coding.replace({"for": "yes"}) for coding in (first, second))
    nominal = compare_codings(*renamed).measures.set_index("column")
    assert nominal.loc["recommendation", "alpha"] < alpha


def test_levels_are_those_of_the_collection_and_those_off_its_scale_do_not_count():
    scale = build_terms(
        ("recommendation", "good", "", "1"),
        ("recommendation", "bad", "", "-1"),
        ("recommendation", "not rated"),
    )
    levels = ["good", "bad", "good", "not rated"]
    claims = build_claims(*({"recommendation": level} for level in levels))
    measures = compare_codings(build_collection(claims, vocabulary=scale), claims).measures
    assert measures.set_index("column").loc["recommendation", ["n", "alpha"]].tolist() == [4, 1]
    with pytest.raises(ValueError, match="recommendation is 'god': did you mean 'good'"):
        compare_codings(
            build_collection(claims, vocabulary=scale), claims.assign(recommendation="god")
        )


def test_what_is_no_coding_is_refused():
    with pytest.raises(TypeError, match="expected a Collection or a DataFrame, found str"):
        compare_codings("codings.csv", build_claims({}))


def test_an_empty_cell_is_a_code_and_missing_means_empty():
    first = build_claims({}, {}).assign(certainty=["low", ""])
    second = build_claims({}, {}).assign(certainty=["low", None])
    measures = compare_codings(first, second).measures.set_index("column")
    assert measures.loc["certainty", ["agreement", "kappa"]].tolist() == [1, 1]


def test_codings_that_share_no_claim_have_no_numbers():
    comparison = compare_codings(build_claims({}), build_claims({}).assign(claim_id="z"))
    assert comparison.measures["n"].eq(0).all()
    assert comparison.measures[["agreement", "kappa", "alpha"]].isna().all(axis=None)
    assert comparison.disagreements.columns.tolist() == ["claim_id", "column", "first", "second"]


def test_a_coding_without_unique_ids_is_refused():
    with pytest.raises(ValueError, match="claim_id 'a' stands twice"):
        compare_codings(build_claims({}, {}).assign(claim_id="a"), build_claims({}))
    with pytest.raises(ValueError, match="lacks the column claim_id"):
        compare_codings(build_claims({}).drop(columns="claim_id"), build_claims({}))
