"""How firm the verdicts stand: what one claim coded otherwise or one source fewer would do."""

from functools import cached_property
from itertools import groupby
from typing import Any, Final, NamedTuple

import pandas as pd
from matplotlib.axes import Axes

from claimbook.collection.codebook import FACETS, VERDICTS
from claimbook.collection.collection import Collection
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, add_key
from claimbook.figures.layout import ROOM, SIZE, count_pages, cut_page, list_some
from claimbook.figures.style import INK, PALE_INK, PAPER, VERDICT_SIGNS
from claimbook.measures import OFF_SCALE, SIDES, order_verdicts

_PAD: Final = 8.0  # points, as all that follows
_HEADING: Final = 30.0
_NUMBER: Final = 30.0
_RECODE: Final = 52.0
_LOSS: Final = 140.0
_FOLD: Final = 92.0
_MARK: Final = 15.0
_SAME: Final = "the same"
_ENDS: Final = {
    "conflict": "It ends once no two {sources} stand on opposite sides.",
    "self-contradiction": "It ends once its {source} keeps to a side, or another takes one.",
    "qualify": "It ends once all share a level, or two take opposite sides.",
    "agree": "Any {claim} coded to another level ends it.",
    "single source": "It can only become a self-contradiction.",
}
_MOST_NAMED: Final = 3  # of a row
_MOST_TOLD: Final = 5


class _Row(NamedTuple):
    """Questions on which the verdict is the same and hangs on the same."""

    verdict: str
    recodings: float
    loss: str
    fold: str
    names: list[str]
    ids: tuple[str, ...]


