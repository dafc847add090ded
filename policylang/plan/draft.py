"""What lowering leaves for ``build``: the checked module, with its conditions as finished expressions.

Law of this file: places are still spans, and names are still names; ``build`` turns both into indices.
"""

from dataclasses import dataclass

from policylang.check import model as checked
from policylang.plan.model import Binding, Expr
from policylang.source.spans import Span


@dataclass(frozen=True, slots=True)
class Placed:
    """A condition: its expression, the span of each node in preorder, its binding."""

    expr: Expr
    spans: tuple[Span, ...]
    binding: Binding


@dataclass(frozen=True)
class Draft:
    """The tuples are aligned with the module's: ``arms`` with its selects and their arms."""

    module: checked.CheckedModule
    rules: tuple[Placed | None, ...]
    arms: tuple[tuple[Placed | None, ...], ...]
    set_headers: tuple[Binding, ...]
    tokens: tuple[Binding, ...]


_ROOTS = {"claims": "claim", "metadata": "meta", "path": "path", "header": "header"}


def reference(ref: checked.Ref) -> Expr:
    """A reference as a plan's expression."""
    if ref.root == "policy":
        return ("grants",)
    if ref.root in ("client", "peer"):
        return ("ip", ref.root)
    return (_ROOTS[ref.root], ref.name)


def header_exprs(header: checked.SetHeader) -> tuple[Expr, ...]:
    """What a header is made of: the parts of its template, or the set that it joins; nothing for a secret."""
    match header.value:
        case checked.Template(parts):
            texts: tuple[str | checked.Ref, ...] = parts or ("",)
            return tuple(("lit", "text", part) if isinstance(part, str) else reference(part) for part in texts)
        case checked.Joined(ref):
            return (reference(ref),)
        case checked.SecretValue():
            return ()


def token_exprs(token: checked.IdentityToken) -> tuple[Expr, ...]:
    """The subject of an identity token, and its claims in the order of their names."""
    return (reference(token.subject), *(reference(ref) for _, ref in sorted(token.claims, key=lambda claim: claim[0])))
