"""L038: names that a reader takes for each other."""

from collections.abc import Iterator

from policylang.diagnostics.model import Label
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes

_KINDS: tuple[tuple[str, type[nodes.Node]], ...] = (
    ("rules", nodes.Rule),
    ("routes", nodes.Route),
    ("issuers", nodes.Issuer),
    ("keyrings", nodes.Keyring),
    ("policies", nodes.Policy),
    ("limits", nodes.Limit),
    ("lets", nodes.Let),
    ("identity tokens", nodes.IdentityToken),
)
_LOOKALIKE = str.maketrans({"_": None, "0": "o", "1": "l"})


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Names of one kind, and claims of one issuer, that are equal but for underscores, ``0`` for ``o`` and ``1`` for ``l``."""
    del options
    for kind, node_type in _KINDS:
        yield from _alike(kind, [_name(item) for item in subject.items(node_type)])
    for issuer in subject.callers():
        claims = [claim.name for claims in issuer.claims for claim in claims]
        yield from _alike(f"claims of `{issuer.name.text}`", claims)


def _name(item: nodes.Node) -> nodes.Name:
    name: nodes.Name = item.name  # type: ignore[attr-defined]
    return name


def _alike(kind: str, names: list[nodes.Name]) -> Iterator[Finding]:
    first: dict[str, nodes.Name] = {}
    for name in names:
        other = first.setdefault(name.text.translate(_LOOKALIKE), name)
        if other.text != name.text:
            yield Finding(
                name.span,
                f"the {kind} `{other.text}` and `{name.text}` are hard to tell apart",
                help=("rename one of them, by what makes them different",),
                more=(Label(other.span, "the other one"),),
            )


RULE = LintRule(
    code="L038",
    name="confusable-names",
    severity="warning",
    what="Two names of one kind that differ by underscores only, or by `0` for `o` and `1` for `l`.",
    why="In a decision log and in a review they read alike, and one will be changed in the place of the other. Names are "
    "lower case, so case cannot tell them apart either.",
    bad="""allow read_all on orders for GET when "orders:read" in claims.scope
allow readall  on orders for GET when "orders:all" in claims.scope
""",
    good="""allow read     on orders for GET when "orders:read" in claims.scope
allow read_any on orders for GET when "orders:all" in claims.scope
""",
    check=check,
)
