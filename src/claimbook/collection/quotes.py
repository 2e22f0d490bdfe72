"""Quotes: where the words of a claim stand in the text of its source."""

import math
import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from heapq import nlargest, nsmallest
from itertools import groupby, islice, product
from typing import Final
from urllib import parse

import pandas as pd

_Sides = tuple[str, str | None]  # start and end; no end where there is no ellipsis
# Words of a text, place of the first word of each word's line and run of lines, places by key.
_Words = tuple[list[str], list[int], list[int], dict[str, list[int]]]

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
_ELLIPSIS: Final = re.compile(r"…|\.{3}(?!\.)")  # the last three dots of four
_NEWLINE: Final = re.compile(r"\r\n|\r|\n")
# Lines; and runs of lines with no blank line between.
_PARAGRAPHS: Final = re.compile(r"[^\n]+"), re.compile(r"[^\n]+(?:\n[^\n]+)*")
# Letters, digits, _ and the marks on Latin, Greek, Cyrillic, Hebrew, Arabic, Indian letters.
_W: Final = r"[\w\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff]"
# Thai, Lao, Myanmar, Khmer, kana, Han: written without spaces, any place may end a word.
_U: Final = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
_INSIDE_WORD: Final = re.compile(
    rf"(?<={_W})(?={_W})(?<!{_U})(?!{_U})|(?<={_W}')(?={_W})|(?<={_W})(?='{_W})"
    r"|(?<=\d[.,])(?=\d)|(?<=\d)(?=[.,]\d)"
)
_MOST_WORDS: Final = 6  # of a text on either side of a hint's ellipsis
_VOTERS: Final = 4  # words of a side, the rarest, that point to passages of the text
_CANDIDATES: Final = 5  # passages looked at closely for a hint
_AKIN: Final = 500  # words of the text compared with a word that is not in it
_LONG: Final = 200  # characters, beyond which words are compared, for speed


_GAP: Final = re.compile(r"[\[(]\s*(?:…|\.{3})\s*[\])]|…|\.{3}(?!\.)")


def split_quote(quote: str) -> tuple[str, ...]:
    """Split a quote into its parts, at each ellipsis."""
    parts = tuple(part.strip() for part in _GAP.split(quote.translate(_INVISIBLE)))
    if not all(parts):
        raise ValueError(f"quote {quote!r} has no words on one side of an ellipsis: add or drop")
    return parts


def _split_sides(quote: str) -> _Sides:
    """
    Split a quote into its start and its end around the ellipsis.

    Parameters
    ----------
    quote : str
        ``start … end``, with U+2026 or three dots. The first of four dots is a full stop.

    Returns
    -------
    start, end : str, str or None
        Without white space around them and invisible characters; no end without an ellipsis.

    Raises
    ------
    ValueError
        If the quote has more than one ellipsis, or nothing on a side of it, or is empty.

    Examples
    --------
    >>> _split_sides("It helps.... At least for a day.")
    ('It helps.', 'At least for a day.')
    """
    visible = quote.translate(_INVISIBLE)
    sides = [side.strip() for side in _ELLIPSIS.split(visible)]
    if len(re.findall(r"…|\.{3}", visible)) > 1:
        fault = "more than one ellipsis"
    elif not all(sides):
        fault = "no words on one side"
    else:
        return sides[0], sides[1] if len(sides) > 1 else None
    raise ValueError(f"quote {quote!r} has {fault}: give the passage's first and last words")


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


