"""The small talk of people who write Spanish."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.conversation.phrases.kinds import PieceKind

PHRASES: Mapping[PieceKind, str] = {
    "greeting": """
        hola | holi | buenas | buenos días | buen día | buenas tardes | muy buenas | muy buenos dias | saludos | oye |
        alo | hola a todos | estás ahí | hay alguien | mucho gusto | encantado | encantada | feliz año |
        feliz navidad | un saludo
    """,
    "how are you": """
        cómo estás | como estas tu | cómo está | cómo está usted | qué tal | qué tal estás | que tal todo |
        cómo te va | cómo va | cómo va todo | cómo andas | qué onda | qué pasa | qué hay | cómo le va | todo bien |
        y tú | qué tal va todo | qué tal va | qué tal te va
    """,
    "who are you": """
        quién eres | quién eres tú | quién sos | quién es usted | qué eres | qué eres tú | cómo te llamas |
        cuál es tu nombre | tu nombre | quién te creó | quién te hizo | eres un robot | eres un bot | eres robot |
        eres humano | eres humana | eres una persona | eres una máquina | eres una ia | eres real | eres chatgpt |
        sos un bot | qué puedes hacer | qué sabes hacer | qué haces | qué podés hacer | a qué te dedicas |
        en qué me puedes ayudar | en qué puedes ayudarme | para qué sirves | cómo funcionas | preséntate |
        cuántos años tienes | estás seguro | estás segura | háblame de ti | eres una persona o un robot |
        eres un robot o una persona | eres una persona real | cuéntame un chiste | hablas español
    """,
    "help": """
        ayuda | ayúdame | ayúdeme | necesito ayuda | me ayudas | me puedes ayudar | puedes ayudarme |
        me podrías ayudar | podrías ayudarme | me puede ayudar | cómo te uso | cómo pregunto | no entiendo |
        no entiendo nada | estoy perdido | estoy perdida | socorro | auxilio
    """,
    "opening": """
        cómo funciona esto | cómo funciona | cómo se usa esto | cómo se usa | cómo uso esto | qué hago | qué es esto |
        qué hago aquí | empezar
    """,
    "thanks": """
        gracias | muchas gracias | muchísimas gracias | mil gracias | muy agradecido | muy agradecida |
        te lo agradezco | se lo agradezco | te agradezco | agradecido | agradecida | grax | grx
    """,
    "praise": """
        bien | muy bien | bueno | buena | buenísimo | buenísima | excelente | genial | perfecto | perfecta |
        estupendo | estupenda | maravilloso | maravillosa | fantástico | fantástica | increíble | impresionante |
        fenomenal | guay | chévere | bacán | padrísimo | útil | listo | inteligente | amable | simpático | simpática |
        buen trabajo | gran trabajo | bien hecho | buen bot | no está mal | nada mal | me gusta | me encanta |
        me ayudó | me has ayudado | me sirvió | qué bien | qué bueno | qué guay | qué chulo | te quiero | te amo |
        eres el mejor | eres la mejor | enhorabuena | felicidades | felicitaciones | lo máximo | correcto | exacto |
        eso es | eres lista | qué lista
    """,
    "blame": """
        mal | malo | mala | muy mal | malísimo | malísima | pésimo | pésima | terrible | horrible | ridículo |
        aburrido | qué malo | qué mal | no sirve | no sirve para nada | no sirve de nada | no me ayudó | no me ayuda |
        no ayuda | no me has ayudado | no me sirve | no me sirvió | no es lo que pregunté |
        eso no es lo que pregunté | no es lo que pedí | no entiendes | no me entiendes | no entiendes nada |
        no sabes nada | qué decepción | decepcionante | no tiene sentido | pérdida de tiempo | mentira | mentiroso |
        mientes | inútil | inútiles | no es lo que busco | no es lo que buscaba | no me gusta | no me gustó
    """,
    "abuse": """
        tonto | tonta | idiota | estúpido | estúpida | imbécil | burro | bobo | boba | pendejo | pendeja |
        gilipollas | cabrón | mierda | puta | joder | carajo | maldito | maldita | no sirves | no sirves para nada |
        eres un inútil | vete a la mierda | vete al carajo | vete al diablo | a la mierda | que te jodan | jódete |
        chinga tu madre | hijo de puta | puta madre | cállate | cierra la boca | te odio | qué asco | vete |
        una mierda | una basura | qué basura | vete al infierno | menuda mierda | qué mierda | callate la boca
    """,
    "no": """
        está mal | eso está mal | está equivocado | está equivocada | equivocado | equivocada | estás equivocado |
        te equivocas | incorrecto | incorrecta | no es correcto | no es cierto | no es verdad | no es así |
        no es eso | eso no | eso no es | falso | un error | para nada | nada de eso
    """,
    "yes": "sí | claro | claro que sí | por supuesto | desde luego | cómo no | efectivamente | así es",
    "apology": """
        perdón | perdona | perdone | disculpa | disculpe | lo siento | lo siento mucho | lo lamento | con permiso
    """,
    "bye": """
        adiós | hasta luego | hasta pronto | hasta mañana | hasta la vista | hasta la próxima | nos vemos | chao |
        chau | buenas noches | que tengas un buen día | que descanses | cuídate | me voy | tengo que irme |
        feliz día | nos vemos mañana | nos vemos luego | hasta otra | ya terminé
    """,
    "ok": """
        vale | de acuerdo | está bien | no gracias | de nada | no hay problema | no pasa nada | ya veo | entiendo |
        entendido | comprendo | ya entiendo | ya entendí | nada | nada más | da igual | olvídalo | eso es todo |
        interesante | anda | vaya | ah | mmm | en serio | de verdad | ya | por favor | porfa | porfavor | y qué
    """,
    "not": "no",
    "filler": """
        el | la | lo | los | las | un | una | tu | tú | te | usted | ustedes | eres | es | está | estás | fue | ha |
        era | ser | muy | mucho | mucha | muchas | tan | más | qué | eso | esto | ese | esta | este | respuesta |
        respuestas | bot | robot | máquina | amigo | amiga | señor | señora | todo | todos | todas | a | pues | y |
        pero | me | mi | yo | de | para | ahora | aquí | ahí | oye | la verdad | realmente | tío | tía | che | hoy |
        ay | ah | oh | eh | bastante | demasiado | también | vete | por tu ayuda | por la ayuda | por su ayuda |
        por todo | por tu tiempo | por adelantado | por mí | por la respuesta | por responder | por la información
    """,
}
