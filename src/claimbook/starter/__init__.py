"""What a new collection starts with: an example row, its tables, the report notebook."""

import os
from pathlib import Path
from typing import Final

NOTEBOOK_FILE: Final = "report.ipynb"
_FOLDER: Final = Path(__file__).parent


def write_starter(folder: str | os.PathLike[str]) -> list[Path]:
    """
    Make a new collection with a worked example row, and its notebook.

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
    ['claims.csv', 'datapackage.json', 'report.ipynb', 'sources.csv', 'vocabulary.csv']
    """
    folder = Path(folder)
    texts = {path.name: path.read_text(encoding="utf-8") for path in _find_starter()}
    texts[NOTEBOOK_FILE] = texts[NOTEBOOK_FILE].replace('\\"../data\\"', '\\".\\"', 1)
    there = [str(folder / name) for name in texts if (folder / name).exists()]
    if there:
        raise FileExistsError(f"already there, nothing was written: {', '.join(there)}")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in texts.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return [folder / name for name in texts]


def find_notebook(collection: Path) -> Path:
    """
    Find the report notebook of a collection.

    Parameters
    ----------
    collection : Path
        The folder of the collection.

    Returns
    -------
    notebook : Path
        Its own ``report.ipynb`` where it has one, else the one that comes with claimbook.

    Examples
    --------
    >>> find_notebook(Path("nowhere")).name
    'report.ipynb'
    """
    own = collection / NOTEBOOK_FILE
    if own.is_file():
        return own
    return next(path for path in _find_starter() if path.name == NOTEBOOK_FILE)


def _find_starter() -> list[Path]:
    """Find what a new collection starts with; in a checkout the notebook lies in notebooks/."""
    notebook = _FOLDER / NOTEBOOK_FILE
    if not notebook.is_file():
        notebook = _FOLDER.parents[2] / "notebooks" / NOTEBOOK_FILE
    plain = sorted(path for path in _FOLDER.iterdir() if path.suffix in (".csv", ".json"))
    return [*plain, notebook]
