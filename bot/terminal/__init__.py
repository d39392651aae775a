"""From an Answer to the terminal: the chat, rendering, and batches of questions.

    repl              lines in, answers out; sample_questions above the first prompt
    chat_commands     what each command is called, and which module does it:
                      opening, reading_on, explaining, rating, checking
    chat, session     a conversation: how it speaks, what it remembers; speaker tells the language
    render, together  an Answer as text; citations, document_lines, figures, listings and receipts are parts of it
    batch, console, typed_lines, viewer    questions in a file, the streams, lines typed before, the system's viewer

May import bot/plain_text, bot/answer_json, bot/language, bot/receipts, bot/feedback and retrieval/; never bot/telegram.
"""
