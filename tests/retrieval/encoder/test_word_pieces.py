"""Word pieces from a trie are those that `tokenizers` finds, in every script."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from retrieval.encoder.e5_file import published_tokenizer
from retrieval.encoder.loading import prepare_encoder
from retrieval.encoder.word_pieces import TrieTokenizer, can_be_a_trie, load_word_pieces, save_word_pieces
from retrieval.settings import DEFAULT_MODEL
from tests.conftest import SEED_FILES
from tests.retrieval.encoder.e5_files import PIECES

LINES = """
    The Pacific Alliance was founded in 2011; its members' GDP grew by 3.5 %.
    ¿Cuándo se firmó el acuerdo? – «El 6 de junio», dijo él.
    Não há informações sobre a adesão da Costa Rica
    日本と中南米の関係は１９５８年から、１０～２０％増えた。
    ﾊﾟﾅﾏ運河の拡張工事
    Японо-латиноамериканские отношения
    العلاقات بين اليابان وأمريكا اللاتينية
    יחסי יפן ואמריקה הלטינית
    जापान और लैटिन अमेरिका के संबंध
    ความสัมพันธ์ระหว่างญี่ปุ่นกับละตินอเมริกา
    일본과 라틴 아메리카의 관계
    Mối quan hệ giữa Nhật Bản và Mỹ Latinh
    e\u0301 ﬁ Ⅷ ① ㌔ ½ ™ … “quotes” ‘too’
    😀👩‍👩‍👧 1,234.5 % (a–b) a\u200bb\ufeffc \u00a0 \u3000 x\ty
    ፊደል ⵜⵉⴼⵉⵏⴰⵖ 𐍈𐌰 \U0001d400 \ue000
    Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft
    http://example.org/a_b-c?d=e&f=%20#g user@example.org snake_case_name 0x1F4A9
    ▁already▁marked ##pieces [MASK] < s >
""".strip("\n").split("\n")
SPECIAL = ("<s>", "</s>", "<pad>", "<unk>", "<mask>")
ANY_TEXT = st.text(st.characters(blacklist_categories=["Cs"])).filter(lambda text: not any(t in text for t in SPECIAL))
LATIN = st.text(st.sampled_from("the mills水aeio?xX"), max_size=40)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> tuple[TrieTokenizer, Tokenizer]:
    """A tokenizer of 33 pieces in both forms."""
    tokenizer, folder = published_tokenizer(PIECES), tmp_path_factory.mktemp("tiny")
    tokenizer.add_special_tokens(list(SPECIAL))
    save_word_pieces(tokenizer, folder, "trie")
    return TrieTokenizer(folder), tokenizer


@pytest.fixture(scope="module")
def real(models, published) -> tuple[TrieTokenizer, Tokenizer]:
    """The default encoder's tokenizer as it was prepared, and as it is published."""
    return TrieTokenizer(prepare_encoder(DEFAULT_MODEL)), published_tokenizer(published.pieces)


def tokens(pair: tuple[TrieTokenizer, Tokenizer], text: str) -> list[str | None]:
    trie, tokenizer = pair
    return [tokenizer.id_to_token(number) for number in trie.ids([text], with_special_tokens=True)[0]]


def test_the_likeliest_split_wins(tiny):
    assert tokens(tiny, "the mills") == ["<s>", "▁the", "▁mill", "s", "</s>"]  # -3 for "▁mill", -7.5 for "▁m" + "ill"


def test_unknown_characters_side_by_side_are_one_piece(tiny):
    assert tokens(tiny, "the XYZ mill") == ["<s>", "▁the", "▁", "<unk>", "▁mill", "</s>"]


def test_an_empty_text_has_the_special_tokens_alone(tiny):
    assert tiny[0].ids(["", " \n"], with_special_tokens=True) == [[0, 2], [0, 2]]
    assert tiny[0].ids([""], with_special_tokens=False) == [[]]


def test_a_word_of_a_hundred_thousand_characters_is_split_like_any_other(tiny):
    trie, tokenizer = tiny
    text = "themill水" * 12_500
    assert trie.ids([text], with_special_tokens=True) == [tokenizer.encode(text).ids]


def test_the_name_of_a_special_token_in_a_text_is_text(tiny):
    assert tokens(tiny, "</s>") == ["<s>", "▁", "<unk>", "s", "<unk>", "</s>"]


@given(text=LATIN)
@settings(max_examples=300, deadline=None)
def test_a_trie_finds_what_tokenizers_finds_among_few_pieces(tiny, text):
    trie, tokenizer = tiny
    assert trie.ids([text], with_special_tokens=True) == [tokenizer.encode(text).ids]


@pytest.mark.model
@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_the_default_encoders_ids_are_the_published_ones_in_many_scripts(real, line):
    trie, tokenizer = real
    for text in (line, line.strip(), line.strip() * 30):
        assert trie.ids([text], with_special_tokens=True) == [tokenizer.encode(text).ids]


@pytest.mark.model
def test_the_default_encoders_ids_are_the_published_ones_on_every_line_of_the_seeds(real):
    trie, tokenizer = real
    lines = [line for path in SEED_FILES for line in path.read_text(encoding="utf-8").splitlines()]
    assert trie.ids(lines, with_special_tokens=False) == [
        coded.ids for coded in tokenizer.encode_batch(lines, add_special_tokens=False)
    ]


@pytest.mark.model
@given(text=ANY_TEXT)
@settings(max_examples=500, deadline=None)
def test_the_default_encoders_ids_are_the_published_ones_on_any_text(real, text):
    trie, tokenizer = real
    assert trie.ids([text], with_special_tokens=True) == [tokenizer.encode(text).ids]


def test_only_a_unigram_tokenizer_without_byte_fallback_can_be_a_trie():
    words = Tokenizer(models.WordLevel({"a": 0, "<unk>": 1}, unk_token="<unk>"))
    bare = Tokenizer(models.Unigram([("<unk>", 0.0), ("a", -1.0)], unk_id=0))
    assert can_be_a_trie(published_tokenizer(PIECES))
    assert not can_be_a_trie(words)
    assert not can_be_a_trie(bare)  # nothing that normalises or finds words
    bare.normalizer, bare.pre_tokenizer = normalizers.NFKC(), pre_tokenizers.WhitespaceSplit()
    assert can_be_a_trie(bare)


def test_a_whole_tokenizer_neither_cuts_nor_pads(tmp_path: Path):
    tokenizer = published_tokenizer(PIECES)
    expected = [tokenizer.encode(text, add_special_tokens=False).ids for text in ("the mills", "the")]
    tokenizer.enable_truncation(1)
    tokenizer.enable_padding()
    assert save_word_pieces(tokenizer, tmp_path, "json") == ["tokenizer.json"]
    assert load_word_pieces(tmp_path, "json").ids(["the mills", "the"], with_special_tokens=False) == expected


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_each_piece_stands_where_the_library_finds_it(tiny, text):
    trie, tokenizer = tiny
    coded = tokenizer.encode(text, add_special_tokens=False)
    assert trie.pieces(text) == (coded.ids, coded.offsets)


@pytest.mark.model
@pytest.mark.parametrize("line", LINES)
def test_the_real_pieces_stand_where_the_published_tokenizer_finds_them(real, line):
    trie, tokenizer = real
    coded = tokenizer.encode(line, add_special_tokens=False)
    assert trie.pieces(line) == (coded.ids, coded.offsets)
