import re

import pytest
from builders import build_claims, build_collection

from claimbook import figure
from claimbook.report.pictures import show_figure


def show(*rows, name="levels", **options):
    return show_figure(figure(build_collection(build_claims(*rows)), name, **options))


def test_a_figure_is_described_by_its_caption():
    page = show({"source": "<spa>"}, title="Two <b> bars")
    (key,) = re.findall(r'<figure id="(figure-levels-[0-9a-f]{6})"', page)
    assert f'aria-labelledby="{key}-alt"' in page
    assert f'<figcaption id="{key}-alt">Two &lt;b&gt; bars. 1 claim' in page


@pytest.mark.parametrize(("number", "ways"), [(20, 0), (21, 1)])
def test_many_links_can_be_skipped(number, ways):
    rows = [{"claim_id": f"c{n}", "source": f"s{n}"} for n in range(number)]
    page = show(*rows)
    assert page.count("<a ") == number + ways
    assert len(re.findall(r'class="skip" href="#figure-levels-\w+-alt"', page)) == ways


def test_numbers_are_a_table_on_demand_with_a_name_of_its_own():
    page = show({"source": "<spa>"}, {"source": "gp"}, name="harvest", title="One claim.")
    assert "<details><summary>The numbers behind the figure</summary>" in page
    assert "<caption>The numbers behind: One claim</caption>" in page
    assert "<td>&lt;spa&gt;</td>" in page


def test_a_figure_of_many_pages_shows_the_first_and_counts_the_rest():
    rows = [
        {"claim_id": f"k{n}{source}", "condition": f"pain {n}", "source": source}
        for n in range(300)
        for source in ("spa", "gp")
    ]
    page = show_figure(figure(build_collection(build_claims(*rows)), "matrix"))
    ids = re.findall(r'<figure id="([^"]*)-[^"-]+"', page)
    assert ids == ["figure-matrix", "figure-matrix-2", "figure-matrix-3", "figure-matrix-4"]
    assert "not shown here" in page


def test_two_figures_of_one_name_keep_to_themselves():
    pages = [show({"source": source}) for source in ("spa", "gym", "gym")]
    one, other, again = (re.search(r'<figure id="([^"]*)"', page)[1] for page in pages)
    assert one != other
    assert other == again
