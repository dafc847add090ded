"""From branches to documents: blanks between tokens, expressions, lists; whatever has no rule here runs on as words."""

from collections.abc import Callable, Sequence

from policylang.formatter.doc import Break, Doc, Fill, Group, Nest
from policylang.formatter.token import Branch, Token, first_token, last_token

Part = Branch | Token

_OPENS = frozenset({"LPAR", "LSQB", "RANGE"})
_CLOSES = frozenset({"COMMA", "RPAR", "RSQB", "MEMBER", "RANGE"})
_TIGHT = frozenset({("TEXT", "LPAR"), ("HEADER", "LSQB"), ("LBRACE", "RBRACE")})
_CHAINS = frozenset({"and_", "or_", "arith"})


def between(left: Token, right: Token) -> str:
    """The blanks between two tokens of one phrase.

    >>> between(Token("CLAIMS", "claims"), Token("MEMBER", ".sub"))
    ''
    """
    tight = left.kind in _OPENS or right.kind in _CLOSES or (left.kind, right.kind) in _TIGHT
    return "" if tight else " "


def phrase(part: Part) -> Doc:
    """The document of a part that has no block in it."""
    if isinstance(part, Token):
        return part
    if part.rule in _CHAINS:
        return Group(_chain(part, Nest))
    if part.rule == "paren":
        return _bracketed(part, _unnested(part.children[1]))
    if part.rule == "strings":
        return _bracketed(part, _listed(part.children[1:-1]))
    if part.rule == "int" or len(part.children) == 1:
        return tuple(phrase(child) for child in part.children)
    return run(part.children)


def run(parts: Sequence[Part]) -> Doc:
    """Parts one after the other; behind a comma the line may break."""
    docs: list[Doc] = []
    last: Token | None = None
    for part in parts:
        if last is not None:
            docs.append(separation(last, first_token(part)))
        docs.append(phrase(part))
        last = last_token(part)
    return tuple(docs)


def separation(left: Token, right: Token) -> Doc:
    """What stands between two tokens: blanks, and behind a comma a place where the line may break."""
    blanks = between(left, right)
    return Fill(blanks) if left.kind == "COMMA" else blanks


def _chain(part: Branch, within: Callable[[Doc], Doc]) -> Doc:
    """Operands, each but the first behind its operator, which begins the line where lines are broken."""
    head, *rest = part.children
    docs: list[Doc] = []
    for operator, operand in zip(rest[::2], rest[1::2], strict=True):
        docs += [Break(" "), phrase(operator), " ", phrase(operand)]
    return phrase(head), within(tuple(docs))


def _unnested(part: Part) -> Doc:
    """What stands in parentheses: they indent already."""
    if isinstance(part, Branch) and part.rule in _CHAINS:
        return _chain(part, lambda doc: doc)
    return phrase(part)


def _bracketed(part: Branch, inner: Doc) -> Doc:
    opening, closing = phrase(part.children[0]), phrase(part.children[-1])
    if len(part.children) == 2:
        return opening, closing
    return Group((opening, Nest((Break(""), inner)), Break(""), closing))


def _listed(parts: Sequence[Part]) -> Doc:
    docs: list[Doc] = []
    for part in parts:
        docs.append(phrase(part))
        if isinstance(part, Token) and part.kind == "COMMA":
            docs.append(Break(" "))
    return tuple(docs)
