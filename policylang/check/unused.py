"""What nothing uses. Uses are counted in what was written, so that a use with another mistake in it still counts.

Where some name of a kind was not found, nothing of that kind is called unused: it may be what was meant.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from policylang.check import errors_items as errors
from policylang.check import errors_keyrings
from policylang.check.environment import Sink
from policylang.check.routes import ANONYMOUS
from policylang.check.symbols import Symbols
from policylang.syntax import nodes
from policylang.syntax.walk import walk


def check_unused(symbols: Symbols, policies_named: Collection[str], sink: Sink) -> None:
    """Complain of issuers and settings that nothing uses; warn of keyrings, lets, policies and secrets."""
    items = symbols.items
    trusted = {entry.text for item in items for entry in _trusted(item)} - {ANONYMOUS}
    settings = {const.name for item in items for const in _constants(item) if isinstance(const, nodes.SettingRef)}
    secrets = {ref.name for item in items for ref in _secrets(item)}
    callers: dict[str, nodes.Item] = {**symbols.issuers, **symbols.keyrings}
    verifying = {name.text for item in items for name in _keyrings(item)}
    for name in _never(callers, trusted):
        if name in symbols.issuers:
            sink.add(errors.issuer_unused(name, symbols.issuers[name].name.span))
    for name in _never(callers, trusted | verifying):
        if name in symbols.keyrings:
            sink.add(errors_keyrings.keyring_unused(name, symbols.keyrings[name].name.span))
    for name in _never(symbols.settings, settings):
        sink.add(errors.setting_unused(name, symbols.settings[name].name.span))
    for name in _never(symbols.lets, _lets(symbols)):
        sink.add(errors.let_unused(name, symbols.lets[name].name.span))
    for name in _never(symbols.policies, policies_named):
        sink.add(errors.policy_unused(name, symbols.policies[name].name.span))
    for name in _never(symbols.secrets, secrets):
        sink.add(errors.secret_unused(name, symbols.secrets[name].name.span))


def _never(declared: Mapping[str, nodes.Item], used: Collection[str]) -> list[str]:
    if not all(name in declared for name in used):
        return []
    return [name for name in declared if name not in used]


def _trusted(item: nodes.Item) -> Iterable[nodes.Name]:
    return [entry for trust in item.trust for entry in trust] if isinstance(item, nodes.Route) else ()


def _constants(item: nodes.Item) -> Iterator[nodes.Const]:
    match item:
        case nodes.Issuer():
            yield from item.iss
            for audience in item.audience:
                yield from audience
            for keys in item.keys:
                if isinstance(keys, nodes.KeysUrl):
                    yield keys.url
        case nodes.Route():
            for upstream in item.upstream:
                yield from upstream
        case nodes.IdentityToken():
            yield from item.audience


def _secrets(item: nodes.Item) -> Iterator[nodes.SecretRef]:
    match item:
        case nodes.Issuer():
            for keys in item.keys:
                if isinstance(keys, nodes.KeysSecret):
                    yield keys.secret
        case nodes.Headers():
            for operation in item.operations:
                if isinstance(operation, nodes.SetHeader) and isinstance(operation.value, nodes.SecretRef):
                    yield operation.value


def _keyrings(item: nodes.Item) -> Iterator[nodes.Name]:
    """The keyrings whose keys verify an issuer's tokens."""
    if isinstance(item, nodes.Issuer):
        yield from (keys.keyring for keys in item.keys if isinstance(keys, nodes.KeysKeyring))


def _lets(symbols: Symbols) -> set[str]:
    """The lets that conditions reach, through other lets too."""
    if not symbols.lets:
        return set()
    used: set[str] = set()
    pending = [name for item in symbols.items for condition in _conditions(item) for name in _named(condition)]
    while pending:
        name = pending.pop()
        if name not in used:
            used.add(name)
            let = symbols.lets.get(name)
            pending += [] if let is None else _named(let.value)
    return used


def _conditions(item: nodes.Item) -> Iterator[nodes.Expr]:
    match item:
        case nodes.Rule():
            for condition in (item.when, item.unless):
                if condition is not None:
                    yield condition
        case nodes.Select():
            for arm in item.arms:
                if arm.when is not None:
                    yield arm.when


def _named(expression: nodes.Expr) -> list[str]:
    return [node.name for node in walk(expression) if isinstance(node, nodes.LetRef)]
