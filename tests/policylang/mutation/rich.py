"""A rule set in which most operators have something to change, with tests that notice some of it."""

from tests.policylang.mutation.mutated import ROUTES

RICH = f"""{ROUTES}
route open {{ match GET on "/open"   trust anonymous   upstream "http://127.0.0.1:9" }}
policy gold {{ rate 5 per 1s burst 3   quota 1_000 per day   grants "extra", "more" }}
policy free {{ rate 1 per 1s burst 1 }}
select policy on solo {{ use gold when claims.plan == "gold"   use free when claims.plan == "free"   refuse otherwise }}
select policies on both {{ add gold when issuer is corp and claims.plan == "gold"   add free otherwise }}
let known = claims.tenant in ["acme", "globex"]
allow a on solo for GET when "a" in claims.scope
allow b on both when known and (claims.age > 3 or not claims.staff)
allow c on solo when "extra" in policy.grants until 2027-01-01T00:00:00Z
allow p on open always
deny d on both, solo when any of ["x", "y"] in claims.scope unless claims.plan == "lead"
deny e on solo when claims.risk absent or claims.risk > 50 answer step_up "mfa"
shadow deny s on both when claims.tenant starts with "ac"
limit shared on both by route {{ quota 3 per day   on outage deny }}
request headers on solo {{
  set X-User "{{claims.sub}}"   set X-Scope claims.scope joined by ","   omit when empty   remove X-Old
}}
response headers on all {{ remove Server, X-Powered-By }}
identity token t on both {{
  audience "svc"   subject claims.sub   lifetime 60s   header X-Identity   claims {{ age: claims.age }}
}}

test "a reader" {{
  token corp {{ sub: "u" scope: "a" risk: 3 }}
  request GET "/solo"
  expect allow by a policy free header X-User "u"
  repeat 1
  expect deny 429 by free
}}
test "who is risky" {{
  row {{ risk: 50 answer: allow }}
  row {{ risk: 51 answer: deny 401 by e }}
  row {{ risk: absent answer: deny 401 by e }}
  token corp {{ sub: "u" scope: "a" plan: "gold" risk: row.risk }}
  request GET "/solo"
  expect row.answer
}}
test "both" {{
  token partner {{ sub: "u" tenant: "acme" age: 4 staff: true }}
  request POST "/both/acme"
  expect allow by b policy free identity token t {{ age: 4 }} shadow deny s is true
  token with {{ scope: "x" }}
  repeat 1
  expect deny 403 by d
}}
test "nobody" {{ request GET "/open" header Server "1" expect allow by p response header Server absent }}
test "nowhere" {{ request GET "/elsewhere" expect deny 404 }}
"""
