"""A figure drawn for a page: text stays text, marks are links, and nothing is said twice."""

import hashlib
import io
import re
from collections.abc import Iterator
from html import escape
from typing import Final
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from matplotlib import rc_context
from matplotlib.figure import Figure

_NAMESPACE: Final = re.compile(r"\{[^}]*\}")
_NUMBER: Final = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")
_POINT: Final = re.compile(r"([MLCQZz])([^MLCQZz]*)")
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")
_FONT: Final = re.compile(r"font-family: ([^;]+);? ?")
_NO_TURN: Final = re.compile(r"^rotate\(-?0(?:\.0+)?(?: [^)]*)?\)$")
# the smallest part of a point that is kept: a hundredth, 0.013 of a pixel of the screen
_PARTS: Final = 100
_LINE_JOINS: Final = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
Box = tuple[float, float, float, float]


def write_drawing(figure: Figure, *, name: str) -> tuple[str, str]:
    """
    Write a figure as SVG for use within a page, a third as long as matplotlib's own.

    Parameters
    ----------
    figure : Figure
        Drawn; it is left as it is.
    name : str
        What it is called in a page.

    Returns
    -------
    key : str
        The name, with letters that tell this drawing from others of the name: an id in a page.
    svg : str
        The same for the same figure; its styles hold within ``#KEY``. Links open in the page
        itself; a mark and the sign upon it are one link; a link without words is named by the
        claim to which it leads. What has no extent is left out.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> write_drawing(Figure(figsize=(1, 1)), name="empty")[1][:36]
    '<svg width="72pt" height="72pt" view'
    """
    buffer = io.StringIO()
    with rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    root = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", buffer.getvalue()))
    _strip(root)
    boxes = {path: _measure_box(path.get("d", "")) for path in root.iter("path")}
    _drop_needless_clips(root, boxes)
    _drop_unseen(root, boxes)
    key = f"figure-{name}-{hashlib.sha256(buffer.getvalue().encode()).hexdigest()[:6]}"
    _rename_ids(root, key)
    _unwrap(root)
    _join_links(root, boxes)
    for path in root.iter("path"):
        path.set("d", _shorten_path(path.get("d", "")))
    _join_lines(root)
    for link in root.iter("a"):  # JupyterLab stumbles over a plain href in a drawing
        link.set("xlink:href", link.attrib.pop("href", ""))
    page = ElementTree.tostring(_share_styles(root, key), encoding="unicode")
    return key, page.replace(" />", "/>")


def _strip(root: Element) -> None:
    """Take off namespaces, metadata, blanks between tags and what links say of new windows."""
    for element in root.iter():
        element.tag = _NAMESPACE.sub("", element.tag)
        for key in list(element.attrib):
            value = element.attrib.pop(key)
            if _NO_TURN.match(value) or key in ("target", "version"):
                continue
            element.set(_NAMESPACE.sub("", key), value)
        element.tail = None
        if element.tag not in ("text", "tspan"):
            element.text = None
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag in ("metadata", "style")]:
            parent.remove(child)


def _measure_box(path: str) -> Box:
    """Measure the box in which a path lies: left, top, right, bottom."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+(?:e[-+]?\d+)?", path)]
    across, down = numbers[::2] or [0.0], numbers[1::2] or [0.0]
    return min(across), min(down), max(across), max(down)


def _drop_needless_clips(root: Element, boxes: dict[Element, Box]) -> None:
    """Clip only what reaches beyond the clip."""
    clips = {}
    for clip in root.iter("clipPath"):
        for shape in clip.iter("rect"):
            left, top, width, height = (float(shape.get(k, 0)) for k in _SIZES)
            clips[f"url(#{clip.get('id')})"] = (left, top, left + width, top + height)
    for path, box in boxes.items():
        frame = clips.get(path.get("clip-path", ""))
        if frame and _contains(frame, box):
            del path.attrib["clip-path"]


_SIZES: Final = ("x", "y", "width", "height")


def _contains(outer: Box, inner: Box, *, slack: float = 0.05) -> bool:
    return all(
        outer[k] - slack <= inner[k] and inner[k + 2] <= outer[k + 2] + slack for k in (0, 1)
    )


def _drop_unseen(parent: Element, boxes: dict[Element, Box]) -> None:
    """Drop areas of no extent, and the links and groups that then hold nothing."""
    for child in list(parent):
        _drop_unseen(child, boxes)
        left, top, right, bottom = boxes.get(child, (0, 0, 1, 1))
        flat = (right == left or bottom == top) and "stroke:" not in child.get("style", "")
        if flat or (child.tag in ("a", "g", "defs") and not len(child)):
            parent.remove(child)


def _rename_ids(root: Element, name: str) -> None:
    """Keep only the ids to which something points, short and under the figure's name."""
    used: dict[str, str] = {}
    for element in root.iter():
        for key, value in element.attrib.items():
            found = _REFERENCE.search(value)
            if found or (element.tag == "use" and key == "href"):
                old = found[1] if found else value.removeprefix("#")
                short = used.setdefault(old, f"{name}-{len(used)}")
                element.set(key, f"url(#{short})" if found else f"#{short}")
    for element in root.iter():
        old = element.attrib.pop("id", "")
        if old in used:
            element.set("id", used[old])


