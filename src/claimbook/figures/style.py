"""The colour and the sign of each level of recommendation, and what names a mark."""

from typing import Final
from urllib.parse import quote

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex, to_rgb

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
MARKERS: Final = {"article": "o", "guideline": "s", "review": "D", "trial": "^", "other study": "v"}
OTHER_MARKER: Final = "X"
FIDELITY_COLOURS: Final = {
    "faithful": "#229b55",
    "overstated": "#df1218",
    "understated": "#0365a1",
    "contradicted": "#111111",
    "off topic": "#808080",
}
FIDELITY_SIGNS: Final = {
    "faithful": "=",
    "overstated": "↑",
    "understated": "↓",
    "contradicted": "≠",
    "off topic": "○",
}
FIDELITY_DASHES: Final = {
    "faithful": (),
    "overstated": (7, 2),
    "understated": (7, 1.5, 1.5, 1.5),
    "contradicted": (2.5, 1.5),
    "off topic": (1, 1.5),
}
_PALEST, _SPAN = 0.04, 0.38
_MOST_SIGNS: Final = 2
MOST_LEVELS: Final = 7


def find_colours(vocabulary: Vocabulary) -> dict[str, str]:
    """
    Find the colour of each level: purple for, grey in the middle, orange against.

    Parameters
    ----------
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    colours : dict of str
        Hexadecimal, by level. The colour map is PuOr; the farther a score lies from 0, measured
        by the farthest of the scale, the darker its colour. The palest is still told from white.

    Examples
    --------
    >>> find_colours(Vocabulary())["for"]
    '#4c1f7b'
    """
    most = max((abs(score) for score in vocabulary.scores.values()), default=0) or 1
    palette = colormaps["PuOr"]
    return {
        level: to_hex(palette(0.5 + np.sign(score) * (_PALEST + _SPAN * abs(score) / most)))
        if score
        else MIDDLE
        for level, score in vocabulary.scores.items()
    }


def find_signs(vocabulary: Vocabulary) -> dict[str, str]:
    """
    Find the sign of each level, so that none is told by its colour alone.

    Parameters
    ----------
    vocabulary : Vocabulary
        Its levels and their scores.

    Returns
    -------
    signs : dict of str
        By level: ``"++"``, ``"+"``, ``"?"`` (``"0"`` where the middle is not called uncertain),
        ``"−"``, ``"−−"``; on a scale with more than two scores on a side the score itself.

    Examples
    --------
    >>> list(find_signs(Vocabulary()).values())
    ['++', '+', '?', '−', '−−']
    """
    distinct = sorted(set(vocabulary.scores.values()))
    above = [score for score in distinct if score > 0]
    below = [score for score in reversed(distinct) if score < 0]
    signs = {0: "0"} | {score: f"{score:+.3g}".replace("-", "−") for score in above + below}
    if max(len(above), len(below)) <= _MOST_SIGNS:
        signs |= {score: "+" * place for place, score in enumerate(above, start=1)}
        signs |= {score: "−" * place for place, score in enumerate(below, start=1)}
    return {
        level: "?" if level == "uncertain" and score == 0 else signs[score]
        for level, score in vocabulary.scores.items()
    }


def name_sides(vocabulary: Vocabulary) -> dict[int, str]:
    """
    Name the sides that the scale has, from left to right.

    Parameters
    ----------
    vocabulary : Vocabulary
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
    middle = [level for level, score in vocabulary.scores.items() if score == 0]
    names = {-1: "against", 0: "uncertain" if "uncertain" in middle else "neither", 1: "for"}
    there = {int(np.sign(score)) for score in vocabulary.scores.values()}
    return {side: name for side, name in names.items() if side in there}


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
    levels, last = list(vocabulary.levels), len(vocabulary.levels) - 1
    if len(levels) <= MOST_LEVELS:
        return levels
    return [
        level
        for place, level in enumerate(levels)
        if place in (0, last) or vocabulary.scores[level] == 0
    ]


def write_key(vocabulary: Vocabulary) -> list[str]:
    """
    Write the entries of a key: the sign and the label of each level.

    Parameters
    ----------
    vocabulary : Vocabulary
        Its levels, their scores and labels.

    Returns
    -------
    entries : list of str
        One for each of `choose_levels`.

    Examples
    --------
    >>> write_key(Vocabulary())[:2]
    ['++  for', '+  conditional for']
    """
    signs = find_signs(vocabulary)
    return [
        f"{signs[level]}  {vocabulary.describe('recommendation', level)[0]}"
        for level in choose_levels(vocabulary)
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
