"""L014: an upstream that is reached without TLS."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from policylang.check.urls import is_loopback
from policylang.linter.model import Finding, LintRule, Option, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Upstreams with ``http`` outside this machine; values of settings are those of the environment."""
    trusted = options.words("hosts")
    for route in subject.items(nodes.Route):
        for listed in route.upstream:
            for const in listed:
                url = subject.text_of(const)
                parts = urlsplit(url)
                host = parts.hostname or ""
                if parts.scheme == "http" and not is_loopback(host) and not _within(host, trusted):
                    yield Finding(
                        const.span,
                        f"requests of `{route.name.text}` go over the network in the clear",
                        "http" if isinstance(const, nodes.Str) else "http, in this environment",
                        help=(
                            'use https, or list the host in lint.toml if its network encrypts:  hosts = [".cluster.local"]',
                        ),
                    )


def _within(host: str, trusted: frozenset[str]) -> bool:
    return any(host == name or (name.startswith(".") and host.endswith(name)) for name in trusted)


RULE = LintRule(
    code="L014",
    name="plain-http-upstream",
    severity="warning",
    what="An `upstream` with `http` on a host that is not this machine.",
    why="The headers that the gateway sets, identity tokens among them, are what upstreams believe. In the clear, "
    "whoever is on the path can read and forge them. Issuers and key sets must have https (R420).",
    bad='route orders { match GET on "/orders"   trust corp   upstream "http://orders.example.com:9000" }\n',
    good='route orders { match GET on "/orders"   trust corp   upstream "https://orders.example.com" }\n',
    check=check,
    options=(
        Option("hosts", "words", (), 'Hosts on networks that encrypt by themselves; ".local" stands for all below it.'),
    ),
)
