"""Works of culture and sport, and of ecology."""
# ruff: noqa: E501 tables: one work a line
# fmt: off

from roadmap.choices import Unit
from roadmap.management.demonstration.works import Kind, Where, Work

BUILD, YARD, TRADE, LINE, BUY = Kind.BUILD, Kind.YARD, Kind.TRADE, Kind.LINE, Kind.BUY
HOLD, SERVE, FARM, PLANT, DRAFT = Kind.HOLD, Kind.SERVE, Kind.FARM, Kind.PLANT, Kind.DRAFT
ANY, VILLAGE, TOWN, AREA, OBLAST = Where.ANY, Where.VILLAGE, Where.TOWN, Where.AREA, Where.OBLAST

HELD = ("Өткізілген іс-шаралар", Unit.EVENTS)
TREES = ("Отырғызылған көшеттер", Unit.UNITS)
GREEN = ("Отырғызылған алқап", Unit.HECTARES)
SEA = ("aral", "kazaly", "kyzylorda-oblast")

CULTURE = (
    Work("{attr} мәдениет үйін күрделі жөндеу", BUILD, ANY, "culture", 1, (), None, (65, 240)),
    Work("{loc} клуб үйін салу", BUILD, VILLAGE, "construction", 1, (), None, (160, 380)),
    Work("{attr} кітапхананы заманауи форматқа келтіру", BUILD, ANY, "culture", 1, (), None, (14, 48)),
    Work("{attr} кітапхананың қорын толықтыру", BUY, ANY, "culture", 1, (600, 900, 1500), ("Жаңа кітаптар", Unit.UNITS), (3, 9)),
    Work("{attr} мәдениет үйіне дыбыс және жарық аппаратурасын сатып алу", BUY, ANY, "culture", 1, (), None, (8, 26)),
    Work("{attr} музей экспозициясын жаңарту", BUILD, TOWN, "culture", 1, (), None, (12, 46)),
    Work("{attr} орталық саябақты абаттандыру", YARD, TOWN, "utilities", 1, (), None, (70, 260)),
    Work("{attr} тарихи ескерткіштің айналасын абаттандыру", YARD, ANY, "culture", 1, (), None, (9, 32)),
    Work("{loc} дене шынықтыру-сауықтыру кешенін салу", BUILD, ANY, "sport", 2, (), None, (420, 980), (), True),
    Work("{loc} шағын футбол алаңын салу", YARD, ANY, "sport", 2, (), None, (26, 62), (), True),
    Work("{loc} көшедегі жаттығу алаңын орнату", YARD, ANY, "sport", 2, (), None, (8, 19), (), True),
    Work("{attr} спорт залын жөндеу", BUILD, VILLAGE, "sport", 2, (), None, (24, 88), (), True),
    Work("{attr} спорт мектебіне жабдық сатып алу", BUY, TOWN, "sport", 2, (), None, (7, 24)),
    Work("{area_loc} ұлттық спорт түрлерінен жарыстар өткізу", HOLD, AREA, "sport", 3, (6, 9, 14), HELD, (4, 14)),
    Work("{area_loc} «Кітап–AMANAT» жобасы аясында оқырмандар кездесуін өткізу", HOLD, AREA, "culture", 3, (10, 16, 24), HELD),
    Work("{area_loc} айтыс пен термешілер байқауын өткізу", HOLD, AREA, "culture", 3, (2, 3, 4), HELD, (4, 12)),
    Work("{area_attr} жастар шығармашылығының фестивалін өткізу", HOLD, AREA, "youth", 3, (2, 3, 4), HELD, (5, 15)),
    Work("{area_attr} бұқаралық спартакиада өткізу", HOLD, AREA, "sport", 3, (5, 8, 12), HELD, (6, 18)),
    Work("{area_attr} балаларды тегін спорт үйірмелеріне тарту", SERVE, AREA, "sport", 3, (240, 420, 700), ("Қамтылған балалар", Unit.PEOPLE), (30, 95)),
    Work("{area_attr} өнерпаздардың ауылдарға гастрольдік сапарын ұйымдастыру", HOLD, AREA, "culture", 3, (10, 14, 20), HELD),
    Work("Облыстық драма театрының сахна жабдығын жаңарту", BUY, OBLAST, "culture", 1, (), None, (120, 270)),
    Work("«Қорқыт ата» мемориалдық кешенінің аумағын абаттандыру", YARD, OBLAST, "culture", 1, (), None, (180, 460)),
    Work("Сығанақ қалашығында археологиялық зерттеу жүргізу", DRAFT, OBLAST, "culture", 1, (), None, (45, 95)),
    Work("Облыстық филармонияның аудандарға гастрольдерін ұйымдастыру", HOLD, OBLAST, "culture", 3, (24, 36), HELD, (18, 42)),
    Work("Облыстық көркемөнерпаздар байқауын өткізу", HOLD, OBLAST, "culture", 3, (4, 6), HELD, (12, 30)),
)

