"""A Pygments lexer for rules: for documentation and terminals. It knows words, not grammar, and never imports the parser."""

from typing import ClassVar

from pygments.lexer import RegexLexer, words
from pygments.token import Comment, Error, Keyword, Literal, Name, Number, Operator, Punctuation, String, Whitespace

_ITEMS = (
    "language", "setting", "secret", "issuer", "keyring", "metadata", "let", "policy", "select", "policies", "route",
    "allow", "deny", "request", "response", "headers", "identity", "token", "limit", "test", "given",
)  # fmt: skip
_WORDS = (
    "absent", "add", "after", "ago", "algorithms", "always", "answer", "any", "all", "anonymous", "as", "at",
    "audience", "bearer", "burst", "by", "charged", "concurrent", "connect", "cookie", "credential", "day", "default",
    "discovered", "down", "empty", "expect", "file", "first", "for", "fresh", "from", "grants", "held", "host", "idle",
    "iss", "joined", "keys", "lease", "leeway", "left", "lifetime", "marked", "match", "month", "most", "null", "omit",
    "on", "optional", "otherwise", "outage", "per", "prefix", "preserve", "quota", "rate", "raw", "refuse", "remove",
    "repeat", "routes", "set", "split", "step_up", "strip", "subject", "tagged", "tags", "timeout", "trust", "trusting",
    "unless", "unlimited", "until", "upstream", "use", "used", "week", "when", "within",
)  # fmt: skip
_OPERATORS = (
    "and", "or", "not", "in", "is", "of", "present", "older", "than", "starts", "ends", "with", "matches",
)  # fmt: skip
_TYPES = ("text", "slug", "bool", "time", "email", "cidr", "int", "one", "url")
_ROOTS = ("claims", "path", "client", "peer", "header", "row")


class RulesLexer(RegexLexer):
    """Every token kind of the rules language; a character that the language does not know is an Error token."""

    name = "policylang rules"
    aliases: ClassVar[list[str]] = ["rules", "policylang"]
    filenames: ClassVar[list[str]] = ["*.rules"]
    mimetypes: ClassVar[list[str]] = ["text/x-policylang"]

    tokens: ClassVar[dict[str, list[object]]] = {
        "root": [
            (r"[ \t\r\n]+", Whitespace),
            (r"#[^\n]*", Comment.Single),
            (r'"', String.Double, "string"),
            (r"shadow[ \t]+(?:allow|deny)(?![A-Za-z0-9_:])", Keyword.Declaration),
            (r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z(?![0-9A-Za-z_])", Literal.Date),
            (r"[0-9](?:_?[0-9])*(?:ms|s|min|h|d)(?![0-9A-Za-z_])", Number),
            (r"[0-9](?:_?[0-9])*(?![0-9A-Za-z_])", Number.Integer),
            (r"[a-z][a-z0-9_]*:", Name.Label),
            (r"\.[a-z][a-z0-9_]*(?![A-Za-z0-9_])", Name.Attribute),
            (words(_ITEMS, suffix=r"(?![A-Za-z0-9_])"), Keyword.Declaration),
            (words(_OPERATORS, suffix=r"(?![A-Za-z0-9_])"), Operator.Word),
            (words(("true", "false"), suffix=r"(?![A-Za-z0-9_])"), Keyword.Constant),
            (words(_TYPES, suffix=r"(?![A-Za-z0-9_])"), Keyword.Type),
            (words(_ROOTS, suffix=r"(?![A-Za-z0-9_])"), Name.Builtin),
            (words(_WORDS, suffix=r"(?![A-Za-z0-9_])"), Keyword),
            (r"[a-z][a-z0-9_]*(?![A-Za-z0-9_])", Name),
            (r"[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*(?![A-Za-z0-9_])", Name.Constant),
            (r"==|!=|>=|<=|>|<|\?\?|\.\.|=|[+-]", Operator),
            (r"[{}()\[\],]", Punctuation),
            (r".", Error),
        ],
        "string": [
            (r'"', String.Double, "#pop"),
            (r'\\(?:["\\nt{}]|u\{[0-9a-fA-F]{1,6}\})', String.Escape),
            (r"\{[^{}\"\\\n]*\}", String.Interpol),
            (r'[^"\\{}\n]+|[{}]', String.Double),
            (r"\\.", Error),
            (r"\n", Error, "#pop"),
        ],
    }
