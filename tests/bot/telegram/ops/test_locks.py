"""Locks by key: one holder at a time, in order of arrival, and no lock left behind."""

import asyncio

from bot.telegram.ops.locks import KeyedLocks


def test_a_lock_is_deleted_once_nothing_holds_it():
    async def check():
        locks = KeyedLocks()
        async with locks.hold("a"):
            assert locks.waiting("a") == 1
        assert locks.waiting("a") == 0
        assert locks._locks == {}

    asyncio.run(check())


def test_what_has_the_same_key_runs_in_order_and_other_keys_run_meanwhile():
    events = []

    async def work(locks, key, name, pause_s):
        async with locks.hold(key):
            events.append(f"begin {name}")
            await asyncio.sleep(pause_s)
            events.append(f"end {name}")

    async def check():
        locks = KeyedLocks()
        await asyncio.gather(
            work(locks, "a", "first", 0.1), work(locks, "a", "second", 0), work(locks, "b", "other", 0)
        )

    asyncio.run(check())
    assert events.index("end first") < events.index("begin second")
    assert events.index("end other") < events.index("end first")
