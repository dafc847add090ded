import pickle

from policylang.token.errors import JsonRefused, MetadataRefused, TokenRefused


def test_they_print_as_reason_and_declared_name() -> None:
    assert str(JsonRefused("not_json")) == "not_json"
    assert str(TokenRefused("expired")) == "expired"
    assert str(TokenRefused("claim_invalid", "sub")) == "claim_invalid: sub"
    assert str(MetadataRefused("field_null", "roles")) == "field_null: roles"


def test_a_reason_survives_a_process_boundary() -> None:
    assert pickle.loads(pickle.dumps(JsonRefused("bom"))).reason == "bom"
