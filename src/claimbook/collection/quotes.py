"""Quotes: where the words of a claim stand in the text of its source."""

import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple
from urllib import parse

import pandas as pd
from rapidfuzz import fuzz

from claimbook.collection.problems import ClaimsError, build_problems

_INVISIBLE: Final = dict.fromkeys(  # soft hyphen, zero-width and direction marks
    [0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)
_PLAIN: Final = {
    **_INVISIBLE,
    **dict.fromkeys(map(ord, "‘’‚‛′‵`´‹›\u02bc\uff07"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″‶«»\u2e42\u301d\u301e\u301f\uff02"), '"'),
    **dict.fromkeys([*range(0x2010, 0x2016), 0x2043, 0x2212, 0xFE58, 0xFE63, 0xFF0D], "-"),
    **dict(zip(map(ord, "ﬀﬁﬂﬃﬄﬅﬆ"), ["ff", "fi", "fl", "ffi", "ffl", "st", "st"], strict=True)),
    ord("…"): "...",
}
_ELLIPSIS: Final = re.compile(  # of four dots the first is a full stop
    r"[\[(]\s*(?:…|\.{3})\s*[\])]|…|\.{3}(?!\.)"
)
_NEWLINE: Final = re.compile(r"\r\n|\r|\n")
_DIVIDED: Final = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")
_DIVISION: Final = "\x00"  # stands in a run of lines where a line ends in a hyphen
# Letters, digits, _ and the marks on Latin, Greek, Cyrillic, Hebrew, Arabic, Indian letters.
_W: Final = r"[\w\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff]"
# Thai, Lao, Myanmar, Khmer, kana, Han: written without spaces, any place may end a word.
_U: Final = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
_INSIDE_WORD: Final = re.compile(
    rf"(?<={_W})(?={_W})(?<!{_U})(?!{_U})|(?<={_W}')(?={_W})|(?<={_W})(?='{_W})"
    r"|(?<=\d[.,])(?=\d)|(?<=\d)(?=[.,]\d)"
)
_MOST_WORDS: Final = 6  # of a text in one part of a hint
_LONG: Final = 30  # words at either end of a long part that are compared for a hint
_NEAR: Final = 60.0  # of 100, from which a passage is near enough to be shown


class _Paragraph(NamedTuple):
    """A line, or a run of lines, in the normal form; at which character each line begins."""

    body: str
    first: int
    starts: list[int]


def split_quote(quote: str) -> tuple[str, ...]:
    """
    Split a quote into its parts at each ellipsis.

    Parameters
    ----------
    quote : str
        Parts with ``…`` between, or three dots, plain or in brackets. The first of four dots is
        a full stop.

    Returns
    -------
    parts : tuple of str
        Without white space around them and invisible characters; one where there is no ellipsis.

    Raises
    ------
    ValueError
        If nothing stands on a side of an ellipsis, or the quote is empty.

    Examples
    --------
    >>> split_quote("It helps.... At least […] for a day.")
    ('It helps.', 'At least', 'for a day.')
    """
    parts = tuple(part.strip() for part in _ELLIPSIS.split(quote.translate(_INVISIBLE)))
    if all(parts):
        return parts
    raise ValueError(
        f"quote {quote!r} has no words on one side of an ellipsis: add words or drop the ellipsis"
    )


def normalise_text(text: str) -> str:
    """
    Write a text in the one form in which quotes and texts are compared.

    Typographic quotation marks, apostrophes, primes and dashes become the plain ones, white
    space, line breaks too, one space and none at the ends, an ellipsis three dots, a ligature
    its letters; invisible characters (soft hyphen, zero-width space and joiners, direction
    marks) vanish; all is composed (NFC). Case and the rest stand: ² is not 2.

    Parameters
    ----------
    text : str

    Returns
    -------
    normalised : str

    Examples
    --------
    >>> normalise_text("The  “bene\u00adﬁt” – if\u00a0any…")
    'The "benefit" - if any...'
    """
    plain = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return unicodedata.normalize("NFC", " ".join(plain.split()))


def fold_text(text: str) -> str:
    """Write a text as it is searched: in the normal form, without accents, in one case."""
    apart = unicodedata.normalize("NFKD", normalise_text(text))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def find_quote(quote: str, text: str) -> list[int]:
    r"""
    Find the paragraphs in which a quote stands.

    Its parts must stand in one paragraph, in order, without overlap, each as whole words and, but
    for what `normalise_text` makes equal, to the letter. A paragraph is a line; only where no
    line holds the quote, it is a run of lines with no blank line between, in which a hyphen at
    the end of a line may divide a word.

    Words end where they end in a browser: ``pain`` stands in ``pain-free`` but not in
    ``painful``, ``patient`` not in ``patient's`` and ``3`` not in ``3.5``: an apostrophe between
    letters and a point or comma between digits are inside a word.

    Parameters
    ----------
    quote : str
        See `split_quote` for its errors.
    text : str
        Its lines end in ``\n``, ``\r\n`` or ``\r``.

    Returns
    -------
    lines : list of int
        1-based line on which the quote first begins in each paragraph that holds it.

    Examples
    --------
    >>> find_quote("Massage … pain.", "Massage and pain\nMassage may ease your pain.")
    [2]
    """
    plain = [normalise_text(part) for part in split_quote(quote)]
    for paragraphs in _cut_paragraphs(text):
        found = [
            paragraph.first + bisect_right(paragraph.starts, at)
            for paragraph in paragraphs
            if plain[0][:2] in paragraph.body or _DIVISION in paragraph.body
            if (at := _find_passage(plain, paragraph.body)) >= 0
        ]
        if found:
            return found
    return []


@lru_cache(maxsize=256)
def _cut_paragraphs(text: str) -> tuple[list[_Paragraph], list[_Paragraph]]:
    """Cut a text into its lines, and into its runs of more than one line."""
    lines = [normalise_text(line) for line in _NEWLINE.split(text)]
    single = [_Paragraph(line, number, [0]) for number, line in enumerate(lines) if line]
    runs, begin = [], 0
    for number, line in enumerate([*lines, ""]):
        if line:
            continue
        if number - begin > 1:
            run = _DIVIDED.sub(_DIVISION + "\n", "\n".join(lines[begin:number]))
            starts = [0, *(match.end() for match in re.finditer("\n", run))]
            body = run.replace(_DIVISION + "\n", _DIVISION + _DIVISION).replace("\n", " ")
            runs.append(_Paragraph(body, begin, starts))
        begin = number + 1
    return single, runs


def _find_passage(parts: list[str], body: str) -> int:
    """Find where the parts begin in a paragraph, -1 for nowhere."""
    first = begin = -1
    for part in parts:
        at, begin = _find_words(part, body, max(begin, 0))
        if at < 0:
            return -1
        first = at if first < 0 else first
    return first


def _find_words(words: str, body: str, begin: int) -> tuple[int, int]:
    """Find where words begin and end, as whole words."""
    for start, end in _iter_matches(words, body, begin):
        if not any(_INSIDE_WORD.match(body, cut) for cut in (start, end)):
            return start, end
    return -1, -1


def _iter_matches(words: str, body: str, begin: int) -> Iterator[tuple[int, int]]:
    if _DIVISION in body:
        pattern = _write_pattern(words)
        match = pattern.search(body, begin)
        while match:
            yield match.span()
            match = pattern.search(body, match.start() + 1)
        return
    at = body.find(words, begin)
    while at >= 0:
        yield at, at + len(words)
        at = body.find(words, at + 1)


@lru_cache(maxsize=1024)
def _write_pattern(words: str) -> re.Pattern[str]:
    """Write words so that a hyphen at the end of a line may divide each, or be its own."""
    pieces = [
        rf"(?:- ?|{_DIVISION}{{2}})" if piece.startswith("-") else re.escape(piece)
        for piece in re.findall(r"- ?|.", words)
    ]
    return re.compile(rf"(?:{_DIVISION}{{2}})?".join(pieces))


def verify_quotes(claims: Any, texts: Mapping[str, str]) -> pd.DataFrame:
    """
    Look each claim's quote up in the text of its source.

    Parameters
    ----------
    claims : Collection or DataFrame, one row per claim
        A table needs only the columns ``claim_id``, ``source`` and ``quote``.
    texts : mapping of str to str
        The text of each source, by the source's key.

    Returns
    -------
    verified : DataFrame, one row per claim, in their order
        ``claim_id`` and ``source``; ``status``: ``"no quote"`` where the quote is empty, else
        ``"no text"`` where `texts` lacks the source, else ``"found"`` (in one paragraph),
        ``"ambiguous"`` (in several) or ``"not found"``; ``line``: on which it begins, all with
        ``;`` between where ambiguous; ``hint``: where not found, the nearest passage, at most
        six words of the text for each part, or what is malformed in the quote; ``similarity``:
        1 where found or ambiguous, less for a hint: the ratio of the quote and the nearest
        passage, normalised; 0 where none is near, NaN where there was nothing to compare.
        ``line`` and ``hint`` are else empty.

    Raises
    ------
    ClaimsError
        If the claims lack a column.

    References
    ----------
    The ratio is that of the Indel distance, as rapidfuzz has it: twice the letters in common, by
    the letters of both.

    Examples
    --------
    >>> row = {"claim_id": "c1", "source": "spa", "quote": "Masage … the pain."}
    >>> verified = verify_quotes(pd.DataFrame([row]), {"spa": "Massage can ease the pain."})
    >>> verified.loc[0, ["status", "hint"]].tolist()
    ['not found', 'Massage … the pain.']
    """
    if not isinstance(texts, Mapping):
        found = type(texts).__name__
        raise TypeError(f"texts: expected a dict of texts by source, found a {found}")
    claims = getattr(claims, "claims", claims)
    lacking = [name for name in ("claim_id", "source", "quote") if name not in claims]
    if lacking:
        faults = [("claims", None, None, name, "", "the column is missing") for name in lacking]
        raise ClaimsError(build_problems(faults, severity="fatal"))
    index = cache(_index_words)
    outcomes = []
    for source, quote in zip(claims["source"], claims["quote"], strict=True):
        text = None if pd.isna(source) else texts.get(source)
        if pd.isna(quote) or not normalise_text(str(quote)):
            outcomes.append(("no quote", "", "", math.nan))
        elif text is None:
            outcomes.append(("no text", "", "", math.nan))
        else:
            outcomes.append(_verify_quote(str(quote), text, index))
    verified = pd.DataFrame(outcomes, columns=["status", "line", "hint", "similarity"])
    verified = verified.astype({"status": str, "line": str, "hint": str, "similarity": float})
    named: pd.DataFrame = claims[["claim_id", "source"]].reset_index(drop=True)
    return pd.concat([named, verified], axis=1)


def _verify_quote(
    quote: str, text: str, index: Callable[[str], "_Index"]
) -> tuple[str, str, str, float]:
    """Give status, line, hint and similarity."""
    try:
        lines = find_quote(quote, text)
    except ValueError as error:
        return "not found", "", str(error), math.nan
    if lines:
        return "ambiguous" if len(lines) > 1 else "found", ";".join(map(str, lines)), "", 1.0
    return "not found", "", *_find_nearest(split_quote(quote), index(text))


class _Passage(NamedTuple):
    """A paragraph as words, each also in the normal form, and where each begins in these."""

    words: list[str]
    body: str
    starts: list[int]


_Index = list[_Passage]


def _index_words(text: str) -> _Index:
    """Cut a text into its lines, then into its runs of lines, for hints."""
    lines = [line.split() for line in _NEWLINE.split(text.translate(_INVISIBLE))]
    runs: list[list[str]] = [[]]
    for line in lines:
        runs[-1] += line
        if not line and runs[-1]:
            runs.append([])
    distinct = {tuple(words): None for words in [*lines, *runs] if words}
    return [_lay_out(list(words)) for words in distinct]


def _lay_out(words: list[str]) -> _Passage:
    starts, body = [], ""
    for word in words:
        starts.append(len(body))
        body += f"{normalise_text(word).casefold()} "
    return _Passage(words, body.rstrip(), starts)


def _find_nearest(parts: tuple[str, ...], index: _Index) -> tuple[str, float]:
    """Find the passage nearest to a quote: a hint, and how similar it is."""
    parts = tuple(end for part in parts for end in _cut_ends(part))
    wanted = [normalise_text(part).casefold() for part in parts]
    best, near = None, 0.0
    for passage in index:
        scores = [fuzz.partial_ratio(part, passage.body) for part in wanted]
        weights = [min(len(part), len(passage.body)) for part in wanted]
        score = sum(score * weight for score, weight in zip(scores, weights, strict=True)) / sum(
            map(len, wanted)
        )
        if score > near:
            best, near = passage, score
    if best is None or near < _NEAR / len(parts):
        return "", 0.0
    sides = _fit_parts(wanted, best)
    if not sides:
        return "", 0.0
    quote = normalise_text(" … ".join(parts))
    ratio = fuzz.ratio(quote, normalise_text(" … ".join(" ".join(side) for side in sides))) / 100
    shown = [_shorten(side, last=place > 0) for place, side in enumerate(sides)]
    if len(sides) == 1 and len(sides[0]) > _MOST_WORDS:
        shown = [sides[0][:_MOST_WORDS], sides[0][_MOST_WORDS:][-_MOST_WORDS:]]
    return " … ".join(" ".join(side) for side in shown), min(round(ratio, 3), 0.999)


def _cut_ends(part: str) -> list[str]:
    """Take of a long part its first and its last words: all of it would take too long."""
    words = part.split()
    if len(words) <= 2 * _LONG:
        return [part]
    return [" ".join(words[:_LONG]), " ".join(words[-_LONG:])]


def _shorten(words: list[str], *, last: bool) -> list[str]:
    return words[-_MOST_WORDS:] if last else words[:_MOST_WORDS]


def _fit_parts(wanted: list[str], passage: _Passage) -> list[list[str]]:
    """Find the words of a passage nearest to each part, one after the other; unlike ones drop."""
    sides, low = [], 0
    for part in wanted:
        if low >= len(passage.words):
            break
        begin = passage.starts[low]
        found = fuzz.partial_ratio_alignment(part, passage.body[begin:])
        if found is None or found.score < _NEAR:
            continue
        first = max(bisect_right(passage.starts, begin + found.dest_start) - 1, low)
        end = max(bisect_right(passage.starts, begin + found.dest_end - 1), first + 1)
        first, end = _fit_words(part, passage, low, first, end)
        sides.append(passage.words[first:end])
        low = end
    return sides


def _fit_words(part: str, passage: _Passage, low: int, first: int, end: int) -> tuple[int, int]:
    """Move both ends by a word or two where that is nearer to the part."""

    def measure(ends: tuple[int, int]) -> tuple[float, int]:
        stop = passage.starts[ends[1]] if ends[1] < len(passage.words) else len(passage.body) + 1
        return fuzz.ratio(part, passage.body[passage.starts[ends[0]] : stop - 1]), ends[0]

    return max(
        (
            (one, other)
            for one in range(max(first - 1, low), first + 2)
            for other in range(end - 1, min(end + 2, len(passage.words)) + 1)
            if one < other
        ),
        key=measure,
    )


def make_text_fragment(quote: str) -> str:
    """
    Make the end of a web address at which a browser scrolls to the quoted passage.

    Parameters
    ----------
    quote : str
        As `split_quote` takes it.

    Returns
    -------
    fragment : str
        To be put behind the address of the page, from the first part to the last; empty for an
        empty or malformed quote.

    Examples
    --------
    >>> make_text_fragment("Pain-free, they … for a day")
    '#:~:text=Pain%2Dfree%2C%20they,for%20a%20day'
    """
    try:
        parts = split_quote(quote)
    except ValueError:
        return ""
    ends = [" ".join(part.split()) for part in dict.fromkeys((parts[0], parts[-1]))]
    return "#:~:text=" + ",".join(parse.quote(end, safe="").replace("-", "%2D") for end in ends)
