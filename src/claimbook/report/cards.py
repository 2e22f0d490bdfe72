"""Claims as cards, the two sides of a question face to face."""

from html import escape
from typing import Any, Final

from claimbook.figures.style import link_claim
from claimbook.report.wording import Labels

SIDES: Final = (("for", "For"), ("against", "Against"))


def write_sides(sides: dict[str, list[Any]], labels: Labels, *, most: int = 6) -> str:
    """
    Set the claims on the two sides of a question face to face.

    Parameters
    ----------
    sides : dict of lists of named tuples, one per claim
        Under ``"for"`` and ``"against"``; each holds all columns of the codebook.
    labels : Labels
        Names terms and sources.
    most : int
        As many cards on a side; the claims beyond are linked.

    Returns
    -------
    html : str
        Two columns of cards.

    Examples
    --------
    >>> from claimbook.collection.collection import read_collection
    >>> labels = Labels(read_collection("data"))
    >>> write_sides({"for": [], "against": []}, labels).count("Nobody.")
    2
    """
    columns = []
    for side, heading in SIDES:
        cards = "\n".join(_write_card(claim, labels) for claim in sides[side][:most])
        rest = labels.link_claims([tuple(claim.claim_id for claim in sides[side][most:])])
        columns.append(
            f'<div class="{side}"><p class="side">{heading}</p>\n{cards or "<p>Nobody.</p>"}'
            f"{f'<p>And {rest}</p>' if rest else ''}</div>"
        )
    return f'<div class="sides">{"".join(columns)}</div>'


def _write_card(claim: Any, labels: Labels) -> str:
    quote, credit = labels.quote(claim), labels.credit(claim)
    topic = escape(labels.name_topic(claim.condition, claim.intervention, claim.aspect))
    lines = [
        f"<strong>{labels.link_source(claim.source)}</strong> "
        f"{labels.mark_level(claim.recommendation)}",
        escape(claim.claim),
        f'<span class="words">{quote}</span>' if quote else "",
        f'<span class="on">On {topic}{"; credits " + credit if credit else ""}. '
        f'<a href="{escape(link_claim(claim.claim_id))}">{escape(claim.claim_id)}</a></span>',
    ]
    return f'<div class="card">{"".join(f"<p>{line}</p>" for line in lines if line)}</div>'
