"""What can go wrong, in one tree; each message says what is wrong, where, and what to do next.

QuothError
  DocumentError      a file or folder of documents can't be read
  ModelError         an encoder is missing, altered or unusable
  IndexProblem       an index can't be used as it is
    IndexNotFound    there is none
    IndexCorrupt     it is there but damaged or of another version
  QuestionError      a question that can't be searched
  BotError           the Telegram bot can't start or go on
  StoreError         the file of what people asked and said can't be used
  EvaluationError    questions, runs or results that can't be scored as they are
"""


class QuothError(Exception):
    """An error the person at the keyboard can act on: shown as one line, exit status 1."""


class DocumentError(QuothError):
    """A file or a folder of documents can't be read."""


class ModelError(QuothError):
    """An encoder is missing, differs from what was promised, or can't be used."""


class IndexProblem(QuothError):
    """An index can't be used as it is."""


class IndexNotFound(IndexProblem):
    """There is no index in the folder."""


class IndexCorrupt(IndexProblem):
    """The index is damaged, half written or of another version."""


class QuestionError(QuothError):
    """A question that can't be searched: empty, or far too long."""


class BotError(QuothError):
    """The Telegram bot can't start as it is configured, or can't go on."""


class StoreError(QuothError):
    """The file of what people asked and said can't be read or written."""


class EvaluationError(QuothError):
    """Questions, runs or results that can't be scored or compared as they are."""
