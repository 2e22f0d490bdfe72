"""How a report was made, and the data that it was made from, as HTML."""

import base64
import io
import platform
import zipfile
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from IPython.display import HTML

import claimbook
from claimbook.collection.collection import Collection
from claimbook.collection.files import CLAIMS_FILE, VERIFIED_FILE, measure_checksum
from claimbook.collection.metadata import SWIM
from claimbook.collection.problems import iter_rows
from claimbook.collection.record import read_proofs
from claimbook.collection.tables import read_coding, read_table
from claimbook.measures.reliability import Comparison, compare_codings
from claimbook.report.wording import Labels, capitalise, count_noun, write_table

_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)


def show_method(collection: Collection) -> HTML:
    """
    Show how the collection was coded, checked and compared.

    Parameters
    ----------
    collection : Collection
        Its metadata may hold ``codings``, the paths of two codings of the same passages, and
        ``swim``, an object with a text for each item of the SWiM guideline.

    Returns
    -------
    html : HTML
        Codebook and levels, coders and their agreement, quotes verified, the items of SWiM with
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
    >>> from claimbook.collection.collection import read_collection
    >>> "SWiM" in show_method(read_collection("data")).data
    True
    """
    parts = {
        "How claims were coded": _describe_coding(collection),
        "Are the words there?": _describe_quotes(collection),
        "SWiM: synthesis without meta-analysis": _write_swim(collection.metadata),
        "Made with, and from": _write_versions(collection),
    }
    return HTML("".join(f"<h3>{heading}</h3>\n{part}" for heading, part in parts.items()))


def _describe_coding(collection: Collection) -> str:
    """Say by which levels and by whom, and how far two codings agree."""
    labels, levels = Labels(collection), collection.vocabulary.scores
    scale = ", ".join(
        f"{labels.mark_level(level)} ({f'{score:+g}' if score else 0})"
        for level, score in levels.items()
    )
    text = (
        "<p>A claim is coded by the complaint, the treatment and the point that it speaks of, and "
        "by its level on that point. Two claims are compared only where in each of the three both "
        "name the same term, or one a broader one. A narrower case on the other side is an "
        f"exception and no contradiction.</p><p>The levels: {scale}.</p>"
    )
    coders = collection.claims["coder"].value_counts(sort=False)
    named = [f"{escape(str(name))} ({count})" for name, count in coders.items() if name]
    said = f"Coders, with the number of claims: {'; '.join(named)}." if named else ""
    return f"{text}<p>{said or 'Who coded is not stated.'}</p>{_describe_reliability(collection)}"


def compare_readers(collection: Collection) -> Comparison | None:
    """
    Compare the two codings of the same passages that the metadata name.

    Parameters
    ----------
    collection : Collection
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
    >>> from claimbook.collection.collection import read_collection
    >>> compare_readers(read_collection("data")).measures["n"].tolist()
    [303, 303, 303, 303, 303]
    """
    names = collection.metadata.get("codings")
    if not isinstance(names, list) or len(names) != 2:
        return None
    folder = collection.files[CLAIMS_FILE].parent
    codings = [read_coding(folder / str(name)) for name in names]
    return compare_codings(*codings, vocabulary=collection.vocabulary)


def _describe_reliability(collection: Collection) -> str:
    compared = compare_readers(collection)
    if compared is None:
        return "<p>No second coding is named: how far two readers would agree is not known.</p>"
    rows = [
        (escape(row.column), str(row.n), *map(_write_number, (row.agreement, row.kappa, row.alpha)))
        for row in iter_rows(compared.measures)
    ]
    heads = ("Coded", "Passages", "Agreement", "Cohen's kappa", "Krippendorff's alpha")
    table = write_table(heads, rows, caption="Two codings of the same passages")
    return f"<p>{_count_codings(compared)}</p>{table}"


def _count_codings(compared: Comparison) -> str:
    both = int(compared.measures["n"].max())
    first, second = (both + len(only) for only in (compared.only_first, compared.only_second))
    return (
        f"The passages were coded twice: {first} and {second} claims, of which "
        f"{both} are on the same passages. Alpha is ordinal for the recommendation, nominal else; "
        "“overall” asks for the same condition, intervention, aspect and level at once."
    )


