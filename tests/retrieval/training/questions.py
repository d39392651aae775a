"""A question on the small index, which its documents answer."""

from retrieval.training.squad import SquadQuestion
from tests.conftest import CORPUS

ASKED = "When was the harbour of Lund opened?"
OPENED = SquadQuestion("q", ASKED, "harbour.txt", (("1871", CORPUS["harbour.txt"].index("1871")),))
