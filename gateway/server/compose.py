"""The last step: an allowed request becomes the head that travels on, identity tokens minted, and the answer's edit."""

from gateway.message.forward import AnswerEdit, Forward
from gateway.message.principal import Principal
from gateway.policy.loaded import Loaded
from gateway.rewrite.head import VIA, VIA_OLD_CLIENT, HeadBuilder, origin_lines
from gateway.rewrite.identity_token import Minter
from gateway.server.call import Call
from policylang.embed import Verdict


class Composer:
    """Makes what the forwarder sends. ``scheme`` is the one that clients use to reach the listener."""

    def __init__(self, minter: Minter, scheme: bytes) -> None:
        self._minter = minter
        self._scheme = scheme
        self._heads: tuple[int, HeadBuilder] = (0, HeadBuilder(frozenset()))

    def compose(self, call: Call, who: Principal, verdict: Verdict, fields: bytes) -> Forward:
        """The request as it travels on. ``fields`` are the RateLimit lines for the answer."""
        loaded, route, request = call.loaded, call.route, call.request
        request_id = request.request_id.encode()
        via = VIA_OLD_CLIENT if request.http10 else VIA
        own = (
            origin_lines(call.facts.client_ip.encode(), self._scheme, call.host, request_id, via) + verdict.set_request
        )
        for says in verdict.mints:
            spec = loaded.compiled.plan.tokens[says.token]
            token = self._minter.mint(spec, says, who, call.now)
            own += b"%s: %s%s\r\n" % (spec.header.encode(), b"Bearer " if spec.bearer else b"", token)
        index = call.index
        host = call.host if route.preserve_host else loaded.hosts[index]
        builder = self._builder(loaded)
        head = builder.build(call.place.line, request.headers, call.listed, loaded.drops[index], own, host)
        remove, prefixes, _ = loaded.edits[index]
        edit = AnswerEdit(remove, prefixes, b"X-Request-Id: %s\r\n%s%s" % (request_id, fields, verdict.set_response))
        return Forward(head, route.upstream, edit, route.connect_micros, route.answer_micros, route.idle_micros)

    def _builder(self, loaded: Loaded) -> HeadBuilder:
        """One builder for each plan: what it knows of header names depends on what the plan's rules set."""
        if self._heads[0] != loaded.generation:
            self._heads = (loaded.generation, HeadBuilder(loaded.compiled.output_names))
        return self._heads[1]
