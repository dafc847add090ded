from policylang.diagnostics.pages import compiler_pages, complaints, examples


def test_every_code_once_and_in_order() -> None:
    codes = [each.code for each in complaints()]
    assert codes == sorted(set(codes))
    assert len(codes) > 150
    assert [page.code for page in compiler_pages()] == codes


def test_titles_are_sentences_without_their_stop() -> None:
    assert not any(each.title.endswith(".") for each in complaints())
    assert all(each.title and each.text for each in complaints())


def test_examples_become_fences() -> None:
    text = "Why ``x``.\n\nBad::\n\n    allow a\n      on b\n\nGood::\n\n    allow c\n\nAfter."
    assert examples(text) == (
        "Why `x`.\n\n\nBad:\n\n```rules\nallow a\n  on b\n```\n\n\nGood:\n\n```rules\nallow c\n```\n\nAfter."
    )


def test_a_page_has_its_examples() -> None:
    page = next(page for page in compiler_pages() if page.code == "R502")
    assert page.text.count("```rules") == 2
    assert page.severity == "error"
