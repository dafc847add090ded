"""Which references are facts about a person, by their type and by the names that issuers give such claims."""

from policylang.check.model import CheckedModule, Ref
from policylang.linter.model import Option
from policylang.typesys.terms import Email, SetOf

PERSONAL = Option(
    "names",
    "words",
    (
        "address", "birthdate", "email", "family_name", "gender", "given_name", "middle_name", "mobile", "name",
        "nickname", "phone", "phone_number", "picture", "preferred_username", "profile", "ssn", "upn",
    ),
    "Names of claims and metadata fields that are facts about a person.",
)  # fmt: skip
SUBJECTS = Option(
    "subjects",
    "words",
    ("account_id", "oid", "sub", "subject", "uid", "user", "user_id", "userid"),
    "Names of claims that tell one person from another.",
)


def is_personal(ref: Ref, names: frozenset[str], module: CheckedModule) -> bool:
    """Whether a claim or a metadata field is personal: of type email, or named, or decoded from a member so named."""
    if ref.root not in {"claims", "metadata"}:
        return False
    item = ref.type.item if isinstance(ref.type, SetOf) else ref.type
    return isinstance(item, Email) or not names.isdisjoint({ref.name, *_members(ref, module)})


def _members(ref: Ref, module: CheckedModule) -> set[str]:
    """The last steps of the paths that a claim is decoded from."""
    if ref.root != "claims":
        return set()
    declared = (module.issuer_claim(name, ref.name) for name in module.issuers)
    return {claim.source[-1] for claim in declared if claim is not None and claim.always is None}
