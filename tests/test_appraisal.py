import re

import pandas as pd
from builders import build_claims, build_collection, read_html

from claimbook.report.appraisal import (
    show_agreements,
    show_credits,
    show_matrix,
    show_numbers,
    show_robustness,
)

THREE = (
    {"source": "a", "cited_study": "trial", "attribution": "a trial"},
    {"source": "b", "cited_study": "trial", "attribution": "research"},
    {"source": "c", "aspect": "sleep"},
)


def build(*rows, **kinds):
    claims = build_claims(*rows)
    extra = ("attribution", "cited_study")
    claims = claims.assign(**{key: [row.get(key, "") for row in rows] for key in extra})
    return build_collection(claims, kinds={"trial": "trial"} | kinds)


def test_agreement_names_the_one_study_on_which_it_rests():
    text = read_html(show_agreements(build(*THREE)))
    assert "The one question that more than one source answers is answered alike" in text
    assert "only trial" in text
    assert "sleep" not in text


def test_agreement_on_nobodys_word_is_said_to_be_so():
    text = read_html(show_agreements(build({"source": "a"}, {"source": "b"})))
    assert "Agreement alone is no evidence: nobody is credited" in text


def test_agreement_of_one_publisher_is_one_voice_and_of_two_is_none():
    sources = pd.DataFrame({"source": ["a", "b"], "publisher": ["Spa Ltd", "Spa Ltd"]})
    claims = build_claims({"source": "a"}, {"source": "b"})
    text = read_html(show_agreements(build_collection(claims, sources=sources)))
    assert "It is the word of one voice" in text
    assert "a ( a ); b ( b ) one voice nobody is credited" in text
    assert "a and b count as two, but are one voice: Spa Ltd." in text
    apart = read_html(show_agreements(build({"source": "a"}, {"source": "b"})))
    assert "word of one voice" not in apart
    assert "a ( a ); b ( b ) 2 voices nobody is credited" in apart


def test_an_article_that_repeats_the_page_it_cites_is_named():
    rows = ({"source": "a", "cited_study": "clinic"}, {"source": "clinic"})
    text = read_html(show_agreements(build(*rows, clinic="page")))
    assert "one voice; a repeats what it cites articles or pages only, at second hand" in text


def test_without_agreement_a_sentence_says_so_and_without_a_shared_question_nothing():
    rows = ({"source": "a"}, {"source": "b", "recommendation": "uncertain"})
    assert "On no question" in read_html(show_agreements(build(*rows)))
    assert show_agreements(build({"source": "a"})) == ""


def test_every_number_of_credits_opens_its_claims_and_adds_up():
    finding = {"source": "trial", "recommendation": "uncertain"}
    page = show_credits(build(*THREE, finding))
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("</table>")[0])[1:]
    assert len(rows) == 3  # the articles; a trial credits nobody
    for row in rows:
        numbers = re.findall(r"<summary>(\d+)</summary>(.*?)</details>", row)
        assert sum(int(number) for number, _ in numbers) == 1
        assert all(links.count("#claim-") == int(number) for number, links in numbers)
    assert read_html(page).count("overstated") >= 2
    assert "two articles cite one study. one of these is cited by more than one" in (
        read_html(page).lower()
    )
    assert "they share 100% of what they could share" in read_html(page)


def test_who_cites_nothing_is_said_to_cite_nothing():
    assert show_credits(build({"source": "a"})) == ""
    page = show_credits(build({"source": "a", "attribution": "experts"}))
    assert "No article cites a study that is known here." in read_html(page)
    assert page.count("<table") == 1


def test_directions_name_their_denominator_and_the_silent():
    page = show_agreements(build(*THREE))
    text = read_html(page.split("How many take which side")[1])
    assert "back pain? 2 0 0 0 100% (34 to 100%) 1" in text
    assert "sleep" not in text  # one source alone


