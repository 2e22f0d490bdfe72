"""Citations: which source leans on which study, and how faithfully."""

from functools import cached_property
from itertools import groupby
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes

from claimbook.collection.codebook import FIDELITIES, STUDY
from claimbook.collection.collection import Collection
from claimbook.collection.problems import iter_rows
from claimbook.figures.drawing import Drawing
from claimbook.figures.figure import Figure
from claimbook.figures.key import Entry, add_key
from claimbook.figures.layout import LINE, ROOM, SIZE, SMALL, count_pages, cut_page, end_sentence
from claimbook.figures.style import (
    EDGE,
    FIDELITY_COLOURS,
    FIDELITY_SIGNS,
    PALE_INK,
    choose_ink,
    name_kind,
)
from claimbook.measures import count_citations

_INDENT: Final = 12.0  # points, as all that follows
_STUDY: Final = 270.0
_PAD: Final = 8.0
_CHIP: Final = 13.0
_FAITHFUL, _UNTRACEABLE = FIDELITIES[0], FIDELITIES[-2]
_EITHER: Final = "studies or pages"
_MEANINGS: Final = {
    "faithful": "as the study found", "overgeneralised": "broader than the study",
    "overstated": "more certain than the study", "understated": "less certain than the study",
    "contradicted": "the opposite of the study", "mixed": "the study's findings differ",
    "off topic": "the study found nothing on it", "not coded": "what it found is not coded here",
}  # fmt: skip


