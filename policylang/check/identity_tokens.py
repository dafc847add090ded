"""Identity tokens: what the gateway signs for an upstream about the caller."""

from dataclasses import dataclass

from policylang.check import errors_headers as errors
from policylang.check import errors_names
from policylang.check.bounds import HOUR, SECOND, duration
from policylang.check.environment import Sink
from policylang.check.fields import Fields
from policylang.check.ground import Ground
from policylang.check.header_names import spelling, why_not_set
from policylang.check.infer import Purpose, check_reference
from policylang.check.model import IdentityToken, Ref
from policylang.check.writers import Writers
from policylang.syntax import nodes

REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
SHORTEST, LONGEST = 5 * SECOND, HOUR


def check_identity_tokens(ground: Ground, writers: Writers) -> tuple[IdentityToken, ...]:
    """Every identity token, sorted by name; ``writers`` is shared with header blocks."""
    return _Tokens(ground, writers).all()


@dataclass
class _Tokens:
    ground: Ground
    writers: Writers

    @property
    def sink(self) -> Sink:
        return self.ground.sink

    def all(self) -> tuple[IdentityToken, ...]:
        tokens = self.ground.symbols.identity_tokens
        made = [self._token(tokens[name]) for name in sorted(tokens)]
        return tuple(token for token in made if token is not None)

    def _token(self, node: nodes.IdentityToken) -> IdentityToken | None:
        fields = Fields(f"identity token `{node.name.text}`", node.name.span, self.sink)
        audience = fields.exactly_one("audience", node.audience, 'audience "svc-orders"')
        subject = fields.exactly_one("subject", node.subject, "subject claims.sub")
        lifetime = fields.exactly_one("lifetime", node.lifetime, "lifetime 60s")
        header = fields.exactly_one("header", node.header, "header X-Identity")
        minted = fields.at_most_one("claims", [claims for claims in node.claims if claims]) or ()
        fields.settle()
        routes = self._routes(node)
        name = self._header(header, routes)
        cells = self.ground.cells.trusted(routes)
        sub = None
        if subject is not None and cells:
            sub = check_reference(subject, cells, self.ground.names, self.sink, purpose=Purpose.SUBJECT)
        claims = self._minted(minted, routes)
        micros = 0 if lifetime is None else duration("a lifetime", lifetime, SHORTEST, LONGEST, self.sink)
        text = None if audience is None else self.ground.constants.text("an audience", audience, self.sink)
        if sub is None or text is None or header is None:
            return None
        return IdentityToken(node.name.text, routes, text, sub, micros, name, header.bearer, claims, node.name.span)

    def _routes(self, node: nodes.IdentityToken) -> tuple[str, ...]:
        """The routes in scope; complains of those that trust anonymous only, and leaves them out."""
        reach = self.ground.scopes.reach(node.scope).routes
        callerless = tuple(
            name for name in reach if self.ground.routes[name].anonymous and not self.ground.routes[name].trust
        )
        callerless = tuple(name for name in callerless if name not in self.ground.cells.unsure)
        if callerless:
            self.sink.add(errors.token_without_caller(node.name.text, callerless, node.scope.span))
        return tuple(name for name in reach if name not in callerless)

    def _header(self, header: nodes.OutHeader | None, routes: tuple[str, ...]) -> str:
        if header is None:
            return ""
        name = spelling(header.name)
        reason = why_not_set(name, "request")
        if reason is not None:
            self.sink.add(errors.header_reserved(name, reason, header.name.span))
        self.writers.announce(name, "request", routes, header.name.span)
        return name

    def _minted(self, minted: tuple[nodes.Minted, ...], routes: tuple[str, ...]) -> tuple[tuple[str, Ref], ...]:
        first: dict[str, nodes.Minted] = {}
        made: list[tuple[str, Ref]] = []
        cells = self.ground.cells.trusted(routes)
        for claim in minted:
            name = claim.name.text
            earlier = first.setdefault(name, claim)
            if earlier is not claim:
                self.sink.add(errors_names.duplicate_name("minted claim", name, claim.name.span, earlier.name.span))
            if name in REGISTERED:
                self.sink.add(errors.minted_registered(name, claim.name.span))
            if cells:
                ref = check_reference(claim.ref, cells, self.ground.names, self.sink, purpose=Purpose.MINTED)
                if ref is not None:
                    made.append((name, ref))
        return tuple(sorted(made, key=lambda pair: pair[0]))
