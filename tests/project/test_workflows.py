"""The workflows may do no more than they have to, and publish what was tried; ``make lint`` sees the rest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / ".github" / "workflows"
TEXTS = {path.name: path.read_text() for path in sorted(FOLDER.iterdir())}
WORKFLOWS: dict[str, dict[str, Any]] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
#: By workflow and job, what it may write; no other may write anything.
MAY_WRITE = {("drift.yml", "drift"): {"issues"}, ("release.yml", "publish"): {"id-token"}}
every = pytest.mark.parametrize("name", WORKFLOWS)


def done(job: dict[str, Any]) -> list[str]:
    """Return what a job does, in order: actions without their versions, and commands."""
    return [step["run"] if "run" in step else step["uses"].split("@")[0] for step in job["steps"]]


def test_workflows_are_found() -> None:
    assert set(WORKFLOWS) == {"audit.yml", "ci.yml", "drift.yml", "generator.yml", "release.yml"}


@every
def test_jobs_may_do_little_and_end(name: str) -> None:
    workflow = WORKFLOWS[name]
    for job_name, job in workflow["jobs"].items():
        assert 0 < job["timeout-minutes"] <= 60, job_name
        allowed = job.get("permissions", workflow["permissions"])
        assert {what for what, access in allowed.items() if access != "read"} == MAY_WRITE.get((name, job_name), set())
    assert workflow["permissions"]["contents"] == "read"


@every
def test_nothing_is_installed_by_name_where_it_should_be_pinned(name: str) -> None:
    installed = re.findall(r"\bpip install (.*)", TEXTS[name])
    # The one place whose purpose it is to take the newest release.
    newest = ["--quiet --upgrade openapi-python-client"] if name == "generator.yml" else []
    assert [what for what in installed if not what.startswith("--require-hashes -r ")] == newest


def test_release_publishes_what_was_checked_and_tried_and_nothing_unpinned_ran_beside_it() -> None:
    jobs = WORKFLOWS["release.yml"]["jobs"]
    assert set(jobs) == {"build", "try", "publish"}
    assert jobs["try"]["needs"] == "build"
    assert jobs["publish"]["needs"] == ["build", "try"]
    prepared = ["actions/checkout", "actions/setup-python"]
    assert done(jobs["build"]) == [
        *prepared,
        ".ci/run",
        ".venv/bin/nox -s dist",
        'test -f "dist/hcloud_images-${GITHUB_REF_NAME#v}-py3-none-any.whl"',
        "actions/upload-artifact",
    ]
    assert done(jobs["try"]) == [*prepared, "make install", "actions/download-artifact", ".venv/bin/nox -s wheel"]
    assert done(jobs["publish"]) == ["actions/download-artifact", "pypa/gh-action-pypi-publish"]
    for name in ("build", "try"):
        assert jobs[name]["env"]["REQUIREMENTS"] == ".github/requirements.txt"
    # What is downloaded is what was uploaded.
    artifacts = [step["with"] for job in jobs.values() for step in job["steps"] if "-artifact@" in step.get("uses", "")]
    assert [(one["name"], one["path"]) for one in artifacts] == [("dist", "dist/")] * 3
