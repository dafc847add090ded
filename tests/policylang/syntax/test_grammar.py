"""The grammar itself: strict LALR(1), one tree from both lexers, and no keyword that changes nothing (property 12)."""

from collections.abc import Iterator

import pytest
from lark import Lark, Token, Tree

from policylang.diagnostics.model import Diagnostic
from policylang.syntax.grammar import Grammar, exclusive_grammar, grammar_text
from policylang.syntax.lalr import Machine
from policylang.syntax.words import Word
from tests.policylang.syntax.reading import GOOD, shape

MORE = """
issuer a {
  iss setting.iss  keys discovered  keys file "keys/a.json"  keys secret.k  keys setting.k  algorithms ES256, EdDSA
  audience "a", setting.b  leeway 30s  lifetime at most 1h  marked "gty" is "m"  marked ["a", "b"] absent
  credential header X-Token  credential cookie "session"  identity by claims.sub
  claims {
    a: text  b: slug optional null as absent  c: bool always true  d: time  e: email  f: cidr default "10.0.0.0/8"
    g: int -1..1  h: one of "a", "b" from ["x", "y"]  i: set of text(1..3) split "," from "u.r/l"
  }
}
setting s1 url
setting s2 text
setting s3 int
secret k
metadata { a: set of slug default [] }
policy q { quota 9 per day lease 2  concurrent 4 held at most 60s }
policy p { rate 5 per 1s burst 10  quota 100 per week in "Europe/Berlin"  grants "a", "b" }
policy q { quota 1 per day  quota unlimited  quota 7 per 30d from first use  quota 1 per month }
select policy on all { use p when claims.c  use claims.plan when claims.c  use claims.plan  use q otherwise }
select policies on a, b { add p always  add q otherwise  add claims.plans  add claims.plans when claims.c  refuse otherwise }
select policy on routes trusting anonymous { refuse otherwise }
route r {
  match GET, POST on "/a", "/{b: slug}/**"  match PUT on "/c"  host "a.example", "*.example"  trust a, anonymous
  upstream "http://a:1", setting.u  tags x, y  timeout connect 1s  timeout answer 2s  timeout idle 3s
  strip prefix "/a"  add prefix "/b"  preserve host
}
keyring k { identity by claims.a  credential header X-Key  claims { a: text(1..64) } }
keyring l { credential cookie "key" }
issuer m { keys keyring l }
let t = (claims.a ?? "x") == "y" or not (claims.b in ["a"] and claims.c not in [])
let u = any of claims.i in ["a"] and all of claims.i in metadata.a and header["X-A"] present and claims.b absent
let v = claims.d older than 15min and claims.a starts with "x" and claims.a ends with "y" and claims.a matches "a*"
let w = issuer is a or issuer is not anonymous or claims.g + 1 - 2 <= -3 or client.ip in ["10.0.0.0/8"] or true or false
allow a1 on r for GET, PUT when t unless u until 2026-01-01T00:00:00Z answer step_up "mfa"
deny two on routes tagged x always
shadow allow three on routes with path.b when policy.grants == ["a"]
shadow deny four on all when peer.ip in ["::/0"]
limit five on r by header["X-A"] { rate 5 per 1s burst 5 on outage allow }
limit six on r by identity { quota 5 per day on outage deny }
limit seven on r by route { quota 5 per day on outage deny }
request headers on r { set X-A "a"  set "x-b" metadata.a joined by "," omit when empty  set X-C secret.k  remove X-D, "x-*" }
response headers on r { set X-A "{claims.sub}" omit when absent }
identity token t on r { audience "a"  subject claims.sub  lifetime 60s  header Authorization bearer  claims { a: claims.b } }
identity token u on r { header X-A  audience setting.a }
test "x" {
  at 2026-01-01T00:00:00Z  token a { a: "x"  b absent  c: true  d: -3  e: ["a"]  f raw "{}" }
  metadata { a: ["x"] }  metadata down  request GET "/a" from "10.0.0.1"  repeat 3
  expect allow by a1 policy p, q header X-A "a" header X-B absent  expect deny 401 by two
}
given ana { at 2026-01-01T00:00:00Z  token a { exp: in 5min  iat: 5min ago }  token raw "x"  token absent  metadata down }
test "y" {
  given ana  token with { a: row.a }  token raw row.raw  after 10min  used 9 of p quota  used row.n of limit five
  row { a: "x"  verb: GET  n: 3  raw: raw "1"  answer: allow by a1  other: deny 403 as no_allow }
  request row.verb row.path  host "h"  peer "::1"  from row.ip  header X-A "a"  header "x-b" row.b
  expect row.answer left 3 of q rate
  expect allow route r issuer a charged p rate, limit five  left row.n of p quota  header X-A row.a  header X-B present
    header X-C secret.k  response header X-D absent  response header X-E "e"  response header X-F present
    identity token t { a: ["x"]  b: absent }  identity token u absent  shadow deny four is true  shadow allow three is false
  expect deny 401 as step_up step_up "mfa", "hwk"
}
""".replace("b absent  c", "b: absent  c").replace("f raw", "f: raw")
CORPUS = (*GOOD, "language 1" + MORE)


