"""How questions about the collection are worded in Spanish; see wording. Accents are gone where patterns match."""

from __future__ import annotations

from retrieval.conversation.collection.forms import Form

LEAD = (
    r"(?:(?:hola|buenas|buenos dias|por favor|oye|ok|bueno|pues|gracias) )*"
    r"(?:me )?(?:(?:puedes|podrias|puede|podria|quiero|quisiera|me gustaria|necesito|sabes) )?"
    r"(?:(?:decirme|dime|saber|mostrarme|darme|ver) (?!(?:algo |mas )?(?:de|del|sobre)\b))?"
)
TAIL = r"(?: (?:por favor|gracias|ahora|hoy|otra vez|brevemente))+$"

_DOCS = r"(?:documentos|archivos|ficheros|fuentes)"
_DOC = r"(?:documento|archivo|fichero|fuente|articulo)"
_FOLDER = r"(?:carpeta|coleccion|biblioteca|archivo|base de datos|bot)"
_THE = r"(?:los|las|tus|sus|mis|estos|estas|todos los|todas las|todos tus)"
HERE = (
    r"(?: (?:aqui|hay|tienes|tiene|tenes|teneis|tienen|tengo|conoces|usas|has leido|lees|estan"
    r"|son|existen|contienes?|incluyes?"
    rf"|disponibles|en total|(?:en )?(?:la|esta|tu|el|este) {_FOLDER}|puedo (?:consultar|ver|usar)"
    r"|estan disponibles))$"
)
_SHOW = (
    r"(?:lista|listar|enumera|muestrame|muestra|mostrar|ensename|ensena|dame|di|ver|ordena"
    r"|ordenar)(?: una lista de| la lista de)?"
)
_ABOUT = r"(?:sobre|acerca de|respecto a|respecto de|en torno a)"
_NEWS = r"(?:noticias|novedades|informacion|informaciones|comunicados|articulos|notas)"
_LATEST = r"(?:ultim[oa]s?|mas recientes|recientes|nuev[oa]s)"
_ANY = (
    r"(?:cuales son |que |hay |tienes |dame |muestrame |dime |cual es )?(?:alguna |algunas "
    r"|algun |algo |todas )?(?:las |los |la |el |tus )?"
)
_IN = (
    r"(?P<period>(?:en|de|del|desde|durante|antes de|despues de|a partir de|hasta|entre)"
    r" (?:\S+ ){0,7}\S+)"
)
_SUM_UP = (
    r"(?:resumeme|resumir|resumirme|resumas|sintetiza|haz(?:me)? un resumen(?: breve)?(?: de| del"
    r"| sobre)|hacer(?:me)? un resumen(?: de| del| sobre)"
    r"|(?:dame |quiero )?(?:un |el )?(?:breve )?resumen(?: breve)?(?: de| del| sobre)"
    r"|resume(?= (?:el|la|los|las|lo|un|una|este|esta|todo|todos|todas|documento|archivo|que|como)"
    r"\b)|resume(?= \S+\.\w{2,5}$))"
)
_ORDER = (
    r"(?: (?:(?P<oldest_first>(?:del|desde el|de la) mas (?:antigu[oa]|viej[oa])"
    r"(?: al? (?:la )?mas \w+)?|(?:el|los) mas antiguos? primero)|(?:del|desde el)"
    r" mas (?:reciente|nuevo)(?: al? mas \w+)?|(?:el|los) mas (?:recientes?|nuevos?) primero))?"
)

