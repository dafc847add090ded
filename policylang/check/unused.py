"""What nothing uses. Uses are counted in what was written, so that a use with another mistake in it still counts."""

from collections.abc import Collection, Iterator, Mapping

from policylang.check import errors_items as errors
from policylang.check.environment import Sink
from policylang.check.symbols import Symbols
from policylang.syntax import nodes
from policylang.syntax.walk import walk


def check_unused(symbols: Symbols, policies_named: Collection[str], sink: Sink) -> None:
    """Complain of issuers and settings that nothing uses; warn of lets, policies and secrets."""
    trusted = {entry.text for route in symbols.routes.values() for trust in route.trust for entry in trust}
    for name, issuer in symbols.issuers.items():
        if name not in trusted:
            sink.add(errors.issuer_unused(name, issuer.name.span))
    settings = {const.name for const in _constants(symbols) if isinstance(const, nodes.SettingRef)}
    for name, setting in symbols.settings.items():
        if name not in settings:
            sink.add(errors.setting_unused(name, setting.name.span))
    used = _lets(symbols)
    for name, let in symbols.lets.items():
        if name not in used:
            sink.add(errors.let_unused(name, let.name.span))
    for name, policy in symbols.policies.items():
        if name not in policies_named:
            sink.add(errors.policy_unused(name, policy.name.span))
    secrets = set(_secrets(symbols))
    for name, secret in symbols.secrets.items():
        if name not in secrets:
            sink.add(errors.secret_unused(name, secret.name.span))


def _constants(symbols: Symbols) -> Iterator[nodes.Const]:
    for issuer in symbols.issuers.values():
        yield from issuer.iss
        for audience in issuer.audience:
            yield from audience
        for keys in issuer.keys:
            if isinstance(keys, nodes.KeysUrl):
                yield keys.url
    for route in symbols.routes.values():
        for upstream in route.upstream:
            yield from upstream
    for token in symbols.identity_tokens.values():
        yield from token.audience


def _secrets(symbols: Symbols) -> Iterator[str]:
    for issuer in symbols.issuers.values():
        for keys in issuer.keys:
            if isinstance(keys, nodes.KeysSecret):
                yield keys.secret.name
    for block in symbols.headers:
        for operation in block.operations:
            if isinstance(operation, nodes.SetHeader) and isinstance(operation.value, nodes.SecretRef):
                yield operation.value.name


def _lets(symbols: Symbols) -> set[str]:
    """The lets that conditions reach, through other lets too."""
    if not symbols.lets:
        return set()
    used: set[str] = set()
    pending = [name for condition in _conditions(symbols) for name in _named(condition)]
    while pending:
        name = pending.pop()
        if name not in used:
            used.add(name)
            pending += _named_by(name, symbols.lets)
    return used


def _conditions(symbols: Symbols) -> Iterator[nodes.Expr]:
    for rule in symbols.rules.values():
        for condition in (rule.when, rule.unless):
            if condition is not None:
                yield condition
    for select in symbols.selects:
        for arm in select.arms:
            if arm.when is not None:
                yield arm.when


def _named(expression: nodes.Expr) -> list[str]:
    return [node.name for node in walk(expression) if isinstance(node, nodes.LetRef)]


def _named_by(name: str, lets: Mapping[str, nodes.Let]) -> list[str]:
    let = lets.get(name)
    return [] if let is None else _named(let.value)
