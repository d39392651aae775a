"""From an Answer to what a person sees: the terminal, Telegram, JSON.

    bot/
      plain_text.py answer_json.py    an Answer as text and as JSON
      folders.py      which index the working folder means, and the name of a folder
      index_report.py what a build did and a check found, as lines
      language/       wording shared by terminal and Telegram; translation (catalogues in locale/)
      receipts/       what an answer cited, whether the files still say so, and its citation to paste
      feedback/       the database of questions, answers and ratings
      suggest.py      questions that the documents can answer
      watch.py        keeps an index up to date while files change
      terminal/       the chat in the terminal, rendering, batches of questions
      telegram/       the Telegram bot
      config.py       settings from flags and environment
      commands.py     what each `quoth` command does; log_commands.py those that read what was asked before
      cli.py          parses the command line
      deploy/         systemd unit and Dockerfile for the Telegram bot

A module imports only what stands above it, and retrieval/. Only `quoth eval` in cli.py loads eval/.
"""
