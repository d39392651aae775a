"""From a Telegram update to an Answer, and back to a message. README.md is the manual for operators.

    bot/telegram/
      ops/            access, limits, locks, metrics, figures, heartbeat, logs
      memory/         the inbox, stored answers, ratings and corrections, deletion
      messages/       texts, blocks, buttons and pages as plain values
      files/          the files that admins send
      api/            requests, errors, pace and sending: the Bot API
      settings answering components updates processor      what the modules below share
      cited collection explaining                          cited documents, those that join and leave, why
      asking commands uploads gaps inline menu             one module for each kind of update, and
      presses pressing answer_presses ratings              for buttons; handlers.py hands updates to them
      service.py      the running bot, with upkeep.py; app.py opens what it needs and runs it

A folder imports only from itself and from what stands above it, and from the modules of bot/ that know nothing
of Telegram, and from retrieval/.
"""
