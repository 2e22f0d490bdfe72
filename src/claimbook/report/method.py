"""How a report was made, and the data that it was made from."""

import base64
import io
import platform
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import claimbook
from claimbook.collection.collection import Collection
from claimbook.collection.door import of_collection
from claimbook.collection.files import measure_checksum
from claimbook.collection.metadata import SWIM
from claimbook.collection.tables import read_coding
from claimbook.measures import Comparison, compare_codings
from claimbook.report.html import Section, render
from claimbook.report.wording import find_names

_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)


@of_collection
def show_method(collection: Collection) -> Section:
    """
    Show how the collection was coded, checked and compared.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Its metadata may hold ``codings``, the paths of two codings of the same passages, and
        ``swim``, an object with a text for each item of the SWiM guideline.

    Returns
    -------
    section : Section
        Codebook and levels, coders and their agreement, quotes found, the items of SWiM with
        those left blank, versions and checksums.

    Raises
    ------
    OSError
        If a coding that the metadata name cannot be opened.

    References
    ----------
    Campbell M, McKenzie JE, Sowden A, et al. (2020). Synthesis without meta-analysis (SWiM) in
    systematic reviews: reporting guideline. BMJ 368, l6890, https://doi.org/10.1136/bmj.l6890.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> "SWiM" in show_method(read_collection("data"))
    True
    """
    claims, found, swim = collection.claims, collection.verified, collection.metadata.get("swim")
    coders = claims.loc[claims["coder"] != "", "coder"].value_counts(sort=False)
    made = [f"claimbook {claimbook.__version__}; Python {platform.python_version()}"]
    made += [f"{name} {version(name)}" for name in ("pandas", "matplotlib", "nbconvert")]
    return render(
        "method",
        names=find_names(collection),
        scores=collection.terms.scores,
        coders=coders.to_dict(),
        compared=compare_readers(collection),
        quoted=int((claims["quote"] != "").sum()),
        found=len(found),
        texts=found["source"].nunique(),
        swim=SWIM,
        stated=swim if isinstance(swim, dict) else {},
        versions=made,
        files=[
            {"name": path.stem, "size": path.stat().st_size, "checksum": measure_checksum(path)}
            for path in dict.fromkeys(collection.files.values())
        ],
    )


@of_collection
def compare_readers(collection: Collection) -> Comparison | None:
    """
    Compare the two codings of the same passages that the metadata name.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        ``codings`` in its metadata is a list of two paths, seen from its claims.

    Returns
    -------
    comparison : Comparison or None
        As `compare_codings` gives it, levels as ordered; None where no two codings are named.

    Raises
    ------
    OSError
        If a coding cannot be opened.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> compare_readers(read_collection("data")).measures["column"].tolist()[-1]
    'overall'
    """
    codings = list(_find_codings(collection).values())
    if len(codings) != 2:
        return None
    return compare_codings(*map(read_coding, codings), terms=collection.terms)


def _find_codings(collection: Collection) -> dict[str, Path]:
    """Find the codings that the metadata name, by their paths within the collection."""
    names = collection.metadata.get("codings")
    if collection.path is None or not isinstance(names, list):
        return {}
    return {str(name): collection.path.parent / str(name) for name in names}


@of_collection
def show_download(collection: Collection) -> Section:
    """
    Offer the collection's files for download, out of the page itself.

    Parameters
    ----------
    collection : Collection or DataFrame of claims
        Its files are packed as they are.

    Returns
    -------
    section : Section
        A link to a ZIP archive within the page; the same bytes for the same files. Empty where
        the collection was made in memory.

    Raises
    ------
    OSError
        If a file cannot be opened.

    Examples
    --------
    >>> from claimbook import read_collection
    >>> 'download="massage-for-back-pain.zip"' in show_download(read_collection("data"))
    True
    """
    files = {path.name: path for path in collection.files.values()}
    if not files:
        return Section("")
    codings = _find_codings(collection)
    files |= {name: path for name, path in codings.items() if path.is_file()}
    archive = _pack(files)
    name = str(collection.metadata.get("name") or "claims")
    return render(
        "download",
        name="".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name),
        archive=base64.b64encode(archive).decode(),
        size=len(archive),
        licence=_find_licence(collection.metadata),
    )


def _find_licence(metadata: dict[str, Any]) -> str:
    licences = metadata.get("licenses")
    named = licences if isinstance(licences, list) else []
    titles = (item.get("title") or item.get("name") for item in named if isinstance(item, dict))
    return ", ".join(str(title) for title in titles if title)


def _pack(files: dict[str, Path]) -> bytes:
    """Pack files into an archive that tells nothing of when and by whom."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in files.items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()
