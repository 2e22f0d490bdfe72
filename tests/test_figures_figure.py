"""What every figure does, whatever it shows: as an object, in one line, on Axes of the caller's."""

import io
import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from builders import build_claims
from canvas import (
    SCALES,
    SCRIPTS,
    build_many,
    draw_figure,
    list_faults,
    list_scale,
    list_texts,
    read_words,
)
from matplotlib.colors import to_hex

import claimbook as cb
from claimbook.figures.figure import NAMES
from claimbook.figures.layout import SIZE

DATA = Path(__file__).parents[1] / "data"
CLAIMS = build_claims(
    {"source": "spa"},
    {"source": "gym", "recommendation": "against"},
    {"source": "gym", "aspect": "sleep"},
    {"source": "spa", "aspect": "sleep", "recommendation": "against", "cited_study": "gym"},
    cited_study="",
)
figures = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def collection():
    return cb.read_collection(DATA)


def plot(name, claims=CLAIMS, **options):
    return getattr(cb, f"plot_{name}")(claims, **options)


def save_svg(figure):
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


class TestOneLine:
    @figures
    def test_it_makes_a_figure_of_the_right_size(self, name):
        ax = plot(name)
        assert list_faults(ax) == []
        assert ax.figure.get_size_inches().tolist() == list(cb.figure(CLAIMS, name).size())

    @figures
    def test_it_draws_on_axes_of_the_callers_and_opens_nothing(self, name):
        figure, (other, ax) = plt.subplots(1, 2, figsize=(40, 16), layout="constrained")
        before = dict(mpl.rcParams)
        assert plot(name, ax=ax) is ax
        assert plt.get_fignums() == [figure.number]
        assert dict(mpl.rcParams) == before
        assert not list_texts(other.patches[0] if other.patches else other.title)
        assert list_faults(ax) == []

    @figures
    def test_on_small_axes_all_is_drawn_smaller_and_that_is_told(self, name):
        _, ax = plt.subplots(figsize=(1.5, 1), layout="constrained")
        message = rf"{name} is drawn in words of \d\.\d points, since it has but 1\.4 by 0\.9"
        with pytest.warns(UserWarning, match=message) as told:
            plot(name, ax=ax)
        assert told[0].filename == __file__
        size = re.search(r"about (\d+\.\d) by (\d+\.\d) inches", str(told[0].message))
        figsize = tuple(map(float, size.groups()))
        plot(name, ax=plt.subplots(figsize=figsize, layout="constrained")[1])
        usual = max(text.get_fontsize() for text in list_texts(plot(name)))
        assert max(text.get_fontsize() for text in list_texts(ax)) < usual

    @figures
    def test_title_and_size_of_words_do_what_they_do_elsewhere(self, name):
        small, large = plot(name), plot(name, title="A $title$", fontsize=12)
        assert large.get_title(loc="left") == "A $title$"
        sizes = [min(text.get_fontsize() for text in list_texts(ax)) for ax in (small, large)]
        assert sizes[1] == pytest.approx(12 / SIZE * sizes[0])
        assert large.figure.get_figwidth() > 1.25 * small.figure.get_figwidth()
        assert list_faults(large) == []

    @figures
    def test_the_size_of_the_figure_can_be_given(self, name):
        ax = plot(name, figsize=(30, 20))
        assert ax.figure.get_size_inches().tolist() == [30, 20]
        with pytest.warns(UserWarning, match="is drawn in words of"):
            ax = plot(name, figsize=(1.5, 1))
        assert ax.figure.get_size_inches().tolist() == [1.5, 1]

    @pytest.mark.parametrize("name", ["matrix", "question", "levels", "harvest"])
    def test_the_colours_can_be_given(self, name):
        ax = plot(name, palette={"for": "#00ff00"})
        colours = {to_hex(patch.get_facecolor()) for patch in ax.patches}
        marks = {to_hex(line.get_markerfacecolor()) for line in ax.lines}
        assert "#00ff00" in colours | marks

    @figures
    def test_an_option_that_it_does_not_have_is_refused(self, name):
        with pytest.raises(
            TypeError, match=f"{name} takes no option 'titel': did you mean 'title'"
        ):
            plot(name, titel="Massage")

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (
                {"palette": 3},
                "palette is 3: expected the name of a colour map, or colours by level",
            ),
            ({"fontsize": "big"}, "fontsize is 'big': expected a number of points above 0"),
            ({"fontsize": -1}, "fontsize is -1: expected a number of points above 0"),
        ],
    )
    def test_an_option_of_the_wrong_type_is_named(self, options, message):
        with pytest.raises(TypeError, match=message):
            plot("matrix", **options)

    @figures
    def test_what_is_no_collection_is_refused(self, name):
        with pytest.raises(TypeError, match="expected a Collection or a DataFrame of claims"):
            plot(name, "data")