ECOLOGY = (
    Work("{gen} көшелеріне көшет отырғызу", PLANT, ANY, "nature", 1, (400, 700, 1200, 2000), TREES, (5, 19)),
    Work("{gen} айналасына жасыл белдеу отырғызу", PLANT, VILLAGE, "nature", 1, (4, 6, 10, 15), GREEN, (12, 44)),
    Work("{attr} жасыл желектерді суаруға ұңғыма қазу", YARD, ANY, "nature", 1, (), None, (6, 18)),
    Work("{attr} мектеп алаңына бау-бақша отырғызу", PLANT, VILLAGE, "nature", 1, (80, 120, 200), TREES, (2, 6)),
    Work("{attr} рұқсатсыз қоқыс орындарын жою", YARD, ANY, "nature", 2, (), None, (4, 16)),
    Work("{attr} қатты тұрмыстық қалдықтар полигонын ретке келтіру", YARD, VILLAGE, "nature", 2, (), None, (24, 95)),
    Work("{loc} қоқысты бөлек жинайтын контейнерлер орнату", BUY, ANY, "nature", 2, (20, 35, 60), ("Орнатылған контейнерлер", Unit.UNITS), (3, 11)),
    Work("{attr} көлдің жағалауын тазарту", YARD, VILLAGE, "nature", 2, (), None, (3, 10)),
    Work("{area_attr} қоқыс таситын арнайы техника сатып алу", BUY, AREA, "nature", 2, (2, 3, 4), ("Жаңа техника", Unit.UNITS), (54, 140)),
    Work("{loc} су тасқынынан қорғайтын бөгетті нығайту", LINE, VILLAGE, "emergency", 3, (2, 4, 6), ("Нығайтылған бөгет", Unit.KM), (22, 85)),
    Work("{attr} су бұру арналарын көктемгі тасқынға дайындау", LINE, ANY, "emergency", 3, (3, 5, 8), ("Тазартылған арна", Unit.KM), (8, 30)),
    Work("{loc} құм көшкінін тоқтату жұмыстарын жүргізу", PLANT, VILLAGE, "nature", 3, (10, 18, 30), GREEN, (18, 60), ("aral", "kazaly")),
    Work("{area_loc} «Таза Қазақстан» экологиялық акциясын өткізу", HOLD, AREA, "nature", 2, (12, 18, 30), HELD),
    Work("{area_attr} мектептерде экологиялық сабақтар өткізу", HOLD, AREA, "nature", 2, (20, 34, 50), HELD),
    Work("{area_loc} сексеуіл тұқымын жинау науқанын ұйымдастыру", FARM, AREA, "nature", 3, (), None, (4, 15), SEA),
    Work("Аралдың құрғаған табанына сексеуіл отырғызу", PLANT, AREA, "nature", 3, (800, 1500, 2400), GREEN, (60, 210), ("aral", "kazaly")),
    Work("Теңіздің құрғаған ұлтанындағы сексеуіл екпелерін толықтыру", PLANT, OBLAST, "nature", 3, (42000, 61000), GREEN, (1800, 3400)),
    Work("Солтүстік Аралды сақтау жобасының құжаттарын әзірлеу", DRAFT, OBLAST, "nature", 3, (), None, (240, 520)),
    Work("Ауа сапасын бақылайтын бекеттер орнату", BUY, OBLAST, "nature", 2, (3, 5), ("Орнатылған бекеттер", Unit.UNITS), (45, 120)),
    Work("Қалдықтарды сұрыптау желісін іске қосу", BUILD, OBLAST, "nature", 2, (), None, (160, 410)),
    Work("Тасқын қаупі бар учаскелердегі қорғаныс бөгеттерін нығайту", LINE, OBLAST, "emergency", 3, (18, 27), ("Нығайтылған бөгет", Unit.KM), (540, 1300)),
    Work("Облыс жолдарының бойына орман белдеулерін отырғызу", PLANT, OBLAST, "nature", 1, (60, 110), GREEN, (70, 160)),
)
