"""What is small talk, what is a question, and which line small talk gets in which language."""

import pytest

from retrieval.conversation.small_talk import REPLIES, language_of_small_talk, small_talk

# By language and kind, " | " between two messages. Written before the phrases that recognise them.
SAID = {
    "en": {
        "greeting": "hi | Hello! | hey there | Good morning | hellooo | good evening everyone"
        " | Hi Quoth, are you there?",
        "how are you": "how are you? | hi, how are you doing today? | what's up | hey hows it going",
        "who are you": "Who are you? | what's your name? | are you a bot | are you human?? | what can you do"
        " | so who r u"
        " | how do you work? | hello, what can you do for me? | are you chatgpt",
        "help": "help | Help! | help me please | can you help me? | how do I use this? | i need help",
        "thanks": "thanks | Thank you so much! | thank u | ok thanks | thanks, that was very helpful"
        " | thanks a million | cheers mate",
        "praise": "great answer! | You are very smart. | not bad | awesome | that was really useful | good bot"
        " | i love you"
        " | well done 👏 | great job",
        "blame": "useless | this did not help | it was not good | terrible answer | it makes no sense",
        "abuse": "you are stupid | shut up | fuck you | what a dumb bot | you suck | what the hell | this is bullshit",
        "no": "that's wrong | Wrong! | no, that is not right | nope | incorrect",
        "yes": "yes | yep | yeah sure | yesss",
        "apology": "sorry | my bad | oh sorry",
        "bye": "bye | goodbye! | see you later | good night | thanks, bye | ok see you tomorrow",
        "ok": "alright | no thanks | i see | never mind | got it | fair enough",
    },
    "es": {
        "greeting": "hola | ¡Hola! | holaa | buenos días | Buenas tardes | buenas | hola a todos | oye, hola",
        "how are you": "¿cómo estás? | hola, que tal | como te va? | qué onda | hola cómo está usted",
        "who are you": "¿Quién eres? | quien eres tu | y tú quién eres? | eres un robot? | eres humano"
        " | cómo te llamas"
        " | qué puedes hacer | ¿qué sabes hacer? | hola, ¿quién eres?",
        "help": "ayuda | ¡Ayuda! | ayúdame por favor | necesito ayuda | cómo funciona esto? | me puedes ayudar?",
        "thanks": "gracias | muchas gracias! | mil gracias por tu ayuda | ok gracias | graciasss"
        " | te lo agradezco mucho",
        "praise": "muy bien | excelente respuesta | eres muy listo | qué bueno | no está mal | buen trabajo"
        " | te quiero"
        " | me gusta mucho",
        "blame": "qué mala respuesta | no me ayudó | eso no es útil | es inútil",
        "abuse": "eres tonto | no sirves para nada | vete a la mierda | cállate | eres un idiota",
        "no": "eso está mal | no, eso es incorrecto | equivocado | no es correcto | está equivocado",
        "yes": "sí | siii | claro que sí",
        "apology": "perdón | lo siento | perdona",
        "bye": "adiós | hasta luego | nos vemos | buenas noches | chao | gracias, hasta mañana",
        "ok": "vale | de acuerdo | está bien | no, gracias | ya veo",
        "laugh": "jaja | jajajaja | jejeje",
    },
    "pt": {
        "greeting": "oi | Olá! | bom dia | Boa tarde | oii | olá pessoal | e aí | oi, bom dia!",
        "how are you": "tudo bem? | oi, tudo bem? | como vai você | como você está? | oi td bem | tudo bom com você?",
        "who are you": "quem é você? | quem é vc | você é um robô? | qual é o seu nome | o que você faz?"
        " | vc é humano?"
        " | o que você sabe fazer | oi, quem é você?",
        "help": "ajuda | Ajuda! | me ajuda por favor | preciso de ajuda | como isso funciona? | pode me ajudar?",
        "thanks": "obrigado | muito obrigada! | valeu | obg | brigadão | obrigado pela ajuda | ok obrigado",
        "praise": "muito bom | ótima resposta! | você é muito inteligente | que legal | parabéns | adorei"
        " | bom trabalho",
        "blame": "você é inútil | não ajudou | que resposta ruim | isso não serve pra nada",
        "abuse": "você é burro | seu idiota | vai se foder | cala a boca | que merda",
        "no": "não | está errado | isso está errado | naooo | não é isso | errado!",
        "yes": "sim | simmm | com certeza | é sim",
        "apology": "desculpa | foi mal | me desculpe",
        "bye": "tchau | até logo | até mais | tchauu 👋 | boa noite | obrigado, até amanhã",
        "ok": "tá bom | beleza | entendi | não, obrigado | tá",
        "laugh": "kkk | kkkkkkk | rsrs",
    },
    "ja": {
        "greeting": "こんにちは | おはようございます | こんばんは！ | やあ | どうも | はじめまして | もしもし"
        " | こんちは",
        "how are you": "元気？ | お元気ですか | 調子はどう？ | こんにちは、元気ですか？",
        "who are you": "あなたは誰ですか？ | お前誰 | 君の名前は？ | ロボットですか | 何ができますか？"
        " | あなたはAIですか"
        " | 何ができるの | 自己紹介して",
        "help": "助けて | ヘルプ | 使い方 | 使い方を教えてください | 使い方は？ | 助けてください！",
        "thanks": "ありがとう | ありがとうございます！ | どうもありがとう | サンキュー | 助かりました | ありがとー"
        " | arigatou",
        "praise": "すごい | 君、すごいね | 素晴らしい回答です | さすが | いいね！ | 賢いですね | すごーい"
        " | よくできました | 最高",
        "blame": "使えない | 役に立たない | ひどい | 最悪だね | つまらない",
        "abuse": "バカ | お前はバカだ | クソ | うるさい",
        "no": "いいえ | 違う | 違います | 間違ってる | 間違いです | 違うよ",
        "yes": "はい | うん | そうです | そうだね",
        "apology": "ごめん | ごめんなさい | 申し訳ありません",
        "bye": "さようなら | バイバイ | またね | おやすみなさい | じゃあね | また明日",
        "ok": "了解 | わかりました | なるほど | 大丈夫です | わかった | 結構です",
        "laugh": "www | 笑 | （笑） | ははは | ｗｗｗｗ | 笑笑",
    },
    None: {
        "ok": "ok | OK. | okk | okay | de nada",
        "laugh": "haha | hahahaha | lol | 😂😂",
        "praise": "👍 | 👏🏽👏🏽 | 👍🏽 ok",
        "no": "👎 | no | noooo",
        "blame": "inútil",
        "abuse": "idiota | 💩",
        "thanks": "🙏🏽 | thx",
        "emoji": "🍕 | 🤷‍♀️ | 🇧🇷🇯🇵 | :) | ^^",
        "help": "??? | ? | ... | ?!",
        "nonsense": "asdfgh | qwe rty | aaaaaa | sdkfjhsdf | jjjjj | asdasd | fghjkl; | lkjhgf poiuyt | ああああああ",
    },
}
ASKED = {
    "en": "Who are the members of JALAC? | who are you allowed to bring? | thanks to whom was JALAC founded?"
    " | hello world program? | good morning, when does the office open? | what is the good of it"
    " | How are you affected by the tariff? | later plans | is it good? | was that helpful | good wine"
        " | the wrong mill"
    " | all | mill | nights in Lund | 👍 who opened the harbour? | help desk | what can you do with a permit?"
    " | who can help me with my visa | no smoking area | yes bank | Zorbex | gdpr | Schmidt | are you open on Sunday?"
    " | what do you do if the alarm rings | how do you work from home | stupid tax | is the answer wrong?"
    " | the fine | The Idiot | great wall | what are you paying | ok corral | bad debts | thank you letter"
    " | 7 | why? | who? | and in 2021?"
    " | no, I meant Toyota | not Chile, Peru | sorry, the second one | \"thank you\" | 3.5 | names of people we thank"
    " | is he stupid | what can I ask here? | and the best | the worst of them | SIM cards",
    "es": "¿quién es el presidente? | quién eres capaz de nombrar | gracias a quién se fundó JALAC"
    " | hola mundo programa | buenos días, ¿a qué hora abre la oficina? | ¿está bien fumar aquí? | buena fe"
    " | la ayuda económica de 2020 | cómo estás afectado por el arancel | mala praxis | malas noticias"
        " | muy bien pagado"
    " | es correcto? | no fumadores | claro de luna | vale de comida | ayuda humanitaria | quiénes son los miembros"
    " | qué puedes llevar a bordo | noches en Lima | hasta cuándo | por qué? | no, Perú",
    "pt": "quem é o presidente? | quem é você para a lei | obrigado a pagar imposto | olá mundo programa"
    " | bom dia, quando abre o escritório? | está bem fumar aqui? | boa fé | ajuda financeira"
        " | como você está afetado"
    " | má conduta | tudo bem caro | é bom? | não fumantes | o que você faz se o alarme tocar | legal"
        " | assessoria legal"
    " | quem são os membros | noite em Lisboa | até quando | por quê? | não, Peru | valeu a pena o acordo",
    "ja": "会長は誰ですか？ | 誰が港を開いた？ | 使い方の講習はいつ？ | こんにちは、オフィスは何時に開きますか？"
    " | ありがとうと言ったのは誰 | 助けてくれた会社 | バカンス | バカ売れの商品 | 笑顔 | 違う会社 | いいですか？"
    " | 元気な会社はどこ | はい、でも理由は？ | 最高気温 | 最悪の事故 | 何ができる空港ですか | 了解を得たのは"
        " | 名前は何？"
    " | いつ？ | なぜ？ | 誰？ | 使い方を教える先生は | AIとは | ひどい雨の被害 | 最高は | 悪いのは",
}  # fmt: skip
CASES = [
    (message, kind, language)
    for language, by_kind in SAID.items()
    for kind, messages in by_kind.items()
    for message in messages.split(" | ")
]


