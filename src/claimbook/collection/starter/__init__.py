"""What a new collection starts with, and what comes with claimbook: notebooks, an example."""

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Final

NOTEBOOK_FILE: Final = "report.ipynb"
EXPLORER_FILE: Final = "explore.ipynb"
EXAMPLES: Final = ("example_article", "example_trial")
_FOLDER: Final = Path(__file__).parent


def write_starter(folder: str | os.PathLike[str]) -> list[Path]:
    """
    Make a new collection with two worked example rows, and no vocabulary: any term may be used.

    Parameters
    ----------
    folder : path
        Made where it is missing.

    Returns
    -------
    files : list of Path
        What was written.

    Raises
    ------
    FileExistsError
        If any of the files is there already; then none is written.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "coffee"
    >>> sorted(path.name for path in write_starter(folder))
    ['README.md', 'claims.csv', 'datapackage.json', 'sources.csv']
    """
    folder = Path(folder)
    texts = {path.name: path.read_text(encoding="utf-8") for path in _find_starter()}
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    texts["datapackage.json"] = texts["datapackage.json"].replace("my-topic", name or "my-topic")
    there = [str(folder / name) for name in texts if (folder / name).exists()]
    if there:
        raise FileExistsError(f"already there, nothing was written: {', '.join(there)}")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in texts.items():
        # a spreadsheet knows by the byte order mark that a table is UTF-8
        encoding = "utf-8-sig" if name.endswith(".csv") else "utf-8"
        (folder / name).write_text(content, encoding=encoding, newline="\n")
    return [folder / name for name in texts]


def find_notebook() -> Path:
    """
    Find the report notebook that comes with claimbook.

    Examples
    --------
    >>> find_notebook().name
    'report.ipynb'
    """
    return _find_given(NOTEBOOK_FILE, f"notebooks/{NOTEBOOK_FILE}")


def find_example() -> Path:
    """
    Find the collection that comes with claimbook.

    Examples
    --------
    >>> (find_example() / "claims.csv").is_file()
    True
    """
    return _find_given("example", "data")


def write_explorer(collection: str | os.PathLike[str]) -> Path:
    """
    Put the notebook that explores a collection beside it, unless it is there.

    Parameters
    ----------
    collection : path
        A folder that holds ``claims.csv``, or a CSV file taken as it.

    Returns
    -------
    notebook : Path
        ``explore.ipynb`` in its folder, with the name of the file added where that is not
        ``claims.csv``; what is there is left as it is. Where the folder cannot be written to, a
        notebook in a new folder for passing things.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_explorer(folder) == folder / "explore.ipynb"
    True
    """
    path = Path(collection)
    folder = path if path.is_dir() else path.parent
    plain = path.is_dir() or path.stem == "claims"
    name = EXPLORER_FILE if plain else EXPLORER_FILE.replace(".", f"-{path.stem}.")
    own = folder / name
    try:
        with open(own, "x", encoding="utf-8", newline="\n") as file:
            file.write(_fill_explorer("." if path.is_dir() else path.name))
    except FileExistsError:
        pass
    except OSError:
        own = Path(tempfile.mkdtemp(prefix="claimbook-")) / name
        own.write_text(_fill_explorer(str(path.resolve())), encoding="utf-8", newline="\n")
    return own


def _fill_explorer(collection: str) -> str:
    """Write the explorer's notebook, with a string of Python in a string of JSON."""
    text = _find_given(EXPLORER_FILE, f"notebooks/{EXPLORER_FILE}").read_text(encoding="utf-8")
    named = json.dumps(json.dumps(collection, ensure_ascii=False), ensure_ascii=False)[1:-1]
    return text.replace('\\"../data\\"', named, 1)


def _find_given(name: str, source: str) -> Path:
    """Find what comes with claimbook; in a checkout it lies where it is kept."""
    path = _FOLDER / name
    return path if path.exists() else _FOLDER.parents[3] / source


def _find_starter() -> list[Path]:
    """Find what a new collection starts with."""
    return sorted(path for path in _FOLDER.iterdir() if path.suffix in (".csv", ".json", ".md"))
