"""Complaints about ``env/NAME.toml``, codes R714 to R716. A docstring here is its code's page in the docs."""

from policylang.diagnostics.model import Diagnostic, Label
from policylang.diagnostics.source_errors import source_trouble
from policylang.diagnostics.suggest import did_you_mean
from policylang.source.environment import Environment, NotToml, Unfit
from policylang.source.spans import Span


def environment_troubles(environment: Environment, file: int) -> tuple[Diagnostic, ...]:
    """The complaints about an environment, whose text has the index ``file`` in what spans refer to."""
    found = []
    for trouble in environment.troubles:
        if isinstance(trouble, NotToml):
            found.append(environment_not_toml(environment, trouble, Span(file, trouble.offset, trouble.offset)))
        elif isinstance(trouble, Unfit):
            place = Span(file, trouble.offset, trouble.offset + len(trouble.name))
            found.append(environment_unfit(trouble, place))
        elif trouble.kind in _UNREAD:
            found.append(environment_unknown(environment, _UNREAD[trouble.kind] or trouble.reason, Span(file, 0, 0)))
        else:
            found.append(source_trouble(trouble, Span(file, 0, 0)))
    return tuple(found)


_UNREAD = {
    "system": "",
    "name": "a name is made of letters, digits, `.`, `_` and `-`",
    "rootless": "these rules have no directory",
}
"""Troubles that leave nothing to look at; an empty reason is the system's own."""


def environment_unknown(environment: Environment, reason: str, at: Span) -> Diagnostic:
    """R714: the environment that was asked for cannot be read.

    Values of settings are in `env/NAME.toml`, beside the rules; NAME is what `--env` says.
    Bad: `policylang compile rules/ --env prd`. Good: `policylang compile rules/ --env prod`.
    """
    near = did_you_mean(environment.name, environment.known)
    there = ", ".join(environment.known)
    help_ = f"did you mean `{near}`?" if near else f"the environments here are: {there}" if there else None
    return Diagnostic(
        "R714",
        f"the environment `{environment.path}` cannot be read: {reason}",
        (Label(at),),
        help=() if help_ is None else (help_,),
    )


def environment_not_toml(environment: Environment, trouble: NotToml, at: Span) -> Diagnostic:
    """R715: an environment's file is not TOML.

    Bad: `orders_url: "http://127.0.0.1:9000"`. Good: `orders_url = "http://127.0.0.1:9000"`.
    """
    return Diagnostic("R715", f"the environment `{environment.path}` is not TOML", (Label(at, trouble.reason.lower()),))


def environment_unfit(trouble: Unfit, at: Span) -> Diagnostic:
    """R716: a value in an environment's file that no setting can have.

    Settings are URLs, texts and integers; an environment is a flat table of them.
    Bad: `[orders]` above `url = "http://127.0.0.1:9000"`. Good: `orders_url = "http://127.0.0.1:9000"`.
    """
    article = "an" if trouble.kind == "array" else "a"
    return Diagnostic(
        "R716",
        f"`{trouble.name}` is {article} {trouble.kind}, and a setting is a text or an integer",
        (Label(at),),
        help=(f'write it as a text or a whole number:  {trouble.name} = "…"',),
    )
