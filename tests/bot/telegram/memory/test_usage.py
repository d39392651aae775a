"""How much the bot is used: what counts as answered, today and this week."""

from bot.telegram.memory.records import Origin
from bot.telegram.memory.usage import Usage
from tests.conftest import EMPEROR, PIERS
from tests.telegram.document_folder import HARBOUR

DAY_S = 86_400


def test_answers_refusals_people_and_ratings_are_counted(memory, told):
    now, ids = 100 * DAY_S, []
    asked = [(HARBOUR, 7, 0), (PIERS, 7, 0), (EMPEROR, 8, 0), ("thanks", 9, 0), (HARBOUR, 10, 3), (EMPEROR, 11, 30)]
    for question, user_id, days_ago in asked:
        kept = memory.keep_answer(told.ask(question), Origin(user_id, user_id, None), (), told.document)
        memory._run("UPDATE answers SET asked_at = ? WHERE id = ?", now - days_ago * DAY_S, kept.answer.id)
        ids.append(kept.answer.id)
    memory.rate(ids[0], 7, "right")
    memory.rate(ids[2], 8, "wrong")
    memory.rate(ids[2], 9, "wrong")
    assert memory.usage(now, midnight=now - 10) == Usage(
        answered_today=2, answered=3, refused_today=1, refused=2, people_this_week=4, right=1, wrong=2
    )
