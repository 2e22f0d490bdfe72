"""Tables in, of any spreadsheet; codebook, vocabulary, checks, quotes; a collection out."""

from claimbook.collection.checks import check_claims, check_sources, check_vocabulary
from claimbook.collection.collection import Collection, check_collection, read_collection
from claimbook.collection.door import admit, of_collection
from claimbook.collection.problems import ClaimsError
from claimbook.collection.quotes import verify_quotes
from claimbook.collection.vocabulary import Vocabulary

__all__ = [
    "ClaimsError",
    "Collection",
    "Vocabulary",
    "admit",
    "check_claims",
    "check_collection",
    "check_sources",
    "check_vocabulary",
    "of_collection",
    "read_collection",
    "verify_quotes",
]
