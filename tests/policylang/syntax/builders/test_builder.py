from policylang.syntax.builders.builder import NodeBuilder
from policylang.syntax.walk import walk
from tests.policylang.syntax.reading import GOOD, read


def test_the_builder_leaves_only_nodes_of_the_ast() -> None:
    for text in GOOD:
        (file,) = read(text.removeprefix("language 1\n")).rule_set.files
        assert all(
            type(node).__module__.removeprefix("policylang.syntax.") in {"nodes", "nodes_expr", "nodes_test"}
            for node in walk(file)
        )


def test_no_method_of_the_builder_hides_another() -> None:
    """Every alternative of the grammar is built in one place: two bases with one method would be two."""
    own = [name for base in NodeBuilder.__mro__[1:-1] for name in vars(base) if not name.startswith("__")]
    assert sorted(set(own)) == sorted(own)
