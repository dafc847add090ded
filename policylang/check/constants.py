"""Constants that an environment may supply: settings get their values, and uses of them are checked for type.

Without an environment (plain ``check``) every setting gets a placeholder of its type, so that all else can be checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from policylang.check import errors_names
from policylang.check import errors_settings as errors
from policylang.check.environment import Sink
from policylang.check.symbols import Symbols
from policylang.check.texts import printable
from policylang.check.urls import url_problem
from policylang.source.spans import NOWHERE, Span
from policylang.syntax import nodes

NO_PLACES: Mapping[str, Span] = MappingProxyType({})
"""Of an environment that is in no file."""


@dataclass(frozen=True)
class Constants:
    """``values`` has every declared setting whose value is good."""

    symbols: Symbols
    values: Mapping[str, str | int]

    def text(self, place: str, const: nodes.Const, sink: Sink) -> str | None:
        """The text of a constant, from a literal or from a setting of type text or url; None after a complaint."""
        if isinstance(const, nodes.Str):
            return printable(place, const, sink)
        return self._setting(place, const, "text", sink)

    def url(self, place: str, const: nodes.Const, sink: Sink) -> str | None:
        """The text of a constant that is to be a URL, not yet checked to be one; None after a complaint."""
        if isinstance(const, nodes.Str):
            return printable(place, const, sink)
        return self._setting(place, const, "url", sink)

    def _setting(self, place: str, ref: nodes.SettingRef, wanted: str, sink: Sink) -> str | None:
        declared = self.symbols.settings.get(ref.name)
        if declared is None:
            near = self.symbols.guess(ref.name, self.symbols.settings)
            sink.add(errors_names.unknown_name("setting", ref.name, member_span(ref.span, ref.name), near))
            return None
        if declared.type != wanted and (declared.type, wanted) != ("url", "text"):
            name_span = declared.name.span
            sink.add(errors.setting_misused(ref.name, declared.type, place, wanted, span=ref.span, declared=name_span))
            return None
        value = self.values.get(ref.name)
        return value if isinstance(value, str) else None


def as_written(const: nodes.Const) -> str:
    """A constant as text, by which two of one list are compared."""
    return const.value if isinstance(const, nodes.Str) else f"setting.{const.name}"


def member_span(span: Span, name: str) -> Span:
    """The place of ``name`` in ``root.name``."""
    return Span(span.file, max(span.start, span.end - len(name)), span.end)


def resolve(
    symbols: Symbols, environment: Mapping[str, str | int] | None, sink: Sink, places: Mapping[str, Span] = NO_PLACES
) -> Constants:
    """Give every setting its value from the environment; None: placeholders. ``places`` are of names in its file.

    Complains of values that are missing, of another type or malformed, and of values for undeclared settings.
    """
    if environment is None:
        return Constants(symbols, {name: _placeholder(setting) for name, setting in symbols.settings.items()})
    unknown: dict[str | None, list[str]] = {}
    for name in sorted(environment.keys() - symbols.settings.keys()):
        unknown.setdefault(symbols.guess(name, symbols.settings), []).append(name)
    for near, names in unknown.items():
        spans = [places[name] for name in names if name in places]
        sink.add(errors.settings_extra(names, spans, near, _where(symbols, near)))
    values: dict[str, str | int] = {}
    for name, setting in symbols.settings.items():
        value = environment.get(name)
        if value is None:
            sink.add(errors.setting_missing(name, setting.type, setting.name.span))
        elif _good(setting, value, sink):
            values[name] = value
    return Constants(symbols, values)


def _placeholder(setting: nodes.Setting) -> str | int:
    if setting.type == "int":
        return 1
    name = setting.name.text.replace("_", "-")
    return f"https://setting-{name}.invalid" if setting.type == "url" else f"setting-{name}"


def _where(symbols: Symbols, near: str | None) -> Span:
    """The setting that was meant, or the beginning of the rules: an environment has no place in them."""
    return NOWHERE if near is None else symbols.settings[near].name.span


def _good(setting: nodes.Setting, value: str | int, sink: Sink) -> bool:
    name, span = setting.name.text, setting.name.span
    number = isinstance(value, int) and not isinstance(value, bool)
    if (setting.type == "int" and not number) or (setting.type != "int" and not isinstance(value, str)):
        sink.add(errors.setting_mistyped(name, setting.type, _kind(value), span))
        return False
    reason = None
    if setting.type == "url":
        reason = url_problem(str(value))
    elif setting.type == "text":
        reason = _text_problem(str(value))
    if reason is not None:
        sink.add(errors.setting_malformed(name, setting.type, reason, span))
    return reason is None


def _text_problem(value: str) -> str | None:
    if not value:
        return "it is empty"
    return None if value.isprintable() else "it has a character that cannot be printed"


def _kind(value: str | int) -> str:
    if isinstance(value, bool):
        return "a truth value"
    return "a number" if isinstance(value, int) else "a text"
