"""The texts that people read, in every language: shared wording, translation, and extraction for translators.

May import only retrieval/.
"""
