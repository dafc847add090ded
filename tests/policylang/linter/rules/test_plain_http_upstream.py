"""L014: upstreams in the clear."""

import pytest

from policylang.linter.config import Config
from policylang.linter.lint import lint
from tests.policylang.linter.linting import compiled, places

ROUTE = 'route orders {{ match GET on "/orders"   trust corp   upstream {} }}\n'


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9000", "http://[::1]:9000", "http://localhost", "https://a.example.com"]
)
def test_this_machine_and_tls_are_fine(url: str) -> None:
    assert places("L014", ROUTE.format(f'"{url}"')) == []


def test_every_other_host_is_found() -> None:
    urls = '"http://orders:9000", "https://b.example.com", "http://10.0.0.7"'
    assert places("L014", ROUTE.format(urls)) == ['"http://orders:9000"', '"http://10.0.0.7"']


def test_hosts_on_a_network_that_encrypts() -> None:
    urls = '"http://orders.ns.svc.cluster.local", "http://cluster.local.example.com"'
    found = places("L014", ROUTE.format(urls), hosts=(".cluster.local",))
    assert found == ['"http://cluster.local.example.com"']


def test_the_value_of_a_setting_counts() -> None:
    text = "setting orders url\n" + ROUTE.format("setting.orders")
    result = lint(compiled(text, {"orders": "http://orders.example.com"}), Config(), None)
    (found,) = (found for found in result.diagnostics if found.code == "L014")
    assert found.labels[0].text == "http, in this environment"
