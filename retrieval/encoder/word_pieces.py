"""Texts to the ids of their word pieces.

A small vocabulary is loaded whole by `tokenizers`. A large one of the Unigram kind (250,000 pieces take a second and
280 MB that way) is looked up on disk instead: its pieces stand in a trie that is mapped into memory, and the likeliest
split of each word is found here. eval/LOG.md, 2026-11-28.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Protocol

import marisa_trie
import numpy as np
from tokenizers import PreTokenizedString, Token, Tokenizer

from retrieval.spans import Span

TokenizerForm = Literal["json", "trie"]
"""How a prepared tokenizer is stored: whole, in `tokenizers`' own file, or its pieces in a trie."""

PieceEnd = tuple[int, int]
"""A piece's id, and where it ends in its word."""

TOKENIZER = "tokenizer.json"
_PIECES, _NUMBERS, _SCORES = "pieces.marisa", "piece_ids.npy", "piece_scores.npy"
_TOKENISED_TOGETHER = 1000
_CACHED_WORDS, _CACHED_CHARS = 20_000, 24  # longer ones are sentences of languages without spaces: met once
_LONGER_THAN_ANY = 64  # characters; the longest piece of multilingual-e5-small has 16
_UNKNOWN_PENALTY = 10.0  # below the worst score, as in SentencePiece


class WordPieces(Protocol):
    """A tokenizer that neither cuts nor pads. `special_tokens` are the ids put before and after a text."""

    special_tokens: tuple[list[int], list[int]]

    def ids(self, texts: Sequence[str], with_special_tokens: bool) -> list[list[int]]:
        """The ids of each text's word pieces."""

    def pieces(self, text: str) -> tuple[list[int], list[Span]]:
        """The ids of a text's word pieces without special tokens, and where each piece stands in the text."""


class WholeTokenizer:
    """A tokenizer loaded whole. Raises the library's own exceptions."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.special_tokens = _special_tokens_around(self._tokenizer)

    def ids(self, texts: Sequence[str], with_special_tokens: bool) -> list[list[int]]:
        return [  # in parts: the tokenizer's own records are large
            coded.ids
            for start in range(0, len(texts), _TOKENISED_TOGETHER)
            for coded in self._tokenizer.encode_batch(
                texts[start : start + _TOKENISED_TOGETHER], add_special_tokens=with_special_tokens
            )
        ]

    def pieces(self, text: str) -> tuple[list[int], list[Span]]:
        coded = self._tokenizer.encode(text, add_special_tokens=False)
        return coded.ids, coded.offsets


class TrieTokenizer:
    """A Unigram tokenizer whose pieces stay on disk. Raises OSError, ValueError, KeyError or RuntimeError.

    It gives the ids that `tokenizers` gives, except that the name of a special token in a text ("</s>") is text.
    """

    def __init__(self, folder: Path) -> None:
        stored = json.loads((folder / TOKENIZER).read_text(encoding="utf-8"))
        self.special_tokens = stored["before"], stored["after"]
        self._unknown = int(stored["unknown"])
        self._tokenizer = Tokenizer.from_str(json.dumps(stored["tokenizer"]))
        self._trie = marisa_trie.Trie()
        self._trie.mmap(str(folder / _PIECES))
        # Single items of a memoryview come faster than those of an array.
        self._ids = memoryview(np.load(folder / _NUMBERS, mmap_mode="r"))
        self._scores = memoryview(np.load(folder / _SCORES, mmap_mode="r"))
        self._unknown_score = float(stored["unknown_score"])
        self._cached_split = lru_cache(_CACHED_WORDS)(self._likeliest_split)

    def ids(self, texts: Sequence[str], with_special_tokens: bool) -> list[list[int]]:
        before, after = self.special_tokens if with_special_tokens else ([], [])
        return [[*before, *self._ids_of(text), *after] for text in texts]

    def pieces(self, text: str) -> tuple[list[int], list[Span]]:
        """See WordPieces. The library follows each character through normalisation, back to where it was."""
        words = PreTokenizedString(text)
        words.normalize(self._tokenizer.normalizer.normalize)
        self._tokenizer.pre_tokenizer.pre_tokenize(words)
        words.tokenize(self._tokens)
        coded = words.to_encoding()
        return coded.ids, coded.offsets

    def _tokens(self, word: str) -> list[Token]:
        """The word's pieces as the library wants them: offsets are of bytes."""
        split = self._split(word)
        ends = [0, *(len(word[:end].encode()) for _, end in split)]
        return [Token(number, "", span) for (number, _), span in zip(split, pairwise(ends), strict=True)]

    def _ids_of(self, text: str) -> list[int]:
        normal = self._tokenizer.normalizer.normalize_str(text)
        words = self._tokenizer.pre_tokenizer.pre_tokenize_str(normal)
        return [number for word, _ in words for number, _ in self._split(word)]

    def _split(self, word: str) -> tuple[PieceEnd, ...]:
        return self._cached_split(word) if len(word) <= _CACHED_CHARS else self._likeliest_split(word)

    def _likeliest_split(self, word: str) -> tuple[PieceEnd, ...]:
        """The pieces whose scores have the highest sum: Viterbi's algorithm over all pieces that fit somewhere.

        A character that is no piece counts as unknown; unknown characters side by side are one piece. Of equal sums
        the one found first stays, as in `tokenizers`.
        """
        best = [0.0] + [-np.inf] * len(word)
        last: list[tuple[int, int]] = [(0, 0)] * (len(word) + 1)  # where the last piece begins, and its id
        for start in range(len(word)):
            is_known = False
            for piece, number in self._trie.iter_prefixes_with_ids(word[start : start + _LONGER_THAN_ANY]):
                end, score = start + len(piece), best[start] + self._scores[number]
                if score > best[end]:
                    best[end], last[end] = score, (start, self._ids[number])
                is_known |= end == start + 1
            score = best[start] + self._unknown_score
            if not is_known and score > best[start + 1]:
                best[start + 1], last[start + 1] = score, (start, self._unknown)
        return tuple(self._without_repeated_unknowns(last))

    def _without_repeated_unknowns(self, last: Sequence[tuple[int, int]]) -> list[PieceEnd]:
        found: list[PieceEnd] = []
        end = len(last) - 1
        while end:
            start, number = last[end]
            if number != self._unknown or not found or found[-1][0] != number:
                found.append((number, end))
            end = start
        return found[::-1]


