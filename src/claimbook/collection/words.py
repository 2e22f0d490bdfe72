"""What a collection calls its conditions, interventions, aspects, sides, sources and claims."""

from collections.abc import Mapping
from typing import Any, Final

SIDES: Final = ("for", "against", "uncertain")
NOUNS: Final = ("condition", "intervention", "aspect", "source", "claim")
_PLURAL: Final = ("plural", "many", "other")
_SINGULAR: Final = ("singular", "one")


class Words:
    """
    The names that stand for the codebook's own wherever a person reads them.

    Parameters
    ----------
    given : mapping, optional
        ``words`` of ``datapackage.json``: for any of condition, intervention, aspect, source,
        claim, for, against and uncertain a text, a list of singular and plural, or an object of
        both. What is missing, or is none of these, keeps the codebook's name.

    Examples
    --------
    >>> words = Words({"intervention": ["habit", "habits"], "source": "style guide"})
    >>> words["intervention"], words.many("source"), words["for"]
    ('habit', 'style guides', 'for')
    >>> words.count(1, "source"), words.count(2500, "intervention")
    ('1 style guide', '2,500 habits')
    >>> words.count(2, "question")
    '2 questions'
    """

    def __init__(self, given: Any = None) -> None:
        self._names = {word: (word, pluralise(word)) for word in (*NOUNS, *SIDES)}
        for word, names in given.items() if isinstance(given, Mapping) else ():
            if word in self._names and (read := read_names(names)):
                self._names[word] = read

    def __getitem__(self, word: str) -> str:
        return self._names[word][0]

    def many(self, word: str) -> str:
        """Give the plural."""
        return self._names[word][1]

    def count(self, number: int, word: str) -> str:
        """Write a number in digits before the name of a thing, which may be any English noun."""
        return f"{number:,} {self._names.get(word, (word, pluralise(word)))[number != 1]}"


def read_names(names: Any) -> tuple[str, str] | None:
    """
    Read the singular and the plural of a name, as ``words`` may give them.

    Examples
    --------
    >>> read_names("claim"), read_names(["thesis", "theses"]), read_names({"plural": "theses"})
    (('claim', 'claims'), ('thesis', 'theses'), None)
    """
    if isinstance(names, str):
        names = [names, pluralise(names)]
    if isinstance(names, Mapping):
        forms = (_SINGULAR, _PLURAL)
        names = [next((names[key] for key in keys if key in names), None) for keys in forms]
        if names[1] is None and isinstance(names[0], str):
            names[1] = pluralise(names[0])
    if not isinstance(names, list | tuple) or len(names) != 2:
        return None
    if not all(isinstance(name, str) and name.strip() for name in names):
        return None
    return names[0].strip(), names[1].strip()


def pluralise(noun: str) -> str:
    """
    Give the plural of an English noun that has a regular one.

    Examples
    --------
    >>> pluralise("study"), pluralise("dish"), pluralise("claim")
    ('studies', 'dishes', 'claims')
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"
