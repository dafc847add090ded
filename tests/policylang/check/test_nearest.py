from policylang.check.nearest import nearest


def test_the_near_miss_is_the_one_that_the_parser_would_name_too() -> None:
    assert nearest("ordrs", ["hooks", "orders"]) == "orders"
    assert nearest("orders", ["orders"]) is None
    assert nearest("zebra", ["hooks", "orders"]) is None
