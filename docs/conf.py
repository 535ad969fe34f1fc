"""Sphinx configuration: `make docs`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hcloud_images import __version__
from sphinx.application import Sphinx
from sphinx.util.nodes import make_refnode

project = "hcloud-images"
author = "the hcloud-images maintainers"
project_copyright = author
version = release = __version__
language = "en"
smartquotes_action = "D"  # dashes; quotes stay straight

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinx_design",
]
html_theme = "furo"
html_title = f"hcloud-images {version}"
html_static_path = ["static"]
html_css_files = ["docs.css"]
html_show_sourcelink = False
html_copy_source = False
copybutton_prompt_text = "$ "
copybutton_selector = "div:not(.highlight-text) > div.highlight > pre"
# The theme's default underlines modules in imports as if they were links.
pygments_dark_style = "github-dark"

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
KNOWN_VALUES = {
    "images": [
        "ImageType",
        "NewImageType",
        "ConvertedImageType",
        "ImageStatus",
        "Architecture",
        "ImageSort",
    ],
    "actions": ["ActionStatus", "ActionSort"],
    "servers": ["ServerStatus", "ServerSort"],
}
autodoc_type_aliases = {
    **{name: name for name in ("TokenSource", "Timeout", "Verify", "Transport")},
    # At run time, its base class stands for it where that would be a circle.
    "CreateImageResponse": "hcloud_images.images.CreateImageResponse",
    **{
        f"{prefix}{name}": f"hcloud_images.{module}.{name}"
        for module, names in KNOWN_VALUES.items()
        for name in names
        for prefix in ("", "literals.")
    },
}
maximum_signature_line_length = 80
toc_object_entries_show_parents = "hide"
python_use_unqualified_type_names = True
nitpick_ignore_regex = [
    # Types of Python and of other libraries: their documentation isn't fetched.
    ("py:.*", r"(?!hcloud_images).*"),
    # A type variable, and what a client is to its parts.
    ("py:.*", r"hcloud_images\._sync\._base\.(D|ClientBase)"),
    # The docstrings have these options, in words.
    ("py:.*", r"hcloud_images\._runtime\.options\.CallOptions"),
    ("py:.*", r"hcloud_images\._(a?sync)\.client\.(Async)?ClientOptions"),
    # An argument for clients, and no more.
    ("py:.*", r"hcloud_images_sandbox\.control\.ControlledClock"),
]


def find_public_name(app: Sphinx, env: Any, node: Any, contnode: Any) -> Any:
    """Link a type that is defined elsewhere, such as in ``_sync``, to its entry."""
    last = node.get("reftarget", "").rpartition(".")[2]
    if last != "AsyncClient":  # the other twins aren't listed
        last = last.removeprefix("Async")
    found = [
        (name, entry)
        for name, entry in env.domains["py"].objects.items()
        if name.rpartition(".")[2] == last and not entry.aliased
    ]
    if node.get("refdomain") != "py" or len(found) != 1:
        return None
    [(name, entry)] = found
    return make_refnode(
        app.builder, node["refdoc"], entry.docname, entry.node_id, contnode, name
    )


def shorten_signature(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, args: Any, returns: Any
) -> tuple[Any, Any] | None:
    """Name the aliases that autodoc leaves inside unions, and ``OneOrMore``."""
    if not args:
        return None
    args = re.sub(r"TypeAliasForwardRef\('([\w.]+)'\)", r"\1", args)
    return re.sub(
        r"Iterable\[([^=]+?)\] \| \1(?=[ ,)])", r"OneOrMore[\1]", args
    ), returns


def link_to_pages(app: Sphinx, page: str, source: list[str]) -> None:
    """Link the page that includes a file of the top folder, instead of the file."""
    for name in ("changelog", "contributing", "security"):
        source[0] = source[0].replace(f"](../{name.upper()}.md", f"]({name}.md")


def drop_docstring_of_modules(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Leave out the docstrings of modules: the pages have more, and drawings break."""
    if what == "module":
        lines.clear()


def write_llms_txt(app: Sphinx, exception: Exception | None) -> None:
    """Write ``llms.txt``: every page with its title and its first sentence."""
    if exception is not None or app.builder.name != "html":
        return
    includes = app.env.toctree_includes
    pages = [*includes["index"], *includes["reference/index"]]
    lines = [f"# {project}", "", f"> {first_sentence(app, 'index')}", "", "## Docs", ""]
    for name in pages:
        about = first_sentence(app, name)
        title = app.env.titles[name].astext()
        lines.append(f"- [{title}]({name}.html){': ' if about else ''}{about}")
    Path(app.outdir, "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def first_sentence(app: Sphinx, page: str) -> str:
    """Return the first sentence of a page that begins with a text."""
    for node in app.env.get_doctree(page).findall():
        if node.tagname != "paragraph":
            continue
        text = " ".join(node.astext().split())
        return re.split(r"(?<=\.) ", text)[0] if text.endswith(".") else ""
    return ""


def setup(app: Sphinx) -> None:
    """Connect the functions of this file."""
    app.connect("autodoc-process-docstring", drop_docstring_of_modules)
    app.connect("autodoc-process-signature", shorten_signature)
    app.connect("source-read", link_to_pages)
    app.connect("missing-reference", find_public_name)
    app.connect("build-finished", write_llms_txt)
