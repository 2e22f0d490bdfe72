"""A drawing as SVG for a page: what is drawn, where its links lead, and which colours it takes."""

from xml.etree import ElementTree

import pytest
from builders import build_claims
from canvas import SCRIPTS, build_many

from claimbook import Vocabulary, figure
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import NAMES
from claimbook.figures.layout import LINE, SIZE
from claimbook.figures.style import INK, PALE_INK, PAPER
from claimbook.figures.svg import write_svg


@pytest.fixture
def drawing():
    return Drawing(["pain", "±"])


def parse(drawing):
    return ElementTree.fromstring(write_svg(drawing).replace("xlink:href", "href"))


def test_it_is_as_large_as_what_is_drawn(drawing):
    drawing.box(-10, 5, 30, 25, facecolor="red")
    svg = parse(drawing)
    assert (svg.get("width"), svg.get("height")) == ("40pt", "20pt")
    assert svg.get("viewBox") == "-10 5 40 20"


def test_of_several_claims_a_link_leads_to_the_first_and_holds_all(drawing):
    drawing.box(0, 0, 9, 9, facecolor="red", ids=["a b", "c"], said="spa: <for>")
    (link,) = parse(drawing).iter("a")
    assert link.get("href") == "#claim-a%20b"
    assert link.get("data-claims") == "a%20b c"
    assert link.get("aria-label") == "spa: <for>"


def test_a_link_that_says_nothing_is_named_by_its_claim(drawing):
    drawing.box(0, 0, 9, 9, facecolor="red", ids=["c1"])
    (link,) = parse(drawing).iter("a")
    assert link.get("aria-label") == "claim c1"
    assert "data-claims" not in link.attrib


def test_a_mark_and_the_sign_upon_it_are_one_link(drawing):
    part = {"ids": ["c1"], "said": "spa: for"}
    drawing.box(0, 0, 9, 9, facecolor="red", **part)
    drawing.write(4, 4, "±", **part)
    (link,) = parse(drawing).iter("a")
    assert [child.tag for child in link] == ["rect", "text"]


def test_what_stands_on_the_page_takes_the_colour_of_its_words(drawing):
    drawing.write(0, 0, "pain", color=INK)
    drawing.write(0, 20, "pain", color=PALE_INK)
    drawing.mark(0, 40, "o", size=8, face=PAPER)
    drawing.box(0, 50, 9, 59, facecolor="#ff0000")
    svg = parse(drawing)
    plain, pale = svg.iter("text")
    assert svg.get("fill") == "currentColor"
    assert "fill" not in plain.attrib
    assert (pale.get("fill"), float(pale.get("fill-opacity")) < 1) == ("currentColor", True)
    assert svg.find("circle").get("fill") == "Canvas"
    assert svg.find("rect").get("fill") == "#ff0000"


def test_lines_around_something_leave_it_open(drawing):
    drawing.rule([(0, 0), (9, 0), (9, 9), (0, 0)])
    assert parse(drawing).find("path").get("fill") == "none"


def test_lines_of_words_stand_one_under_the_other(drawing):
    drawing.write(3, 10, "one\ntwo", ha="right", bold=True)
    first, second = parse(drawing).iter("text")
    assert (first.text, second.text) == ("one", "two")
    assert float(second.get("y")) - float(first.get("y")) == pytest.approx(LINE * SIZE, abs=0.01)
    assert (first.get("text-anchor"), first.get("font-weight")) == ("end", "bold")


def test_words_that_are_slanted_turn_about_where_they_start(drawing):
    drawing.write(3, 10, "pain", rotation=60)
    (text,) = parse(drawing).iter("text")
    assert text.get("transform") == "translate(3 10) rotate(-60)"


@pytest.mark.parametrize("marker", ["s", "D", "^", "v", "p", "h", "P", "*", "X"])
def test_every_marker_is_a_path_about_its_place(drawing, marker):
    drawing.mark(100, 50, marker, size=10, face="#ff0000")
    path = parse(drawing).find("path").get("d")
    points = [tuple(map(float, point.split())) for point in path.strip("Mz").split("L")]
    assert all(abs(x - 100) <= 7.1 and abs(y - 50) <= 7.1 for x, y in points)
    assert max(x for x, _ in points) > 100 > min(x for x, _ in points)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_well_formed_and_holds_its_words(name, script):
    claims = build_many(Vocabulary().levels, name=f"{script} <&>", claims=25)
    drawn = figure(claims, name).svg()
    svg = ElementTree.fromstring(drawn.replace("xlink:href", "href"))
    words = "".join(text.text for text in svg.iter("text")).replace(" ", "")
    assert script.replace(" ", "")[:3] in words


def test_what_is_empty_says_so():
    assert "No claim to show" in figure(build_claims(), "levels").svg()
