"""What an issuer signs with: its algorithms, and where the keys to verify them come from.

Law of this file: a secret never verifies an algorithm with public keys, nor public keys an HMAC (RFC 8725 section 3.1).
Of a keyring each access key is one or the other, and says so itself.
"""

from collections.abc import Sequence

from policylang.check import errors_issuers as errors
from policylang.check import errors_names
from policylang.check.constants import Constants, member_span
from policylang.check.environment import Sink
from policylang.check.fields import distinct_names
from policylang.check.key_file import key_problem
from policylang.check.model import KeySource
from policylang.check.nearest import nearest
from policylang.check.texts import printable
from policylang.check.urls import secure_url_problem
from policylang.diagnostics.source_errors import source_trouble
from policylang.source.tree import SourceTree, read_aux
from policylang.source.trouble import Trouble
from policylang.syntax import nodes

Keys = nodes.KeysUrl | nodes.KeysFile | nodes.KeysSecret | nodes.KeysDiscovered | nodes.KeysKeyring

HMAC = ("HS256", "HS384", "HS512")
PUBLIC = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519",
)  # fmt: skip
"""The registered algorithms (RFC 7518, 8037, 8812, 9864) that the gateway verifies with."""

NO_KEYS = KeySource("inline", "")
"""Stands in where an issuer has no keys, after a complaint."""


def usable_algorithms(listed: Sequence[nodes.Name], keys: Keys | None, sink: Sink) -> tuple[str, ...]:
    """The listed algorithms that can be verified with such keys, sorted; complains of the others."""
    used: list[str] = []
    for name in distinct_names("algorithm", listed, sink):
        algorithm = name.text
        if algorithm.lower() == "none":
            sink.add(errors.algorithm_none(algorithm, name.span))
        elif algorithm not in HMAC and algorithm not in PUBLIC:
            near = {known.lower(): known for known in PUBLIC}.get(algorithm.lower()) or nearest(algorithm, PUBLIC)
            sink.add(errors.algorithm_unknown(algorithm, near, name.span))
        elif isinstance(keys, nodes.KeysSecret) and algorithm in PUBLIC:
            sink.add(errors.secret_with_public(algorithm, name.span, keys.span))
        elif keys is not None and not isinstance(keys, nodes.KeysSecret | nodes.KeysKeyring) and algorithm in HMAC:
            sink.add(errors.public_with_secret(algorithm, name.span, keys.span))
        else:
            used.append(algorithm)
    return tuple(sorted(used))


def key_source(
    keys: Keys, iss: str, algorithms: tuple[str, ...], tree: SourceTree, *, constants: Constants, sink: Sink
) -> KeySource:
    """Where the keys come from; the text of a key file is embedded. ``algorithms`` are the usable ones."""
    match keys:
        case nodes.KeysDiscovered():
            return KeySource("discovered", iss)
        case nodes.KeysSecret(secret=secret):
            known = constants.symbols.secrets
            if secret.name not in known:
                near = constants.symbols.guess(secret.name, known)
                sink.add(errors_names.unknown_name("secret", secret.name, member_span(secret.span, secret.name), near))
            return KeySource("secret", secret.name)
        case nodes.KeysKeyring(keyring=name):
            keyrings = constants.symbols.keyrings
            if name.text not in keyrings:
                near = constants.symbols.guess(name.text, keyrings)
                sink.add(errors_names.unknown_name("keyring", name.text, name.span, near))
            return KeySource("keyring", name.text)
        case nodes.KeysFile(path=path):
            return KeySource("inline", _key_text(path, algorithms, tree, sink))
        case nodes.KeysUrl(url=url):
            text = constants.url("`keys`", url, sink)
            problem = None if text is None else secure_url_problem(text)
            if problem is not None:
                sink.add(errors.url_unfit("the URL of the keys", problem, url.span))
            return KeySource("url", text or "")


def _key_text(path: nodes.Str, algorithms: tuple[str, ...], tree: SourceTree, sink: Sink) -> str:
    name = printable("the name of a key file", path, sink)
    if name is None:
        return ""
    content = read_aux(tree.root, name)
    if isinstance(content, Trouble):
        sink.add(source_trouble(content, path.span))
        return ""
    problem = key_problem(content, algorithms) if algorithms else None
    if problem is not None:
        complaint = errors.key_file_private if problem.kind == "private" else errors.key_file_unfit
        sink.add(complaint(name, problem.reason, path.span))
    return content
