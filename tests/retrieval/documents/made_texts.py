"""The beginning of a text in each of 32 languages, and the encodings that such texts were written in."""

from __future__ import annotations

TEXTS = {
    "fr": (
        "La bibliothèque municipale sera fermée du 12 au 19 août pour travaux. Les lecteurs peuvent déposer "
        "leurs livres dans la boîte près de l'entrée. Les prêts en cours"
    ),
    "de": (
        "Der Gemeinderat hat am Dienstag über die Sanierung der Brücke beraten. Während der Bauzeit wird "
        "die Hauptstraße für Lastwagen gesperrt; Fußgänger können den Steg"
    ),
    "es": (
        "El ayuntamiento anunció que la próxima semana comenzarán las obras del mercado. Según el alcalde, "
        "los puestos se trasladarán a la plaza de España durante un año."
    ),
    "pt": (
        "A câmara municipal aprovou ontem a construção de uma nova estação de comboios. As obras começarão "
        "em março e não deverão durar mais de três anos. Os moradores já"
    ),
    "it": (
        "Il museo della città riaprirà sabato, perché i lavori sono già finiti. La novità più importante "
        "è la sala dedicata alla pittura; lì si potrà vedere un quadro mai"
    ),
    "nl": (
        "De gemeente heeft besloten het zwembad te heropenen. Eén van de redenen is dat de financiële situatie "
        "verbeterd is; de energiekosten zijn gedaald. Vóór de zomer"
    ),
    "sv": (
        "Kommunen har beslutat att bygga en ny förskola på den gamla åkern. Arbetet börjar i höst och skall "
        "vara färdigt före sommaren. Många föräldrar är glada, men några"
    ),
    "da": (
        "Kommunen har besluttet at bygge en ny skole ved søen. Arbejdet begynder til foråret og skal være "
        "færdigt før jul. Børnene får både en større gård og et køkken, hvor"
    ),
    "no": (
        "Kommunestyret har vedtatt å bygge en ny bru over elva. Arbeidet begynner til våren og skal være "
        "ferdig før jul. Gående får et eget felt, så barna kan gå trygt til"
    ),
    "fi": (
        "Kaupunki päätti rakentaa uuden kirjaston järven rannalle. Työt alkavat ensi keväänä ja niiden pitäisi "
        "olla valmiit ennen joulua. Lapsille tulee oma huone, jossa he"
    ),
    "cs": (
        "Město rozhodlo, že příští rok opraví starý most přes řeku. Práce začnou v březnu a měly by skončit "
        "před zimou. Chodci budou moci používat lávku u mlýna, řidiči"
    ),
    "sk": (
        "Mesto rozhodlo, že budúci rok opraví starý most cez rieku. Práce sa začnú v marci a mali by sa "
        "skončiť pred zimou. Chodci budú môcť používať lávku pri mlyne, vodiči"
    ),
    "pl": (
        "Rada miasta postanowiła, że w przyszłym roku wyremontuje stary most na rzece. Prace rozpoczną się "
        "w marcu i powinny skończyć się przed zimą. Piesi będą mogli"
    ),
    "hu": (
        "A város úgy döntött, hogy jövőre felújítja a folyón átívelő régi hidat. A munka márciusban kezdődik, "
        "és a tél előtt be kell fejezni. A gyalogosok a malom melletti"
    ),
    "hr": (
        "Grad je odlučio da će sljedeće godine obnoviti stari most preko rijeke. Radovi počinju u ožujku "
        "i trebali bi završiti prije zime. Pješaci će moći koristiti prijelaz"
    ),
    "ro": (
        "Oraşul a hotărât să repare anul viitor podul vechi peste râu. Lucrările încep în martie şi ar trebui "
        "să se încheie înainte de iarnă. Pietonii vor putea folosi"
    ),
    "tr": (
        "Belediye, nehrin üzerindeki eski köprüyü gelecek yıl onarmaya karar verdi. Çalışmalar mart ayında "
        "başlayacak ve kıştan önce bitecek. Yayalar değirmenin yanındaki"
    ),
    "ru": (
        "Город решил в следующем году отремонтировать старый мост через реку. Работы начнутся в марте и "
        "должны закончиться до зимы. Пешеходы смогут пользоваться переходом у"
    ),
    "uk": (
        "Місто вирішило наступного року відремонтувати старий міст через річку. Роботи почнуться в березні "
        "й мають закінчитися до зими. Пішоходи зможуть користуватися"
    ),
    "bg": (
        "Градът реши догодина да ремонтира стария мост над реката. Работата започва през март и трябва да "
        "приключи преди зимата. Пешеходците ще могат да минават по мостчето"
    ),
    "el": (
        "Ο δήμος αποφάσισε να επισκευάσει του χρόνου την παλιά γέφυρα πάνω από το ποτάμι. Οι εργασίες αρχίζουν "
        "τον Μάρτιο και πρέπει να τελειώσουν πριν από τον χειμώνα. Οι"
    ),
    "he": (
        "העירייה החליטה לשפץ בשנה הבאה את הגשר הישן מעל הנהר. העבודות יתחילו במרץ וצריכות להסתיים לפני החורף. "
        "הולכי הרגל יוכלו להשתמש במעבר ליד הטחנה, והנהגים ייסעו דרך הכפר"
    ),
    "ar": (
        "قررت البلدية إصلاح الجسر القديم فوق النهر في السنة القادمة. ستبدأ الأعمال في شهر مارس ويجب أن تنتهي "
        "قبل الشتاء. يستطيع المشاة استخدام الممر قرب المطحنة، أما"
    ),
    "th": (
        "เทศบาลตัดสินใจซ่อมสะพานเก่าข้ามแม่น้ำในปีหน้า งานจะเริ่มในเดือนมีนาคมและต้องเสร็จก่อนฤดูหนาว คนเดินเท้าสามารถใช้ทางข้ามใกล้โรงสีได้"
    ),
    "lt": (
        "Miestas nusprendė kitais metais suremontuoti seną tiltą per upę. Darbai prasidės kovo mėnesį ir "
        "turėtų baigtis prieš žiemą. Pėstieji galės naudotis taku prie"
    ),
    "lv": (
        "Pilsēta nolēma nākamgad salabot veco tiltu pār upi. Darbi sāksies martā, un tiem jābeidzas pirms "
        "ziemas. Gājēji varēs izmantot laipu pie dzirnavām, bet autovadītāji"
    ),
    "et": (
        "Linn otsustas järgmisel aastal parandada vana silla üle jõe. Tööd algavad märtsis ja peaksid lõppema "
        "enne talve. Jalakäijad saavad kasutada purret veski juures,"
    ),
    "ja": (
        "市は来年、川にかかる古い橋を修理することを決めました。工事は三月に始まり、冬の前に終わる予定です"
        "。歩行者は水車小屋のそばの通路を使うことができ、車は隣の村を通ります。費用は四千万円を超え、半分"
        "は県が払います。市長は、木の部分の状態が悪く、これ以上待つことはできないと述べました。なぜもっと"
        "早く始めなかったのかと尋ねる住民もいます。"
    ),
    "zh-hans": (
        "市政府决定明年修理河上的旧桥。工程三月开始，应当在冬天之前结束。行人可以使用磨坊旁边的通道，司机"
        "要从邻近的村子经过。费用超过四千万元，其中一半由省里支付。市长说，木头部分的状况很差，不能再等了"
        "。有些居民问，为什么没有早一点开始。星期六，市政厅的大门将向所有想看图纸的人开放。孩子们会得到点"
        "心和茶。渡船每小时开一班，广场上的商店开到"
    ),
    "zh-hant": (
        "市政府決定明年修理河上的舊橋。工程三月開始，應當在冬天之前結束。行人可以使用磨坊旁邊的通道，司機"
        "要從鄰近的村子經過。費用超過四千萬元，其中一半由縣裡支付。市長說，木頭部分的狀況很差，不能再等了"
        "。有些居民問，為什麼沒有早一點開始。星期六，市政廳的大門將向所有想看圖紙的人開放。孩子們會得到點"
        "心和茶。渡船每小時開一班，廣場上的商店開到"
    ),
    "ko": (
        "시는 내년에 강 위의 오래된 다리를 수리하기로 결정했습니다. 공사는 삼월에 시작되어 겨울 전에 끝나야 "
        "합니다. 보행자는 방앗간 옆의 통로를 이용할 수 있고, 운전자는 이웃 마을을 지나가게 됩니다. 비용은 "
        "사천만 원을 넘으며 절반은 도에서 냅니다. 시장은 나무 부분의 상태가 나빠서 더 기다릴 수"
    ),
    "en": (
        "The council said on Tuesday that the café by the river will re-open in May. “We are delighted,” "
        "said the owner, Zoë Müller, “and we can’t wait to see everyone.” The"
    ),
}
ENCODINGS = {
    "cp1252": "fr de es pt it nl sv da no fi en",
    "iso8859-15": "fr fi",
    "cp437": "fr de es sv en",
    "cp850": "fr de es pt da it",
    "mac_roman": "fr de es pt en it",
    "cp1250": "cs sk pl hu hr ro",
    "iso8859-2": "cs pl hu hr sk",
    "cp852": "cs pl hu hr sk",
    "mac_latin2": "cs pl hu",
    "cp1251": "ru uk bg",
    "koi8-r": "ru",
    "koi8-u": "uk",
    "iso8859-5": "ru",
    "cp866": "ru bg",
    "mac_cyrillic": "ru",
    "cp1254": "tr",
    "iso8859-9": "tr",
    "cp857": "tr",
    "cp1253": "el",
    "iso8859-7": "el",
    "cp737": "el",
    "cp1255": "he",
    "cp1256": "ar",
    "cp1257": "lt lv et",
    "cp874": "th",
    "shift_jis": "ja",
    "euc_jp": "ja",
    "gb18030": "zh-hans",
    "big5": "zh-hant",
    "cp949": "ko",
}
"""The languages of the texts to be written in each encoding."""
