import re

import pandas as pd
from builders import build_claims, build_collection, read_html

from claimbook.report.appraisal import (
    show_agreements,
    show_credits,
    show_directions,
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
    assert "Of one question that more than one source answers, 1 is answered alike" in text
    assert "one study: trial" in text
    assert "sleep" not in text


def test_agreement_on_nobodys_word_is_said_to_be_so():
    text = read_html(show_agreements(build({"source": "a"}, {"source": "b"})))
    assert "on 1 nobody is credited" in text


def test_agreement_of_one_publisher_is_one_voice_and_of_two_is_none():
    sources = pd.DataFrame({"source": ["a", "b"], "publisher": ["Spa Ltd", "Spa Ltd"]})
    claims = build_claims({"source": "a"}, {"source": "b"})
    text = read_html(show_agreements(build_collection(claims, sources=sources)))
    assert "One of these is the word of one voice" in text
    assert "a ( a ); b ( b ) one voice nobody is credited" in text
    assert "a and b count here as two sources, but are one voice: Spa Ltd." in read_html(
        show_directions(build_collection(claims, sources=sources))
    )
    apart = read_html(show_agreements(build({"source": "a"}, {"source": "b"})))
    assert "word of one voice" not in apart
    assert "a ( a ); b ( b ) 2 voices nobody is credited" in apart


def test_an_article_that_repeats_the_page_it_cites_is_named():
    rows = ({"source": "a", "cited_study": "clinic"}, {"source": "clinic"})
    text = read_html(show_agreements(build(*rows, clinic="page")))
    assert "one voice; a repeats what it cites articles or pages only, second-hand" in text


def test_without_agreement_a_sentence_says_so():
    assert "On no question" in read_html(show_agreements(build({"source": "a"})))


def test_every_number_of_credits_opens_its_claims_and_adds_up():
    finding = {"source": "trial", "recommendation": "uncertain"}
    page = show_credits(build(*THREE, finding))
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("</table>")[0])[1:]
    assert len(rows) == 3  # the articles; a trial credits nobody
    for row in rows:
        numbers = re.findall(r"<summary>(\d+)</summary>(.*?)</details>", row)
        assert sum(int(number) for number, _ in numbers) == 1
        assert all(links.count("#claim-") == int(number) for number, links in numbers)
    assert read_html(page).count("overstated") == 2
    assert "two articles cite one study. one of these is cited by more than one" in (
        read_html(page).lower()
    )
    assert "the corrected covered area is 100%" in read_html(page)


def test_who_cites_nothing_is_said_to_cite_nothing():
    page = show_credits(build({"source": "a"}))
    assert "No article cites a study." in read_html(page)
    assert page.count("<table") == 1


def test_directions_name_their_denominator_and_the_silent():
    text = read_html(show_directions(build(*THREE)))
    assert "for: 2 of 2 sources that take a side" in text
    assert "silent: 1" in text
    assert "sleep" not in text  # one source alone
    assert read_html(show_directions(build({"source": "a"}))) == "No question is shared."


def test_a_conflict_that_hangs_on_one_claim_is_said_to():
    claims = ({"source": "a"}, {"source": "b"}, {"source": "c", "recommendation": "against"})
    page = show_robustness(build(*claims))
    text = read_html(page)
    assert (
        "Of one question in conflict, 1 would no longer be judged so with one claim coded otherwise"
        in text
    )
    assert "<strong>1</strong>" in page
    assert "c ( c ): agree" in text  # without source c, whose claim is c


def test_with_two_sources_that_agree_there_is_nothing_to_lose():
    text = read_html(show_robustness(build({"source": "a"}, {"source": "b"})))
    assert text == "No verdict rests on more than two sources, and none is a conflict."


def test_a_conflict_between_sibling_aspects_is_one_of_use():
    text = read_html(
        show_robustness(
            build(
                {"source": "a", "aspect": "adjunct"},
                {"source": "b", "aspect": "contraindication", "recommendation": "against"},
            )
        )
    )
    assert "Of one question in conflict, 1" in text
    assert "massage for back pain: use 2 conflict" in text


def test_a_self_contradiction_beside_another_source_is_not_called_a_conflict():
    rows = [("a", "for"), ("a", "for"), ("a", "against"), ("a", "against"), ("b", "uncertain")]
    claims = [{"source": source, "recommendation": level} for source, level in rows]
    text = read_html(show_robustness(build(*claims)))
    assert "Of one self-contradiction, 1 would no longer be judged so" in text
    assert "conflict" not in text.split("What the verdicts hang on")[0].replace(
        "self-contradiction", ""
    )
    alone = read_html(show_robustness(build(*claims[:4])))
    assert "Of one self-contradiction, 0 would" in alone


def test_what_is_said_at_second_hand_is_told():
    rows = (
        {"source": "a", "cited_study": "clinic"},
        {"source": "clinic", "recommendation": "uncertain"},
    )
    page = show_credits(build(*rows, clinic="page"))
    text = read_html(page)
    assert "clinic (second-hand)" in text
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
    assert "uncertain It helps. d overstated" in text
    assert "nothing on the point off topic" in text
