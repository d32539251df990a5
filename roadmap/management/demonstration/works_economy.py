"""Works of the economy: agriculture and water, jobs and business."""
# ruff: noqa: E501 tables: one work a line
# fmt: off

from roadmap.choices import Unit
from roadmap.management.demonstration.works import Kind, Where, Work

BUILD, YARD, TRADE, LINE, BUY = Kind.BUILD, Kind.YARD, Kind.TRADE, Kind.LINE, Kind.BUY
HOLD, SERVE, FARM, PLANT, DRAFT = Kind.HOLD, Kind.SERVE, Kind.FARM, Kind.PLANT, Kind.DRAFT
ANY, VILLAGE, TOWN, AREA, OBLAST = Where.ANY, Where.VILLAGE, Where.TOWN, Where.AREA, Where.OBLAST

CANAL = ("Тазартылған арнаның ұзындығы", Unit.KM)
LAND = ("Қамтылған жер көлемі", Unit.HECTARES)
JOBS = ("Ашылған жұмыс орындары", Unit.JOBS)
PEOPLE = ("Қамтылған адамдар", Unit.PEOPLE)
HELD = ("Өткізілген іс-шаралар", Unit.EVENTS)
FARMS = ("Қолдау алған шаруашылықтар", Unit.UNITS)
DRY = ("aral", "kazaly", "baikonur")  # no rice is sown there
RICE = ("karmakshy", "zhalagash", "syrdarya", "kyzylorda-city", "shieli", "zhanakorgan", "kyzylorda-oblast")
FISH = ("aral", "kazaly", "kyzylorda-oblast")
RURAL = tuple(sorted({*DRY, *RICE} - {"baikonur"}))

AGRICULTURE = (
    Work("{attr} суармалы каналды механикалық тәсілмен тазарту", LINE, VILLAGE, "land", 1, (8, 12, 18, 26), CANAL, (36, 150)),
    Work("{attr} коллектор-дренаж жүйесін тазарту", LINE, VILLAGE, "land", 1, (9, 14, 21), CANAL, (40, 170)),
    Work("{attr} су реттегіш қондырғыны жөндеу", YARD, VILLAGE, "land", 1, (), None, (18, 64)),
    Work("{loc} тік дренаж ұңғымаларын қалпына келтіру", YARD, VILLAGE, "land", 1, (2, 3, 5), ("Іске қосылған ұңғымалар", Unit.UNITS), (24, 80)),
    Work("{attr} егіс алқабына жаңбырлатып суару жүйесін енгізу", YARD, VILLAGE, "land", 1, (60, 90, 140), LAND, (55, 190)),
    Work("{attr} алыс жайылымға құдық қазу", YARD, VILLAGE, "land", 1, (2, 3, 4), ("Қазылған құдықтар", Unit.UNITS), (9, 28)),
    Work("{attr} сорғы станциясын жаңа жабдықпен толықтыру", BUY, VILLAGE, "land", 1, (), None, (26, 90)),
    Work("{loc} мал сою алаңын салу", YARD, VILLAGE, "veterinary", 2, (), None, (22, 58)),
    Work("{loc} ветеринариялық пункт салу", BUILD, VILLAGE, "veterinary", 2, (), None, (24, 62)),
    Work("{loc} мал тоғыту орнын салу", YARD, VILLAGE, "veterinary", 2, (), None, (6, 17)),
    Work("{attr} ірі қара мал басын асылдандыру", FARM, VILLAGE, "land", 2, (120, 180, 260), ("Асылдандырылған мал", Unit.UNITS), (12, 40)),
    Work("{loc} түйе сүтін өңдеу цехын ашу", TRADE, VILLAGE, "business", 3, (4, 6, 8), JOBS, (28, 90), ("aral", "kazaly", "karmakshy")),
    Work("{loc} сүт қабылдау пунктін ашу", TRADE, VILLAGE, "business", 3, (2, 3, 4), JOBS, (9, 26)),
    Work("{loc} жылыжай салу", TRADE, VILLAGE, "land", 3, (3, 5, 8), JOBS, (32, 120)),
    Work("{loc} балық өңдеу цехын іске қосу", TRADE, ANY, "business", 3, (12, 18, 25), JOBS, (70, 260), ("aral", "kazaly")),
    Work("{area_attr} күріш алқаптарын лазермен тегістеу", FARM, AREA, "land", 2, (180, 260, 420), LAND, (45, 130), RICE),
    Work("{area_loc} күріштен босаған жерге мақсары мен жоңышқа егу", FARM, AREA, "land", 2, (600, 900, 1400), LAND, None, RICE),
    Work("{area_attr} көлдерді балық шабақтарымен толықтыру", FARM, AREA, "land", 2, (), None, (14, 44), FISH),
    Work("{area_attr} пайдаланылмай жатқан жайылымды айналымға қайтару", FARM, AREA, "land", 2, (1500, 2800, 4600), LAND, None, RURAL),
    Work("{area_attr} шаруа қожалықтарына «Ауыл аманаты» жобасы бойынша несие беру", SERVE, AREA, "land", 3, (12, 18, 26), FARMS, None, RURAL),
    Work("{area_attr} ауыл шаруашылығы өнімдерінің жәрмеңкесін өткізу", HOLD, AREA, "land", 3, (8, 12, 20), HELD),
    Work("{area_attr} мал азығын дайындау науқанын ұйымдастыру", FARM, AREA, "land", 2, (), None, None, RURAL),
    Work("{area_attr} фермерлерге арналған су үнемдеу семинарларын өткізу", HOLD, AREA, "land", 1, (6, 9, 12), HELD, None, RURAL),
    Work("Магистралдық каналдарға су есептегіш құралдар орнату", BUY, OBLAST, "land", 1, (34, 52), ("Орнатылған құралдар", Unit.UNITS), (160, 340)),
    Work("Сырдария өзенінің арнасын тазарту және жағалауын бекіту", LINE, OBLAST, "land", 1, (14, 22), CANAL, (620, 1500)),
    Work("Күріш шаруашылықтарына су үнемдейтін сорттар тұқымын жеткізу", FARM, OBLAST, "land", 2, (), None, (110, 260)),
    Work("Ауыл шаруашылығы техникасын жаңарту", BUY, OBLAST, "land", 3, (120, 180), ("Жаңа техника", Unit.UNITS)),
    Work("Балық өсіру питомнигінің қуатын арттыру", BUILD, OBLAST, "land", 2, (), None, (190, 420)),
    Work("Облыс аудандарында көктемгі және күзгі ауыл шаруашылығы жәрмеңкелерін өткізу", HOLD, OBLAST, "land", 3, (30, 42), HELD),
    Work("Су қоймасын салудың техникалық-экономикалық негіздемесін әзірлеу", DRAFT, OBLAST, "land", 1, (), None, (180, 390)),
)

