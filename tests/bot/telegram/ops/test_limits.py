"""Token buckets and cooldowns, with a clock of the test's own."""

import bot.telegram.ops.limits
from bot.telegram.ops.limits import Bucket, Cooldown


def test_a_bucket_gives_its_minute_at_once_and_then_one_at_a_time():
    bucket = Bucket(per_minute=3)
    assert [bucket.take(1, 0.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert bucket.take(1, 0.0) == 20.0  # the next in 60 / 3 seconds
    assert bucket.take(1, 5.0) == 15.0
    assert bucket.take(1, 20.0) == 0.0
    assert bucket.take(1, 20.0) == 20.0


def test_a_bucket_never_holds_more_than_its_minute():
    bucket = Bucket(per_minute=2)
    assert bucket.take(1, 0.0) == 0.0
    assert [bucket.take(1, 1e6) > 0 for _ in range(3)] == [False, False, True]


def test_one_key_does_not_empty_the_bucket_of_another():
    bucket = Bucket(per_minute=1)
    assert bucket.take(1, 0.0) == 0.0
    assert bucket.take(1, 0.0) > 0
    assert bucket.take(2, 0.0) == 0.0


def test_a_cooldown_lets_through_once_in_its_window():
    told = Cooldown(window_s=60)
    assert [told.passes("a", at) for at in (0.0, 59.9, 60.0, 61.0)] == [True, False, True, False]
    assert told.passes("b", 1.0)


def test_a_million_strangers_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(bot.telegram.ops.limits, "_MAX_KEYS", 10)
    bucket, told = Bucket(per_minute=60), Cooldown(window_s=1)
    for key in range(1000):
        bucket.take(key, float(key))
        told.passes(key, float(key))
    assert len(bucket._left) <= 70  # those of the last minute
    assert len(told._last) <= 11
