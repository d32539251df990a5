"""Works for people: education, health, social support."""
# ruff: noqa: E501 tables: one work a line
# fmt: off

from roadmap.choices import Unit
from roadmap.management.demonstration.works import Kind, Where, Work

BUILD, YARD, TRADE, LINE, BUY = Kind.BUILD, Kind.YARD, Kind.TRADE, Kind.LINE, Kind.BUY
HOLD, SERVE, FARM, PLANT, DRAFT = Kind.HOLD, Kind.SERVE, Kind.FARM, Kind.PLANT, Kind.DRAFT
ANY, VILLAGE, TOWN, AREA, OBLAST = Where.ANY, Where.VILLAGE, Where.TOWN, Where.AREA, Where.OBLAST

PLACES = ("Жаңа оқушы орындары", Unit.PLACES)
PUPILS = ("Қамтылған оқушылар", Unit.PEOPLE)
SEEN = ("Тексеруден өткен тұрғындар", Unit.PEOPLE)
PEOPLE = ("Қамтылған адамдар", Unit.PEOPLE)
HELD = ("Өткізілген іс-шаралар", Unit.EVENTS)

EDUCATION = (
    Work("{loc} {n} орындық мектеп салу", BUILD, VILLAGE, "construction", 1, (120, 150, 300, 600), PLACES, (850, 3400), (), True),
    Work("{loc} {n} орындық балабақша ашу", BUILD, ANY, "education", 1, (50, 75, 90, 140), ("Балабақшадағы жаңа орындар", Unit.PLACES), (160, 640)),
    Work("{attr} мектепке күрделі жөндеу жүргізу", BUILD, ANY, "education", 1, (), None, (140, 520)),
    Work("{attr} мектептің спорт залын жөндеу", BUILD, ANY, "education", 1, (), None, (28, 95)),
    Work("{attr} мектеп асханасын жаңғырту", BUILD, ANY, "education", 1, (), None, (22, 70)),
    Work("{attr} мектептің шатырын ауыстыру", YARD, VILLAGE, "education", 1, (), None, (30, 110)),
    Work("{attr} мектептің жылу қазандығын ауыстыру", BUY, VILLAGE, "education", 1, (), None, (18, 52)),
    Work("{attr} мектепке қосымша оқу корпусын салу", BUILD, TOWN, "construction", 1, (120, 200, 300), PLACES, (420, 1300), (), True),
    Work("{attr} мектепке пандус пен тактильді жолақ орнату", BUY, ANY, "education", 2, (), None, (4, 11)),
    Work("{attr} мектептің химия және физика кабинеттерін жабдықтау", BUY, ANY, "education", 2, (2, 3, 4), ("Жабдықталған кабинеттер", Unit.UNITS), (24, 78)),
    Work("{attr} мектептің сыныптарын компьютермен жабдықтау", BUY, ANY, "education", 2, (20, 30, 45), ("Орнатылған компьютерлер", Unit.UNITS), (14, 36)),
    Work("{attr} мектепке бейнебақылау жүйесін орнату", BUY, ANY, "education", 2, (), None, (6, 16)),
    Work("{attr} мектепке оқушы тасымалдайтын автобус сатып алу", BUY, VILLAGE, "education", 2, (), None, (28, 42)),
    Work("{attr} мектептің кітапханасын жаңа оқулықтармен толықтыру", BUY, ANY, "education", 2, (), None, (5, 18)),
    Work("{attr} мектепте робототехника үйірмесін ашу", HOLD, ANY, "education", 3, (25, 40, 60), PUPILS, (8, 19)),
    Work("{area_attr} аз қамтылған отбасылардың балаларын тегін ыстық тамақпен қамту", SERVE, AREA, "education", 3, (640, 980, 1450), PUPILS, (90, 310)),
    Work("{area_attr} оқушылардың жазғы демалысын ұйымдастыру", SERVE, AREA, "education", 3, (850, 1200, 2100), PUPILS, (45, 160)),
    Work("{area_attr} мектеп бітірушілерге кәсіптік бағдар беру шараларын өткізу", HOLD, AREA, "education", 3, (12, 18, 24), HELD),
    Work("{area_attr} дарынды оқушыларды пәндік олимпиадаларға дайындау курсын ашу", HOLD, AREA, "education", 3, (60, 90, 120), PUPILS),
    Work("{area_attr} мектептерге жас мұғалімдерді «Дипломмен ауылға» жобасымен тарту", SERVE, AREA, "education", 3, (14, 22, 35), ("Жұмысқа келген мамандар", Unit.PEOPLE)),
    Work("{area_attr} педагогтердің біліктілігін арттыру", SERVE, AREA, "education", 3, (110, 180, 260), PEOPLE, (6, 21)),
    Work("{area_attr} ерекше білім қажет ететін балаларға психологиялық-педагогикалық қолдау көрсету", SERVE, AREA, "education", 3, (45, 80, 130), PUPILS),
    Work("Колледждерде сұранысы бар мамандықтар бойынша дуальды оқытуды енгізу", SERVE, OBLAST, "education", 3, (1200, 1800), ("Дуальды оқитын студенттер", Unit.PEOPLE)),
    Work("Колледждердің оқу шеберханаларын жаңарту", BUY, OBLAST, "education", 2, (5, 7), ("Жаңартылған шеберханалар", Unit.UNITS), (260, 620)),
    Work("Студенттер жатақханасында {n} жаңа орын ашу", BUILD, OBLAST, "education", 1, (180, 250, 300), ("Жаңа орындар", Unit.PLACES), (740, 1600)),
    Work("Ауыл мектептерін жоғары жылдамдықты интернетке қосу", LINE, OBLAST, "digital", 2, (34, 48), ("Қосылған мектептер", Unit.UNITS), (120, 260)),
    Work("Облыстың дарынды балаларына арналған жазғы ғылыми мектеп өткізу", HOLD, OBLAST, "education", 3, (150, 220), PUPILS, (18, 44)),
)

