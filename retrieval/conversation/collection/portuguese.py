"""How questions about the collection are worded in Portuguese; see wording. Accents are gone where patterns match."""

from __future__ import annotations

from retrieval.conversation.collection.forms import Form

LEAD = (
    r"(?:(?:ola|oi|bom dia|boa tarde|por favor|ok|bem|obrigado|obrigada|entao) )*"
    r"(?:me )?(?:(?:voce )?(?:pode|poderia|podes|quero|queria|gostaria de|preciso) )?"
    r"(?:(?:me )?(?:dizer|diga|diz|dizer me|saber|mostrar|dar|ver) (?!(?:algo |mais )?(?:d[aeo]s?"
    r"|sobre)\b))?"
)
TAIL = r"(?: (?:por favor|obrigado|obrigada|agora|hoje|outra vez|brevemente))+$"

_DOCS = r"(?:documentos|arquivos|ficheiros|fontes)"
_DOC = r"(?:documento|arquivo|ficheiro|fonte|artigo)"
_FOLDER = r"(?:pasta|colecao|biblioteca|arquivo|base de dados|bot)"
_THE = r"(?:os|as|seus|suas|teus|meus|estes|estas|esses|essas|todos os|todas as|todos os seus)"
_YOU = r"(?:voce|voces|tu|o bot|a gente)"
HERE = (
    rf"(?: (?:aqui|ha|{_YOU} (?:tem|tens|conhece|usa|leu|le)|tem|tens|temos|conhece|existem|existe"
    r"|estao|sao|foram (?:lidos|indexados)"
    rf"|disponiveis|no total|ao todo|n(?:a|esta|essa|o|este) {_FOLDER}|posso (?:consultar|ver|usar)"
    r"))$"
)
_SHOW = (
    r"(?:liste|lista|listar|enumere|mostre|mostra|mostrar|mostre me|me mostre|de me|ver|ordene"
    r"|ordenar)(?: uma lista d[eo]s?| a lista d[eo]s?)?"
)
_ABOUT = r"(?:sobre|acerca d[aeo]s?|a respeito d[aeo]s?|quanto a)"
_NEWS = r"(?:noticias|novidades|informacao|informacoes|comunicados|artigos|notas)"
_LATEST = r"(?:ultim[oa]s?|mais recentes|recentes|nov[oa]s)"
_ANY = (
    r"(?:quais sao |quais |qual e |qual |que |ha |tem |existem |de me |mostre |diga )?(?:alguma "
    r"|algumas |algum |todas )?(?:as |os |a |o |suas )?"
)
_IN = (
    r"(?P<period>(?:em|de|do|da|desde|durante|antes de|antes do|depois de|a partir de|apos|ate"
    r"|entre)"
    r" (?:\S+ ){0,7}\S+)"
)
_SUM_UP = (
    r"(?:resuma|resumir|resumo|sintetize|(?:faca|faz|fazer|me faca|de me|dar|quero)"
    r"(?: me)? um (?:breve )?resumo(?: breve)?(?= (?:d[aeo]s?|sobre)\b)"
    r"|um (?:breve )?resumo(?= d[aeo]s?\b)|resume(?= (?:o|a|os|as|um|uma|este|esta|tudo|documento"
    r"|arquivo|como)\b))"
)
_OF = r"(?:(?:d[aeo]s?|sobre) )?"
_ORDER = (
    r"(?: (?:(?P<oldest_first>do mais antigo(?: ao mais \w+)?|(?:o|os) mais antigos? primeiro)"
    r"|do mais (?:recente|novo)(?: ao mais \w+)?|(?:o|os) mais (?:recentes?|novos?) primeiro))?"
)

