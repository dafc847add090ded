from policylang.check.environment import Sink
from policylang.check.fields import Fields, distinct_names, opening
from policylang.source.spans import Span
from policylang.syntax import nodes

HERE = Span(0, 0, 5)


def name(text: str, start: int) -> nodes.Name:
    return nodes.Name(Span(0, start, start + len(text)), text)


def test_the_first_of_several_counts_and_each_further_one_is_told() -> None:
    sink = Sink()
    given = [name("a", 10), name("b", 20), name("c", 30)]
    assert Fields("route `x`", HERE, sink).at_most_one("trust", given) is given[0]
    assert [d.span.start for d in sink.found] == [20, 30]
    assert all(d.labels[1].span.start == 10 for d in sink.found)


def test_a_list_given_twice_is_shown_as_a_whole() -> None:
    sink = Sink()
    given = [(name("a", 10), name("b", 20)), (name("c", 30), name("d", 40))]
    Fields("route `x`", HERE, sink).at_most_one("trust", given)
    assert sink.found[0].span == Span(0, 30, 41)


def test_what_is_missing_is_told_once_for_all_of_it() -> None:
    sink = Sink()
    fields = Fields("route `x`", HERE, sink)
    missing: list[nodes.Name] = []
    assert fields.exactly_one("trust", missing, "trust corp") is None
    assert fields.exactly_one("upstream", missing, 'upstream "http://a"') is None
    assert fields.at_most_one("tags", missing) is None
    assert sink.found == []
    fields.settle()
    (complaint,) = sink.found
    assert complaint.title == "route `x` has no `trust` and `upstream`"
    assert complaint.help == ('add:\n  trust corp\n  upstream "http://a"',)


def test_nothing_missing_says_nothing() -> None:
    sink = Sink()
    fields = Fields("route `x`", HERE, sink)
    fields.exactly_one("trust", [name("a", 10)], "trust corp")
    fields.settle()
    assert sink.found == []


def test_entries_are_kept_once() -> None:
    sink = Sink()
    entries = [name("a", 1), name("b", 2), name("a", 3), name("a", 4)]
    assert [entry.text for entry in distinct_names("tag", entries, sink)] == ["a", "b"]
    assert [d.span.start for d in sink.found] == [3, 4]


def test_the_opening_of_an_item_never_leaves_it() -> None:
    assert opening(nodes.Node(Span(2, 7, 100)), "metadata") == Span(2, 7, 15)
    assert opening(nodes.Node(Span(2, 7, 9)), "metadata") == Span(2, 7, 9)
