"""Schemathesis, which knows nothing of this project, reads the description and tries the sandbox."""

from __future__ import annotations

import os
from pathlib import Path

import schemathesis
from hcloud_images_sandbox import Sandbox
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

schema = schemathesis.openapi.from_path(Path(__file__).resolve().parents[2] / "spec" / "images.yaml")


@schema.parametrize()
@settings(
    max_examples=int(os.environ.get("HCLOUD_IMAGES_EXAMPLES", "500")) // 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_described(case: schemathesis.Case, sandbox: Sandbox) -> None:
    sandbox.control.reset()
    case.call_and_validate(
        base_url=sandbox.url,
        headers={"Authorization": f"Bearer {sandbox.token}"},
        # The description leaves values open that the API refuses, so that clients know tomorrow's.
        excluded_checks=[positive_data_acceptance],
    )