CUES: dict[Form, str] = {
    "contents": "pode podemos posso sabe conhece entende fala tema assunto conteudo",
    "documents": "document arquiv ficheir font tem ha existe",
    "overview": "trata fala sao e dizem contem resum sintetiz faca",
    "about": "que",
    "named": "diz contem conta fale fala conte diga descreva saber resume",
    "summary": "resum sintetiz",
    "topic": "sobre acerca respeito quanto d",
    "mentions": "document arquiv ficheir font artigo",
    "latest": "noticia novidade nov ultim recente informac comunicad artigo nota",
    "news": "noticia novidade nov ultim recente informac comunicad artigo nota",
    "newest": "ultim recente nov",
    "oldest": "antig velh",
    "by date": "data cronolog antig ano",
    "of period": "document arquiv ficheir font artigo ha tem algo",
}
"""One of these parts of words is in every question of the form, so that other questions are read quickly."""
PATTERNS: tuple[tuple[Form, str], ...] = (
    (
        "contents",
        r"(?:o que|que|do que|de que|sobre o que|sobre que|acerca de que)(?: (?:coisas|temas|assuntos"
        r"|perguntas|tipo de perguntas))? (?:(?:eu|a gente|te|lhe) )*"
        rf"(?:posso|podemos|pode|podes|se pode)(?: {_YOU})? (?:te |lhe )?(?:perguntar|perguntar te"
        r"|perguntar lhe|consultar|responder|contar|fazer)",
    ),
    (
        "contents",
        r"(?:o que|que|do que|de que|sobre o que|sobre que)(?: assuntos"
        rf"| temas)?(?: e que)? (?:{_YOU} )?(?:sabe|sabes|conhece|entende|fala)",
    ),
    ("contents", r"(?:que|quais|quais sao os) (?:temas|assuntos|conteudos)"),
    ("documents", rf"(?:que|quais|quais sao|quantos|quantas)(?: {_THE})? {_DOCS}"),
    ("documents", rf"(?:{_SHOW} )?(?:(?:a |uma )?lista d[eo]s? )?(?:{_THE} |todos )?{_DOCS}"),
    ("documents", rf"o que (?:{_YOU} )?(?:tem|tens|ha|existe)(?: aqui| n(?:a|esta|o|este) {_FOLDER}| dentro)?"),
    ("documents", r"(?:o |qual e o )?numero de documentos"),
    (
        "overview",
        r"(?:(?:do|de) que|sobre o que|sobre que)(?: e que)?(?: se)? (?:tratam?|falam?|sao|e)"
        rf"(?: {_THE}| cada)? (?:{_DOCS}|{_DOC}|tudo isso|(?:a|esta|essa) {_FOLDER})",
    ),
    ("overview", rf"(?:o que (?:dizem|contem)) {_THE} {_DOCS}"),
    ("overview", rf"(?:{_SUM_UP}|resume) {_OF}(?:tudo|todos|tudo isso|(?:{_THE} )?{_DOCS}|(?:a|esta) {_FOLDER})"),
    (
        "by date",
        rf"(?:{_SHOW} )?(?:{_THE} |todos )?(?:{_DOCS}|{_NEWS}) (?:(?:ordenad[oa]s )?por (?:data|datas"
        rf"|antiguidade|ano)|em ordem de data){_ORDER}",
    ),
    (
        "by date",
        rf"(?:{_SHOW} )?(?:{_THE} |todos )?(?:{_DOCS}|{_NEWS}) (?P<oldest_first>(?:em|por)"
        r" ordem cronologica|cronologicamente)",
    ),
    (
        "newest",
        rf"{_ANY}(?:(?P<one>(?:ultimo|ultima) {_DOC}|{_DOC} mais (?:recente|novo|nova))"
        rf"|{_LATEST} {_DOCS}|{_DOCS} (?:mais )?(?:recentes|novos|novas))",
    ),
    ("newest", rf"(?:qual|que)(?: (?P<one>{_DOC}))? e (?:o |a )?mais (?:recente|novo|nova)"),
    (
        "oldest",
        rf"{_ANY}(?:(?P<one>{_DOC} mais (?:antigo|velho|antiga|velha))|{_DOCS} mais (?:antigos|velhos"
        r"|antigas))",
    ),
    ("oldest", rf"(?:qual|que)(?: (?P<one>{_DOC}))? e (?:o |a )?mais (?:antigo|velho|antiga|velha)"),
    (
        "news",
        r"(?:o que|que|algo|ha algo|tem algo|ha alguma coisa|alguma coisa|o que ha|o que tem|quais)"
        r"(?: ha| tem)?(?: de)? nov[oa]s?",
    ),
    ("news", rf"{_ANY}(?:{_LATEST} )?(?:noticias?|novidades?)(?: (?:mais )?recentes?)?"),
    ("news", rf"{_ANY}(?:{_LATEST} {_NEWS}|{_NEWS} (?:mais )?recentes)"),
    (
        "news",
        rf"(?:{_SUM_UP}|resume) {_OF}(?:as |os "
        rf"|todas as )?(?:{_LATEST} )?{_NEWS}(?: (?:mais )?recentes)?(?: {_IN})?",
    ),
    ("news", rf"{_ANY}(?:{_LATEST} )?{_NEWS}(?: ha| tem| voce tem)? {_IN}"),
    ("news", rf"o que (?:ha|houve|teve) de novo {_IN}"),
    ("news", r"noticias (?P<period>(?:\w+ ){0,3}\d{4})"),
    (
        "of period",
        rf"(?:(?:que|quais|{_SHOW}|ha|tem) )?(?:{_THE} |todos )?(?:{_DOCS}|{_DOC})(?: (?:sao|ha|tem"
        rf"|voce tem))? {_IN}",
    ),
    ("of period", rf"(?:o que (?:ha|tem|voce tem)|ha algo|algo) {_IN}"),
    (
        "latest",
        rf"(?:{_ANY}|o que ha de |ha algo )(?:{_LATEST} )?(?:{_NEWS}|novo)"
        rf"(?: (?:mais )?recentes)?(?: ha| tem| voce tem)? {_ABOUT} (?P<name>.+)",
    ),
    ("latest", rf"{_ANY}(?:{_LATEST} )?(?:noticias|novidades) (?:d[aeo]s?|em) (?P<name>.+)"),
    (
        "mentions",
        rf"(?:que|quais|{_SHOW}|ha|tem) (?:(?:os|algum|alguns) )?(?:{_DOCS}|{_DOC})(?: que)?"
        rf" (?:(?:falam?|tratam?|dizem algo) (?:d[aeo]s?|sobre)|mencionam?|{_ABOUT}) (?P<name>.+)",
    ),
    (
        "topic",
        rf"o que (?:e que )?(?:dizem|contam|sabem|falam) (?:{_THE} )?{_DOCS} (?:{_ABOUT}|d[aeo]s?)"
        r" (?P<name>.+)",
    ),
    ("topic", rf"o que (?:{_THE} )?{_DOCS} (?:dizem|contam|falam) (?:{_ABOUT}|d[aeo]s?) (?P<name>.+)"),
    (
        "topic",
        rf"o que (?:{_YOU} )?(?:sabe|sabes|tem|ha|pode (?:me )?(?:dizer|contar)) (?:{_ABOUT})"
        r" (?P<name>.+)",
    ),
    (
        "topic",
        r"(?:ha|tem|existe) (?:algo|informacao|informacoes|alguma informacao|alguma coisa)"
        rf" {_ABOUT} (?P<name>.+)",
    ),
    (
        "about",
        r"(?:do que|de que|sobre o que|sobre que|acerca de que)(?: e que)?(?: se)? (?:tratam?|falam?"
        r"|e|sao) (?P<name>.+)",
    ),
    ("about", r"(?P<name>.+?) (?:e sobre o que|fala sobre o que|trata do que|fala de que)"),
    ("named", r"o que (?:diz|dizem|contem|conta) (?P<name>.+)"),
    (
        "named",
        r"(?:(?:fale|fala|conte|me fale|me conte|diga)(?: me)?(?: algo| mais)?|descreva"
        r"|saber(?: mais)?|dizer(?: mais)?)(?: (?:d[aeo]s?|sobre))? (?P<name>.+)",
    ),
    ("summary", rf"{_SUM_UP} {_OF}(?P<name>.+)"),
    ("summary", r"resuma|resume|faca um resumo"),
    ("named", r"resume (?P<name>.+)"),
    ("explicit", r"(?:o que (?:e|ha em|contem) |e |resume |mostre |abra )?(?P<name>.+)"),
    ("again", r"(?:e|ou|e quanto a|que tal)(?: as noticias)? (?P<name>.+)"),
)
