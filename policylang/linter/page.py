"""The page of a lint rule: for the docs, for ``--explain`` and for SARIF, from the rule's own file."""

import inspect
import re

from policylang.diagnostics.model import Severity
from policylang.diagnostics.pages import Page, examples
from policylang.linter import errors
from policylang.linter.catalogue import RULES
from policylang.linter.model import LintRule, Option

FRAME = {
    r"issuer corp\b": """issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims {
    sub:    text(1..128)
    scope:  set of text              split " "
    tenant: slug
    plan:   one of "free", "gold"    default "free"
    risk:   int 0..100               optional
  }
}
""",
    r"route orders\b": """route orders {
  match GET on "/v1/{tenant: slug}/orders/**"   trust corp   upstream "http://127.0.0.1:9000"
}
""",
    r"allow \w+ +on (\w+, *)*orders\b": """allow read on orders for GET when "orders:read" in claims.scope
""",
}
"""What the examples leave out: each item stands where no line of an example begins with its pattern."""

OWN = (
    errors.suppression_without_code,
    errors.suppression_without_reason,
    errors.suppression_of_unknown_code,
    errors.suppression_without_effect,
    errors.config_unreadable,
    errors.config_not_toml,
    errors.config_unknown,
    errors.config_unfit,
)
"""What the linter says of its own comments and its own file."""


def framed(example: str) -> str:
    """An example as a whole rule set.

    >>> framed("allow read on orders for GET always").count("allow")
    1
    """
    missing = [item for begins, item in FRAME.items() if not re.search(rf"^{begins}", example, re.MULTILINE)]
    return "language 1\n" + "".join(missing) + example


def pages() -> tuple[Page, ...]:
    """Every page of the linter, by code."""
    return (*(page_of(rule) for rule in RULES), *(_own_page(inspect.getdoc(each) or "") for each in OWN))


def page_of(rule: LintRule) -> Page:
    """The page of one rule; its text is Markdown."""
    parts = [
        rule.what,
        rule.why,
        *([rule.notes] if rule.notes else []),
        f"Severity: {rule.severity}. Automatic fix: {_fix(rule)}",
        *([_options(rule.options, rule.code)] if rule.options else []),
        f"Bad:\n\n```rules\n{rule.bad}```",
        f"Good:\n\n```rules\n{rule.good}```",
    ]
    return Page(rule.code, rule.name, rule.what.rstrip("."), "\n\n".join(parts) + "\n", rule.severity)


def _fix(rule: LintRule) -> str:
    return f"{rule.fix[0].lower()}{rule.fix[1:]}" if rule.fix else "none."


def _options(options: tuple[Option, ...], code: str) -> str:
    head = f"Options, below `[options.{code}]` in `lint.toml`:\n\n| name | default | what |\n|---|---|---|"
    return "\n".join([head, *(f"| `{option.name}` | `{_toml(option)}` | {option.what} |" for option in options)])


def _toml(option: Option) -> str:
    value = option.default
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{word}"' for word in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _own_page(doc: str) -> Page:
    """The page in a constructor's docstring."""
    head, _, text = doc.partition("\n")
    code, _, title = head.partition(": ")
    severity: Severity = "warning" if code < "L910" else "error"
    return Page(code, _NAMES[code], title.rstrip("."), examples(text).strip() + "\n", severity)


_NAMES = {
    "L900": "suppression-without-code",
    "L901": "suppression-without-reason",
    "L902": "suppression-of-unknown-code",
    "L903": "suppression-without-effect",
    "L910": "config-unreadable",
    "L911": "config-not-toml",
    "L912": "config-unknown",
    "L913": "config-unfit",
}
