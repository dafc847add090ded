import pytest

from tests.policylang.check.rule_sets import only, told

ASK = 'request GET "/v1/acme/orders/1"'


def block(steps: str = "", title: str = "t") -> str:
    return f'test "{title}" {{ {steps} }}\n'


SETS = "metadata { fresh within 30s  roles: set of slug default []  level: int 0..9 optional }\n"


@pytest.mark.parametrize(
    ("steps", "codes"),
    [
        (f"{ASK} expect deny 401", []),
        (f'token corp {{ sub: "u"  tenant: "a"  scope: "x y"  risk: absent }} {ASK} expect allow', []),
        (f'token corp {{ sub: "u"  scope: ["x"] }} {ASK} expect deny 401', []),
        (f'token corp {{ scope: "" }} {ASK} expect deny 401', []),
        (f'token corp {{ exp: "2030-01-01T00:00:00Z"  aud: "other" }} {ASK} expect deny 401', []),
        (f'token corp {{ sub: raw "{{}}" }} {ASK} expect deny 401', []),
        (f'token corp {{ sub: raw "u" }} {ASK} expect deny 401', ["R742"]),
        (f"token corp {{ sub: 1 }} {ASK} expect deny 401", ["R741"]),
        (f'token corp {{ plan: "silver" }} {ASK} expect deny 401', ["R741"]),
        (f'token corp {{ tennant: "a" }} {ASK} expect deny 401', ["R740"]),
        (f"token corp {{ tennant: absent }} {ASK} expect deny 401", ["R740"]),
        (f'token corp {{ sub: "u"  sub: "v" }} {ASK} expect deny 401', ["R254"]),
        (f"token crop {{ }} {ASK} expect deny 401", ["R252"]),
        (f'metadata {{ roles: ["a"]  level: 3 }} {ASK} expect deny 401', []),
        (f"metadata down {ASK} expect deny 401", []),
        (f"metadata {{ level: 10 }} {ASK} expect deny 401", ["R741"]),
        (f"metadata {{ levl: 1 }} {ASK} expect deny 401", ["R740"]),
        ("", ["R743"]),
        (ASK, ["R743"]),
        ("expect allow", ["R743"]),
        (f"expect allow {ASK}", ["R743"]),
        (f'{ASK} from "203.0.113.9" expect deny 401', []),
        (f'{ASK} from "::1" expect deny 401', []),
        (f'{ASK} from "localhost" expect deny 401', ["R744"]),
        ('request GET "/a/../b" expect deny 400', []),
        ('request GET "/a b" expect deny 400', ["R744"]),
        ('request GET "" expect deny 400', ["R744"]),
        ('request GET "/ä" expect deny 400', ["R744"]),
        (f"{ASK} repeat 5 expect deny 429", []),
        (f"{ASK} repeat 0 expect deny 429", ["R259"]),
        (f"{ASK} expect deny 200", ["R745"]),
        (f"{ASK} expect deny 401 by read", []),
        (f"{ASK} expect deny 401 by raed", ["R746"]),
        (f"{ASK} expect allow policy silver", ["R252"]),
        (f'{ASK} expect allow header X-A "b" header X-B absent', []),
    ],
)
def test_steps(steps: str, codes: list[str]) -> None:
    assert told(SETS + block(steps)) == codes


def test_a_limit_and_a_policy_may_decide() -> None:
    text = (
        "policy free { quota 5 per day }\nselect policy on orders { use free otherwise }\n"
        "limit lim on orders by identity { rate 1 per 1s burst 1 on outage deny }\n"
    )
    assert told(text + block(f"{ASK} expect deny 429 by free") + block(f"{ASK} expect deny 429 by lim", "u")) == []


def test_titles_are_names() -> None:
    assert told(block(f"{ASK} expect deny 401") * 2) == ["R250"]


def test_without_a_metadata_block_there_is_no_field() -> None:
    assert only(block(f"metadata {{ roles: [] }} {ASK} expect deny 401")).help == ("declare it first",)
