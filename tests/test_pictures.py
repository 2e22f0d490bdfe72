import re

import pandas as pd
import pytest
from builders import build_claims, build_collection
from matplotlib.figure import Figure

from claimbook import figure
from claimbook.report.pictures import show_drawing, show_figure


def draw_links(number):
    ax = Figure().subplots()
    for place in range(number):
        ax.text(place / number, 0.5, "a", url=f"#claim-{place}")
    return ax.figure


def test_a_figure_is_described_by_its_caption():
    page = show_drawing(Figure(), alt="Two <b> bars", name="bars")
    (key,) = re.findall(r'<figure id="(figure-bars-[0-9a-f]{6})"', page)
    assert f'aria-labelledby="{key}-alt"' in page
    assert f'<figcaption id="{key}-alt">Two &lt;b&gt; bars</figcaption>' in page


def test_a_figure_without_words_is_refused():
    with pytest.raises(ValueError, match="figure 'bars': alt is empty"):
        show_drawing(Figure(), alt=" ", name="bars")


@pytest.mark.parametrize(("number", "ways"), [(20, 0), (21, 1)])
def test_many_links_can_be_skipped(number, ways):
    page = show_drawing(draw_links(number), alt="links", name="many")
    assert len(re.findall(r'class="skip" href="#figure-many-\w+-alt"', page)) == ways


def test_numbers_are_a_table_on_demand_with_a_name_of_its_own():
    numbers = pd.DataFrame({"source": ["<spa>"], "ids": [("a", "b")]})
    page = show_drawing(Figure(), alt="One claim. By one source.", name="bars", numbers=numbers)
    assert "<details><summary>The numbers behind the figure</summary>" in page
    assert "<caption>The numbers behind: One claim</caption>" in page
    assert re.search(r'<th scope="row">&lt;spa&gt;</th><td>a, b</td>', page)


def test_the_figure_is_left_as_it_is():
    figure = draw_links(2)
    before = figure.get_size_inches().tolist(), len(figure.axes[0].texts)
    show_drawing(figure, alt="links", name="many")
    assert (figure.get_size_inches().tolist(), len(figure.axes[0].texts)) == before


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
    pages = [show_drawing(draw_links(number), alt="links", name="many") for number in (1, 2, 2)]
    one, other, again = (re.search(r'<figure id="([^"]*)"', page)[1] for page in pages)
    assert one != other
    assert other == again
