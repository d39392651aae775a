"""The small talk of people who write Portuguese."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.conversation.phrases.kinds import PieceKind

PHRASES: Mapping[PieceKind, str] = {
    "greeting": """
        oi | oie | olá | opa | e aí | eai | bom dia | boa tarde | boas | salve | alô | saudações | oi gente |
        você está aí | tem alguém aí | muito prazer | prazer em conhecer | feliz ano novo | feliz natal
    """,
    "how are you": """
        tudo bem | tudo bom | tudo bem com você | tudo bom com você | como vai | como vai você | como você está |
        como está | como estás | tudo certo | tudo joia | tudo tranquilo | beleza pura | como vão as coisas | e você
    """,
    "who are you": """
        quem é você | quem és | quem és tu | o que é você | o que você é | qual é o seu nome | qual o seu nome |
        qual seu nome | qual é o teu nome | seu nome | como você se chama | como te chamas | quem te criou |
        quem te fez | quem criou você | você é um robô | você é um bot | você é robô | você é humano | você é humana |
        você é uma pessoa | você é uma máquina | você é uma ia | você é real | você é chatgpt | és um robô |
        és humano | o que você faz | o que você pode fazer | o que você sabe fazer | o que sabe fazer |
        em que você pode me ajudar | como você pode me ajudar | para que você serve | como você funciona |
        se apresente | apresente-se | quantos anos você tem | tem certeza | você tem certeza | fale sobre você |
        você é quem | você é uma pessoa ou um robô | você é um robô ou uma pessoa | você é uma pessoa real |
        o que você consegue fazer | conte uma piada | você fala português
    """,
    "help": """
        ajuda | me ajuda | me ajude | ajude-me | ajuda-me | preciso de ajuda | pode me ajudar | podes ajudar-me |
        você pode me ajudar | vc pode me ajudar | pode ajudar | como pergunto | não entendi | não entendi nada |
        não entendo | não estou entendendo | estou perdido | estou perdida | socorro
    """,
    "opening": """
        como isso funciona | como funciona isso | como funciona | como usar | como se usa | como uso isso |
        como eu uso isso | como faço | o que eu faço | o que faço | o que é isso | começar
    """,
    "thanks": """
        obrigado | obrigada | brigado | brigada | obg | obgd | brigadão | obrigadão | valeu | vlw | agradeço |
        muito obrigado | muito obrigada | grato | grata | agradecido | agradecida
    """,
    "praise": """
        bom | boa | muito bom | muito boa | bem | muito bem | ótimo | ótima | excelente | perfeito | perfeita |
        maravilhoso | maravilhosa | fantástico | fantástica | incrível | impressionante | genial | sensacional |
        bacana | maneiro | que legal | muito legal | legal demais | bem legal | você é legal | útil | inteligente |
        esperto | esperta | que bom | que lindo | que massa | parabéns | bom trabalho | belo trabalho | mandou bem |
        arrasou | nada mal | não é ruim | gostei | adorei | amei | gosto de você | eu te amo | te amo | te adoro |
        me ajudou | ajudou muito | ajudou | você é o melhor | você é demais | correto | certo | exato | isso mesmo |
        é isso | que show | show de bola | top demais | legal obrigado | legal obrigada
    """,
    "blame": """
        ruim | mau | muito ruim | péssimo | péssima | horrível | terrível | ridículo | chato | chata | fraco | fraca |
        que ruim | não ajudou | não ajuda | não me ajudou | não ajudou em nada | não serve | não serve para nada |
        não foi o que perguntei | não foi isso que perguntei | não é o que eu perguntei | não foi o que eu perguntei |
        você não entende | você não entendeu | não sabe nada | você não sabe nada | que decepção | decepcionante |
        não faz sentido | perda de tempo | mentira | mentiroso | inútil | má resposta |
        não foi isso que eu perguntei | não é isso que eu perguntei | não gostei | não é o que procuro
    """,
    "abuse": """
        burro | burra | idiota | imbecil | estúpido | estúpida | otário | otária | babaca | trouxa | bobo | boba |
        merda | porra | caralho | desgraça | puta | puta que pariu | filho da puta | vai se foder | vai se ferrar |
        vai tomar no cu | vai à merda | vai pro inferno | foda-se | fdp | vsf | pqp | cala a boca | cale a boca |
        cala boca | te odeio | eu te odeio | você não serve | que saco | que droga | que merda | uma merda | um lixo |
        que porcaria | porcaria | que bosta | uma bosta | que lixo | cala essa boca
    """,
    "no": """
        errado | errada | está errado | está errada | incorreto | incorreta | não está certo | não é isso |
        não é verdade | não é bem isso | não foi isso | nada disso | nada a ver | isso não | falso | um erro |
        você está errado | você errou | errou | claro que não | de jeito nenhum
    """,
    "yes": """
        sim | claro | claro que sim | com certeza | é sim | isso aí | pois é | aham | uhum | sem dúvida
    """,
    "apology": """
        desculpa | desculpe | me desculpe | me desculpa | foi mal | perdão | sinto muito | com licença | lamento
    """,
    "bye": """
        tchau | tchauzinho | adeus | até logo | até mais | até amanhã | até breve | até a próxima | até já |
        boa noite | falou | flw | tenha um bom dia | bom descanso | se cuida | abraço | abraços | beijos |
        bom fim de semana
    """,
    "ok": """
        está bem | está bom | beleza | blz | combinado | entendi | entendo | entendido | sei | de nada |
        não obrigado | não obrigada | sem problema | sem problemas | tranquilo | deixa | deixa para lá | esquece |
        nada | nada mais | só isso | é só isso | interessante | ah | hum | hmm | nossa | sério | é mesmo | por favor |
        pfv | e daí | está | está certo | está ok
    """,
    "laugh": "kk",
    "not": "não",
    "filler": """
        o | a | os | as | um | uma | você | tu | te | se | é | foi | era | está | estava | muito | muita | demais |
        tão | mais | que | isso | isto | esse | essa | este | esta | resposta | respostas | bot | robô | máquina |
        amigo | amiga | cara | mano | gente | pessoal | galera | senhor | senhora | moço | moça | todos | todas |
        todo | tudo | a todos | pf | favor | para | mim | me | meu | minha | de | do | da | ao | aí | aqui | agora |
        hoje | já | então | mas | e | eu | realmente | mesmo | também | né | ah | oh | ei | bem | pela ajuda |
        pela sua ajuda | a ajuda | por tudo | pela atenção | desde já | seu | sua | teu | tua | por aí |
        pela resposta | pela informação
    """,
}