def grammar() -> Grammar:
    with exclusive_grammar() as shared:
        return shared


@pytest.mark.parametrize("lexer", ["basic", "contextual"])
def test_the_grammar_builds_strict(lexer: str) -> None:
    built = Lark(grammar_text(), parser="lalr", lexer=lexer, start="file", strict=True)
    assert built.parse("language 1 allow a on b always").data == "file"


def test_both_lexers_give_one_tree() -> None:
    trees: list[list[Tree[Token]]] = []
    for lexer in ("basic", "contextual"):
        built = Lark(grammar_text(), parser="lalr", lexer=lexer, start="file", keep_all_tokens=True)
        trees.append([built.parse(text) for text in CORPUS])
    assert trees[0] == trees[1]


def words_of(text: str) -> list[Word]:
    return list(grammar().scanner.words(text, 0, []))[:-1]


def item_words(text: str) -> Iterator[list[Word]]:
    """The words of each item, found by the machine alone."""
    words, start = words_of(text)[2:], 0
    while start < len(words):
        machine, at = grammar().machine(), start
        while at < len(words) and machine.feed(words[at]):
            at += 1
        assert machine.finish() is not None, words[start : at + 1]
        yield words[start:at]
        start = at


def built(words: list[Word]) -> object | None:
    """What the words mean as one item, or None."""
    machine = grammar().machine()
    return shape(machine.finish()) if all(machine.feed(word) for word in words) else None


def alternatives(words: list[Word], index: int) -> Iterator[list[Word]]:
    """The item without its keyword at ``index``, and with every other keyword that the grammar takes there."""
    machine: Machine = grammar().machine()
    for word in words[:index]:
        machine.feed(word)
    yield words[:index] + words[index + 1 :]
    for spelling, kind in grammar().scanner.keywords.items():
        if kind != words[index].type and machine.would_take(kind):
            yield [*words[:index], Word(kind, spelling, words[index].start, words[index].end), *words[index + 1 :]]


def test_every_accepted_keyword_swap_or_deletion_changes_the_tree() -> None:
    shared = grammar()
    said: list[Diagnostic] = []  # of the variants, and not looked at
    shared.builder.complain = said.append
    keywords, tried, accepted = set(shared.scanner.keywords.values()), 0, 0
    for text in CORPUS:
        for words in item_words(text):
            meant = built(words)
            assert meant is not None
            for index, word in enumerate(words):
                if word.type not in keywords | {"SHADOW_ALLOW", "SHADOW_DENY", "BEARER"}:
                    continue
                for other in alternatives(words, index):
                    tried += 1
                    means = built(other)
                    accepted += means is not None
                    assert means != meant, (word, [w.value for w in other])
    assert tried > 3_000
    assert accepted > 300


def test_every_keyword_is_tried() -> None:
    used = {word.type for text in CORPUS for word in words_of(text)}
    assert set(grammar().scanner.keywords.values()) - used == set()


def test_every_alternative_has_its_builder() -> None:
    """A reduction without a builder would leave one of Lark's trees in the AST."""
    shared = grammar()
    for rule in Lark(grammar_text(), parser="lalr", lexer="basic", start=["item", "file"]).rules:
        name = rule.alias or str(rule.origin.name)
        passed_on = rule.options.expand1 and rule.alias is None and len(rule.expansion) == 1
        if name.startswith("_") or passed_on or name in {"file", "language"}:
            continue
        assert callable(getattr(shared.builder, name, None)), name


@pytest.mark.parametrize(
    "text",
    [
        "allow a on b when claims.x absentor claims.y present",
        "allow on on on always",
        "allow on b always",
        "allow a on b",
        "allow a always",
        "deny a on b when",
        "allow a on b when claims.x == 1 == 2",
        "allow a on b when claims.x ?? 1 ?? 2",
        "allow a on b for when claims.x",
        "allow a on b unless claims.x",
        "shadow a on b always",
        "limit a on b by route { rate 5 per 1s burst 5 }",
        "select policy on a { add p always }",
        "select policies on a { use p otherwise }",
        "request headers on a { set X-A claims.sub }",
        'route a { match on "/a" }',
        "issuer a { claims { a } }",
    ],
)
def test_near_misses_are_refused(text: str) -> None:
    machine = grammar().machine()
    assert not all(machine.feed(word) for word in words_of(text)) or machine.finish() is None
