import pytest

from policylang.request.errors import HeaderRefused, HostRefused, RequestRefused, TargetRefused


@pytest.mark.parametrize("kind", [TargetRefused, HostRefused, HeaderRefused])
def test_every_refusal_is_a_malformed_request_with_a_reason(kind: type[RequestRefused]) -> None:
    refused = kind("bad_byte")
    assert isinstance(refused, RequestRefused)
    assert (refused.reason, str(refused)) == ("bad_byte", "bad_byte")
