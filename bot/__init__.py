"""From an Answer to what a person sees: the terminal, Telegram, JSON.

    bot/
      plain_text.py answer_json.py    an Answer as text and as JSON
      language/       wording shared by terminal and Telegram; translation (catalogues in locale/)
      suggest.py      questions that the documents can answer
      feedback/       the database of questions, answers and ratings
      terminal/       the chat in the terminal, rendering, batches of questions
      telegram/       the Telegram bot
      config.py       settings from flags and environment
      commands.py     what each `quoth` command does; cli.py parses the command line
      deploy/         systemd unit and Dockerfile for the Telegram bot

A module imports only what stands above it, and retrieval/. Only `quoth eval` in cli.py loads eval/.
"""
