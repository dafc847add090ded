"""The lint rules, one a file; ``policylang.linter.catalogue`` lists them."""