def find_quote(quote: str, text: str) -> list[int]:
    r"""
    Find the paragraphs in which a quote stands.

    The start and then the end must stand in one paragraph, without overlap, each as whole words
    and, but for what `normalise_text` makes equal, to the letter. A paragraph is a line; only
    where no line holds the quote, it is a run of lines with no blank line between.

    Words end where they end in a browser: ``pain`` stands in ``pain-free`` but not in
    ``painful``, ``patient`` not in ``patient's`` and ``3`` not in ``3.5``: an apostrophe between
    letters and a point or comma between digits are inside a word.

    Parameters
    ----------
    quote : str
        ``start … end``, or a passage without an ellipsis; see `split_quote` for its errors.
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
    return _find_paragraphs(_split_sides(quote), _normalise_lines(text))


def _normalise_lines(text: str) -> str:
    return "\n".join(map(normalise_text, _NEWLINE.split(text)))


def _find_paragraphs(sides: _Sides, body: str) -> list[int]:
    """Lines of a normalised text on which the quote begins, once a paragraph."""
    start, end = sides
    plain = normalise_text(start), None if end is None else normalise_text(end)
    for paragraphs in _PARAGRAPHS:
        found = [
            body.count("\n", 0, paragraph.start() + at) + 1
            for paragraph in paragraphs.finditer(body)
            if (at := _find_passage(plain, paragraph[0].replace("\n", " "))) >= 0
        ]
        if found:
            return found
    return []


def _find_passage(sides: _Sides, paragraph: str) -> int:
    """Where the quote begins in the paragraph, -1 for nowhere."""
    start, end = sides
    at = _find_words(start, paragraph, 0)
    if at < 0 or end is None or _find_words(end, paragraph, at + len(start)) >= 0:
        return at
    return -1


def _find_words(words: str, paragraph: str, begin: int) -> int:
    at = paragraph.find(words, begin)
    while at >= 0 and any(_INSIDE_WORD.match(paragraph, cut) for cut in (at, at + len(words))):
        at = paragraph.find(words, at + 1)
    return at


def verify_quotes(claims: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    """
    Look each claim's quote up in the text of its source.

    Parameters
    ----------
    claims : DataFrame, one row per claim
        Needs the columns ``claim_id``, ``source`` and ``quote``.
    texts : mapping of str to str
        The text of each source, by the source's key.

    Returns
    -------
    verified : DataFrame, one row per claim, in their order
        ``claim_id`` and ``source``; ``status``: ``"no quote"`` where the quote is empty, else
        ``"no text"`` where `texts` lacks the source, else ``"found"`` (in one paragraph),
        ``"ambiguous"`` (in several) or ``"not found"``; ``line``: on which it begins, all with
        ``;`` between where ambiguous; ``hint``: where not found, the nearest passage, at most
        six words of the text on either side, or what is malformed in the quote; ``similarity``:
        1 where found or ambiguous, less for a hint: difflib's ratio of the quote and the nearest
        passage, normalised, by words where one has over 200 characters; 0 where none is near,
        NaN where there was nothing to compare. ``line`` and ``hint`` are else empty.

    Raises
    ------
    ValueError
        If `claims` lacks a column.

    Examples
    --------
    >>> row = {"claim_id": "c1", "source": "spa", "quote": "Masage … the pain."}
    >>> verified = verify_quotes(pd.DataFrame([row]), {"spa": "Massage can ease the pain."})
    >>> verified.loc[0, ["status", "hint"]].tolist()
    ['not found', 'Massage … the pain.']
    """
    lacking = sorted({"claim_id", "source", "quote"} - set(claims.columns))
    if lacking:
        raise ValueError(f"claims lacks the column {', '.join(lacking)}: add it")
    normalise, index = cache(_normalise_lines), cache(_index_words)
    outcomes = [
        _verify_quote(quote, texts.get(source), normalise, index)
        for source, quote in zip(claims["source"], claims["quote"], strict=True)
    ]
    verified = pd.DataFrame(outcomes, columns=["status", "line", "hint", "similarity"])
    verified = verified.astype({"status": str, "line": str, "hint": str, "similarity": float})
    return pd.concat([claims[["claim_id", "source"]].reset_index(drop=True), verified], axis=1)


def _verify_quote(
    quote: object, text: str | None, normalise: Callable[[str], str], index: Callable[[str], _Words]
) -> tuple[str, str, str, float]:
    """Status, line, hint and similarity."""
    if pd.isna(quote) or not normalise_text(str(quote)):  # type: ignore[call-overload]
        return "no quote", "", "", math.nan
    if text is None:
        return "no text", "", "", math.nan
    try:
        sides = _split_sides(str(quote))
    except ValueError as error:
        return "not found", "", str(error), math.nan
    lines = _find_paragraphs(sides, normalise(text))
    if lines:
        return "ambiguous" if len(lines) > 1 else "found", ";".join(map(str, lines)), "", 1.0
    quoted = [side for side in sides if side is not None]
    return "not found", "", *_find_nearest(quoted, index(text))


def _index_words(text: str) -> _Words:
    lines = [line.split() for line in _NEWLINE.split(text.translate(_INVISIBLE))]
    words: list[str] = []
    line_starts: list[int] = []
    run_starts: list[int] = []
    for _, run in groupby(lines, key=bool):
        run_start = len(words)
        for line in run:
            line_starts += [len(words)] * len(line)
            run_starts += [run_start] * len(line)
            words += line
    places = defaultdict(list)
    for place, word in enumerate(words):
        places[_make_key(word)].append(place)
    return words, line_starts, run_starts, places


def _make_key(word: str) -> str:
    plain = normalise_text(word).casefold()
    return re.sub(r"^\W+|\W+$", "", plain) or plain


def _find_nearest(quoted: list[str], index: _Words) -> tuple[str, float]:
    """Hint and similarity: the best of a few passages that share rare words with the quote."""
    words, line_starts, run_starts, places = index
    matches = [[_find_word(word, places) for word in side.split()] for side in quoted]
    passages = {
        at: starts for starts in (line_starts, run_starts) for at in _pick_passages(matches, starts)
    }
    if not passages:  # no paragraph has room for both sides
        return _find_nearest([" ".join(quoted)], index) if len(quoted) > 1 else ("", 0.0)
    wanted = " … ".join(quoted)
    ratios = {}
    for at in passages:
        sides = [words[place : place + len(side)] for place, side in zip(at, matches, strict=True)]
        ratios[at] = _measure_similarity(wanted.casefold(), _join_sides(sides).casefold())
    best = max(ratios, key=lambda at: ratios[at] + (line_starts[at[0]] == line_starts[at[-1]]) / 20)
    fitted = _fit_passage(quoted, words, best, passages[best])
    return _shorten(fitted), min(round(_measure_similarity(wanted, _join_sides(fitted)), 3), 0.999)


def _find_word(word: str, places: dict[str, list[int]]) -> list[int]:
    """Places of the word in the text, of like words where it is not there."""
    key = _make_key(word)
    akin = (like for like in places if like[:1] == key[:1] or like[1:3] == key[1:3])
    near = [key] if key in places else get_close_matches(key, islice(akin, _AKIN), cutoff=0.7)
    return [place for like in near for place in places[like]]


def _pick_passages(matches: list[list[list[int]]], starts: list[int]) -> list[tuple[int, ...]]:
    """Places at which the sides begin, for the passages that share the most."""
    votes = [_count_votes(side, starts) for side in matches]
    if len(votes) == 1:
        return [(at,) for at in nlargest(_CANDIDATES, votes[0], key=votes[0].__getitem__)]
    first, last = votes
    for at in list(first):  # no match for a side: the first or last words of the paragraph
        last.setdefault(max(bisect_right(starts, starts[at]) - len(matches[1]), starts[at]), 0.0)
    for at in list(last):
        first.setdefault(starts[at], 0.0)
    pairs = _pair_sides(first, last, starts, len(matches[0]))
    return [pair[2:] for pair in nlargest(_CANDIDATES, pairs)]


def _count_votes(side: list[list[int]], starts: list[int]) -> dict[int, float]:
    """Weight of each place at which the side may begin; a rare word weighs more."""
    votes: dict[int, float] = defaultdict(float)
    known = ((offset, found) for offset, found in enumerate(side) if found)
    for offset, found in nsmallest(_VOTERS, known, key=lambda item: len(item[1])):
        weight = math.log(1 + len(starts) / len(found))
        for place in found:
            votes[max(place - offset, starts[place])] += weight
    return votes


def _pair_sides(
    first: dict[int, float], last: dict[int, float], starts: list[int], size: int
) -> list[tuple[float, int, int, int]]:
    """Weight, nearness and places of each end and the best start before it in its paragraph."""
    pairs = []
    ahead, best = sorted(first, reverse=True), -1
    for end in sorted(last):
        while ahead and ahead[-1] + size <= end:
            at = ahead.pop()
            if best < 0 or starts[at] != starts[best] or first[at] >= first[best]:
                best = at
        if best >= 0 and starts[best] == starts[end]:
            pairs.append((first[best] + last[end], best - end, best, end))
    return pairs


def _fit_passage(
    quoted: list[str], words: list[str], passage: tuple[int, ...], starts: list[int]
) -> list[list[str]]:
    """Words of each side, moved and stretched by a word where that is nearer to the quote."""
    low, stop = starts[passage[0]], bisect_right(starts, starts[passage[0]])
    fitted = []
    for side, at, high in zip(quoted, passage, [*passage[1:], stop], strict=True):
        folded, n = side.casefold(), len(side.split())
        most = max(n, _MOST_WORDS)
        _, begin, low = max(
            (_measure_similarity(folded, " ".join(words[begin:end]).casefold()), begin, end)
            for before, after in product((0, -1, 1), repeat=2)
            if (begin := max(at + before, low)) < (end := min(at + n + after, begin + most, high))
        )
        fitted.append(words[begin:low])
    return fitted


def _measure_similarity(quote: str, passage: str) -> float:
    """Measure difflib's ratio of the normalised forms."""
    quote, passage = normalise_text(quote), normalise_text(passage)
    if max(len(quote), len(passage)) <= _LONG:
        return SequenceMatcher(None, quote, passage, autojunk=False).ratio()
    return SequenceMatcher(None, quote.split(), passage.split(), autojunk=False).ratio()


def _shorten(passage: list[list[str]]) -> str:
    """Write ``start … end``, or few words in one piece as they are."""
    start, *rest = passage
    ends = [end[-_MOST_WORDS:] for end in rest or [start[_MOST_WORDS:]] if end]
    return _join_sides([start[:_MOST_WORDS], *ends])


def _join_sides(sides: list[list[str]]) -> str:
    return " … ".join(map(" ".join, sides))


def make_text_fragment(quote: str) -> str:
    """
    Make the end of a web address at which a browser scrolls to the quoted passage.

    Parameters
    ----------
    quote : str
        ``start … end``, or a passage without an ellipsis.

    Returns
    -------
    fragment : str
        To be put behind the address of the page; empty for an empty or malformed quote.

    Examples
    --------
    >>> make_text_fragment("Pain-free, they … for a day")
    '#:~:text=Pain%2Dfree%2C%20they,for%20a%20day'
    """
    try:
        sides = _split_sides(quote)
    except ValueError:
        return ""
    terms = [" ".join(side.split()) for side in sides if side is not None]
    return "#:~:text=" + ",".join(parse.quote(term, safe="").replace("-", "%2D") for term in terms)
