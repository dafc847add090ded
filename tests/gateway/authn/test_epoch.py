from gateway.authn.epoch import Epoch


def test_it_only_rises() -> None:
    epoch = Epoch()
    before = epoch.value
    epoch.bump()
    epoch.bump()
    assert epoch.value == before + 2
