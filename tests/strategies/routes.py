"""Routes for a schema: overlapping paths, with and without hosts, for one issuer, several, or anybody."""

from dataclasses import dataclass, field

from hypothesis.strategies import DrawFn

from tests.strategies import pool
from tests.strategies.draws import below, one_in, pick, some
from tests.strategies.schema import EMAIL, SLUG, Kind, Schema

NUMBER = Kind("int", 0, 99)
SHORT = Kind("text", 1, 16)

PATHS: tuple[tuple[str, dict[str, Kind]], ...] = (
    ("/v1/{tenant: slug}/orders/**", {"tenant": SLUG}),
    ("/v1/orders/{id: int 0..99}", {"id": NUMBER}),
    ("/v1/orders", {}),
    ("/v1/orders/*", {}),
    ("/v1/**", {}),
    ("/v1/{id: int 0..99}", {"id": NUMBER}),
    ("/v1/{tenant: slug}/x", {"tenant": SLUG}),
    ("/t/{name: text(1..16)}", {"name": SHORT}),
    ("/t/{mail: email}/", {"mail": EMAIL}),
    ("/t/a/", {}),
    ("/", {}),
    ("/**", {}),
)
HOSTS: tuple[tuple[str, dict[str, Kind]], ...] = (
    ("api.test", {}),
    ("*.test", {}),
    ("{zone: slug}.test", {"zone": SLUG}),
    ("a.*.test", {}),
)

NOWHERE: tuple[None, dict[str, Kind]] = (None, {})
"""No host pattern."""


@dataclass(frozen=True)
class RouteSpec:
    """A route as the generator knows it. ``more`` are further patterns: (methods, path), each with the same captures."""

    name: str
    methods: tuple[str, ...]
    path: str
    host: str | None
    trust: tuple[str, ...]
    anonymous: bool
    tags: tuple[str, ...]
    captures: dict[str, Kind] = field(hash=False)
    more: tuple[tuple[tuple[str, ...], str], ...] = ()

    @property
    def source(self) -> str:
        """The block."""
        trusted = [*self.trust, *(["anonymous"] if self.anonymous else [])]
        lines = [
            f'  match {", ".join(methods)} on "{path}"' for methods, path in ((self.methods, self.path), *self.more)
        ]
        lines.append(f"  trust {', '.join(trusted)}")
        lines += [f'  host "{self.host}"'] if self.host is not None else []
        lines += [f"  tags {', '.join(self.tags)}"] if self.tags else []
        return f"route {self.name} {{\n" + "\n".join(lines) + '\n  upstream "http://127.0.0.1:9000"\n}'


def routes(draw: DrawFn, schema: Schema) -> tuple[RouteSpec, ...]:
    """One to four routes, of which no two are the same place for one method."""
    names = [issuer.name for issuer in schema.issuers]
    made: list[RouteSpec] = []
    taken: set[tuple[str, str | None, str]] = set()
    for number in range(1 + draw(below(4))):
        path, of_path = pick(draw, PATHS)
        host, of_host = pick(draw, (NOWHERE, NOWHERE, NOWHERE, *HOSTS))
        free = [m for m in pool.METHODS if (shape(path), host, m) not in taken]
        if not free:
            continue
        methods = tuple(some(draw, free, 1))
        taken |= {(shape(path), host, method) for method in methods}
        kind = pick(draw, ("one", "one", "one", "all", "all", "all", "mixed", "anonymous"))
        trust = () if kind == "anonymous" else tuple(names) if kind == "all" else (pick(draw, names),)
        tags = tuple(some(draw, ("hot", "cold")))
        captures = {**of_path, **of_host}
        anonymous = kind in {"mixed", "anonymous"}
        more = _further(draw, path, of_path, host, taken)
        made.append(RouteSpec(f"r{number}", methods, path, host, trust, anonymous, tags, captures, more))
    return tuple(made)


def _further(
    draw: DrawFn, first: str, captures: dict[str, Kind], host: str | None, taken: set[tuple[str, str | None, str]]
) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Now and then a second pattern, with the captures of the first."""
    same = [path for path, of_path in PATHS if of_path == captures and path != first]
    if not same or not one_in(draw, 4):
        return ()
    path = pick(draw, same)
    free = [method for method in pool.METHODS if (shape(path), host, method) not in taken]
    if not free:
        return ()
    methods = tuple(some(draw, free, 1))
    taken |= {(shape(path), host, method) for method in methods}
    return ((methods, path),)


def shape(path: str) -> str:
    """The path with its captures all alike: two paths of one shape tie."""
    return "/".join("{" if segment.startswith("{") else segment for segment in path.replace(": ", ":").split("/"))
