"""The oracle: a slow, obvious and independent reading of a checked module, which every faster reading is compared with.

Law of this package: it imports the checked module, the type terms, spans, syntax nodes, ``runtime.ask`` and
``runtime.decision``, all of them data, and the standard library; no function of the product that it judges.

Where the language reference leaves a detail open, it is settled here.

*Decision fields.* ``route`` is set as soon as one route is chosen; ``issuer`` once the caller is authenticated.
``rule`` is the deciding rule of "allow", "denied", "step_up", "deny_fault" and "allow_fault", else None. ``faults``
are all faulted denies (allows) of "deny_fault" ("allow_fault"). ``policies`` are named from the select step on.
``charges`` are those made, in charge order, or, when limited, those that refuse. Headers (sorted by folded name) and
minted claims are those of an allowed request. ``shadows`` are those whose scope and methods cover the request, for
every kind from "denied" on.

*Amounts.* ("rate", count, per_micros, burst) and ("quota", count, window, micros, zone): a calendar window has micros
0 and zone "UTC" unless one is named; "anchored" has zone "". An unlimited quota makes no charge.

*Order.* malformed target or host, no route, method, used header, credential, true denies, faulted denies, faulted
allows, no allow, select, rendering (faults before refusals), limits.

*Headers that rules read* are those that allows and denies for the method, selects, limits, set headers and identity
tokens of the route name, whatever the issuer. A shadow does not make a repeated header an error: it sees a fault.

*Metadata* of an anonymous caller are absent. *Shadows* see the metadata whether or not anything else needs it. Past
its ``until`` a rule is false.

*Rendering.* A value refuses the request when a character is outside 0x20..0x7E, when it begins or ends with a space
(which would arrive as another value), when it is longer than 4096, or when a joined item contains the separator.
``omit when empty`` also covers absence. A limit that counts by what is not to be had is a rendering fault.

*Tokens.* exp, nbf and iat are integers 0..253402300799 where present, sub a string; iat is not after now + leeway. With
a lifetime: iat required, exp - iat within it. A parent that is null counts as null; any other parent that is no object
is a wrong type and satisfies no mark. The outermost object is depth 1; 33 is refused. So are noncharacters (RFC 7493).
``-0`` is of no type.

Where a request would be allowed and an identity token minted, leeway does not extend exp: the credential is refused.
A payload has at most 16384 bytes.

*Limits.* A clock that goes back counts in the latest window seen. An equal quota goes to the first policy by name.
"""