def _unwrap(root: Element) -> None:
    """Take children out of groups that say nothing."""
    for parent in list(root.iter()):
        parent[:] = list(_iter_unwrapped(parent))


def _iter_unwrapped(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == "g" and not child.attrib:
            yield from _iter_unwrapped(child)
        else:
            yield child


def _join_links(root: Element, boxes: dict[Element, Box]) -> None:
    """Make one link of those that follow one another, and of a mark and the sign upon it."""
    marks: dict[str, list[Box]] = {}
    for parent in [root, *root.iter("g")]:
        kept: list[Element] = []
        for child in parent:
            href = child.get("href", "")
            if child.tag == "a" and _lies_on(child, marks.get(href, [])):
                for text in child:
                    text.set("pointer-events", "none")
                kept += list(child)
            elif child.tag == "a" and kept and kept[-1].get("href") == href:
                kept[-1].extend(list(child))
            else:
                kept.append(child)
            marks.setdefault(href, []).extend(boxes[path] for path in child.iter("path"))
        parent[:] = kept
    for link in root.iter("a"):
        if link.find("text") is None:
            link.set("aria-label", unquote(link.get("href", "")).lstrip("#").replace("-", " ", 1))


def _lies_on(link: Element, boxes: list[Box]) -> bool:
    """Tell whether a link is a text, and begins on a mark that leads to the same place."""
    if not boxes or any(child.tag != "text" for child in link):
        return False
    text = link[0]
    place = text.get("transform", "")
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", place)][:2]
    across = float(text.get("x", numbers[0] if numbers else -1))
    down = float(text.get("y", numbers[1] if numbers else -1))
    return any(_contains(box, (across, down, across, down)) for box in boxes)


def _shorten_path(path: str) -> str:
    """Write a path in hundredths, straight steps as what they add to the point before."""
    words, at = [], (0, 0)
    for command, rest in _POINT.findall(path):
        numbers = [round(float(number) * _PARTS) for number in rest.split()]
        end = (numbers[-2], numbers[-1]) if numbers else at
        if command == "L":
            words.append(_write_step(end[0] - at[0], end[1] - at[1]))
        else:
            words.append(command + " ".join(map(_write_number, numbers)))
        at = end
    return "".join(words)


def _write_step(across: int, down: int) -> str:
    if not down:
        return f"h{_write_number(across)}"
    if not across:
        return f"v{_write_number(down)}"
    return f"l{_write_number(across)} {_write_number(down)}"


def _write_number(parts: int) -> str:
    return f"{parts / _PARTS:.2f}".rstrip("0").rstrip(".")


def _join_lines(root: Element) -> None:
    """Make one path of lines that follow one another and look alike."""
    kept: list[Element] = []
    for child in root:
        looks = {**child.attrib, "d": ""}
        alike = bool(kept) and kept[-1].tag == "path" and looks == {**kept[-1].attrib, "d": ""}
        if alike and "fill: none" in child.get("style", ""):
            kept[-1].set("d", kept[-1].get("d", "") + child.get("d", ""))
        else:
            kept.append(child)
    root[:] = kept


def _share_styles(root: Element, name: str) -> Element:
    """Write each style once, as a rule for a class; the font once, for the whole figure."""
    classes: dict[str, str] = {}
    page = Element("svg", {key: _round(root.get(key, "")) for key in ("width", "height")})
    page.set("viewBox", _round(root.get("viewBox", "")))
    for element in root.iter():
        for key in set(element.attrib) & {"x", "y", "width", "height", "transform"}:
            element.set(key, _round(element.attrib[key]))
        style = element.attrib.pop("style", "")
        for font in _FONT.findall(style):
            page.set("font-family", font)
        style = _FONT.sub("", style).replace("text-anchor: start; ", "").strip("; ")
        if style:
            element.set("class", classes.setdefault(style, f"s{len(classes)}"))
    for key, value in _LINE_JOINS.items():
        page.set(key, value)
    rules = Element("style")
    rules.text = "".join(
        f"#{escape(name)} .{short}{{{_tighten(style)}}}" for style, short in classes.items()
    )
    page.extend([rules, *root])
    return page


def _tighten(style: str) -> str:
    return style.replace(": ", ":").replace("; ", ";")


def _round(text: str) -> str:
    return _NUMBER.sub(lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), text)
