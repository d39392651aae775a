"""Running a service: access, rate limits, locks, metrics, heartbeat, logs.

Knows nothing of Telegram's types; may import only retrieval.errors.
"""
