"""The last step: an allowed request becomes the head that travels on, identity tokens minted, and the answer's edit."""

from gateway.message.forward import AnswerEdit, Forward
from gateway.message.principal import Principal
from gateway.policy.loaded import Loaded
from gateway.rewrite.head import HeadBuilder, Origin
from gateway.rewrite.identity_token import Minter
from gateway.server.call import Call
from policylang.embed import Verdict, change_prefix


class Composer:
    """Makes what the forwarder sends. ``scheme`` is the one that clients use to reach the listener."""

    def __init__(self, minter: Minter, scheme: bytes) -> None:
        self._minter = minter
        self._scheme = scheme
        self._heads: tuple[int, HeadBuilder] = (0, HeadBuilder(frozenset()))

    def compose(self, call: Call, who: Principal, verdict: Verdict, fields: bytes) -> Forward:
        """The request as it travels on. ``fields`` are the RateLimit lines for the answer."""
        loaded, route, request = call.loaded, call.route, call.request
        own = verdict.set_request
        for says in verdict.mints:
            spec = loaded.compiled.plan.tokens[says.token]
            token = self._minter.mint(spec, says, who, call.now)
            own += b"%s: %s%s\r\n" % (spec.header.encode(), b"Bearer " if spec.bearer else b"", token)
        change = loaded.prefixes[call.index]
        path = call.target.path if change is None else change_prefix(call.target, change)
        if call.target.query is not None:
            path += b"?" + call.target.query
        request_id = request.request_id.encode()
        head = self._builder(loaded).build(
            request.method.encode() + b" " + path,
            request.headers,
            call.listed,
            loaded.drops[call.index],
            own,
            Origin(call.facts.client_ip.encode(), self._scheme, call.host, request_id),
            call.host if route.preserve_host else loaded.hosts[call.index],
        )
        edit = loaded.edits[call.index]
        add = b"X-Request-Id: " + request_id + b"\r\n" + fields + verdict.set_response
        return Forward(
            head=head,
            targets=route.upstream,
            edit=AnswerEdit(edit.remove, edit.prefixes, add),
            connect_micros=route.connect_micros,
            answer_micros=route.answer_micros,
            idle_micros=route.idle_micros,
        )

    def _builder(self, loaded: Loaded) -> HeadBuilder:
        """One builder for each plan: what it knows of header names depends on what the plan's rules set."""
        if self._heads[0] != loaded.generation:
            self._heads = (loaded.generation, HeadBuilder(loaded.compiled.output_names))
        return self._heads[1]
