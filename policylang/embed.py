"""The one door through which the gateway enters the language: loading a plan, running it, and the pure semantics it shares.

Law of this file: re-exports only, and nothing that imports lark, jsonschema, the parser, the checker, the IR or the oracle.
"""

from policylang.codegen.compiled import CompiledPlan, HeadersRead
from policylang.limits.concurrency import RETRY_MICROS, ConcurrencyState, released
from policylang.limits.quota import QuotaState
from policylang.limits.rate import RateState
from policylang.limits.standing import Standing
from policylang.limits.step import State, ask, idle, step, withheld
from policylang.limits.window import calendar_window
from policylang.plan import model as plan_model
from policylang.plan.codec import decode, decode_steps
from policylang.plan.index import Match, Miss, RouteIndex
from policylang.plan.refused import PlanRefused
from policylang.plan.schema_files import load_schema
from policylang.plan.written import quoted, type_term
from policylang.request.client import Network, canonical_ip, client_ip, trusted_networks
from policylang.request.errors import HeaderRefused, HostRefused, RequestRefused, TargetRefused
from policylang.request.fields import (
    CLAIMING,
    FORWARDING,
    FRAMING,
    HOP_BY_HOP,
    UNSETTABLE,
    connection_listed,
    fold,
    is_claiming,
    is_field_name,
    is_field_value,
    is_forwarding,
    is_settable,
    printable_text,
)
from policylang.request.host import read_host
from policylang.request.prefix import PrefixChange, change_prefix, prefix_change
from policylang.request.read import HeadersFound, read_headers
from policylang.request.target import MAX_TARGET_BYTES, Target, read_target
from policylang.runtime.cell import Cell, Claims, Fields, TokenFacts
from policylang.runtime.decision import STATUS, Decision
from policylang.runtime.verdict import Charge, Mint, RequestFacts, Verdict
from policylang.simulate.seen import facts_of, why
from policylang.token.admit import read_token
from policylang.token.claims import claims_decoder, decode_claims, decode_fields
from policylang.token.compact import MAX_TOKEN_BYTES, Compact, decode_base64url, read_compact
from policylang.token.errors import JsonRefused, MetadataRefused, TokenRefused
from policylang.token.fields import FieldProblem, field_problems
from policylang.token.identity import virtual_identity
from policylang.token.ijson import NON_INTEGER, NonInteger, read_ijson
from policylang.token.registered import Validity

__all__ = [
    "CLAIMING",
    "FORWARDING",
    "FRAMING",
    "HOP_BY_HOP",
    "MAX_TARGET_BYTES",
    "MAX_TOKEN_BYTES",
    "NON_INTEGER",
    "RETRY_MICROS",
    "STATUS",
    "UNSETTABLE",
    "Cell",
    "Charge",
    "Claims",
    "Compact",
    "CompiledPlan",
    "ConcurrencyState",
    "Decision",
    "FieldProblem",
    "Fields",
    "HeaderRefused",
    "HeadersFound",
    "HeadersRead",
    "HostRefused",
    "JsonRefused",
    "Match",
    "MetadataRefused",
    "Mint",
    "Miss",
    "Network",
    "NonInteger",
    "PlanRefused",
    "PrefixChange",
    "QuotaState",
    "RateState",
    "RequestFacts",
    "RequestRefused",
    "RouteIndex",
    "Standing",
    "State",
    "Target",
    "TargetRefused",
    "TokenFacts",
    "TokenRefused",
    "Validity",
    "Verdict",
    "ask",
    "calendar_window",
    "canonical_ip",
    "change_prefix",
    "claims_decoder",
    "client_ip",
    "connection_listed",
    "decode",
    "decode_base64url",
    "decode_claims",
    "decode_fields",
    "decode_steps",
    "facts_of",
    "field_problems",
    "fold",
    "idle",
    "is_claiming",
    "is_field_name",
    "is_field_value",
    "is_forwarding",
    "is_settable",
    "load_schema",
    "plan_model",
    "prefix_change",
    "printable_text",
    "quoted",
    "read_compact",
    "read_headers",
    "read_host",
    "read_ijson",
    "read_target",
    "read_token",
    "released",
    "step",
    "trusted_networks",
    "type_term",
    "virtual_identity",
    "why",
    "withheld",
]
