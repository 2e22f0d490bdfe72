"""Colours, signs and names of levels and kinds: none told by its colour alone."""

import subprocess
import sys
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from builders import build_claims, build_collection
from canvas import declare, list_scale
from matplotlib.colors import to_rgb

from claimbook import Vocabulary
from claimbook.figures.layout import find_font
from claimbook.figures.style import (
    FIDELITY_COLOURS,
    MIDDLE,
    OFF_COLOUR,
    choose_ink,
    choose_levels,
    choose_palette,
    divide,
    find_colours,
    find_marker,
    find_signs,
    link_claim,
    name_kind,
    name_sides,
)

CODEBOOK = Vocabulary()
COLLECTION = build_collection(build_claims())
COLOURS = find_colours(CODEBOOK)


def read(terms):
    """A collection without claims on a scale of its own."""
    return build_collection(build_claims(), vocabulary=terms)


def simulate(colour, sight):
    """Give a colour as the colour-blind see it (Machado 2009), in CIE Lab."""
    matrices = {
        "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
        "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
        "full": np.eye(3),
    }
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(matrices[sight]) @ linear, 0, 1)
    xyz = [[0.4339, 0.3762, 0.1899], [0.2126, 0.7152, 0.0722], [0.0177, 0.1095, 0.8729]] @ seen
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", ["protan", "deutan", "full"])
@pytest.mark.parametrize(
    ("colours", "least"), [(COLOURS, 25), (FIDELITY_COLOURS, 20)], ids=["levels", "fidelities"]
)
def test_no_two_look_alike_to_the_colour_blind(sight, colours, least):
    seen = [simulate(colour, sight) for colour in colours.values()]
    assert min(np.linalg.norm(one - two) for one, two in combinations(seen, 2)) > least


def test_the_sides_have_their_own_hue_and_the_middle_none():
    red, _, blue = to_rgb(COLOURS["for"])
    assert blue > red
    red, _, blue = to_rgb(COLOURS["against"])
    assert red > blue
    assert COLOURS["uncertain"] == MIDDLE


def test_a_one_sided_scale_has_one_hue_growing_darker():
    colours = find_colours(declare(low=1, middling=2, high=3))
    rgb = [to_rgb(colours[level]) for level in ("low", "middling", "high")]
    assert sum(rgb[0]) > sum(rgb[1]) > sum(rgb[2])
    assert all(blue > red for red, _, blue in rgb)


def test_every_level_of_the_codebook_has_a_sign_of_its_own():
    assert list(find_signs(CODEBOOK).values()) == ["++", "+", "?", "−", "−−"]


def test_a_middle_that_is_not_uncertainty_is_a_nought():
    assert find_signs(declare(good=1, same=0, bad=-1)) == {"good": "+", "same": "0", "bad": "−"}


def test_equally_strong_levels_have_equally_many_signs_on_either_side():
    assert list(find_signs(declare(must=2, may=1, never=-2)).values()) == ["++", "+", "−−"]
    signs = find_signs(declare(must=2, may=1, avoid=-0.5, never=-3))
    assert list(signs.values()) == ["++", "+", "−", "−−"]


def test_a_long_scale_is_signed_by_its_scores():
    signs = find_signs(declare(a=3, b=2, c=0.5, d=-1.5))
    assert list(signs.values()) == ["+3", "+2", "+0.5", "−1.5"]


def test_a_level_off_the_scale_has_a_colour_and_a_sign_of_its_own_and_no_side():
    scale = list_scale(good=1, bad=-1, unproven="")
    terms = Vocabulary(scale)
    assert find_colours(terms)["unproven"] == OFF_COLOUR
    assert find_signs(terms)["unproven"] == "○"
    assert name_sides(read(scale)) == {"against": "bad", "off scale": "unproven", "for": "good"}


def test_signs_need_no_font_but_the_one_that_comes_with_matplotlib():
    signs = "".join(find_signs(CODEBOOK).values())
    assert find_font([signs], size=8).get_family() == mpl.rcParams["font.family"]


def test_only_the_sides_of_the_scale_are_named():
    assert name_sides(read(list_scale(good=1, same=0))) == {"uncertain": "same", "for": "good"}


def test_the_key_of_a_long_scale_names_its_ends_and_its_middle():
    scale = declare(**{f"level_{n}": n for n in range(-5, 6)})
    assert choose_levels(scale) == ["level 5", "level 0", "level -5"]


def test_ink_is_legible_on_every_level():
    assert choose_ink(COLOURS["for"]) == "#ffffff"
    assert choose_ink(COLOURS["uncertain"]) != "#ffffff"


def test_a_link_holds_any_id():
    assert link_claim("a b#c") == "#claim-a%20b%23c"


class TestPalette:
    def test_a_colour_map_by_its_name_gives_all_colours(self):
        assert (
            choose_palette(COLLECTION, "RdBu").colours == find_colours(CODEBOOK, "RdBu") != COLOURS
        )

    def test_a_mapping_replaces_the_colours_that_it_names(self):
        colours = choose_palette(COLLECTION, {"for": "green"}).colours
        assert colours == COLOURS | {"for": "#008000"}

    @pytest.mark.parametrize(
        ("palette", "message"),
        [
            ("Massage", "palette is 'Massage': expected a colour map, such as PuOr or RdBu"),
            ({"for": "no colour"}, "palette gives 'for' the colour 'no colour', which is none"),
            ({"yes": "green"}, "palette names 'yes', expected one of: for, conditional for"),
        ],
    )
    def test_what_is_no_map_or_level_is_named(self, palette, message):
        with pytest.raises(ValueError, match=message):
            choose_palette(COLLECTION, palette)


class TestKinds:
    def test_every_kind_has_a_marker_and_none_is_none_of_them(self):
        kinds = ["article", "guideline", "review", "trial", "other study", "page", ""]
        assert len({find_marker(kind, CODEBOOK) for kind in kinds}) == len(kinds)

    def test_kinds_are_named_in_the_plural(self):
        assert name_kind("trial", CODEBOOK) == "trials"
        assert name_kind("other study", CODEBOOK) == "other studies"
        assert [name_kind(kind, CODEBOOK) for kind in ("survey", "news", "speech")] == [
            "surveys",
            "news",
            "speeches",
        ]


class TestDivide:
    def test_one_level_is_the_whole_cell(self):
        assert divide(("for",), False, CODEBOOK) == [("whole", "for")]

    def test_several_levels_are_stripes_the_commonest_first(self):
        levels = ("uncertain", "for", "against")
        assert divide(levels, False, CODEBOOK) == [("stripe", level) for level in levels]

    def test_a_contradiction_is_split_between_the_two_sides_whatever_is_commonest(self):
        levels = ("conditional for", "for", "against", "uncertain")
        assert divide(levels, True, CODEBOOK) == [
            ("upper", "conditional for"),
            ("lower", "against"),
            ("stripe", "for"),
            ("stripe", "uncertain"),
        ]


def test_the_looks_can_be_had_without_the_figures():
    program = (
        "import sys, claimbook.figures.style; "
        "print([name for name in sys.modules if name.startswith('claimbook.figures.') "
        "or name in ('matplotlib.pyplot', 'matplotlib.figure')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "['claimbook.figures.style']\n", done.stderr
