"""The recipes for ``AsyncClient``: the names of ``hcloud_images.recipes``, awaited."""

from hcloud_images.recipes._async.backups import convert_backup
from hcloud_images.recipes._async.cleanup import carry_out, keep_last, older_than
from hcloud_images.recipes._async.nightly import nightly
from hcloud_images.recipes._decisions import Decision, Policy, retention
from hcloud_images.recipes._reports import CleanupReport, Conversion, Failure, NightlyReport, ServerDecision

__all__ = ["CleanupReport", "Conversion", "Decision", "Failure", "NightlyReport", "Policy", "ServerDecision"]
__all__ += ["carry_out", "convert_backup", "keep_last", "nightly", "older_than", "retention"]