def known(*words):
    """Which words the documents have."""
    return lambda word: word in words


@pytest.mark.parametrize(("said", "kind", "language"), CASES)
def test_small_talk_gets_the_line_of_its_kind_in_its_language(said, kind, language):
    found = small_talk(said, known())
    assert found is not None
    assert (found.text, found.language) == (REPLIES[kind], language)
    assert language_of_small_talk(said) == language


@pytest.mark.parametrize("asked", [asked for questions in ASKED.values() for asked in questions.split(" | ")])
def test_a_question_is_no_small_talk(asked):
    assert small_talk(asked, known()) is None
    assert language_of_small_talk(asked) is None


def test_small_talk_has_a_line_and_no_citation(small):
    found = small.ask("¡Muchas gracias!")
    assert (found.status, found.kind, found.reply, found.language) == (
        "smalltalk",
        "smalltalk",
        REPLIES["thanks"],
        "es",
    )
    assert (found.answers, found.hits, found.unknown_words) == ((), (), ())


@pytest.mark.parametrize("asked", ["how does this work?", "¿cómo funciona?", "como usar isso?", "どうすればいい？"])
def test_how_it_works_is_about_quoth_only_where_nothing_was_asked_before(asked):
    talk = small_talk(asked, known(), is_first=True)
    assert talk is not None and talk.text == REPLIES["help"]
    assert small_talk(asked, known(), is_first=False) is None