HEALTH = (
    Work("{loc} фельдшерлік-акушерлік пункт салу", BUILD, VILLAGE, "health", 1, (), None, (85, 170)),
    Work("{loc} медициналық пункт ғимаратын салу", BUILD, VILLAGE, "health", 1, (), None, (70, 140)),
    Work("{loc} дәрігерлік амбулатория салу", BUILD, VILLAGE, "health", 1, (), None, (160, 340)),
    Work("{attr} дәрігерлік амбулаторияны күрделі жөндеу", BUILD, VILLAGE, "health", 1, (), None, (45, 130)),
    Work("{attr} амбулаторияның жылу жүйесін ауыстыру", BUILD, VILLAGE, "health", 1, (), None, (12, 34)),
    Work("{attr} емхананың күндізгі стационарын жөндеу", BUILD, TOWN, "health", 1, (), None, (38, 120)),
    Work("{attr} емханаға пандус пен көтергіш орнату", BUY, TOWN, "health", 1, (), None, (7, 26)),
    Work("{area_adj} аурухананың хирургия бөлімшесін жөндеу", BUILD, AREA, "health", 1, (), None, (60, 190)),
    Work("{area_adj} аурухананың қабылдау бөлімін кеңейту", BUILD, AREA, "health", 1, (), None, (40, 150)),
    Work("{attr} медициналық пунктті құрал-жабдықпен толықтыру", BUY, VILLAGE, "health", 2, (), None, (5, 14)),
    Work("{attr} дәрігерлік амбулаторияға санитарлық көлік сатып алу", BUY, VILLAGE, "health", 2, (), None, (14, 27)),
    Work("{attr} медициналық пунктті интернетке қосу", BUY, VILLAGE, "health", 2, (), None, (2, 6)),
    Work("{area_adj} ауруханаға цифрлық рентген аппаратын сатып алу", BUY, AREA, "health", 2, (), None, (95, 180)),
    Work("{area_adj} ауруханаға ультрадыбыстық диагностика аппаратын сатып алу", BUY, AREA, "health", 2, (), None, (38, 75)),
    Work("{area_attr} жедел жәрдем көліктерін жаңарту", BUY, AREA, "health", 2, (2, 3, 4), ("Жаңа көліктер", Unit.UNITS), (54, 120)),
    Work("{area_attr} тұрғындарды скринингтік тексеруден өткізу", SERVE, AREA, "health", 3, (3200, 5400, 8800), SEEN),
    Work("Жылжымалы медициналық кешеннің {area_attr} ауылдарды аралауын ұйымдастыру", HOLD, AREA, "health", 3, (18, 26, 40), ("Көшпелі қабылдаулар", Unit.EVENTS)),
    Work("{area_loc} жұмысқа келген жас дәрігерлерді тұрғын үймен қамту", SERVE, AREA, "health", 3, (3, 5, 7), ("Үй алған дәрігерлер", Unit.PEOPLE), (24, 90)),
    Work("{area_loc} салауатты өмір салтын насихаттау айлығын өткізу", HOLD, AREA, "health", 3, (10, 16, 24), HELD),
    Work("{area_attr} балаларды стоматологиялық тексеруден өткізу", SERVE, AREA, "health", 3, (1800, 2600, 4100), SEEN),
    Work("{area_attr} мектептерде психолог кеңестерін ұйымдастыру", HOLD, AREA, "health", 3, (16, 24, 36), HELD),
    Work("Облыстық көпбейінді ауруханаға ангиографиялық қондырғы сатып алу", BUY, OBLAST, "health", 2, (), None, (520, 780)),
    Work("Перинаталдық орталықтың жаңа туған нәрестелер бөлімшесін жабдықтау", BUY, OBLAST, "health", 2, (), None, (140, 290)),
    Work("Ауылдық медицина мекемелеріне дәрігер тарту", SERVE, OBLAST, "health", 3, (45, 60, 75), ("Жұмысқа келген дәрігерлер", Unit.PEOPLE)),
    Work("Онкологиялық ауруларды ерте анықтау кабинеттерін ашу", BUILD, OBLAST, "health", 1, (4, 6), ("Ашылған кабинеттер", Unit.UNITS), (90, 210)),
    Work("Облыстық жедел жәрдем станциясының диспетчерлік орталығын жаңарту", BUY, OBLAST, "health", 2, (), None, (75, 160)),
)

