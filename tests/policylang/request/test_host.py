import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.reference import host as oracle
from policylang.request.errors import HostRefused
from policylang.request.host import read_host


@pytest.mark.parametrize(
    ("value", "labels"),
    [
        (b"api.example.com", ("api", "example", "com")),
        (b"API.Example.COM.", ("api", "example", "com")),
        (b"api.example.com:443", ("api", "example", "com")),
        (b"api.example.com.:65535", ("api", "example", "com")),
        (b"localhost:", ("localhost",)),
        (b"my_service", ("my_service",)),
        (b"127.0.0.1:80", ("127", "0", "0", "1")),
        (b"[::1]", ("[::1]",)),
        (b"[0:0::0:1]:8080", ("[::1]",)),
        (b"xn--bcher-kva.example", ("xn--bcher-kva", "example")),
        (b"a" * 63 + b".b", ("a" * 63, "b")),
    ],
)
def test_reads(value: bytes, labels: tuple[str, ...]) -> None:
    assert read_host([value]) == labels


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b".",
        b"a..b",
        b".a",
        b"a b",
        b"a,b",
        b"a/b",
        b"a@b",
        b"user:pw@a",
        b"a:b",
        b"a:65536",
        b"a:-1",
        b"a:1:2",
        b"-a",
        b"a-",
        b"a.-b",
        b"a" * 64,
        b"a." * 127 + b"a",
        b"a\x00",
        b"a\n",
        b"\xff",
        b"%61",
        b"[::1",
        b"::1",
        b"[::1]x",
        b"[]",
        b"[fe80::1%25eth0]",
        b"[1.2.3.4]",
        b"[v1.x]",
        b"a..",
        b"http://a",
        b"*",
        b"*.a",
        b"a:999999",
    ],
)
def test_refuses_what_is_no_host(value: bytes) -> None:
    with pytest.raises(HostRefused, match="host_invalid"):
        read_host([value])


@pytest.mark.parametrize(
    ("values", "reason"),
    [([], "host_missing"), ([b"a", b"a"], "host_repeated"), ([b"a", b"b"], "host_repeated")],
)
def test_there_is_exactly_one(values: list[bytes], reason: str) -> None:
    with pytest.raises(HostRefused, match=reason):
        read_host(values)


def test_a_refusal_is_not_remembered_as_a_host() -> None:
    for _ in range(3):
        with pytest.raises(HostRefused):
            read_host([b"a..b"])
        assert read_host([b"a.b"]) == ("a", "b")


_TEXT = st.text(st.sampled_from("aZ0-_.:[]1 %f,"), max_size=14)


@given(_TEXT)
def test_reads_what_the_oracle_reads(text: str) -> None:
    try:
        labels: tuple[str, ...] | None = read_host([text.encode()])
    except HostRefused:
        labels = None
    assert labels == oracle.labels(text)


@pytest.mark.parametrize("length", [252, 253, 254, 255])
@pytest.mark.parametrize("end", ["", "."])
def test_long_names_end_where_the_oracle_says(length: int, end: str) -> None:
    text = "a" * (2 - length % 2) + ".b" * ((length - 1) // 2) + end
    try:
        labels: tuple[str, ...] | None = read_host([text.encode()])
    except HostRefused:
        labels = None
    assert labels == oracle.labels(text)
    assert (labels is not None) == (len(text) <= 254)
