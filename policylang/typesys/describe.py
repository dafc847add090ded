"""A type term in the words of the rules language."""

from policylang.typesys.terms import Enum, Int, SetOf, Text, Type


def describe(term: Type) -> str:
    """How an author would write the term.

    >>> describe(SetOf(Text()))
    'set of text'
    >>> describe(Int(0, 100))
    'int 0..100'
    >>> describe(Enum(("free", "gold")))
    'one of "free", "gold"'
    """
    match term:
        case SetOf(item):
            return f"set of {describe(item)}"
        case Int(low, high):
            return f"int {low}..{high}"
        case Text(low, high):
            return "text" if term == Text() else f"text({low}..{high})"
        case Enum(values):
            return "one of " + ", ".join(f'"{value}"' for value in values)
        case _:
            return type(term).__name__.lower()
