"""What rules can name: issuers with their claims, metadata, captures; as data that writes itself as rule source."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis.strategies import DrawFn

from tests.strategies import pool
from tests.strategies.draws import below, one_in, pick, some
from tests.strategies.pool import quoted

TEXTUAL = frozenset({"text", "slug", "email", "enum"})


@dataclass(frozen=True)
class Kind:
    """A type: ``word`` is its word, ``item`` the type of a set's items; bounds for text and int, values for enum."""

    word: str
    low: int = 0
    high: int = 0
    values: tuple[str, ...] = ()
    item: "Kind | None" = None

    @property
    def source(self) -> str:
        """As rules write it."""
        match self.word:
            case "set":
                return f"set of {self.of.source}"
            case "text":
                return f"text({self.low}..{self.high})"
            case "int":
                return f"int {self.low}..{self.high}"
            case "enum":
                return "one of " + ", ".join(quoted(value) for value in self.values)
            case word:
                return word

    @property
    def of(self) -> "Kind":
        """The type of a set's items."""
        assert self.item is not None
        return self.item


TEXT = Kind("text", 1, 128)
SLUG, EMAIL, CIDR, BOOL, TIME = Kind("slug"), Kind("email"), Kind("cidr"), Kind("bool"), Kind("time")
TIER = Kind("enum", values=pool.POLICIES)
ACR = Kind("enum", values=pool.ACRS)

CLAIMS: dict[str, tuple[Kind, ...]] = {
    "tenant": (SLUG,),
    "scope": (Kind("set", item=TEXT), Kind("set", item=Kind("text", 0, 16))),
    "plan": (TIER, Kind("enum", values=("free", "gold"))),
    "plans": (Kind("set", item=TIER),),
    "risk": (Kind("int", 0, 100), Kind("int", -1, 99), Kind("int", 0, 2**31)),
    "serial": (Kind("int", -(2**63), 2**63 - 1), Kind("int", 0, 2**53 + 1)),
    "flag": (BOOL,),
    "acr": (ACR,),
    "auth_time": (TIME,),
    "email": (EMAIL,),
    "net": (CIDR,),
    "nets": (Kind("set", item=CIDR),),
    "roles": (Kind("set", item=SLUG),),
    "note": (Kind("text", 0, 16), Kind("text", 1, 16)),
}
"""Claim names with the types that an issuer may give them: one kind for each name, so that issuers agree."""

FIELDS: dict[str, tuple[Kind, ...]] = {
    "groups": (Kind("set", item=SLUG),),
    "blocked": (BOOL,),
    "level": (Kind("int", 0, 9),),
    "tier": (TIER,),
    "tiers": (Kind("set", item=TIER),),
    "since": (TIME,),
    "label": (Kind("text", 0, 16),),
}


@dataclass(frozen=True)
class Declaration:
    """A claim or metadata field. ``default`` and ``always`` are values; ``maybe`` tells whether it may be absent."""

    name: str
    kind: Kind
    optional: bool = False
    default: Any = None
    always: Any = None
    split: str | None = None
    path: tuple[str, ...] = ()
    null_as_absent: bool = False

    @property
    def source(self) -> str:
        """As rules write it."""
        words = [f"{self.name}: {self.kind.source}"]
        words += ["optional"] if self.optional else []
        words += [f"default {literal(self.default)}"] if self.default is not None else []
        words += [f"always {literal(self.always)}"] if self.always is not None else []
        words += [f"split {quoted(self.split)}"] if self.split is not None else []
        if self.path:
            words.append("from " + (quoted(self.path[0]) if len(self.path) == 1 else literal(self.path)))
        words += ["null as absent"] if self.null_as_absent else []
        return " ".join(words)

    @property
    def where(self) -> tuple[str, ...]:
        """The path of member names under which a token has it."""
        return self.path or (self.name,)


def literal(value: Any) -> str:
    """A literal of the rules language. Tuples and sets are lists of texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    return "[" + ", ".join(quoted(item) for item in value) + "]"


@dataclass(frozen=True)
class IssuerSpec:
    """An issuer as the generator knows it. ``mark`` is None, or the value of the member "gty" (ABSENT as "").

    ``ring`` is None for an issuer of tokens; of a keyring, whose ``iss`` is empty, it says where its keys travel.
    ``verified_by`` is the keyring whose keys verify the issuer's tokens, if one does.
    """

    name: str
    iss: str
    claims: tuple[Declaration, ...]
    mark: str | None = None
    leeway: int = 0
    lifetime: int | None = None
    ring: str | None = None
    verified_by: str | None = None

    @property
    def source(self) -> str:
        """The block."""
        if self.ring is not None:
            lines = [f"  identity by claims.sub  {self.ring}".rstrip()]
            lines += ["  claims {", *(f"    {claim.source}" for claim in self.claims), "  }"]
            return f"keyring {self.name} {{\n" + "\n".join(lines) + "\n}"
        keys = f'"{self.iss}/jwks"  algorithms ES256'
        if self.verified_by is not None:
            keys = f"keyring {self.verified_by}  algorithms ES256, HS256"
        lines = [
            f'  iss "{self.iss}"  keys {keys}  audience "api", "api2"',
            "  identity by claims.sub",
        ]
        if self.mark is not None:
            lines.append('  marked "gty" absent' if self.mark == "" else f'  marked "gty" is {quoted(self.mark)}')
        lines += [f"  leeway {self.leeway}s"] if self.leeway else []
        lines += [f"  lifetime at most {self.lifetime}s"] if self.lifetime is not None else []
        lines += ["  claims {", *(f"    {claim.source}" for claim in self.claims), "  }"]
        return f"issuer {self.name} {{\n" + "\n".join(lines) + "\n}"

    def claim(self, name: str) -> Declaration | None:
        """The declaration of a claim."""
        return next((claim for claim in self.claims if claim.name == name), None)


@dataclass(frozen=True)
class Schema:
    """All that expressions can name, the routes' captures aside. ``fields`` None: no metadata block."""

    issuers: tuple[IssuerSpec, ...]
    fields: tuple[Declaration, ...] | None = field(default=None)

    def issuer(self, name: str) -> IssuerSpec:
        """By name."""
        return next(issuer for issuer in self.issuers if issuer.name == name)