def _write_number(number: float) -> str:
    return "not defined" if number != number else f"{number:.2f}"


def _describe_quotes(collection: Collection) -> str:
    quoted = int((collection.claims["quote"] != "").sum())
    proofs = read_proofs(collection)
    if not quoted:
        return "<p>No claim carries a quote.</p>"
    if VERIFIED_FILE not in collection.files:
        carry = capitalise(count_noun(quoted, "claim carries", "claims carry"))
        return (
            f"<p>{carry} a quote; none is on record as found. "
            "<code>claimbook verify --texts DIR --record</code> looks them up.</p>"
        )
    text = (
        f"<p>{len(proofs)} of {quoted} quotes were found, word for word and in just one paragraph "
        f"each, in {count_noun(proofs['source'].nunique(), 'text')} that <code>sources.csv</code> "
        "names by checksum."
    )
    stale = _count_records(collection.files[VERIFIED_FILE]) - len(proofs)
    again = " The record also holds {} that no longer match: verify again." if stale else ""
    return text + again.format(count_noun(stale, "quote")) + "</p>"


def _count_records(path: Path) -> int:
    return len(read_table(path, name=VERIFIED_FILE)[0])


def _write_swim(metadata: dict[str, Any]) -> str:
    """List the items of SWiM, and name those that are blank."""
    given = metadata.get("swim")
    stated = given if isinstance(given, dict) else {}
    rows = [
        (f"{number} {label}", escape(str(stated[item])))
        for number, (item, label) in enumerate(SWIM.items(), 1)
        if stated.get(item)
    ]
    blank = [
        f"{number} {label} (<code>{item}</code>)"
        for number, (item, label) in enumerate(SWIM.items(), 1)
        if not stated.get(item)
    ]
    table = write_table(("Item", "Here"), rows, caption="Items of SWiM (2020)") if rows else ""
    left = f"<p>Not stated under <code>swim</code> in the metadata: {'; '.join(blank)}.</p>"
    return table + (left if blank else "")


def _write_versions(collection: Collection) -> str:
    others = ", ".join(f"{name} {version(name)}" for name in ("pandas", "matplotlib", "nbconvert"))
    made = (
        f"<p>claimbook {claimbook.__version__}; Python {platform.python_version()}, {others}.</p>"
    )
    rows = [
        (escape(path.name), f"{path.stat().st_size:,}", f"<code>{measure_checksum(path)}</code>")
        for path in collection.files.values()
    ]
    return made + write_table(("File", "Bytes", "SHA-256"), rows, caption="Files read")


def show_download(collection: Collection) -> HTML:
    """
    Offer the collection's files for download, out of the page itself.

    Parameters
    ----------
    collection : Collection
        Its files are read anew and packed as they are.

    Returns
    -------
    html : HTML
        A link to a ZIP archive within the page; the same bytes for the same files.

    Raises
    ------
    OSError
        If a file cannot be opened.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> 'download="massage-for-back-pain.zip"' in show_download(read_collection("data")).data
    True
    """
    name = "".join(
        letter if letter.isalnum() or letter in "-_" else "-"
        for letter in str(collection.metadata.get("name") or "claims")
    )
    archive = _pack(_list_files(collection))
    licence = _find_licence(collection.metadata)
    terms = f" Licence: {escape(licence)}." if licence else " No licence is stated."
    return HTML(
        f'<p><a download="{escape(name)}.zip" href="data:application/zip;base64,'
        f'{base64.b64encode(archive).decode()}">Download the claims, sources and vocabulary</a> '
        f"(ZIP, {len(archive) / 1000:.0f} kB, out of this page: nothing is fetched).{terms}</p>"
    )


def _list_files(collection: Collection) -> dict[str, Path]:
    """Find the collection's files and the codings that it names, by their paths within it."""
    files = {path.name: path for path in collection.files.values()}
    named = collection.metadata.get("codings")
    folder = collection.files[CLAIMS_FILE].parent
    codings = {str(name): folder / str(name) for name in named} if isinstance(named, list) else {}
    return files | {name: path for name, path in codings.items() if path.is_file()}


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
