"""Works of the first direction: housing, gas and power, water, roads and yards."""
# ruff: noqa: E501 tables: one work a line
# fmt: off

from roadmap.choices import Unit
from roadmap.management.demonstration.works import Kind, Where, Work

BUILD, YARD, TRADE, LINE, BUY = Kind.BUILD, Kind.YARD, Kind.TRADE, Kind.LINE, Kind.BUY
HOLD, SERVE, FARM, PLANT, DRAFT = Kind.HOLD, Kind.SERVE, Kind.FARM, Kind.PLANT, Kind.DRAFT
ANY, VILLAGE, TOWN, AREA, OBLAST = Where.ANY, Where.VILLAGE, Where.TOWN, Where.AREA, Where.OBLAST

HOUSES = ("Газға қосылған үйлер", Unit.HOUSEHOLDS)
FLATS = ("Пайдалануға берілген пәтерлер", Unit.FLATS)
PIPES = ("Тартылған желінің ұзындығы", Unit.KM)
ROADS = ("Жөнделген жолдың ұзындығы", Unit.KM)
LAMPS = ("Орнатылған шамдар", Unit.UNITS)

HOUSING = (
    Work("{loc} {n} пәтерлі тұрғын үй салу", BUILD, TOWN, "construction", 1, (12, 18, 24, 40, 60), FLATS, (280, 1900), (), True),
    Work("{loc} {n} қызметтік тұрғын үй салу", BUILD, VILLAGE, "construction", 1, (2, 3, 4, 5), ("Салынған үйлер", Unit.HOUSES), (36, 120)),
    Work("{attr} көпқабатты үйлердің шатырын күрделі жөндеу", YARD, TOWN, "utilities", 1, (3, 4, 6, 8), ("Жөнделген үйлер", Unit.HOUSES), (45, 210)),
    Work("{attr} тұрғын үй алаңына инженерлік-коммуникациялық желі жүргізу", LINE, TOWN, "utilities", 1, (3, 5, 7), PIPES, (180, 900)),
    Work("{loc} апатты жағдайдағы үйлерді сүріп, аумағын абаттандыру", YARD, TOWN, "utilities", 1, (), None, (20, 75)),
    Work("{area_attr} көпбалалы отбасыларды баспанамен қамту", SERVE, AREA, "construction", 1, (8, 12, 16, 20), ("Қоныс тойын тойлаған отбасылар", Unit.HOUSEHOLDS), None, (), True),
    Work("{acc} табиғи газбен қамтамасыз ету", LINE, VILLAGE, "utilities", 2, (120, 180, 240, 310), HOUSES, (320, 860), (), True),
    Work("{loc} газ тарату желісін жүргізу", LINE, VILLAGE, "utilities", 2, (9, 12, 15, 21), PIPES, (260, 700), (), True),
    Work("{gen} электр желілерін қайта жаңғырту", LINE, ANY, "utilities", 2, (6, 9, 14, 18), PIPES, (190, 540), (), True),
    Work("{loc} трансформаторлық қосалқы станцияны ауыстыру", BUY, ANY, "utilities", 2, (), None, (18, 64), (), True),
    Work("{attr} апатты электр тіректерін ауыстыру", LINE, ANY, "utilities", 2, (40, 65, 90), ("Ауыстырылған тіректер", Unit.UNITS), (22, 58), (), True),
    Work("{gen} жылу желісін күрделі жөндеу", LINE, TOWN, "utilities", 2, (2, 3, 4), PIPES, (95, 380)),
    Work("{gen} ауыз су желісін қайта жаңғырту", LINE, ANY, "utilities", 3, (7, 11, 16, 23), PIPES, (210, 780)),
    Work("{attr} үйлерге орталықтандырылған ауыз су тарту", LINE, VILLAGE, "utilities", 3, (90, 140, 210), ("Суға қосылған үйлер", Unit.HOUSEHOLDS), (130, 460)),
    Work("{loc} су тазарту блок-модулін орнату", BUY, VILLAGE, "utilities", 3, (), None, (34, 72)),
    Work("{attr} су мұнарасын қайта жаңарту", YARD, VILLAGE, "utilities", 3, (), None, (28, 66)),
    Work("{loc} кәріз желісін салу", LINE, TOWN, "utilities", 3, (4, 6, 9), PIPES, (240, 820)),
    Work("{attr} кәріз-сорғы станциясын күрделі жөндеу", BUILD, TOWN, "utilities", 3, (), None, (60, 190)),
    Work("{gen} ішкі көшелеріне орташа жөндеу жүргізу", LINE, ANY, "roads", 4, (3, 5, 8, 11), ROADS, (140, 620)),
    Work("{gen} көшелеріне асфальт төсеу", LINE, ANY, "roads", 4, (2, 4, 6, 9), ROADS, (120, 540)),
    Work("{gen} кіреберіс жолын күрделі жөндеу", LINE, VILLAGE, "roads", 4, (6, 9, 14, 19), ROADS, (310, 980)),
    Work("{attr} көпірді күрделі жөндеу", YARD, VILLAGE, "roads", 4, (), None, (75, 260)),
    Work("{gen} көшелеріне жарық шамдарын орнату", LINE, ANY, "utilities", 4, (60, 96, 140, 210), LAMPS, (26, 110)),
    Work("{loc} жаяу жүргіншілер жолын салу", LINE, ANY, "roads", 4, (1, 2, 3, 5), ROADS, (24, 88)),
    Work("{loc} балалар ойын алаңын салу", YARD, ANY, "construction", 4, (), None, (12, 34)),
    Work("{attr} көпқабатты үйлердің ауласын абаттандыру", YARD, TOWN, "utilities", 4, (3, 5, 7), ("Абаттандырылған аулалар", Unit.UNITS), (48, 190)),
    Work("{area_attr} жолаушылар аялдамаларын жаңарту", YARD, AREA, "roads", 4, (8, 12, 18), ("Жаңартылған аялдамалар", Unit.UNITS), (16, 54)),
    Work("{area_attr} мектеп маңындағы жол өткелдерін жол белгілерімен жабдықтау", BUY, AREA, "roads", 4, (10, 15, 22), ("Жабдықталған өткелдер", Unit.UNITS), (14, 40)),
    Work("Аудандарды байланыстыратын жергілікті маңызы бар автомобиль жолдарын жөндеу", LINE, OBLAST, "roads", 4, (64, 78, 92), ROADS, (2400, 6100)),
    Work("{n} ауылды кең жолақты интернетпен қамту", LINE, OBLAST, "digital", 4, (18, 24, 31), ("Интернетке қосылған ауылдар", Unit.SETTLEMENTS), (420, 960)),
    Work("Шалғай ауылдарда ұялы байланыс сапасын жақсарту", YARD, OBLAST, "digital", 4, (11, 16), ("Орнатылған мұнаралар", Unit.UNITS)),
    Work("Жылу көздерін жөндеу маусымын уақытылы аяқтау", YARD, OBLAST, "utilities", 2, (), None, (900, 2100)),
    Work("Көпқабатты үйлердің тозығы жеткен лифтілерін ауыстыру", BUY, OBLAST, "utilities", 1, (24, 36, 48), ("Ауыстырылған лифтілер", Unit.UNITS), (380, 760)),
    Work("Елді мекендердің бас жоспарларын жаңарту", DRAFT, OBLAST, "construction", 1, (6, 9, 12), ("Бекітілген бас жоспарлар", Unit.SETTLEMENTS), (140, 310)),
    Work("Облыс орталығындағы кәріз тазарту қондырғысын жаңғырту", YARD, OBLAST, "utilities", 3, (), None, (3200, 7400)),
    Work("Топтық су құбырларының жабдығын жаңарту", BUY, OBLAST, "utilities", 3, (5, 7), ("Жаңартылған сорғы станциялары", Unit.UNITS), (520, 1400)),
)