JOBS_AND_BUSINESS = (
    Work("{loc} нан пісіру цехын ашу", TRADE, ANY, "business", 2, (4, 6, 9), JOBS, (12, 40)),
    Work("{loc} тігін цехын ашу", TRADE, ANY, "business", 2, (6, 10, 15), JOBS, (14, 48)),
    Work("{loc} құрылыс материалдары цехын іске қосу", TRADE, ANY, "business", 2, (8, 12, 20), JOBS, (45, 180)),
    Work("{loc} көкөніс сақтау қоймасын салу", TRADE, VILLAGE, "business", 2, (3, 5), JOBS, (34, 120)),
    Work("{loc} тұрмыстық қызмет көрсету үйін ашу", TRADE, ANY, "business", 2, (4, 6, 8), JOBS, (16, 52)),
    Work("{loc} монша кешенін ашу", TRADE, VILLAGE, "business", 2, (2, 3, 4), JOBS, (14, 38)),
    Work("{loc} автокөлік жөндеу шеберханасын ашу", TRADE, ANY, "business", 2, (3, 4, 6), JOBS, (10, 34)),
    Work("{loc} жол бойындағы сервис нысанын салу", TRADE, ANY, "business", 2, (6, 9, 14), JOBS, (60, 210)),
    Work("{attr} тұрғындарды кәсіпкерлік негіздеріне оқыту", SERVE, ANY, "business", 1, (20, 25, 40), PEOPLE),
    Work("{attr} жастарға арналған кәсіп ашу кеңес күнін өткізу", HOLD, VILLAGE, "business", 1, (4, 6, 8), HELD),
    Work("{area_attr} тұрғындарды тұрақты жұмысқа орналастыру", SERVE, AREA, "social", 1, (640, 980, 1450), ("Жұмысқа орналасқандар", Unit.PEOPLE)),
    Work("{area_attr} түлектерді жастар практикасына жіберу", SERVE, AREA, "social", 1, (60, 95, 140), PEOPLE, (42, 130)),
    Work("{area_loc} қоғамдық жұмыстарды ұйымдастыру", SERVE, AREA, "social", 1, (210, 340, 520), PEOPLE, (48, 160)),
    Work("{area_loc} бос жұмыс орындары жәрмеңкесін өткізу", HOLD, AREA, "social", 1, (6, 9, 12), HELD),
    Work("{area_attr} жұмыссыздарды сұранысы бар мамандықтарға қысқа мерзімде оқыту", SERVE, AREA, "social", 1, (50, 85, 130), PEOPLE, (14, 46)),
    Work("{area_loc} жаңа бизнес-идеяларға мемлекеттік грант беру", SERVE, AREA, "business", 3, (25, 40, 60), ("Берілген гранттар", Unit.UNITS), (34, 82)),
    Work("{area_attr} кәсіпкерлерге жеңілдетілген шағын несие беру", SERVE, AREA, "business", 3, (18, 27, 40), ("Берілген несиелер", Unit.UNITS)),
    Work("{area_attr} кәсіпкерлерге құқықтық кеңес беру күндерін өткізу", HOLD, AREA, "business", 3, (8, 12, 16), HELD),
    Work("{area_attr} қолөнершілер көрмесін ұйымдастыру", HOLD, AREA, "business", 3, (3, 4, 6), HELD, (2, 7)),
    Work("{area_attr} әйелдер кәсіпкерлігін дамыту мектебін өткізу", SERVE, AREA, "business", 3, (30, 45, 60), PEOPLE),
    Work("Инвестициялық жобаларды іске қосып, жаңа жұмыс орындарын ашу", TRADE, OBLAST, "business", 2, (420, 650), JOBS),
    Work("Индустриялық аймақтың инженерлік инфрақұрылымын жүргізу", LINE, OBLAST, "business", 2, (), None, (780, 1900)),
    Work("«Байқоңыр – Қорқыт ата» туристік бағытын дамыту", SERVE, OBLAST, "business", 3, (), None, (60, 180)),
    Work("Кәсіптік оқыту орталықтарында жұмысшы мамандықтарға қайта даярлау", SERVE, OBLAST, "social", 1, (900, 1300), PEOPLE, (140, 290)),
    Work("Өңірлік өндірушілерді экспортқа дайындау акселераторын өткізу", SERVE, OBLAST, "business", 3, (18, 25), ("Қатысқан кәсіпорындар", Unit.UNITS), (20, 54)),
)
