"""Files that are no tables, and where the files of a collection are."""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import pandas as pd

from claimbook.collection.problems import build_problems, iter_rows
from claimbook.collection.workbooks import ENDINGS, find_sheets, is_workbook

CLAIMS_FILE: Final = "claims.csv"
METADATA_FILE: Final = "datapackage.json"
SOURCES_FILE: Final = "sources.csv"
VERIFIED_FILE: Final = "verified.csv"
VOCABULARY_FILE: Final = "vocabulary.csv"

_UNFIT: Final = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_ENDS: Final = "".join(chr(16**4 * plane - end) for plane in range(2, 18) for end in (1, 2))
_UNFIT_BEYOND: Final = re.compile(f"[\U00010000-\U0010ffff](?<=[{_ENDS}])")  # as one, it is slow


def find_files(path: str | os.PathLike[str]) -> dict[str, Path]:
    """
    Find the files of a collection.

    Parameters
    ----------
    path : path
        A folder that holds ``claims.csv``, a workbook of that name, or one workbook of any name;
        or a file, CSV or workbook, taken as the claims.

    Returns
    -------
    files : dict of Path
        By the name each file plays: ``"claims.csv"`` always, ``"sources.csv"``,
        ``"vocabulary.csv"``, ``"datapackage.json"`` and ``"verified.csv"`` where they are there.
        A workbook plays each of its sheets; what it lacks is looked for beside it.

    Raises
    ------
    FileNotFoundError
        If there are no claims; the message says how to begin.

    Examples
    --------
    >>> find_files("nowhere")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    FileNotFoundError: no collection at 'nowhere': name the folder ...
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(
            f"expected the path of a collection, found a {type(path).__name__}: what is in memory "
            "was checked as it was made, see set_aside"
        )
    path = Path(path)
    if path.name in (SOURCES_FILE, VOCABULARY_FILE, METADATA_FILE):
        raise FileNotFoundError(f"'{path}' holds no claims: name its folder, '{path.parent}'")
    if not path.exists():
        here = Path(CLAIMS_FILE).exists()
        remedy = "'.' stands for this folder" if here else "name the folder that holds claims.csv"
        begin = "" if path.suffix else f", or make one with 'claimbook init {path}'"
        raise FileNotFoundError(f"no collection at '{path}': {remedy}{begin}")
    claims = _find_claims(path) if path.is_dir() else path
    files = {CLAIMS_FILE: claims}
    sheets = _find_sheets(claims)
    for name in (SOURCES_FILE, VOCABULARY_FILE):
        if file := claims if name in sheets else _find_table(claims.parent, name):
            files[name] = file
    beside = {METADATA_FILE: claims.with_name(METADATA_FILE), VERIFIED_FILE: find_record(claims)}
    return files | {name: file for name, file in beside.items() if file.is_file()}


def _find_claims(folder: Path) -> Path:
    """Find the claims in a folder: by name, or the only workbook."""
    if (claims := folder / CLAIMS_FILE).exists():
        return claims
    if table := _find_table(folder, CLAIMS_FILE):
        return table
    books = [
        file
        for file in sorted(folder.iterdir())
        if is_workbook(file) and not file.name.startswith(("~", "."))  # locks of an open one
    ]
    if len(books) == 1:
        return books[0]
    if books:
        named = ", ".join(repr(file.name) for file in books)
        raise FileNotFoundError(f"several workbooks in '{folder}': name one of {named}")
    raise FileNotFoundError(
        f"no {CLAIMS_FILE} in '{folder}': name the folder that holds it, "
        f"or make a collection with 'claimbook init DIR'"
    )


def _find_table(folder: Path, name: str) -> Path | None:
    """Find a table in a folder, as CSV or as a workbook of its own, whatever the case."""
    held = {file.name.casefold(): file for file in folder.iterdir()}
    stem = Path(name).stem
    named = (folder / name, *(held.get(f"{stem}{ending}") for ending in (".csv", *ENDINGS)))
    return next((file for file in named if file is not None and file.is_file()), None)


def _find_sheets(claims: Path) -> set[str]:
    """Find which tables a workbook of claims holds; reading tells where it cannot be read."""
    if not is_workbook(claims):
        return set()
    try:
        return {f"{table}.csv" for table in find_sheets(claims)}
    except ValueError:
        return set()


def find_record(claims: Path) -> Path:
    """
    Find where it is kept which quotes of a claims file were found.

    Parameters
    ----------
    claims : Path
        The file.

    Returns
    -------
    record : Path
        Beside it; it need not be there.

    Examples
    --------
    >>> find_record(Path("data/claims.csv")).name, find_record(Path("data/mine.csv")).name
    ('verified.csv', 'verified-mine.csv')
    """
    plain = claims.stem.casefold() == Path(CLAIMS_FILE).stem
    return claims.with_name(VERIFIED_FILE if plain else f"verified-{claims.stem}.csv")


def read_metadata(path: Path) -> tuple[dict[str, Any], pd.DataFrame]:
    """
    Read the ``datapackage.json`` of a collection.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    metadata : dict
        Empty where the file cannot be read as JSON.
    problems : DataFrame, one row per problem

    Examples
    --------
    >>> path = Path(tempfile.mkdtemp()) / "datapackage.json"
    >>> _ = path.write_text('{"title": "Massage"')
    >>> read_metadata(path)[1]["line"].tolist()
    [1]
    """
    try:
        metadata = _parse(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        return {}, build_problems(
            [(path.name, error.lineno, None, "", "", f"not JSON: {error.msg}")]
        )
    except UnicodeDecodeError:
        return {}, build_problems([(path.name, None, None, "", "", "not UTF-8: save it as UTF-8")])
    except (RecursionError, ValueError):
        fault = "not JSON that can be read: a number is too long, or lists are nested too deep"
        return {}, build_problems([(path.name, None, None, "", "", fault)])
    if not isinstance(metadata, dict):
        return {}, build_problems([(path.name, 1, None, "", "", "expected a JSON object, {…}")])
    return metadata, build_problems()


def _parse(text: str) -> Any:
    """Parse JSON, without the numbers that only Python takes for JSON."""

    def refuse(word: str) -> None:
        place = re.search(rf"[:,[]\s*{word}", text)
        raise json.JSONDecodeError(f"{word} is no number", text, place.end() if place else 0)

    return json.loads(text, parse_constant=refuse)


def find_unfit(text: str) -> str:
    r"""
    Find a character that no page can hold: controls, halves of characters, non-characters.

    Parameters
    ----------
    text : str
        What somebody wrote.

    Returns
    -------
    name : str
        The first such character by its number, empty where there is none.

    Examples
    --------
    >>> find_unfit("root\uffffcause"), find_unfit("root\tcause")
    ('U+FFFF', '')
    """
    found = _UNFIT.search(text) or _UNFIT_BEYOND.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def find_title(path: str | os.PathLike[str]) -> str:
    """
    Find the title of a collection.

    Parameters
    ----------
    path : path
        As for `find_files`.

    Returns
    -------
    title : str
        What ``datapackage.json`` calls it.

    Examples
    --------
    >>> find_title("data")
    'Massage for back pain: what five articles claim'
    """
    file = find_files(path).get(METADATA_FILE)
    title = read_metadata(file)[0].get("title") if file else None
    return str(title or "What the sources claim")


def read_texts(
    sources: pd.DataFrame, folder: str | os.PathLike[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """
    Read the texts of sources.

    Parameters
    ----------
    sources : DataFrame, one row per source
        ``text`` names the file; a source that names none is
        looked for as ``SOURCE.txt``. A name that leads out of the folder is passed over.
    folder : path
        Where the texts are.

    Returns
    -------
    texts : dict of str
        By source, those that are there.
    checksums : dict of str
        By source, the SHA-256 of its text's file.

    Raises
    ------
    OSError
        If there is no such folder, or a text cannot be opened.
    ValueError
        If a text is not UTF-8; it names all that are not.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "spa.txt").write_text("Massage helps.")
    >>> texts, checksums = read_texts(pd.DataFrame({"source": ["spa"], "text": ""}), folder)
    >>> texts, checksums["spa"][:8]
    ({'spa': 'Massage helps.'}, '1385a8c7')
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NotADirectoryError(
            f"--texts: no folder '{folder}': name the one that holds the texts"
        )
    texts, checksums = {}, {}
    strange: list[str] = []
    for row in iter_rows(sources):
        name = row.text or f"{row.source}.txt"
        path = folder / name
        if Path(name).name != name or not path.is_file():
            continue
        try:
            texts[row.source] = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            strange.append(str(path))
        checksums[row.source] = measure_checksum(path)
    if strange:
        raise ValueError(f"not UTF-8: {', '.join(strange)}: save as UTF-8, then verify again")
    return texts, checksums


def measure_checksum(path: Path) -> str:
    """
    Measure the SHA-256 of a file, which no other content has.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    checksum : str
        64 hexadecimal digits.

    Raises
    ------
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> path = Path(tempfile.mkdtemp()) / "empty"
    >>> path.touch()
    >>> measure_checksum(path)[:8]
    'e3b0c442'
    """
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def open_output(path: str | os.PathLike[str]) -> Iterator[IO[str]]:
    r"""
    Open a file to be written whole or not at all.

    Parameters
    ----------
    path : path
        What stands there is replaced once all is written, and left alone if anything fails.

    Yields
    ------
    file : text file
        UTF-8, line endings as they are written.

    Examples
    --------
    >>> path = Path(tempfile.mkdtemp()) / "relations.csv"
    >>> with open_output(path) as file:
    ...     _ = file.write("claim_a,claim_b\n")
    >>> path.read_text()
    'claim_a,claim_b\n'
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        with open(path, "w", encoding="utf-8", newline="") as file:  # a device, a pipe
            yield file
        return
    path = path.resolve()
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        os.chmod(draft, path.stat().st_mode if path.exists() else 0o666 & ~_find_umask())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _find_umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
