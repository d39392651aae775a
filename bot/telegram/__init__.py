"""From a Telegram update to an Answer, and back to a message. README.md is the manual for operators.

    bot/telegram/
      ops/            access, limits, locks, metrics, heartbeat, logs
      memory/         the inbox, stored answers, deletion
      messages/       texts, blocks, buttons and pages as plain values
      files/          the files that admins send
      api/            requests, errors, pace and sending: the Bot API
      settings answering components updates processor      what the modules below share
      cited collection                                     cited documents, and documents that join and leave
      asking presses uploads inline handlers menu          one module for each kind of update
      service.py      the running bot; app.py opens what it needs and runs it

A folder imports only from itself and from what stands above it, and from the modules of bot/ that know nothing
of Telegram, and from retrieval/.
"""
