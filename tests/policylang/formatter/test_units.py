"""Each kind of item and entry, as a careful author would lay it out."""

from tests.policylang.formatter.styled import styled_items


def test_fields_stand_one_a_line_with_values_in_a_column() -> None:
    written = """issuer a { iss "x" keys discovered algorithms ES256,RS256 audience "y" leeway 5s
    lifetime at most 1h marked ["a","b"] is "c" identity by claims.sub credential header X-A
    claims { sub: text(1..9) from "s" r: set of slug default [] null as absent } }"""
    assert (
        styled_items(written)
        == """issuer a {
  iss         "x"
  keys        discovered
  algorithms  ES256, RS256
  audience    "y"
  leeway      5s
  lifetime    at most 1h
  marked      ["a", "b"] is "c"
  identity    by claims.sub
  credential  header X-A
  claims { sub: text(1..9) from "s"   r: set of slug default [] null as absent }
}
"""
    )


def test_claims_have_three_columns() -> None:
    written = """metadata {
      fresh within 5s
      a: slug from "x" optional b: one of "p", "q" optional cc: time }"""
    assert (
        styled_items(written)
        == """metadata {
  fresh within 5s
  a:   slug             from "x" optional
  b:   one of "p", "q"  optional
  cc:  time
}
"""
    )


def test_names_of_two_words_are_one_name() -> None:
    written = 'route a {\nmatch GET on "/" strip prefix "/x" preserve host timeout idle 5s }'
    assert styled_items(written) == (
        'route a {\n  match         GET on "/"\n  strip prefix  "/x"\n  preserve host\n  timeout       idle 5s\n}\n'
    )


def test_a_limit_has_an_entry_that_the_grammar_gives_no_name() -> None:
    assert styled_items("limit a on b by route {\nrate 1 per 1s burst 2 on outage deny }") == (
        "limit a on b by route {\n  rate       1 per 1s burst 2\n  on outage  deny\n}\n"
    )


def test_arms_and_their_conditions() -> None:
    written = "select policies on r {\nadd a when claims.x add longer always add claims.y refuse otherwise }"
    assert styled_items(written) == (
        "select policies on r {\n  add a      when claims.x\n  add longer always\n  add claims.y\n  refuse otherwise\n}\n"
    )


def test_headers_and_identity_tokens() -> None:
    written = """request headers on r {
      remove A , "B-*" set X-A "{claims.a}" omit when absent set X-Long claims.b joined by "," omit when empty set X secret.k }
    identity token t on r { subject claims.a claims { a: claims.a bb: claims.b } }"""
    assert (
        styled_items(written)
        == """request headers on r {
  remove A, "B-*"
  set X-A     "{claims.a}"            omit when absent
  set X-Long  claims.b joined by ","  omit when empty
  set X       secret.k
}
identity token t on r { subject claims.a   claims { a: claims.a  bb: claims.b } }
"""
    )


def test_rules_stand_in_columns_and_a_long_one_breaks_into_clauses() -> None:
    condition = 'issuer is staff and (claims.acr != "mfa" or claims.auth_time older than 15min)'
    written = f"""allow a on r for GET when claims.x
    deny longer_name on routes with path.t always
    deny c on r when {condition} unless "x" in claims.y answer step_up "mfa"
    shadow deny s on r when claims.z"""
    assert (
        styled_items(written)
        == f"""allow a           on r for GET           when claims.x
deny  longer_name on routes with path.t  always
deny  c           on r
  when {condition}
  unless "x" in claims.y
  answer step_up "mfa"
shadow deny s     on r                   when claims.z
"""
    )


def test_clauses_on_one_line_stand_apart() -> None:
    text = "deny a on r when claims.x  unless claims.y  until 2027-01-01T00:00:00Z"
    assert styled_items(" ".join(text.split())) == text + "\n"


def test_steps_keep_the_lines_that_group_their_phrases() -> None:
    written = """test "t" {
  expect allow by a policy p, q header X "v"
   response header Y absent header Z "w"
}
"""
    assert (
        styled_items(written)
        == """test "t" {
  expect allow by a  policy p, q  header X "v"
    response header Y absent  header Z "w"
}
"""
    )


def test_rows_of_a_test_stand_in_columns() -> None:
    written = 'test "t" {\nrow { verb: GET path: "/a" answer: allow } row { verb: DELETE path: "/" answer: deny 403 by x as y } }'
    assert styled_items(written) == (
        'test "t" {\n'
        '  row { verb: GET     path: "/a"  answer: allow }\n'
        '  row { verb: DELETE  path: "/"   answer: deny 403 by x  as y }\n'
        "}\n"
    )


def test_a_block_within_a_step() -> None:
    facts = "  ".join(f'claim_{number}: "{"x" * 20}"' for number in range(4))
    broken = "".join(f'      claim_{number}:  "{"x" * 20}"\n' for number in range(4))
    text = f'test "t" {{\n  expect allow  identity token t {{ {facts} }}  left 4 of a rate\n}}\n'
    assert styled_items(text) == (
        f'test "t" {{\n  expect allow\n    identity token t {{\n{broken}    }}\n    left 4 of a rate\n}}\n'
    )


def test_a_block_without_entries() -> None:
    assert styled_items("route a {\n\n}") == "route a {}\n"
    assert styled_items("route a { # none\n}") == "route a {    # none\n}\n"
