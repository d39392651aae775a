"""What can go wrong, as one tree. Each message says what is wrong, where, and what to do next.

QuothError
  DocumentError      a file or folder of documents can't be read
  ModelError         an encoder or the reader is missing, altered or unusable
  IndexProblem       an index can't be used as it is
    IndexNotFound    there is none
    IndexCorrupt     it is damaged, or of another version
  QuestionError      a question can't be searched
  BotError           the Telegram bot can't start or go on
  DatabaseError      the database of questions, answers and ratings can't be used
  EvaluationError    questions, runs or results can't be scored as they are
"""


class QuothError(Exception):
    """An error that the person at the keyboard can act on: shown as one line, exit status 1."""


class DocumentError(QuothError):
    """A file or a folder of documents can't be read."""


class ModelError(QuothError):
    """An encoder or the reader is missing, differs from what was published, or can't be used."""


class IndexProblem(QuothError):
    """An index can't be used as it is."""


class IndexNotFound(IndexProblem):
    """There is no index in the folder."""


class IndexCorrupt(IndexProblem):
    """The index is damaged, half written, or of another version."""


class QuestionError(QuothError):
    """A question can't be searched: it is empty or far too long."""


class BotError(QuothError):
    """The Telegram bot can't start as configured, or can't go on."""


class DatabaseError(QuothError):
    """The database of questions, answers and ratings can't be read or written."""


class EvaluationError(QuothError):
    """Questions, runs or results can't be scored or compared as they are."""
