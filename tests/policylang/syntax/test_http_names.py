import pytest

from policylang.syntax.http_names import is_token


@pytest.mark.parametrize("text", ["X-User", "a", "!#$%&'*+-.^_`|~09Az", "x" * 256])
def test_tokens(text: str) -> None:
    assert is_token(text)


@pytest.mark.parametrize("text", ["", "a b", "a:b", "é", "a\n", "a\x00", '"', "x" * 257, "(", "a/b"])
def test_no_tokens(text: str) -> None:
    assert not is_token(text)