CUES: dict[Form, str] = {
    "contents": "pued pued sabe conoc habl pod tema contenid informaci",
    "documents": "document archiv ficher fuent tien hay",
    "overview": "trata va habla son es dice contien res sint",
    "about": "que",
    "named": "dice contiene cuenta habla dime describe saber decir resume",
    "summary": "resum sintetiza",
    "topic": "sobre acerca respect torno de",
    "mentions": "document archiv ficher fuent articul",
    "latest": "noticia novedad nuev ultim reciente informaci comunicad articul nota",
    "news": "noticia novedad nuev ultim reciente informaci comunicad articul nota",
    "newest": "ultim reciente nuev",
    "oldest": "antigu viej",
    "by date": "fecha cronol antigu ano",
    "of period": "document archiv ficher fuent articul hay tienes algo",
}
"""One of these parts of words is in every question of the form, so that other questions are read quickly."""
PATTERNS: tuple[tuple[Form, str], ...] = (
    (
        "contents",
        r"(?:que|de que|sobre que|acerca de que)(?: (?:cosas|temas|preguntas|tipo de preguntas)"
        r")? (?:te |le |os |me )?"
        r"(?:puedo|podemos|puedes|se puede|se pueden|pueden|podria)(?: (?:yo|tu))? (?:preguntar"
        r"|preguntarte|preguntarle|consultar|consultarte|responder|responderme|contar|contarme"
        r"|contestar|hacer|hacerte)",
    ),
    ("contents", r"(?:que|de que|sobre que|acerca de que)(?: cosas| temas)? (?:sabes|conoces|hablas)"),
    (
        "contents",
        r"(?:que|cuales son los) (?:temas|contenidos|informacion)(?: (?:cubres|tratas|se tratan"
        r"|abarcas))?",
    ),
    ("documents", rf"(?:que|cuales|cuales son|cuantos|cuantas)(?: {_THE})? {_DOCS}"),
    ("documents", rf"(?:{_SHOW} )?(?:(?:la |una )?lista de )?(?:{_THE} |todos )?{_DOCS}"),
    ("documents", rf"que (?:tienes|hay)(?: aqui| en (?:la|esta|tu|el|este) {_FOLDER}| dentro)?"),
    ("documents", r"(?:el |cual es el )?numero de documentos"),
    (
        "overview",
        rf"(?:de|sobre|acerca de) que (?:tratan?|van?|hablan?|son|es)(?: {_THE}| cada)? (?:{_DOCS}"
        rf"|{_DOC}|todo esto|(?:la|esta|este|el) {_FOLDER})",
    ),
    ("overview", rf"(?:que (?:dicen|contienen)) {_THE} {_DOCS}"),
    ("overview", rf"(?:{_SUM_UP}|resume) (?:todo|todos|todo esto|(?:{_THE} )?{_DOCS}|(?:la|esta) {_FOLDER})"),
    (
        "by date",
        rf"(?:{_SHOW} )?(?:{_THE} |todos )?(?:{_DOCS}|{_NEWS}) (?:(?:ordenad[oa]s )?por (?:fecha"
        rf"|fechas|antiguedad|ano)|en orden de fecha){_ORDER}",
    ),
    (
        "by date",
        rf"(?:{_SHOW} )?(?:{_THE} |todos )?(?:{_DOCS}|{_NEWS}) (?P<oldest_first>(?:en|por)"
        r" orden cronologico|cronologicamente)",
    ),
    (
        "newest",
        rf"{_ANY}(?:(?P<one>(?:ultimo|ultima) {_DOC}|{_DOC} mas (?:reciente|nuevo|nueva))"
        rf"|{_LATEST} {_DOCS}|{_DOCS} (?:mas )?(?:recientes|nuevos|nuevas))",
    ),
    ("newest", rf"(?:cual|que)(?: (?P<one>{_DOC}))? es (?:el |la )?mas (?:reciente|nuevo|nueva)"),
    (
        "oldest",
        rf"{_ANY}(?:(?P<one>{_DOC} mas (?:antiguo|viejo|antigua|vieja))|{_DOCS} mas (?:antiguos|viejos"
        r"|antiguas))",
    ),
    ("oldest", rf"(?:cual|que)(?: (?P<one>{_DOC}))? es (?:el |la )?mas (?:antiguo|viejo|antigua|vieja)"),
    ("news", r"(?:que|hay algo|hay|que hay|algo|que tienes)(?: de)? nuevo"),
    ("news", rf"{_ANY}(?:{_LATEST} )?(?:noticias?|novedad(?:es)?)(?: (?:(?:mas )?recientes?|nuevas?))?"),
    ("news", rf"{_ANY}(?:{_LATEST} {_NEWS}|{_NEWS} (?:mas )?recientes|lo (?:ultimo|mas reciente|mas nuevo))"),
    (
        "news",
        rf"(?:{_SUM_UP}|resume) (?:las |los "
        rf"|todas las )?(?:{_LATEST} )?{_NEWS}(?: (?:mas )?recientes)?(?: {_IN})?",
    ),
    ("news", rf"{_ANY}(?:{_LATEST} )?{_NEWS}(?: hay| tienes)? {_IN}"),
    ("news", rf"(?:que (?:hay|hubo) de nuevo|que novedades hubo) {_IN}"),
    ("news", r"noticias (?P<period>(?:\w+ ){0,3}\d{4})"),
    (
        "of period",
        rf"(?:(?:que|cuales|{_SHOW}|hay) )?(?:{_THE} |todos )?(?:{_DOCS}|{_DOC})(?: (?:son|hay|tienes)"
        rf")? {_IN}",
    ),
    ("of period", rf"(?:que (?:hay|tienes)|hay algo|algo) {_IN}"),
    (
        "latest",
        rf"(?:{_ANY}|que hay de |hay algo )(?:{_LATEST} )?(?:{_NEWS}|nuevo|lo ultimo)"
        rf"(?: (?:mas )?recientes)?(?: hay| tienes)? {_ABOUT} (?P<name>.+)",
    ),
    ("latest", rf"{_ANY}lo ultimo (?:{_ABOUT}|de|del) (?P<name>.+)"),
    ("latest", rf"{_ANY}(?:{_LATEST} )?(?:noticias|novedades) (?:de|del|en) (?P<name>.+)"),
    (
        "mentions",
        rf"(?:que|cuales|{_SHOW}|hay|tienes) (?:(?:los|algun|alguna|algunos) )?(?:{_DOCS}|{_DOC})"
        r"(?: que)?"
        r" (?:(?:hablan?|tratan?|dicen? algo|escriben?) (?:de|del|sobre|acerca de)|mencionan?"
        rf"|{_ABOUT}) (?P<name>.+)",
    ),
    ("topic", rf"que (?:dicen|cuentan|saben|contienen) (?:{_THE} )?{_DOCS} (?:{_ABOUT}|de|del) (?P<name>.+)"),
    (
        "topic",
        r"que (?:sabes|tienes|hay|dices|informacion (?:hay|tienes)|puedes (?:decirme|contarme|decir))"
        rf" (?:{_ABOUT}|de|del) (?P<name>.+)",
    ),
    ("topic", rf"(?:hay|tienes) (?:algo|informacion|alguna informacion) {_ABOUT} (?P<name>.+)"),
    ("about", r"(?:de|sobre|acerca de) que (?:tratan?|van?|hablan?|versan?|es|son|trataba) (?P<name>.+)"),
    ("named", r"que (?:dice|dicen|contiene|cuenta) (?P<name>.+)"),
    (
        "named",
        r"(?:(?:cuentame|hablame|dime)(?: algo| mas)?|describe(?:me)?|saber(?: algo| mas)?"
        r"|decirme(?: algo| mas)?)(?: (?:de|sobre|acerca de|del))? (?P<name>.+)",
    ),
    ("summary", rf"{_SUM_UP} (?P<name>.+)"),
    ("summary", r"resume(?:lo|la)?|resumelo|haz un resumen"),
    ("named", r"resume (?P<name>.+)"),
    ("explicit", r"(?:que (?:es|hay en|contiene) |y |resume |muestrame |abre )?(?P<name>.+)"),
    ("again", r"(?:y|o|que hay de|y que hay de|que tal)(?: las noticias)? (?P<name>.+)"),
)
