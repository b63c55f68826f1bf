"""Pages are drawn one after the other, and a slow one does not keep the others."""

from __future__ import annotations

import itertools
import threading
import time

import pytest

from cx.ui import turn


def drawn(seconds: list[float]) -> list[tuple[float, float, bool]]:
    """(begin, end, whether the turn came) of pages that take so long, all asked for at once, in the order they begin."""
    out: list[tuple[float, float, bool]] = []

    def draw(takes: float) -> None:
        with turn.turn() as mine:
            begun = time.perf_counter()
            time.sleep(takes)
            out.append((begun, time.perf_counter(), mine))

    threads = [threading.Thread(target=draw, args=(takes,)) for takes in seconds]
    for thread in threads:
        thread.start()
        time.sleep(0.005)
    for thread in threads:
        thread.join()
    return sorted(out)


def test_quick_pages_follow_each_other():
    found = drawn([0.01] * 8)
    assert all(mine for _, _, mine in found)
    assert all(end <= begin for (_, end, _), (begin, _, _) in itertools.pairwise(found))


def test_nobody_waits_for_a_slow_page_longer_than_patience():
    found = drawn([1.0, 0.01])
    (slow, _, _), (quick, ended, mine) = found
    assert not mine
    assert quick - slow <= turn.PATIENCE + 0.2
    assert ended < found[0][1]


def test_an_error_gives_the_turn_back():
    with pytest.raises(ValueError, match="broken"), turn.turn():
        raise ValueError("broken")
    with turn.turn() as mine:
        assert mine