def test_a_judgement_in_a_question_is_a_question():
    assert small_talk("that was helpful", known()) != small_talk("was that helpful", known()) is None
    assert small_talk("すごいですね", known()) != small_talk("すごいですか", known()) is None
    assert small_talk("es correcto", known()) != small_talk("¿es correcto?", known()) is None


def test_praise_with_a_not_is_blame():
    for said in ("not good", "isn't helpful", "no es bueno", "não é bom"):
        found = small_talk(said, known())
        assert found is not None and found.text == REPLIES["blame"]


def test_of_several_kinds_the_weightiest_is_replied_to():
    for said, kind in [
        ("ok thanks, bye", "bye"),
        ("hi! how are you?", "how are you"),
        ("thanks but that is wrong", "no"),
        ("hello, can you help me?", "help"),
        ("jaja muchas gracias 👍", "thanks"),
    ]:
        found = small_talk(said, known())
        assert found is not None and found.text == REPLIES[kind], said


def test_laughter_that_is_a_word_of_the_documents_is_a_question():
    assert small_talk("KKK", known()) is not None
    assert small_talk("KKK", known("kkk")) is None
    assert small_talk("www", known("www")) is None


@pytest.mark.parametrize("searched", ['"thank you"', "“good morning”", "hello in:letters", "thanks after:2019"])
def test_words_that_are_searched_for_are_no_small_talk(searched):
    assert small_talk(searched, known()) is None


@pytest.mark.parametrize("empty", ["", "   ", "\u200b", "\x00"])
def test_nothing_is_no_small_talk(empty):
    assert small_talk(empty, known()) is None


def test_a_long_message_is_no_small_talk():
    assert small_talk("thanks " * 100, known()) is None


def test_help_names_the_command():
    assert "/help" in REPLIES["help"] and "/wrong" in REPLIES["no"]