def load_word_pieces(folder: Path, form: TokenizerForm) -> WordPieces:
    """The prepared tokenizer in the folder. Raises what the libraries raise."""
    return WholeTokenizer(folder) if form == "json" else TrieTokenizer(folder)


def save_word_pieces(tokenizer: Tokenizer, folder: Path, form: TokenizerForm) -> list[str]:
    """Write the tokenizer in that form, and return the names of its files. "trie" needs `can_be_a_trie`."""
    if form == "json":
        tokenizer.save(str(folder / TOKENIZER))
        return [TOKENIZER]
    stored = json.loads(tokenizer.to_str())
    pieces, unknown = stored["model"]["vocab"], stored["model"]["unk_id"]
    special = {token["id"] for token in stored["added_tokens"] if token["special"]}
    trie = marisa_trie.Trie([piece for number, (piece, _) in enumerate(pieces) if number not in special])
    trie.save(str(folder / _PIECES))
    ids, scores = np.zeros(len(trie), np.int32), np.zeros(len(trie), np.float64)
    for number, (piece, score) in enumerate(pieces):
        if number not in special:
            ids[trie[piece]], scores[trie[piece]] = number, score
    np.save(folder / _NUMBERS, ids)
    np.save(folder / _SCORES, scores)
    before, after = _special_tokens_around(tokenizer)
    content = {
        "before": before,
        "after": after,
        "unknown": unknown,
        "unknown_score": min(score for _, score in pieces) - _UNKNOWN_PENALTY,
        "tokenizer": _without_vocabulary(stored),
    }
    (folder / TOKENIZER).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return [TOKENIZER, _PIECES, _NUMBERS, _SCORES]


def can_be_a_trie(tokenizer: Tokenizer) -> bool:
    """Whether a TrieTokenizer can do what this tokenizer does."""
    stored = json.loads(tokenizer.to_str())
    model = stored["model"]
    return (
        model["type"] == "Unigram"
        and model["unk_id"] is not None
        and not model.get("byte_fallback")
        and bool(stored["normalizer"] and stored["pre_tokenizer"])
        and max(len(piece) for piece, _ in model["vocab"]) <= _LONGER_THAN_ANY
    )


def _special_tokens_around(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """The ids that are put before and after a text."""
    bare = tokenizer.encode("a", add_special_tokens=False).ids
    whole = tokenizer.encode("a").ids
    start = next(at for at in range(len(whole)) if whole[at : at + len(bare)] == bare)
    return whole[:start], whole[start + len(bare) :]


def _without_vocabulary(stored: dict[str, Any]) -> dict[str, Any]:
    """The tokenizer's settings with a vocabulary of one piece, so that the library still normalises and finds words."""
    model = {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0]]}
    return stored | {"model": model, "added_tokens": [], "post_processor": None, "truncation": None, "padding": None}
