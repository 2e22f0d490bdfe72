import re
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

from claimbook.report.svg import write_drawing


@pytest.fixture
def ax():
    ax = Figure(figsize=(4, 3)).subplots()
    ax.set_axis_off()
    ax.set(xlim=(0, 10), ylim=(0, 10))
    return ax


def draw(ax):
    _, svg = write_drawing(ax.figure, name="fig")
    return ElementTree.fromstring(svg.replace("xlink:href", "href")), svg


def measure_paths(svg):
    """The last point of each path, its steps added up."""
    ends = []
    for path in svg.iter("path"):
        across = down = 0.0
        for command, rest in re.findall(r"([MhvlzCQ])([^MhvlzCQ]*)", path.get("d")):
            numbers = [float(number) for number in rest.split()]
            if command == "M":
                across, down = numbers
            elif command == "h":
                across += numbers[0]
            elif command == "v":
                down += numbers[0]
            elif command == "l":
                across, down = across + numbers[0], down + numbers[1]
        ends.append((across, down))
    return ends


def test_a_line_of_many_steps_ends_where_it_should(ax):
    ax.plot([x / 100 for x in range(1000)], [(x * 7 % 10) for x in range(1000)])
    svg, _ = draw(ax)
    end = ax.transData.transform((9.99, 999 * 7 % 10)) * 72 / ax.figure.dpi
    across, down = measure_paths(svg)[-1]
    assert across == pytest.approx(end[0], abs=0.02)
    assert down == pytest.approx(3 * 72 - end[1], abs=0.02)


def test_links_open_in_the_page_itself_and_are_named_by_their_claim(ax):
    ax.bar([5], [5], url="#claim-a%20b")
    svg, text = draw(ax)
    (link,) = svg.iter("a")
    assert link.attrib == {"href": "#claim-a%20b", "aria-label": "claim a b"}
    assert "_blank" not in text


def test_a_mark_and_the_sign_upon_it_are_one_link(ax):
    ax.bar([2, 6], [5, 5], color=["red", "blue"])
    for bar, name in zip(ax.patches, "ab", strict=True):
        bar.set_url(f"#claim-{name}")
        middle = bar.get_x() + bar.get_width() / 2
        ax.text(middle, 2, "++", ha="center", url=f"#claim-{name}")
    svg, _ = draw(ax)
    assert [link.get("href") for link in svg.iter("a")] == ["#claim-a", "#claim-b"]
    assert [text.get("pointer-events") for text in svg.iter("text")] == ["none", "none"]


def test_words_beside_a_mark_stay_a_link_of_their_own(ax):
    ax.bar([2, 6], [5, 5])
    ax.patches[0].set_url("#claim-a")
    ax.text(9, 9, "a", url="#claim-a")
    svg, _ = draw(ax)
    assert [link.find("text") is not None for link in svg.iter("a")] == [False, True]


def test_words_that_follow_one_another_to_one_claim_are_one_link(ax):
    ax.text(1, 1, "two lines\nof text", url="#claim-a")
    svg, _ = draw(ax)
    (link,) = svg.iter("a")
    assert [text.text for text in link] == ["two lines", "of text"]
    assert "aria-label" not in link.attrib


def test_an_area_of_no_extent_is_left_out_with_its_link(ax):
    ax.bar([2], [0], url="#claim-a")
    svg, _ = draw(ax)
    assert not list(svg.iter("a"))


def test_a_line_that_is_flat_is_kept(ax):
    ax.plot([1, 9], [5, 5])
    svg, _ = draw(ax)
    assert any("h" in path.get("d") and "v" not in path.get("d") for path in svg.iter("path"))


def test_what_reaches_beyond_the_axes_stays_clipped(ax):
    ax.plot([5, 50], [5, 5])
    svg, _ = draw(ax)
    (clip,) = svg.iter("clipPath")
    assert clip.get("id").startswith("figure-fig-")
    clipped = [path for path in svg.iter("path") if path.get("clip-path")]
    assert [path.get("clip-path") for path in clipped] == [f"url(#{clip.get('id')})"]


def test_marks_are_drawn_by_reference_to_ids_under_the_figures_name(ax):
    ax.plot([1, 2, 3], [1, 2, 3], "o")
    svg, _ = draw(ax)
    ids = {element.get("id") for element in svg.iter() if element.get("id")}
    used = {use.get("href") for use in svg.iter("use")}
    assert used
    assert used <= {f"#{name}" for name in ids}
    assert all(name.startswith("figure-fig-") for name in ids)


def test_a_style_is_said_once_and_holds_within_the_figure(ax):
    for number in range(3):
        ax.bar([number], [5], color="#123456")
    svg, text = draw(ax)
    assert text.count("#123456") == 1
    assert "style=" not in text
    rules = svg.find("style").text
    assert all(rule.startswith("#figure-fig-") for rule in rules.split("}")[:-1])


def test_text_is_kept_as_it_is_and_escaped(ax):
    ax.text(1, 1, "<b> & “très” />", parse_math=False)
    svg, text = draw(ax)
    assert [element.text for element in svg.iter("text")] == ["<b> & “très” />"]
    assert "<b>" not in text


def test_the_same_figure_gives_the_same_drawing(ax):
    ax.plot([1, 2, 3], [1, 2, 3], "o")
    assert write_drawing(ax.figure, name="a") == write_drawing(ax.figure, name="a")
