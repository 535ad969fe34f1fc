"""Schemathesis, which knows nothing of this project, reads the description and tries the sandbox."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hcloud_images_sandbox import Sandbox
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

DESCRIPTION = Path(__file__).resolve().parents[2] / "spec" / "images.yaml"
OPERATIONS = [result.ok() for result in schemathesis.openapi.from_path(DESCRIPTION).get_all_operations()]
EXAMPLES = int(os.environ.get("HCLOUD_IMAGES_EXAMPLES", "500")) // 50

# The sandbox is a thread beside the one that makes up requests.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")


@pytest.mark.parametrize("mode", schemathesis.GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_answers_are_as_described(operation: Any, mode: schemathesis.GenerationMode, sandbox: Sandbox) -> None:
    @given(operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def explore(case: schemathesis.Case) -> None:
        sandbox.control.reset()
        case.call_and_validate(
            base_url=sandbox.url,
            headers={"Authorization": f"Bearer {sandbox.token}"},
            # The description leaves values open that the API refuses, so that clients know tomorrow's; and of two
            # requests that differ to Schemathesis, such as a number and a list of that one, the wire may make the same.
            excluded_checks=[positive_data_acceptance, negative_data_rejection],
        )

    explore()
