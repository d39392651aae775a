"""Texts run in threads: in order, and not all of them begun at once."""

import time

import pytest

from retrieval.inference import map_in_threads


def test_results_come_in_order_and_an_error_cancels_pending_work():
    began = []

    def run(item):
        began.append(item)
        time.sleep(0.02 if item == 0 else 0)
        return 1 / (500 - item)

    assert list(map_in_threads(run, range(350))) == [1 / (500 - item) for item in range(350)]
    began.clear()
    with pytest.raises(ZeroDivisionError):
        list(map_in_threads(run, range(2000)))
    assert 500 < len(began) <= 600
