import pytest

from policylang.check import caps
from tests.policylang.check.rule_sets import CORP, ORDERS, checked, issuer, only, route


@pytest.mark.parametrize(
    ("cap", "text", "title"),
    [
        ("ITEMS", route("aaa") + route("bbb"), "there are 3 routes"),
        (
            "ITEMS",
            "deny a on orders when claims.risk absent\ndeny b on orders when claims.risk absent\n",
            "there are 3 rules",
        ),
        (
            "ITEMS",
            'request headers on orders { set X-A "a"  set X-B "b"  remove X-C }\n',
            "there are 3 header operations",
        ),
        ("ISSUERS", issuer("aaa") + issuer("bbb"), "there are 3 issuers and keyrings"),
        ("NAMES", "let a = true\nlet b = a\nlet c = a\n", "there are 3 lets"),
        ("CLAIMS", "metadata { a: slug b: slug c: slug }\n", "there are 3 metadata fields"),
        ("PATTERNS", route("aaa", match='GET on "/a", "/b" match POST on "/c"'), "there are 3 patterns in route `aaa`"),
        ("HOSTS", route("aaa", 'host "a.b", "b.b", "c.b"'), "there are 3 hosts in route `aaa`"),
        ("METHODS", route("aaa", match='A, B, C on "/a"'), "there are 3 methods of one match in route `aaa`"),
        (
            "TARGETS",
            route("aaa", upstream='"http://a", "http://b", "http://c"'),
            "there are 3 upstreams in route `aaa`",
        ),
        ("PAIRS", route("aaa") + route("bbb"), "there are 3 trusted issuers in all routes together"),
    ],
)
def test_there_is_an_end_to_everything(cap: str, text: str, title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, cap, 2)
    result = checked(text + CORP + ORDERS)
    assert title in [d.title for d in result.diagnostics]
    assert {d.code for d in result.diagnostics} == {"R262"}
    assert result.module is None


def test_the_first_that_is_too_many_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "TARGETS", 1)
    text = route("aaa", upstream='"http://a", "http://b", "http://c"')
    span = only(text).span
    assert f"language 1\n{text}"[span.start : span.end] == '"http://b"'


def test_a_rule_set_at_its_caps_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    for cap in ("ITEMS", "ISSUERS", "PATTERNS", "TARGETS", "PAIRS"):
        monkeypatch.setattr(caps, cap, 1)
    assert checked(CORP + ORDERS).module is not None
