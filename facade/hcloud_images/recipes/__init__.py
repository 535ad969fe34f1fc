"""Whole jobs in one call: nightly snapshots, keeping the last ones, retention, converting a backup.

The async ones have the same names in ``hcloud_images.recipes.aio``.
"""

from hcloud_images.recipes._decisions import Decision, Policy, retention
from hcloud_images.recipes._reports import CleanupReport, Conversion, Failure, NightlyReport, ServerDecision
from hcloud_images.recipes._sync.backups import convert_backup
from hcloud_images.recipes._sync.cleanup import carry_out, keep_last, older_than
from hcloud_images.recipes._sync.nightly import nightly

__all__ = ["CleanupReport", "Conversion", "Decision", "Failure", "NightlyReport", "Policy", "ServerDecision"]
__all__ += ["carry_out", "convert_backup", "keep_last", "nightly", "older_than", "retention"]
