"""The colour and the sign of each level of recommendation, and what names a mark."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import is_color_like, to_hex, to_rgb

from claimbook.collection.codebook import KINDS
from claimbook.collection.collection import Collection
from claimbook.collection.vocabulary import Vocabulary
from claimbook.collection.words import pluralise
from claimbook.measures import OFF_SCALE, SIDES

# of what stands on the page itself; where the page is dark it is drawn in the colour of its words
INK: Final = "#222222"
PALE_INK: Final = "#5c5c5c"
RULE: Final = "#dcdcdc"
PAPER: Final = "#fffffe"
# of the words on a box, dark or light whatever the page
_ON_BOX: Final = ("#000000", "#ffffff")
TINT: Final = ("#f2a900", 0.16)  # a colour, and how much of it
SIDE_TINTS: Final = {
    "against": ("#e08214", 0.1), "uncertain": ("#888888", 0.1), "for": ("#8073ac", 0.12),
}  # fmt: skip
EDGE: Final[dict[str, Any]] = {"edgecolor": INK, "linewidth": 0.8}
MIDDLE: Final = "#d4d4d4"
VERDICT_SIGNS: Final = {
    "conflict": "≠",
    "self-contradiction": "±",
    "qualify": "≈",
    "agree": "=",
    "single source": "·",
}
_SHAPES: Final = ("o", "s", "D", "^", "v", "p", "h", "P", "*")  # by the order of kinds
OFF_COLOUR: Final = "#ebe7dc"
OFF_SIGN: Final = "○"
# of a fidelity: its colour and its sign
_FIDELITIES: Final = {
    "faithful": ("#229b55", "="),
    "overgeneralised": ("#e69f00", "⊃"),
    "overstated": ("#df1218", "↑"),
    "understated": ("#0365a1", "↓"),
    "contradicted": ("#111111", "≠"),
    "mixed": ("#210072", "≈"),
    "off topic": ("#7a7a7a", "○"),
    "not coded": ("#bebebe", "·"),
}
FIDELITY_COLOURS: Final = {name: colour for name, (colour, _) in _FIDELITIES.items()}
FIDELITY_SIGNS: Final = {name: sign for name, (_, sign) in _FIDELITIES.items()}
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


def choose_palette(
    collection: Collection, palette: str | Mapping[str, str] | None = None
) -> Palette:
    """
    Choose the colours, signs and labels of levels.

    Parameters
    ----------
    collection : Collection
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
    >>> from claimbook import read_collection
    >>> choose_palette(read_collection("data"), {"for": "green"}).colours["for"]
    '#008000'
    """
    terms = collection.terms
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
    labels = {level: name_level(collection, level) for level in terms.levels}
    return Palette(colours, find_signs(terms), labels)


def name_level(collection: Collection, level: str) -> str:
    """
    Name a level by its label; one of the codebook's without a label as the collection names sides.

    Parameters
    ----------
    collection : Collection
        Its levels and their labels; its words.
    level : str

    Returns
    -------
    name : str

    Examples
    --------
    >>> from claimbook import read_collection
    >>> name_level(read_collection("data"), "conditional for")
    'conditional for'
    """
    label, words = collection.terms.describe("recommendation", level)[0], collection.words
    side = level.removeprefix("conditional ")
    if label != level or side not in SIDES or words[side] == side:
        return label
    return words[side] if side == level else f"{words[side]} (conditional)"


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
    return {level: colours.get(level, OFF_COLOUR) for level in terms.levels}


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


def name_sides(collection: Collection) -> dict[str, str]:
    """
    Name the sides on which levels lie.

    Parameters
    ----------
    collection : Collection
        Its words; where it does not name a side of a scale of its own, the levels there name it.

    Returns
    -------
    sides : dict of str
        ``against``, ``uncertain``, ``off scale``, ``for``, in this order and without those on
        which no level lies.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> name_sides(read_collection("data"))
    {'against': 'against', 'uncertain': 'uncertain', 'for': 'for'}
    """
    terms, words = collection.terms, collection.words
    lying: dict[str, list[str]] = {side: [] for side in (*SIDES[::-1], OFF_SCALE)}
    for level in terms.levels:
        score = terms.scores.get(level)
        side = OFF_SCALE if score is None else SIDES[1 - int(np.sign(score))]
        lying[side].append(name_level(collection, level))
    names = {}
    for side in (SIDES[2], SIDES[1], OFF_SCALE, SIDES[0]):
        levels = lying[side]
        if side in SIDES and words[side] != side:
            names[side] = words[side]
        elif side in terms.scores:
            names[side] = name_level(collection, side)
        elif len(levels) > 2:
            names[side] = "off the scale" if side == OFF_SCALE else f"{levels[-1]} to {levels[0]}"
        else:
            names[side] = " or ".join(levels)
    return {side: name for side, name in names.items() if lying[side]}


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


def name_kind(kind: str, terms: Vocabulary, number: int = 2) -> str:
    """
    Name a kind of source by its label, in the plural.

    Parameters
    ----------
    kind : str
        Empty where it is not given.
    terms : Vocabulary
        Its kinds and their labels.
    number : int
        How many are spoken of; of 1 in the singular.

    Returns
    -------
    name : str

    Examples
    --------
    >>> name_kind("guideline", Vocabulary()), name_kind("other study", Vocabulary(), 1)
    ('guidelines', 'other study')
    """
    label = terms.describe("kind", kind)[0] if kind else "kind not given"
    return label if number == 1 or not kind or label.endswith("s") else pluralise(label)


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
    ('#ffffff', '#000000')
    """
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return _ON_BOX[luminance < 0.179]  # where the two are as far from it


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