SOCIAL = (
    Work("{attr} әлеуметтік нысандарға пандус орнату", YARD, ANY, "social", 1, (3, 5, 8), ("Орнатылған пандустар", Unit.UNITS), (5, 18)),
    Work("{loc} мүгедектігі бар балаларға арналған оңалту кабинетін ашу", BUILD, TOWN, "social", 1, (), None, (24, 85)),
    Work("{loc} қарттарға арналған күндізгі орталық ашу", BUILD, ANY, "social", 1, (), None, (20, 74)),
    Work("{attr} халыққа қызмет көрсету орталығына кедергісіз жол салу", YARD, TOWN, "social", 1, (), None, (6, 17)),
    Work("{loc} отбасын қолдау орталығын ашу", BUILD, TOWN, "social", 1, (), None, (32, 96)),
    Work("{attr} жалғызілікті қарттардың үйін жөндеуге көмектесу", SERVE, ANY, "social", 2, (4, 6, 9), ("Жөнделген үйлер", Unit.HOUSES), (7, 24)),
    Work("{area_attr} аз қамтылған отбасыларды қысқы отынмен қамту", SERVE, AREA, "social", 2, (180, 260, 420), ("Көмек алған отбасылар", Unit.HOUSEHOLDS), (14, 46)),
    Work("{area_loc} инватакси қызметін кеңейту", BUY, AREA, "social", 2, (2, 3, 4), ("Жаңа көліктер", Unit.UNITS), (22, 58)),
    Work("{area_attr} мүгедектігі бар адамдарды оңалту құралдарымен қамту", SERVE, AREA, "social", 2, (140, 230, 360), PEOPLE, (35, 120)),
    Work("{area_attr} көпбалалы аналарға тігіншілік пен аспаздық курстарын өткізу", SERVE, AREA, "social", 2, (30, 45, 80), PEOPLE, (6, 15)),
    Work("{area_attr} атаулы әлеуметтік көмек алушыларды тұрақты жұмысқа тарту", SERVE, AREA, "social", 2, (70, 120, 190), PEOPLE),
    Work("{area_attr} үйде күтім көрсететін әлеуметтік қызметкерлер санын көбейту", SERVE, AREA, "social", 2, (8, 14, 20), ("Жаңа қызметкерлер", Unit.PEOPLE)),
    Work("{area_attr} ардагерлерді құрметтеу іс-шараларын өткізу", HOLD, AREA, "youth", 3, (8, 12, 18), HELD),
    Work("{area_attr} мүгедектігі бар жастар арасында спорт жарыстарын өткізу", HOLD, AREA, "sport", 3, (4, 6, 9), HELD, (3, 9)),
    Work("{area_loc} отбасы институтын нығайту кездесулерін өткізу", HOLD, AREA, "youth", 3, (14, 20, 28), HELD),
    Work("{area_attr} жетім балаларға арналған пәтер кезегін жүйелеу және кеңес беру", SERVE, AREA, "social", 3, (25, 40, 60), PEOPLE),
    Work("{attr} тұрғындарға көшпелі әлеуметтік кеңес беру күндерін өткізу", HOLD, VILLAGE, "social", 3, (6, 8, 12), HELD),
    Work("Ерекше қажеттілігі бар балаларға арналған оңалту орталығын жабдықтау", BUY, OBLAST, "social", 1, (), None, (160, 420)),
    Work("Қандастарды бейімдеу және ықпалдастыру орталығының жұмысын қолдау", SERVE, OBLAST, "social", 2, (240, 380), PEOPLE, (30, 85)),
    Work("Ардагерлерді санаторийлік-курорттық еммен қамту", SERVE, OBLAST, "social", 2, (420, 560), PEOPLE, (95, 190)),
    Work("Тұрмыстық зорлықтан зардап шеккендерге арналған дағдарыс орталықтарын қолдау", SERVE, OBLAST, "social", 2, (), None, (24, 60)),
)