def test_a_conflict_that_hangs_on_one_claim_is_said_to():
    claims = ({"source": "a"}, {"source": "b"}, {"source": "c", "recommendation": "against"})
    page = show_robustness(build(*claims))
    text = read_html(page)
    assert "The one conflict would end if one claim were read differently" in text
    assert "<strong>1</strong>" in page
    assert "c ( c ): the same answer" in text  # without source c, whose claim is c


def test_with_two_sources_that_agree_there_is_nothing_to_lose():
    assert show_robustness(build({"source": "a"}, {"source": "b"})) == ""


def test_a_conflict_between_sibling_aspects_is_one_of_use():
    text = read_html(
        show_robustness(
            build(
                {"source": "a", "aspect": "adjunct"},
                {"source": "b", "aspect": "contraindication", "recommendation": "against"},
            )
        )
    )
    assert "The one conflict would end" in text
    assert "massage for back pain: use 2 opposite answers" in text


def test_a_self_contradiction_beside_another_source_is_not_called_a_conflict():
    rows = [("a", "for"), ("a", "for"), ("a", "against"), ("a", "against"), ("b", "uncertain")]
    claims = [{"source": source, "recommendation": level} for source, level in rows]
    said = show_robustness(build(*claims)).split("</p>")[0]
    assert "The one self-contradiction would end" in said
    assert "conflict" not in said
    alone = read_html(show_robustness(build(*claims[:4])))
    assert "Zero" not in alone


def test_what_is_said_at_second_hand_is_told():
    rows = (
        {"source": "a", "cited_study": "clinic"},
        {"source": "clinic", "recommendation": "uncertain"},
    )
    page = show_credits(build(*rows, clinic="page"))
    text = read_html(page)
    assert "clinic , at second hand" in text
    assert "Second-hand a " in text  # the last column of the table, then its first row


def test_fidelities_that_occur_have_a_column_and_claims_that_differ_their_finding():
    rows = (
        {"source": "a", "cited_study": "trial"},
        {"source": "a", "cited_study": "trial", "condition": "cold"},
        {"source": "a", "cited_study": "review"},
        {"source": "trial", "recommendation": "uncertain"},
    )
    text = read_html(show_credits(build(*rows, review="review")))
    assert "Source Overstated Off topic Not coded a 1" in text
    assert "unclear It helps. d overstated" in text
    assert "nothing on this off topic" in text


def test_one_of_a_kind_is_told_in_the_singular():
    rows = ({"source": "a"}, {"source": "b", "recommendation": "against"})
    text = read_html(show_numbers(build(*rows)))
    assert "0 of 1 shared question is answered alike" in text
    assert "1 of 1 conflict hangs on a single claim" in text
    more = ({**row, "condition": "cold"} for row in rows)
    text = read_html(show_numbers(build(*rows, *more)))
    assert "0 of 2 shared questions are answered alike" in text
    assert "2 of 2 conflicts hang on a single claim" in text


def test_shared_questions_are_told_in_grammar():
    pair = ({"source": "a"}, {"source": "b"})
    alone = {"source": "a", "condition": "cold"}
    own = [{**alone, "recommendation": level} for level in ("for", "against")]
    assert "One question is answered, by at least two sources." in read_html(
        show_matrix(build(*pair))
    )
    assert "Two questions are answered; one of them by at least two sources." in read_html(
        show_matrix(build(*pair, alone))
    )
    assert "; one by one source that contradicts itself." in read_html(
        show_matrix(build(*pair, *own))
    )


def test_no_study_is_spoken_of_where_none_is_known():
    claims = build_claims({"source": "a"}).assign(attribution="an expert")
    text = read_html(show_credits(build_collection(claims)))
    assert "No article cites a source that is known here." in text
    assert "stud" not in text


def test_one_other_question_that_stays_is_told_in_the_singular():
    rows = [{"source": source} for source in "abc"]
    text = read_html(show_robustness(build(*rows)))
    assert "One other question with three sources or more would not be judged otherwise" in text
