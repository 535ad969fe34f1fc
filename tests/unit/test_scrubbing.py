"""What must not reach a cassette."""

from __future__ import annotations

import pytest
from hcloud_images.testing import Scrubber


@pytest.mark.parametrize("private", [True, False])
def test_token_in_a_body_that_is_no_utf8(private: bool) -> None:
    answer = {"headers": {}, "status": {"code": 502}, "body": {"string": b"caf\xe9 canarytoken"}}
    scrubbed = Scrubber(secrets=("canarytoken",), private=private).answer(answer)
    assert scrubbed["body"]["string"] == b"caf\xe9 SECRET"
