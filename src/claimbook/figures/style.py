"""The colour and the sign of each level of recommendation, and what names a mark."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import quote

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import is_color_like, to_hex, to_rgb

from claimbook.collection.codebook import KINDS
from claimbook.collection.vocabulary import Vocabulary

INK: Final = "#222222"
PALE_INK: Final = "#666666"
RULE: Final = "#dddddd"
TINT: Final = "#fff3cc"
MIDDLE: Final = "#d4d4d4"
VERDICT_SIGNS: Final = {
    "conflict": "≠",
    "self-contradiction": "±",
    "qualify": "≈",
    "agree": "=",
    "single source": "·",
}
_SHAPES: Final = ("o", "s", "D", "^", "v", "p", "h", "P", "*")  # by the order of kinds
OFF_SCALE: Final = "#ebe7dc"
OFF_SIGN: Final = "○"
# of a fidelity: its colour, its sign, and the dashes of its line in sizes of its width
_FIDELITIES: Final[dict[str, tuple[str, str, tuple[float, ...]]]] = {
    "faithful": ("#229b55", "=", ()),
    "overgeneralised": ("#e69f00", "⊃", (4, 2)),
    "overstated": ("#df1218", "↑", (7, 2)),
    "understated": ("#0365a1", "↓", (7, 1.5, 1.5, 1.5)),
    "contradicted": ("#111111", "≠", (2.5, 1.5)),
    "mixed": ("#210072", "≈", (4, 1.5, 1, 1.5)),
    "off topic": ("#7a7a7a", "○", (1, 1.5)),
    "not coded": ("#bebebe", "·", (1, 3)),
}
FIDELITY_COLOURS: Final = {name: colour for name, (colour, _, _) in _FIDELITIES.items()}
FIDELITY_SIGNS: Final = {name: sign for name, (_, sign, _) in _FIDELITIES.items()}
FIDELITY_DASHES: Final = {name: dashes for name, (_, _, dashes) in _FIDELITIES.items()}
_PALEST, _SPAN = 0.04, 0.38
_COLOUR_MAP: Final = "PuOr"
_MOST_SIGNS: Final = 2
MOST_LEVELS: Final = 7


class Palette(NamedTuple):
    """
    How levels look.

    Attributes
    ----------
    colours, signs, labels : dict of str
        By level, those off the scale included.
    """

    colours: dict[str, str]
    signs: dict[str, str]
    labels: dict[str, str]


def choose_palette(terms: Vocabulary, palette: str | Mapping[str, str] | None = None) -> Palette:
    """
    Choose the colours, signs and labels of levels.

    Parameters
    ----------
    terms : Vocabulary
        Its levels, their scores and labels.
    palette : str or mapping, optional
        The name of a diverging colour map of matplotlib, or colours by level that replace ours.

    Returns
    -------
    palette : Palette

    Raises
    ------
    ValueError
        If there is no such colour map, level or colour.

    Examples
    --------
    >>> choose_palette(Vocabulary(), {"for": "green"}).colours["for"]
    '#008000'
    """
    if not isinstance(palette, str | Mapping | None):
        raise TypeError(
            f"palette is {palette!r}: expected the name of a colour map, or colours by level"
        )
    if isinstance(palette, str) and palette not in colormaps:
        raise ValueError(f"palette is {palette!r}: expected a colour map, such as PuOr or RdBu")
    colours = find_colours(terms, palette if isinstance(palette, str) else _COLOUR_MAP)
    for level, colour in ({} if isinstance(palette, str) else palette or {}).items():
        if level not in colours:
            raise ValueError(f"palette names {level!r}, expected one of: {', '.join(colours)}")
        if not is_color_like(colour):
            raise ValueError(f"palette gives {level!r} the colour {colour!r}, which is none")
        colours[level] = to_hex(colour)
    labels = {level: terms.describe("recommendation", level)[0] for level in terms.levels}
    return Palette(colours, find_signs(terms), labels)


def find_colours(terms: Vocabulary, colour_map: str = "PuOr") -> dict[str, str]:
    """
    Find the colour of each level: against to for by the sign and the size of its score.

    Parameters
    ----------
    terms : Vocabulary
        Its levels and their scores.
    colour_map : str
        A diverging one of matplotlib.

    Returns
    -------
    colours : dict of str
        Hexadecimal, by level. The farther a score lies from 0, measured by the farthest of the
        scale, the darker its colour. The palest is still told from white.

    Examples
    --------
    >>> find_colours(Vocabulary())["for"]
    '#4c1f7b'
    """
    most = max((abs(score) for score in terms.scores.values()), default=0) or 1
    palette = colormaps[colour_map]
    colours = {
        level: to_hex(palette(0.5 + np.sign(score) * (_PALEST + _SPAN * abs(score) / most)))
        if score
        else MIDDLE
        for level, score in terms.scores.items()
    }
    return {level: colours.get(level, OFF_SCALE) for level in terms.levels}


def find_signs(terms: Vocabulary) -> dict[str, str]:
    """
    Find the sign of each level, so that none is told by its colour alone.

    Parameters
    ----------
    terms : Vocabulary
        Its levels and their scores.

    Returns
    -------
    signs : dict of str
        By level: ``"++"``, ``"+"``, ``"?"`` (``"0"`` where the middle is not called uncertain),
        ``"−"``, ``"−−"``; on a scale with more than two scores on a side the score itself;
        ``"○"`` off the scale.

    Examples
    --------
    >>> list(find_signs(Vocabulary()).values())
    ['++', '+', '?', '−', '−−']
    """
    distinct = sorted(set(terms.scores.values()))
    above = [score for score in distinct if score > 0]
    below = [score for score in reversed(distinct) if score < 0]
    signs = {0: "0"} | {score: f"{score:+.3g}".replace("-", "−") for score in above + below}
    if max(len(above), len(below)) <= _MOST_SIGNS:
        sizes = sorted({abs(score) for score in above + below})
        for sign, side in (("+", above), ("−", below)):
            # as strong on either side as on the other, where the two have the same steps
            steps = sizes if len(sizes) <= _MOST_SIGNS else [abs(score) for score in side]
            signs |= {score: sign * (steps.index(abs(score)) + 1) for score in side}
    return {
        level: "?" if level == "uncertain" else signs.get(terms.scores.get(level, np.nan), OFF_SIGN)
        for level in terms.levels
    }


def name_sides(terms: Vocabulary) -> dict[int, str]:
    """
    Name the sides on which levels lie.

    Parameters
    ----------
    terms : Vocabulary
        Its levels and their scores.

    Returns
    -------
    sides : dict of str
        By the sign of the score: against, uncertain (neither, where the middle is not called
        uncertain), for; without those on which no level lies.

    Examples
    --------
    >>> name_sides(Vocabulary())
    {-1: 'against', 0: 'uncertain', 1: 'for'}
    """
    middle = "uncertain" if terms.scores.get("uncertain") == 0 else "neither"
    there = {int(np.sign(score)) for score in terms.scores.values()}
    names = {-1: "against", 0: middle, 1: "for"}
    return {side: name for side, name in names.items() if side in there}


def find_marker(kind: str, terms: Vocabulary) -> str:
    """
    Find the marker of a kind of source, by its place among the kinds known.

    Parameters
    ----------
    kind : str
        Empty where it is not given.
    terms : Vocabulary
        Its kinds.

    Returns
    -------
    marker : str
        As matplotlib names it.

    Examples
    --------
    >>> find_marker("article", Vocabulary()), find_marker("", Vocabulary())
    ('o', 'X')
    """
    kinds = list(dict.fromkeys([*KINDS, *terms.find_terms("kind")]))
    return _SHAPES[kinds.index(kind) % len(_SHAPES)] if kind in kinds else "X"


def name_kind(kind: str) -> str:
    """
    Name a kind of source in the plural.

    Parameters
    ----------
    kind : str
        Empty where it is not given.

    Returns
    -------
    name : str

    Examples
    --------
    >>> name_kind("guideline"), name_kind("other study"), name_kind("")
    ('guidelines', 'other studies', 'kind not given')
    """
    if not kind:
        return "kind not given"
    if re.search("[^aeiou]y$", kind):
        return f"{kind[:-1]}ies"
    return (
        kind
        if kind.endswith("s")
        else f"{kind}es"
        if re.search("(x|z|ch|sh)$", kind)
        else f"{kind}s"
    )


def divide(levels: tuple[str, ...], contradicts: bool, terms: Vocabulary) -> list[tuple[str, str]]:
    """
    Say how a cell is divided among the levels of one source on one question.

    Parameters
    ----------
    levels : tuple of str
        As `count_stances` gives them, the commonest first.
    contradicts : bool
        Whether the source contradicts itself there.
    terms : Vocabulary
        Its levels and their scores.

    Returns
    -------
    parts : list of (shape, level)
        One ``whole``, or a ``stripe`` for each level. Where the source contradicts itself, first
        the commonest level for and the commonest against, as the ``upper`` and the ``lower`` half
        of what is split by the diagonal.

    Examples
    --------
    >>> divide(("for", "uncertain"), False, Vocabulary())
    [('stripe', 'for'), ('stripe', 'uncertain')]
    >>> divide(("for", "conditional for", "against"), True, Vocabulary())
    [('upper', 'for'), ('lower', 'against'), ('stripe', 'conditional for')]
    """
    scores = terms.scores
    ends = [
        next((level for level in levels if side * scores.get(level, 0) > 0), "") for side in (1, -1)
    ]
    if contradicts and all(ends):
        rest = [("stripe", level) for level in levels if level not in ends]
        return [("upper", ends[0]), ("lower", ends[1]), *rest]
    return [("stripe" if len(levels) > 1 else "whole", level) for level in levels]


def choose_levels(vocabulary: Vocabulary) -> list[str]:
    """
    Choose the levels that a key names.

    Parameters
    ----------
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    levels : list of str
        All, from the highest score to the lowest; of more than seven only the ends and the middle.

    Examples
    --------
    >>> choose_levels(Vocabulary())[:3]
    ['for', 'conditional for', 'uncertain']
    """
    levels, last = list(vocabulary.levels), len(vocabulary.scores) - 1
    if len(levels) <= MOST_LEVELS:
        return levels
    return [
        level
        for place, level in enumerate(levels)
        if place in (0, last) or not vocabulary.scores.get(level)
    ]


def choose_ink(colour: str) -> str:
    """
    Choose black or white, whichever reads better on a colour.

    Parameters
    ----------
    colour : str
        Any colour that matplotlib knows.

    Returns
    -------
    ink : str
        Hexadecimal.

    Examples
    --------
    >>> choose_ink("#542788"), choose_ink("#fdb863")
    ('#ffffff', '#222222')
    """
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return "#ffffff" if luminance < 0.25 else INK


def link_claim(claim_id: str) -> str:
    """
    Give the address of a claim within a report.

    Parameters
    ----------
    claim_id : str
        Its key; what an address cannot hold is percent-encoded.

    Returns
    -------
    address : str
        A fragment.

    Examples
    --------
    >>> link_claim("000-01"), link_claim("no 1")
    ('#claim-000-01', '#claim-no%201')
    """
    return f"#claim-{quote(claim_id, safe='')}"