class Robustness(Figure):
    """A line for the verdicts that read the same, with what would turn them."""

    name = "robustness"
    nothing = "No verdict to show"

    def __init__(
        self, collection: Collection, *, least: int = 2, most: int = 30, **style: Any
    ) -> None:
        self.least, self.most = least, most
        super().__init__(collection, **style)

    @cached_property
    def _found(self) -> tuple[pd.DataFrame, int]:
        return order_verdicts(self.collection, least=self.least)

    @property
    def table(self) -> pd.DataFrame:
        """List the verdicts, one row per question."""
        sides = [side.replace(" ", "_") for side in (*SIDES, OFF_SCALE)]
        return self._found[0].drop(columns=["turns", *sides, "decisive"])

    @cached_property
    def _rows(self) -> list[_Row]:
        """Gather the questions that read the same, the frailest of each verdict first."""
        rows: dict[Any, _Row] = {}
        for found in self._found[0].to_dict("records"):
            fold = _SAME if found["folded"] == found["verdict"] else _sign(found["folded"])
            recodings = found["recodings"] if found["recodings"] == found["recodings"] else 0
            reads = found["verdict"], recodings, self._write_loss(found), fold
            row = rows.setdefault(reads, _Row(*reads, [], ()))
            name = self.name_terms(FACETS, [found[str(facet)] for facet in FACETS])
            row.names.append(" · ".join(name))
            rows[reads] = row._replace(ids=row.ids + found["decisive"])
        return sorted(
            rows.values(),
            key=lambda row: (VERDICTS.index(row.verdict), row.recodings or 99, -len(row.names)),
        )

    @property
    def pages(self) -> int:
        """Count its pages."""
        return count_pages(len(self._rows), most=self.most)

    def find(self) -> str:
        """Say how many verdicts one claim and one source turn."""
        found = self._found[0]
        clash = found["verdict"] == VERDICTS[0]
        those = found[clash] if clash.any() else found
        noun = "conflict" if clash.any() else "verdict"
        one, turned = int(those["one_code"].sum()), int((those["turns"].map(len) > 0).sum())
        text = f"One {self.words['claim']} coded otherwise turns {one} of "
        text += f"{self.words.count(len(those), noun)}, one {self.words['source']} fewer {turned}"
        return text

    def describe(self, page: int) -> str:
        """Count what one code, one source and three levels turn, and name frail conflicts."""
        found, left_out = self._found
        text = ""
        if len(found):
            text = f"{self.words.count(len(found), 'verdict')}."
            one = found.groupby("verdict")["one_code"].agg(["sum", "size"])
            told = [
                f"{name} {one['sum'][name]} of {one['size'][name]}"
                for name in VERDICTS
                if name in one.index
            ]
            turned = int((found["turns"].map(len) > 0).sum())
            folded = int((found["folded"] != found["verdict"]).sum())
            text += f" Turned by one {self.words['claim']}: {', '.join(told)}; "
            text += f"by one {self.words['source']} fewer: {turned}; by three levels: {folded}."
            frail = [
                name
                for row in self._rows
                for name in row.names
                if row.verdict == VERDICTS[0] and row.recodings == 1
            ]
            some = list_some(frail, most=_MOST_TOLD)
            text += f" Conflicts that one {self.words['claim']} ends: {some}." if frail else ""
        note = cut_page(len(self._rows), most=self.most, page=page)[2]
        text += f" {self.tell_left_out(left_out, 'question', least=self.least)} {note}"
        return " ".join(text.split())

    def _write_loss(self, found: dict[Any, Any]) -> str:
        """Say what becomes of a verdict where one of its sources is left out."""
        if not (turns := found["turns"]):
            return _SAME
        which = "any" if len(turns) == found["sources"] else "one"
        into = sorted({without for _, without in turns}, key=VERDICTS.index)
        return f"{which} of them: {' or '.join(map(_sign, into))}"

    def lay_out(self, page: int) -> Drawing:
        """Draw a line for the verdicts that read the same, verdict by verdict."""
        first, last, note = cut_page(len(self._rows), most=self.most, page=page)
        rows = self._rows[first:last]
        names = [name for row in rows for name in row.names]
        drawing = Drawing([*names, *(row.loss for row in rows)])
        folds = len(self.terms.scores) > 3 or any(row.fold != _SAME for row in rows)
        edges = {"recode": _NUMBER, "loss": _NUMBER + _RECODE, "fold": _NUMBER + _RECODE + _LOSS}
        edges["names"] = edges["fold"] + _FOLD * folds
        heads = {
            "recode": f"{self.words.many('claim')}\nto recode",
            "loss": f"one {self.words['source']} left out",
            **({"fold": "on three levels"} if folds else {}), "names": "questions",
        }  # fmt: skip
        for name, head in heads.items():
            drawing.write(edges[name], -2, head, color=PALE_INK, va="bottom")
        bottom = 0.0
        for verdict, members in groupby(rows, key=lambda row: row.verdict):
            number = (self._found[0]["verdict"] == verdict).sum()
            nouns = {name: self.words[name] for name in ("source", "claim")}
            ends = _ENDS[verdict].format(**nouns, sources=self.words.many("source"))
            title = f"{_sign(verdict)}: {number}"
            drawing.rule([(0, bottom + _PAD), (ROOM, bottom + _PAD)], color=PALE_INK, width=0.8)
            drawing.write(0, bottom + _PAD + 14, title, bold=True)
            beside = drawing.size(title, bold=True)[0] + 2 * _PAD
            told = drawing.wrap(ends, ROOM - beside)
            drawing.write(beside, bottom + _PAD + 14, told, color=PALE_INK)
            bottom += _HEADING
            for row in members:
                bottom = self._draw_row(drawing, row, edges, folds, bottom)
        entries = [
            Entry("one is enough", marker="o", face=INK),
            Entry("it takes more", marker="o", face=PAPER),
            Entry(
                self.tell_left_out(self._found[1], "question", least=self.least),
                starts=True,
                pale=True,
            ),
            Entry(note, starts=True, pale=True),
        ]
        add_key(drawing, [entry for entry in entries if entry.text], top=SIZE)
        return drawing

    def _draw_row(
        self, drawing: Drawing, row: _Row, edges: dict[str, float], folds: bool, top: float
    ) -> float:
        """Draw a line, and find where it ends."""
        room = ROOM - edges["names"]
        rest = f" and {len(row.names) - _MOST_NAMED} more" * (len(row.names) > _MOST_NAMED)
        names = drawing.wrap("; ".join(row.names[:_MOST_NAMED]) + rest, room)
        loss = drawing.wrap(row.loss, _LOSS - _PAD)
        bottom = top + max(drawing.size(text)[1] for text in (names, loss)) + _PAD
        y = (top + bottom) / 2
        said = f"{self.words.count(len(row.names), 'question')}, {row.verdict}"
        part: dict[str, Any] = {"ids": row.ids, "said": said}
        gid = f"robustness-{row.ids[0]}"
        drawing.write(
            0, y, str(len(row.names)), bold=True, va="middle", gid=f"{gid}-questions", **part
        )
        x = edges["recode"] + _RECODE / 3
        if row.recodings:  # a full circle for one claim, an open one for more
            face = INK if row.recodings == 1 else PAPER
            drawing.mark(x, y, "o", size=_MARK, face=face, gid=f"{gid}-mark", **part)
        number = f"{row.recodings:.0f}" if row.recodings else "–"
        ink = PAPER if row.recodings == 1 else INK
        drawing.write(
            x,
            y,
            number,
            bold=True,
            ha="center",
            va="middle",
            color=ink,
            gid=f"{gid}-recodings",
            **part,
        )
        texts = {"loss": loss, "names": names} | ({"fold": row.fold} if folds else {})
        for name, text in texts.items():
            plain = name == "names" or text == _SAME
            drawing.write(edges[name], y, text, color=PALE_INK if plain else INK, va="middle")
        drawing.rule([(0, bottom), (ROOM, bottom)])
        return bottom


def _sign(verdict: str) -> str:
    """Write the sign of a verdict before it; the dot of a single source says nothing here."""
    return f"{VERDICT_SIGNS[verdict]} {verdict}" if verdict != VERDICTS[-1] else verdict


def plot_robustness(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw on how little the verdicts hang: a line for all questions that read the same.

    First how many questions they are; then the fewest claims that would have to be coded otherwise
    to turn the verdict, in a full circle where it is one, in an open circle where more; then what
    it becomes where a source is left out, and on three levels; then the questions.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Aspects under use stay apart unless it is gathered (`Collection.gather_use`).
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``least``: from how many sources on a question is shown where no sides clash, 2 if not
        given; ``most``: lines on a page, 30 if not given; ``title``, ``palette``, ``fontsize``,
        ``figsize`` as of `Figure`.

    Returns
    -------
    ax : Axes
        Of the first page, its unit the point; `figure` has the others. A number leads to the first
        of the claims that decide, its gid is ``robustness-``, the id of that claim and
        ``-questions`` or ``-recodings``.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> ax = plot_robustness(read_collection("data"), most=5)
    """
    return Robustness(collection, **options).plot(ax)
