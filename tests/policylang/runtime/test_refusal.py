from policylang.runtime.refusal import objection, withheld
from policylang.runtime.verdict import Verdict

SHADOWS = ((9, None),)


def test_a_plain_deny_before_a_step_up_before_a_fault() -> None:
    acr = {1: "mfa", 3: "hwk", 4: "mfa"}
    everything = ((4, True), (3, True), (6, True), (5, True), (2, None))
    assert objection(acr, everything, SHADOWS) == Verdict("denied", 5, shadows=SHADOWS)
    step_up = objection(acr, ((4, True), (2, None), (3, True)), ())
    assert step_up == Verdict("step_up", 3, acr=("hwk", "mfa"))
    assert objection(acr, ((4, None), (2, None)), ()) == Verdict("deny_fault", 2, faults=(2, 4))


def test_no_allow() -> None:
    assert withheld("no_allow", (), SHADOWS) == Verdict("no_allow", shadows=SHADOWS)
    assert withheld("credential_required", (), ()) == Verdict("credential_required")
    assert withheld("credential_required", (4, 2), ()) == Verdict("allow_fault", 2, faults=(2, 4))
