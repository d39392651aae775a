"""Rate limits. Pure: the time is an argument, in seconds of any monotonic clock."""

from __future__ import annotations

_MAX_KEYS = 10_000
"""How many keys are stored before idle ones are dropped: strangers must not fill the memory."""


class Bucket:
    """A token bucket for each key: `per_minute` at once, then one every 60 / `per_minute` seconds."""

    def __init__(self, per_minute: int) -> None:
        self._capacity, self._rate = float(per_minute), per_minute / 60
        self._left: dict[int, tuple[float, float]] = {}

    def take(self, key: int, now: float) -> float:
        """0.0 if granted; otherwise the seconds until the next one would be."""
        left, since = self._left.get(key, (self._capacity, now))
        left = min(left + (now - since) * self._rate, self._capacity)
        if left < 1:
            return (1 - left) / self._rate
        self._left[key] = (left - 1, now)
        if len(self._left) > _MAX_KEYS:
            full = self._capacity / self._rate
            self._left = {key: kept for key, kept in self._left.items() if now - kept[1] < full}
        return 0.0


class Cooldown:
    """Passes once in `window_s` for each key."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._last: dict[object, float] = {}

    def passes(self, key: object, now: float) -> bool:
        last = self._last.get(key)
        if last is not None and now - last < self._window_s:
            return False
        if len(self._last) > _MAX_KEYS:
            self._last = {key: at for key, at in self._last.items() if now - at < self._window_s}
        self._last[key] = now
        return True
