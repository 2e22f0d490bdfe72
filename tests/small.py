"""The smallest collections that can fail: rows with what differs, the rest filled in."""

import pandas as pd

from claimbook.collection import Collection

ROW = {
    "condition": "back pain",
    "intervention": "massage",
    "aspect": "pain",
    "recommendation": "for",
}


def collect(*rows, terms=(), sources=None, **metadata):
    """
    Make a collection of rows that name only what matters.

    Claims are called a, b, c …, and each is of a source of its own, s1, s2 …, unless it is named.
    `terms` are tuples of scheme, term, and keywords as a dict.
    """
    claims = [
        {"claim_id": chr(97 + place), "source": f"s{place + 1}", "claim": f"Claim {place}."}
        | ROW
        | row
        for place, row in enumerate(rows)
    ]
    columns = ["claim_id", "source", *ROW, "claim"]
    table = pd.DataFrame(claims) if claims else pd.DataFrame(columns=columns)
    vocabulary = [{"scheme": scheme, "term": term, **dict(*more)} for scheme, term, *more in terms]
    return Collection.from_frame(
        table,
        None if sources is None else pd.DataFrame(sources),
        pd.DataFrame(vocabulary) if vocabulary else None,
        metadata,
    )


def tree(scheme, *pairs):
    """Terms of a scheme, each with what is broader."""
    return [(scheme, term, {"broader": broader}) for term, broader in pairs]
