"""The tree of exceptions in docs/errors.md, which is also read as plain Markdown."""

from __future__ import annotations

from pathlib import Path

from hcloud_images import errors

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"


def test_the_tree_is_that_of_the_module() -> None:
    tree = (errors.__doc__ or "").partition("\n\n")[2].strip()
    assert tree.startswith("HCloudException\n├──")
    assert f"\n```none\n{tree}\n```\n" in PAGE.read_text()
