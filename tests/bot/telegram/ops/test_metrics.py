"""Counts and latencies, for people and for Prometheus."""

import socket
import urllib.request
from contextlib import closing

from bot.telegram.ops.metrics import Metrics


def test_what_was_counted_is_summed_up():
    metrics = Metrics()
    metrics.count("presses", "source")
    metrics.count("presses", "source")
    for milliseconds in range(1, 101):
        metrics.answered("answered", milliseconds / 1000)
    found = metrics.summary()
    assert found["presses_source"] == metrics.total("presses", "source") == 2
    assert found["answers_answered"] == 100
    assert found["answer_ms_median"] in (50, 51)  # of 1 to 100 ms
    assert found["answer_ms_p95"] == 95
    assert found["memory_mb"] > 1


def test_nothing_counted_is_zero():
    assert Metrics().total("answers", "answered") == 0
    assert "answer_ms_median" not in Metrics().summary()


def test_prometheus_is_served_on_loopback_until_closed():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    metrics = Metrics()
    metrics.answered("perhaps", 0.03)
    metrics.watch("waiting", "Updates that wait", lambda: 3)
    metrics.serve(port)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
    finally:
        metrics.close()
    assert 'quoth_answers_total{kind="perhaps"} 1.0' in text
    assert 'quoth_answer_seconds_bucket{le="0.05"} 1.0' in text
    assert "quoth_waiting 3.0" in text
    with closing(socket.socket()) as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
