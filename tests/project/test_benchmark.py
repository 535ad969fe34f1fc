"""The report of the benchmark: ratios of medians, and the spread beside them."""

from __future__ import annotations

import pytest
from benchmarking import server
from benchmarking.measures import differences
from benchmarking.report import spread, summary
from hcloud_images.images import Image


def test_ratios_are_those_of_the_medians() -> None:
    samples = {"get_one": {"ours": [1.0, 2.0, 90.0], "official": [8.0, 3.0, 4.0], "bare": [1.0, 1.0, 7.0]}}

    found = summary(samples, {"python": "3"})

    assert found["absolute"] == {"get_one": {"ours": 2.0, "official": 4.0, "bare": 1.0}}
    assert found["ratio"] == {"get_one": 0.5}
    assert found["vs_floor"] == {"get_one": 2.0}
    assert found["env"] == {"python": "3"}


def test_what_has_no_floor_is_compared_with_none() -> None:
    assert summary({"wait": {"ours": [1.0], "official": [2.0]}}, {})["vs_floor"] == {}


def test_spread_is_the_distance_of_the_quartiles_as_a_share_of_the_median() -> None:
    assert spread([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]) == pytest.approx((6 - 2) / 4)
    assert spread([3.0]) == 0.0


def test_values_that_differ_are_found() -> None:
    data = server.image(20)  # a deprecated one
    one = Image.from_dict(data)
    assert differences([one], [Image.from_dict(data)]) == []
    others = {
        "name": "x",
        "created": "2020-01-01T00:00:00Z",
        "deprecation": None,
        "created_from": {"id": 7},
        "labels": {},
    }
    data["labels"] = {"a": "b"}
    one = Image.from_dict(data)
    for name, other in others.items():
        assert differences([one], [Image.from_dict({**data, name: other})]) == [(20, name)]
    assert differences([], [one]) == [(None, "0 images instead of 1")]
