"""How Sphinx builds the documentation: `make docs`."""

from __future__ import annotations

from typing import Any

from hcloud_images import __version__
from sphinx.application import Sphinx
from sphinx.util.nodes import make_refnode

project = "hcloud-images"
author = "the hcloud-images maintainers"
project_copyright = author
version = release = __version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_copybutton", "sphinx_design"]
html_theme = "furo"
html_title = f"hcloud-images {version}"
html_static_path = ["static"]
html_css_files = ["docs.css"]
html_show_sourcelink = False
html_copy_source = False
copybutton_prompt_text = "$ "

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
maximum_signature_line_length = 80
python_use_unqualified_type_names = True
nitpick_ignore_regex = [
    # Types of Python and of other libraries: their documentation isn't fetched, so nothing could be linked.
    ("py:.*", r"(?!hcloud_images).*"),
    ("py:.*", r"hcloud_images\._sync\._base\.(D|ClientBase)"),  # a type variable, and what a client is to its parts
    ("py:.*", r"hcloud_images\._runtime\.(clock\.Clock|options\.CallOptions)"),  # likewise
    ("py:.*", r"hcloud_images_sandbox\.control\.ControlledClock"),  # an argument for clients, and no more
    ("py:.*", r"hcloud_images\._(a?sync)\.client\.(Async)?ClientOptions"),  # the constructor has them, in words
]


def find_public_name(app: Sphinx, env: Any, node: Any, contnode: Any) -> Any:
    """Link a type that is written where it is defined, such as in ``_sync``, to where it is documented."""
    last = node.get("reftarget", "").rpartition(".")[2]
    last = last if last == "AsyncClient" else last.removeprefix("Async")  # the other twins aren't listed
    names = env.domains["py"].objects.items()
    found = [(name, one) for name, one in names if name.rpartition(".")[2] == last and not one.aliased]
    if node.get("refdomain") != "py" or len(found) != 1:
        return None
    [(name, entry)] = found
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, contnode, name)


def drop_docstring_of_modules(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Leave out what modules say of themselves: the pages say it better, and drawings would lose their lines."""
    if what == "module":
        lines.clear()


def setup(app: Sphinx) -> None:
    """Add to Sphinx what it doesn't do by itself."""
    app.connect("autodoc-process-docstring", drop_docstring_of_modules)
    app.connect("missing-reference", find_public_name)