class TestObject:
    def test_one_that_does_not_exist_is_named(self):
        with pytest.raises(ValueError, match="no figure 'matricks': did you mean 'matrix'"):
            cb.figure(CLAIMS, "matricks")

    @figures
    def test_it_has_axes_a_table_words_and_pages(self, name):
        figure = cb.figure(CLAIMS, name)
        assert figure.pages == len(figure.axes) == 1
        assert isinstance(figure.table, pd.DataFrame)
        assert len(figure.table)
        assert figure.alt.endswith(".")
        assert figure.alt in repr(figure)

    @figures
    def test_a_page_that_it_does_not_have_is_refused(self, name):
        with pytest.raises(ValueError, match="2"):
            cb.figure(CLAIMS, name).draw(2)

    @figures
    def test_drawing_it_leaves_no_figure_open_and_the_claims_as_they_are(self, name):
        before = CLAIMS.copy()
        cb.figure(CLAIMS, name).draw()
        assert plt.get_fignums() == []
        pd.testing.assert_frame_equal(CLAIMS, before)

    @figures
    def test_it_shows_itself_with_its_words_and_links(self, name):
        shown, _ = cb.figure(CLAIMS, name)._repr_mimebundle_()
        assert "<svg" in shown["text/html"]
        assert "#claim-" in shown["text/html"]
        assert cb.figure(CLAIMS, name).alt in shown["text/plain"]

    @figures
    @pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
    def test_it_is_saved_at_a_width_the_same_each_time(self, name, ending, tmp_path):
        files = [tmp_path / f"{place}.{ending}" for place in (1, 2)]
        for file in files:
            cb.figure(CLAIMS, name).save(file, width="174mm")
        assert files[0].read_bytes() == files[1].read_bytes()
        assert cb.figure(CLAIMS, name).draw(width=6.85).get_figwidth() == 6.85

    @figures
    @pytest.mark.parametrize("width", [3, 20])
    def test_at_any_width_nothing_is_clipped_nor_covered(self, name, width):
        assert list_faults(cb.figure(CLAIMS, name).draw(width=width).axes[0]) == []

    def test_words_too_small_to_read_are_told_when_it_is_saved(self, collection, tmp_path):
        with pytest.warns(UserWarning, match=r"matrix is saved in words of \d\.\d points at 80mm"):
            cb.figure(collection, "matrix").save(tmp_path / "a.svg", width="80mm")

    @pytest.mark.parametrize("width", ["174", "mm", "0mm", "a lot"])
    def test_a_width_that_is_none_is_refused(self, width, tmp_path):
        with pytest.raises(ValueError, match="expected a number and a unit, such as 174mm or 7in"):
            cb.figure(CLAIMS, "levels").save(tmp_path / "a.svg", width=width)


class TestEveryCase:
    @figures
    def test_no_claim_is_said(self, name):
        figure = cb.figure(build_claims(), name)
        assert read_words(figure.axes[0]) == [figure.nothing]
        assert figure.alt

    @figures
    def test_one_claim_is_drawn(self, name):
        assert list_faults(cb.figure(build_claims({}), name).axes[0]) == []

    @figures
    @pytest.mark.parametrize("script", SCRIPTS)
    def test_names_of_any_script_and_length_are_neither_clipped_nor_covered(self, name, script):
        claims = build_many(cb.Vocabulary().levels, name=script, claims=25)
        ax = draw_figure(name, claims)
        assert list_faults(ax) == []
        if "$" in script:
            dollars = [text for text in list_texts(ax) if "$" in text.get_text()]
            assert not any(text.get_parse_math() for text in dollars)

    @figures
    @pytest.mark.parametrize("scores", [*SCALES, {"good": 1, "bad": -1, "unproven": ""}])
    def test_any_declared_scale_is_drawn(self, name, scores):
        scale = list_scale(**scores)
        claims = build_many([level.replace("_", " ") for level in scores], claims=25)
        assert list_faults(draw_figure(name, claims, vocabulary=scale)) == []

    @figures
    def test_names_are_unique_and_links_reach_the_svg(self, name):
        svg = save_svg(cb.figure(CLAIMS, name).draw())
        assert re.search(r'xlink:href="(#claim-\w)"', svg)
        names = re.findall(rf'id="({name}-[^"]+)"', svg)
        assert names
        assert len(names) == len(set(names))

    @figures
    def test_the_first_collection_is_legible(self, name, collection):
        assert list_faults(cb.figure(collection, name).draw().axes[0]) == []
