"""What a notebook finds under `cx.analytics`."""

from __future__ import annotations

import pytest

from cx import analytics


@pytest.mark.parametrize("name", dir(analytics))
def test_every_function_offered_is_there_and_says_what_it_is(name):
    found = getattr(analytics, name)
    assert callable(found)
    assert found.__doc__