class Citations(Figure):
    """A row for each source and study that it cites, with how faithfully its claims do so."""

    name = "citations"
    nothing = "No source to show"

    def __init__(self, collection: Collection, *, most: int = 24, **style: Any) -> None:
        self.most = most
        super().__init__(collection, **style)

    @cached_property
    def _citations(self) -> pd.DataFrame:
        return count_citations(self.collection)

    @property
    def table(self) -> pd.DataFrame:
        """Count the claims, one row per source, study and fidelity."""
        return self._citations.drop(columns="claim_ids")

    @cached_property
    def _lines(self) -> list[tuple[str, str, pd.DataFrame]]:
        """List the sources and the studies that they cite, with the citations of each."""
        lines = self._citations[self._citations["cited_study"] != ""]
        groups = lines.groupby(["source", "cited_study"], sort=False)
        return [(str(source), str(study), group) for (source, study), group in groups]

    @property
    def pages(self) -> int:
        """Count its pages."""
        return count_pages(len(self._lines), most=self.most)

    def find(self) -> str:
        """Say how many claims that cite a study are faithful to it."""
        lines = self._citations[self._citations["cited_study"] != ""]
        if lines.empty:
            return f"No {self.words['source']} cites a study that is known"
        total = int(lines["claims"].sum())
        faithful = int(lines["claims"][lines["fidelity"] == _FAITHFUL].sum())
        cite, are = "cites" if total == 1 else "cite", "is" if faithful == 1 else "are"
        what = "study" if (lines["cited_part"] == STUDY).all() else "study or page"
        claims = self.words.count(total, "claim")
        return f"{faithful} of {claims} that {cite} a {what} {are} faithful to it"

    def describe(self, page: int) -> str:
        """Count citations by fidelity, name the studies that several cite and who cites none."""
        table = self._citations
        lines, sources = table[table["cited_study"] != ""], table["source"].unique()
        studies = lines.drop_duplicates("cited_study")
        text = ""
        if len(lines):
            citing = lines["source"].nunique()
            what = "study or page" if _is_second(lines).any() else "study"
            known = self.words.count(len(studies), what)
            text = f"{citing} of {self.words.count(len(sources), 'source')} "
            text += f"cite{'s' * (citing == 1)} {known.replace('study or pages', _EITHER)}"
            counts = table.groupby("fidelity")["claims"].sum()
            counted = [f"{name} {counts[name]}" for name in FIDELITIES[:-1] if name in counts]
            text += f": {', '.join(counted)}."
        second = int(lines["claims"][_is_second(lines)].sum())
        text += f" Second-hand: {self.words.count(second, 'claim')}." if second else ""
        shared = studies[studies["cited_by"] > 1]
        shared = shared.sort_values("cited_by", ascending=False, kind="stable")
        named = [
            f"{self.name_source(row.cited_study)} by {row.cited_by}" for row in iter_rows(shared)
        ]
        text += f" Cited by several: {self.name_some(named)}." if named else ""
        for title, names in self._list_silent().items():
            text += " " + end_sentence(f"{title}: {self.name_some(names)}")
        return f"{text} {cut_page(len(self._lines), most=self.most, page=page)[2]}".strip()

    def _list_silent(self) -> dict[str, list[str]]:
        """List the sources that cite no study that is known, by whether they credit somebody."""
        silent: dict[str, list[str]] = {}
        for source, group in self._citations.groupby("source", sort=False):
            if (group["cited_study"] != "").any():
                continue
            hidden = int(group["claims"][group["fidelity"] == _UNTRACEABLE].sum())
            total = f" ({hidden} of {self.words.count(int(group['claims'].sum()), 'claim')})"
            title = "Credit somebody, but no study is known" if hidden else "Credit nobody"
            name = self.name_source(str(source)) + total * bool(hidden)
            silent.setdefault(title, []).append(name)
        return silent

    def lay_out(self, page: int) -> Drawing:
        """Write the sources, under each the studies that it cites, beside these the fidelities."""
        first, last, note = cut_page(len(self._lines), most=self.most, page=page)
        lines = self._lines[first:last]
        silent = self._list_silent()
        names = [self.name_source(key) for *keys, _ in lines for key in keys]
        drawing = Drawing([*names, *(name for named in silent.values() for name in named)])
        drawing.reach((0, 0), (ROOM, 0))
        bottom = 0.0
        for source, members in groupby(lines, key=lambda line: line[0]):
            drawing.rule([(0, bottom), (ROOM, bottom)], color=PALE_INK, width=0.8)
            name = drawing.wrap(self.name_source(source), _STUDY, bold=True, most=2)
            high = drawing.size(name, bold=True)[1]
            drawing.write(0, bottom + _PAD / 2, name, bold=True, va="top")
            told = drawing.wrap(self._note_source(source), ROOM - _STUDY - _PAD)
            drawing.write(_STUDY + _PAD, bottom + _PAD / 2, told, color=PALE_INK, va="top")
            bottom += max(high, drawing.size(told)[1]) + _PAD
            for _, study, citations in members:
                bottom = self._draw_line(drawing, study, citations, bottom)
        if lines:
            drawing.rule([(0, bottom), (ROOM, bottom)], color=PALE_INK, width=0.8)
        entries = []
        for fidelity, meaning in _MEANINGS.items():
            if any((citations["fidelity"] == fidelity).any() for *_, citations in lines):
                entries.append(Entry(meaning, lead=FIDELITY_SIGNS[fidelity]))
        for title, named in silent.items():
            entries.append(
                Entry(end_sentence(f"{title}: {self.name_some(named)}"), starts=True, pale=True)
            )
        entries += [Entry(note, starts=True, pale=True)] if note else []
        add_key(drawing, entries, top=_PAD)
        return drawing

    def _draw_line(
        self, drawing: Drawing, study: str, citations: pd.DataFrame, top: float
    ) -> float:
        """Write a study, and beside it a chip for each fidelity with how many claims it holds."""
        room = _STUDY - _INDENT
        name = drawing.wrap(self.name_source(study), room, most=2)
        note = drawing.wrap(self._note_study(study, citations), room, size=SMALL)
        worded = drawing.size(name)[1], drawing.size(note, size=SMALL)[1]
        x, y = _STUDY + _PAD, top + _PAD / 2
        for row in iter_rows(citations):
            text = f"{row.fidelity} {row.claims}"
            wide = _CHIP + 4 + drawing.size(text)[0]
            if x > _STUDY + _PAD and x + wide > ROOM:
                x, y = _STUDY + _PAD, y + _CHIP + 4
            said = f"{self.name_source(row.source)} on {self.name_source(study)}: {text}"
            part: dict[str, Any] = {"ids": row.claim_ids, "said": said}
            gid, colour = f"citations-{row.claim_ids[0]}", FIDELITY_COLOURS[row.fidelity]
            drawing.box(x, y, x + _CHIP, y + _CHIP, facecolor=colour, gid=gid, **EDGE, **part)
            middle, look = y + _CHIP / 2, {"va": "middle"} | part
            sign = FIDELITY_SIGNS[row.fidelity]
            drawing.write(
                x + _CHIP / 2,
                middle,
                sign,
                bold=True,
                color=choose_ink(colour),
                ha="center",
                **look,
            )
            drawing.write(x + _CHIP + 4, middle, text, gid=f"{gid}-label", **look)
            x += wide + 14
        bottom = top + max(sum(worded) + _PAD, y + _CHIP - top + _PAD / 2, LINE * SIZE + _PAD)
        drawing.rule([(_INDENT, top), (ROOM, top)])
        drawing.write(_INDENT, top + _PAD / 2, name, va="top")
        drawing.write(
            _INDENT, top + _PAD / 2 + worded[0], note, size=SMALL, color=PALE_INK, va="top"
        )
        return bottom

    def _note_study(self, study: str, citations: pd.DataFrame) -> str:
        """Say what kind of study it is, whether it is evidence, and how many cite it."""
        sources, number = self.collection.sources, int(citations["cited_by"].max())
        kinds = sources["kind"][sources["source"] == study]
        parts = [name_kind(kind, self.terms, 1) for kind in kinds if kind]
        parts.append("second-hand, no evidence itself" * bool(_is_second(citations).any()))
        parts.append(f"cited by {self.words.count(number, 'source')}" * (number > 1))
        return " · ".join(filter(None, parts))

    def _note_source(self, source: str) -> str:
        """Say how much of what a source claims cites something, credits somebody or nobody."""
        own = self._citations[self._citations["source"] == source]
        total, hidden = int(own["claims"].sum()), own["fidelity"] == _UNTRACEABLE
        cited = int(own["claims"][own["cited_study"] != ""].sum())
        what = "cites" if cited == 1 else "cite"
        text = f"{cited} of {self.words.count(total, 'claim')} {what} something known"
        number = int(own["claims"][hidden].sum())
        return text + f", {number} untraceable" * (number > 0)


def _is_second(citations: pd.DataFrame) -> pd.Series:
    """Tell where what is cited is known, but is no study."""
    return ~citations["cited_part"].isin([STUDY, ""])


def plot_citations(collection: Collection, *, ax: Axes | None = None, **options: Any) -> Axes:
    """
    Draw which source leans on which study: under each source the studies that it cites.

    Beside a study stands a chip for each fidelity, with how many claims cite it so. Of a study it
    is said how many sources cite it, and of an article or a page that it is second-hand, and no
    evidence. Sources that cite nothing known stand below.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
    ax : Axes, optional
        Where to draw; a figure of the right size is made where it is not given.
    **options
        ``most``: how many rows on a page, 24 if not given; ``title``, ``palette``, ``fontsize``,
        ``figsize`` as of `Figure`.

    Returns
    -------
    ax : Axes
        Its unit the point. A chip leads to its first claim; its ``gid`` is ``citations-`` and the
        id of that claim, to which ``-label`` is added for its words.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> ax = plot_citations(read_collection("data"), most=5)
    """
    return Citations(collection, **options).plot(ax)
