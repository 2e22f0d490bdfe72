"""Tables in Markdown and in LaTeX, to paste into a paper."""

# By hand: pandas' to_markdown escapes nothing and needs tabulate, and in its to_latex a cell that
# begins with "[" or "*" is taken for an option of the line break before it.

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import pandas as pd

_MARKDOWN: Final = re.compile(r"[\\`*_\[\]|~$]")  # what means something within a cell
_LATEX: Final = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {"~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "\\": "\\textbackslash{}"}
    | {"<": "\\textless{}", ">": "\\textgreater{}", "[": "{[}", "]": "{]}", "*": "{*}"}
)
_LINE: Final = 28  # letters of a column beyond which LaTeX is to break its lines


def write_markdown(tables: Mapping[str, pd.DataFrame]) -> str:
    r"""
    Write tables in Markdown, each under its name where there are several.

    Parameters
    ----------
    tables : mapping of str to DataFrame of str

    Returns
    -------
    text : str
        Nothing in a cell is taken for a mark.

    Examples
    --------
    >>> print(write_markdown({"x": pd.DataFrame({"claim": ["a|b", "*"]})}), end="")
    | claim |
    | --- |
    | a\|b |
    | \* |
    """
    return _join(tables, _write_markdown, heading="## {}\n\n", escape=_escape_markdown)


def _write_markdown(table: pd.DataFrame) -> Iterator[str]:
    rows = [list(table.columns), *table.to_numpy(dtype=object).tolist()]
    for number, row in enumerate(rows):
        yield f"| {' | '.join(map(_escape_markdown, row))} |"
        if number == 0:
            yield f"|{' --- |' * len(row)}"


def _escape_markdown(text: str) -> str:
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return _MARKDOWN.sub(r"\\\g<0>", plain)


def write_latex(tables: Mapping[str, pd.DataFrame]) -> str:
    r"""
    Write tables in LaTeX, each under its name where there are several.

    Parameters
    ----------
    tables : mapping of str to DataFrame of str

    Returns
    -------
    text : str
        A ``tabular`` each, with the rules of the package ``booktabs``.

    Examples
    --------
    >>> print(write_latex({"x": pd.DataFrame({"share": ["50 %"]})}).splitlines()[-3])
    50 \% \\
    """
    need = "% needs \\usepackage{booktabs}\n"
    return need + _join(tables, _write_latex, heading="\\paragraph{{{}}}\n\n", escape=_escape_latex)


def _write_latex(table: pd.DataFrame) -> Iterator[str]:
    longest = [max([0, *table[name].map(len)]) for name in table]
    several = max(1, sum(letters > _LINE for letters in longest))
    wide = f"p{{{0.7 / several:.2f}\\linewidth}}"
    yield f"\\begin{{tabular}}{{{''.join(wide if n > _LINE else 'l' for n in longest)}}}"
    head, *rows = (
        f"{' & '.join(map(_escape_latex, row))} \\\\"
        for row in [list(table.columns), *table.to_numpy(dtype=object).tolist()]
    )
    yield from ("\\toprule", head, "\\midrule", *rows, "\\bottomrule", "\\end{tabular}")


def _escape_latex(text: str) -> str:
    return " ".join(text.split()).translate(_LATEX)


def _join(
    tables: Mapping[str, pd.DataFrame],
    write: Callable[[pd.DataFrame], Iterator[str]],
    *,
    heading: str,
    escape: Callable[[str], str],
) -> str:
    parts = []
    for name, table in tables.items():
        head = heading.format(escape(name)) if len(tables) > 1 else ""
        parts.append(head + "\n".join(write(table)) + "\n")
    return "\n".join(parts)
