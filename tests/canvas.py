"""What the tests of figures share: Axes to draw on, artists to read, faults to find."""

from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
from builders import build_claims, build_collection, build_terms
from matplotlib.text import Text

from claimbook import Vocabulary
from claimbook.figures.figure import figure

LONG = "a long name of eighty letters that goes on and on and has no end in sight at all"
SCRIPTS = ["按摩对背痛有效果吗", "تدليك الظهر", "עיסוי גב", "$5 for $10_{x}$ \\alpha^2", LONG]
SCALES = [
    {"works": 3, "helps": 2, "may_help": 1, "no_use": 0, "harms": -1, "kills": -2.5},
    {"one_star": 1, "two_stars": 2, "three_stars": 3, "five_stars": 5},
    {"harms": -1, "kills": -20},
    {"same": 0},
    {"good": 0.001, "bad": -123456.5},
    {f"level_{n}": n for n in range(-20, 21)},
]


def declare(**scores):
    """A vocabulary with levels of its own."""
    return Vocabulary(list_scale(**scores))


def list_scale(**scores):
    """The rows of a vocabulary that declare levels."""
    rows = [("recommendation", level.replace("_", " "), "", str(n)) for level, n in scores.items()]
    return build_terms(*rows)


def draw_figure(name, claims, *, page=1, vocabulary=None, sources=None, kinds=None, **options):
    """Draw a page of a figure of claims."""
    collection = build_collection(claims, vocabulary=vocabulary, sources=sources, kinds=kinds)
    ax = figure(collection, name, **options).draw(page).axes[0]
    ax.figure.draw_without_rendering()
    return ax


def open_axes(size):
    return plt.figure(figsize=size, layout="constrained").subplots()


def find_gids(ax):
    return {artist.get_gid(): artist for artist in ax.get_children() if artist.get_gid()}


def list_texts(ax):
    return [text for text in ax.findobj(Text) if text.get_text().strip() and text.get_visible()]


def read_words(ax):
    return [text.get_text().replace("\n", " ") for text in list_texts(ax)]


def list_faults(ax):
    """Texts that reach over the edge of the figure, and upright ones that cover one another."""
    figure = ax.figure
    figure.draw_without_rendering()
    boxes = [(text.get_window_extent(), text) for text in list_texts(ax)]
    width, height = figure.bbox.size
    faults = [
        f"clipped: {text.get_text()}"
        for box, text in boxes
        if min(box.x0, box.y0) < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]
    upright = [(box, text.get_text()) for box, text in boxes if not text.get_rotation()]
    for (one, first), (two, second) in combinations(upright, 2):
        wide = min(one.x1, two.x1) - max(one.x0, two.x0)
        high = min(one.y1, two.y1) - max(one.y0, two.y0)
        if wide > 1 and high > 2:
            faults.append(f"one on the other: {first} / {second}")
    return faults


def list_overlaps(patches):
    """Patches that cover one another, by gid."""
    boxes = [(patch.get_window_extent(), patch.get_gid()) for patch in patches]
    return [
        (first, second)
        for (one, first), (two, second) in combinations(boxes, 2)
        if min(one.x1, two.x1) - max(one.x0, two.x0) > 1
        and min(one.y1, two.y1) - max(one.y0, two.y0) > 1
    ]


def build_many(levels, *, name="", seed=0, claims=60, sources=5, questions=6):
    """Claims at random, by sources and on questions with a name in front."""
    draw = np.random.default_rng(seed)
    rows = []
    for row in range(claims):
        question = int(draw.integers(questions))
        rows.append(
            {
                "claim_id": f"c{row}",
                "source": f"{name} source {draw.integers(sources)}".strip(),
                "condition": f"{name} condition {question // 3}".strip(),
                "intervention": f"{name} massage".strip(),
                "aspect": f"{name} {('effect', 'adjunct', 'cause')[question % 3]}".strip(),
                "recommendation": str(draw.choice(levels)),
            }
        )
    return build_claims(*rows)


def read_mark(ax, gid):
    """Left, lower, right and upper edge of a patch in the data of its Axes, y as drawn."""
    (left, low), (right, high) = find_gids(ax)[gid].get_window_extent().get_points()
    points = ax.transData.inverted().transform([(left, low), (right, high)])
    return [round(float(value), 3) for value in np.ravel(points)]
