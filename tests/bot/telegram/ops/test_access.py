"""Access: nobody by default, and by numeric ids only."""

import pytest

from bot.telegram.ops.access import Access

ANN, BOB, ADMIN, GROUP, OTHER_GROUP = 11, 12, 13, -100, -200
CLOSED = Access(frozenset(), frozenset(), False)
LISTED = Access(frozenset({ANN, GROUP}), frozenset({ADMIN}), False)


def test_nobody_has_access_by_default():
    assert not CLOSED.allows(ANN, ANN)
    assert not CLOSED.allows(ANN, GROUP)
    assert not CLOSED.allows(ANN, None)


@pytest.mark.parametrize(
    ("user", "chat", "may"),
    [
        (ANN, ANN, True),
        (ANN, None, True),  # an inline query
        (BOB, BOB, False),
        (BOB, GROUP, True),
        (None, GROUP, True),  # an anonymous admin of a listed group
        (ANN, OTHER_GROUP, False),  # the list of people opens no group to its other members
        (ADMIN, ADMIN, True),
        (None, None, False),
    ],
)
def test_people_and_groups_of_the_list_may_ask(user, chat, may):
    assert LISTED.allows(user, chat) is may


def test_everybody_may_ask_a_public_bot_and_still_only_admins_see_its_status():
    public = Access(frozenset(), frozenset({ADMIN}), True)
    assert public.allows(BOB, OTHER_GROUP)
    assert public.allows(None, None)
    assert public.is_admin(ADMIN)
    assert not public.is_admin(BOB)
    assert not public.is_admin(None)


def test_a_listed_group_stays_listed_under_its_new_number():
    assert LISTED.moved(GROUP, OTHER_GROUP).allows(BOB, OTHER_GROUP)
    assert LISTED.moved(-300, OTHER_GROUP) == LISTED