def value(draw: DrawFn, kind: Kind) -> Any:
    """A value of a type, from the pool; sets as sorted tuples. Of texts, the odd ones are rare."""
    match kind.word:
        case "text":
            fitting = [text for text in (*pool.TEXTS, *pool.SLUGS) if kind.low <= len(text) <= kind.high]
            odd = [text for text in pool.ODD_TEXTS if kind.low <= len(text) <= kind.high]
            return pick(draw, odd) if odd and one_in(draw, 6) else pick(draw, fitting)
        case "int":
            if not one_in(draw, 4) and kind.low <= 0 and kind.high >= 50:
                return pick(draw, (0, 1, 50))
            inside = [n for n in (*pool.INTEGERS, *pool.EXTREMES) if kind.low <= n <= kind.high]
            return pick(draw, (*inside, kind.low, kind.low + 1, kind.high, kind.high - 1))
        case "enum":
            return pick(draw, kind.values)
        case "bool":
            return one_in(draw, 2)
        case "time":
            return pool.BASE - pick(draw, pool.AGES)
        case "set":
            return members(draw, kind.of, draw(below(4)))
        case word:
            return pick(draw, {"slug": pool.SLUGS, "email": pool.EMAILS, "cidr": pool.NETWORKS}[word])


def members(draw: DrawFn, kind: Kind, count: int) -> tuple[Any, ...]:
    """Some items of a set, mostly of a few, so that two sets are often equal or one within the other."""
    few = {"text": ("a", "b", "admin"), "slug": pool.SLUGS[:3], "email": pool.EMAILS, "cidr": pool.NETWORKS[:2]}
    usual = few.get(kind.word, kind.values)
    return tuple(sorted({value(draw, kind) if one_in(draw, 4) else pick(draw, usual) for _ in range(count)}))


def plain_value(draw: DrawFn, kind: Kind) -> Any:
    """A value that a literal in a declaration or a condition may have: printable, not empty."""
    if kind.word == "set":
        return tuple(item for item in members(draw, kind.of, 1 + draw(below(3))) if item and item.isprintable()) or (
            "a",
        )
    if kind.word == "text":
        return pick(draw, [text for text in (*pool.TEXTS, *pool.SLUGS) if max(kind.low, 1) <= len(text) <= kind.high])
    return value(draw, kind)


def declaration(draw: DrawFn, name: str, kind: Kind) -> Declaration:
    """A claim: required, optional, with a default, or pinned; found under its own name, a URL, or nested."""
    modes = ("required", "required", "optional", "optional", "required" if kind.word == "time" else "default")
    mode = pick(draw, modes)
    if kind.word != "time" and one_in(draw, 10):
        return Declaration(name, kind, always=plain_value(draw, kind))
    path = pick(draw, ((), (), (f"https://example.com/{name}",), ("ext", name), ("a", "b", name)))
    split = pick(draw, (None, " ", ",")) if kind.word == "set" else None
    default = plain_value(draw, kind) if mode == "default" else None
    if split is not None and default is not None:
        default = tuple(item for item in default if split not in item)
        mode, default = ("default", default) if default else ("required", None)
    nullable = mode != "required" and one_in(draw, 2)
    return Declaration(name, kind, mode == "optional", default, None, split, path, nullable)


def metadata_field(draw: DrawFn, name: str, kind: Kind) -> Declaration:
    """A metadata field: required, optional, or with a default."""
    claim = declaration(draw, name, kind)
    return Declaration(name, kind, claim.optional, claim.default, null_as_absent=claim.null_as_absent)


def issuers(draw: DrawFn) -> tuple[IssuerSpec, ...]:
    """One to three issuers; two of them may share an ``iss`` and be told apart by marks. Some are keyrings."""
    marked = one_in(draw, 2)
    made: list[IssuerSpec] = []
    for number in range(1 + draw(below(3))):
        names = some(draw, sorted(CLAIMS), 1, 6)
        claims = [declaration(draw, name, pick(draw, CLAIMS[name])) for name in sorted(names)]
        shared = marked and number < 2
        if not shared and one_in(draw, 4):
            place = pick(draw, (f"credential header X-Ring{number}", f'credential cookie "ring{number}"'))
            if all(other.ring != "" for other in made) and one_in(draw, 2):
                place = ""
            made.append(IssuerSpec(f"iss{number}", "", (Declaration("sub", TEXT), *claims), ring=place))
            continue
        made.append(
            IssuerSpec(
                name=f"iss{number}",
                iss="https://shared.test" if shared else f"https://iss{number}.test",
                claims=(Declaration("sub", TEXT), *claims),
                mark=("", "robot")[number] if shared else None,
                leeway=pick(draw, (0, 0, 5)),
                lifetime=pick(draw, (None, None, 3600)),
                verified_by=pick(draw, (None, None, None, "app_keys")),
            )
        )
    return tuple(made)


def schema(draw: DrawFn) -> Schema:
    """Issuers, and mostly metadata."""
    block = None
    if not one_in(draw, 4):
        names = {*some(draw, sorted(FIELDS), 1, 3), pick(draw, ("tier", "tiers"))}
        block = tuple(metadata_field(draw, name, pick(draw, FIELDS[name])) for name in sorted(names))
    return Schema(issuers(draw), block)
