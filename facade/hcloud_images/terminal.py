"""Tables and progress bars in the terminal; needs rich, which the extra ``rich`` brings."""

from hcloud_images._terminal.rich import ProgressBar, progress_bar, table

__all__ = ["ProgressBar", "progress_bar", "table"]
