"""Reference data of the party's own work: topics of requests, the text of the consent, projects and their indicators.

Which projects there are, the briefing of 2024 says: eleven, ten of them by name. Since when each runs it does not say.
"""

from dataclasses import dataclass

from branches.choices import Frequency, ProjectUnit
from roadmap.management.demonstration.rows import Name, Rows, named
from roadmap.management.demonstration.sources import BRIEFING

# Topics of requests in the order in which the desk chooses them, and the direction of the roadmap each belongs to.
TOPICS: tuple[tuple[str, Name, str], ...] = (
    ("housing", ("Тұрғын үй", "Жильё", "Housing"), "housing"),
    ("water", ("Ауызсу", "Питьевая вода", "Drinking water"), "housing"),
    ("electricity_gas", ("Электр қуаты және газ", "Электричество и газ", "Electricity and gas"), "housing"),
    ("roads", ("Жол және көлік", "Дороги и транспорт", "Roads and transport"), "housing"),
    (
        "utilities",
        ("Коммуналдық қызмет және тарифтер", "Коммунальные услуги и тарифы", "Utilities and prices"),
        "housing",
    ),
    ("land", ("Жер және ауыл шаруашылығы", "Земля и сельское хозяйство", "Land and farming"), "agriculture"),
    (
        "social",
        ("Әлеуметтік төлемдер мен көмек", "Социальные выплаты и помощь", "Social payments and support"),
        "social",
    ),
    ("health", ("Денсаулық сақтау", "Здравоохранение", "Health"), "health"),
    ("education", ("Білім беру", "Образование", "Education"), "education"),
    ("jobs", ("Жұмыс және кәсіпкерлік", "Работа и предпринимательство", "Jobs and business"), "jobs"),
    ("culture", ("Мәдениет және спорт", "Культура и спорт", "Culture and sport"), "culture"),
    ("ecology", ("Тазалық және экология", "Чистота и экология", "Cleanliness and ecology"), "ecology"),
    ("law", ("Сот және құқық қорғау", "Суды и правоохранительные органы", "Courts and law enforcement"), ""),
    ("other", ("Басқа мәселелер", "Другие вопросы", "Other matters"), ""),
)
DIRECTION_OF = {key: direction for key, _, direction in TOPICS}
TOPICS_OF = {
    slug: tuple(key for key, _, direction in TOPICS if direction == slug)
    for slug in ("housing", "education", "health", "agriculture", "social", "jobs", "culture", "ecology")
}

CONSENT: tuple[Name, Name] = (
    (
        "Дербес деректерді өңдеуге келісім",
        "Согласие на обработку персональных данных",
        "Consent to the use of personal data",
    ),
    (
        "Мен өз еркіммен аты-жөнімді, телефонымды, мекенжайымды, көрсеткен болсам ЖСН-імді және өтінішімнің мазмұнын "
        "партия филиалының қоғамдық қабылдау бөлмесінің жинауына, сақтауына және пайдалануына келісемін.\n"
        "Мақсаты: өтінішімді қарау, маған жауап беру, қажет болса оны құзырлы органға жіберу.\n"
        "Деректерімді осы филиалдың қабылдау бөлмесінің қызметкері мен атқарушы хатшысы ғана көреді; деректер "
        "жарияланбайды, үшінші тұлғаларға өтінішті шешуге қажет көлемнен артық берілмейді.\n"
        "Сақтау мерзімі: өтініш жабылған күннен бастап үш жыл, одан кейін деректер өшіріледі.\n"
        "Келісімді кез келген уақытта қайтарып ала аламын: онда ашық өтінішім болмаса, деректерім бірден өшіріледі.",
        "Я добровольно соглашаюсь на то, чтобы общественная приёмная филиала партии собирала, хранила и использовала "
        "мои фамилию, имя, отчество, телефон, адрес, ИИН (если он указан) и содержание моего обращения.\n"
        "Цель: рассмотреть обращение, ответить мне и, если нужно, направить обращение в уполномоченный орган.\n"
        "Мои данные видят только сотрудник приёмной и исполнительный секретарь этого филиала; данные не публикуются и "
        "не передаются третьим лицам сверх того, что нужно для решения вопроса.\n"
        "Срок хранения: три года со дня закрытия обращения, после чего данные удаляются.\n"
        "Согласие я могу отозвать в любое время: если открытых обращений у меня нет, данные удаляются сразу.",
        "I agree of my own free will that the public reception office of the party's branch collects, keeps and uses "
        "my name, telephone, address, IIN (if I gave it) and what my request says.\n"
        "Purpose: to consider the request, to answer me and, where needed, to pass it to the competent body.\n"
        "Only the reception officer and the executive secretary of this branch see my data; they are not published, "
        "and given to others no further than the matter needs.\n"
        "They are kept for three years from the day on which the request is closed, and erased then.\n"
        "I may withdraw this consent at any time: unless a request of mine is open, my data are erased at once.",
    ),
)


@dataclass(frozen=True)
class Project:
    """A project of the party. `until`: where it has ended; `is_named`: whether the text names it."""

    key: str
    name: Name
    since: str = "2023-01-01"
    until: str | None = None
    is_named: bool = True


PROJECTS = (
    Project("auyl_amanaty", ("«Ауыл аманаты»", "«Ауыл аманаты»", "“Auyl Amanaty”")),
    Project("zher_amanaty", ("«Жер аманаты»", "«Жер аманаты»", "“Zher Amanaty”")),
    Project("qaryzsyz_qogam", ("«Қарызсыз қоғам»", "«Общество без долгов»", "“A Society without Debts”")),
    Project("legal_aid", ("«Құқықтық көмек»", "«Правовая помощь»", "“Legal Aid”")),
    Project("halyqqa_komek", ("«Халыққа көмек»", "«Помощь народу»", "“Help for the People”")),
    Project("ardagerler", ("«Ардагерлерді ардақтайық»", "«Почитаем ветеранов»", "“Let Us Honour the Veterans”")),
    Project("kedergisiz_keleshek", ("«Кедергісіз келешек»", "«Будущее без барьеров»", "“A Future without Barriers”")),
    Project("baqytty_otbasy", ("«Бақытты отбасы»", "«Счастливая семья»", "“A Happy Family”")),
    Project("ulttyq_mura", ("«Ұлттық мұра»", "«Национальное наследие»", "“National Heritage”")),
    Project("kitap_amanat", ("«Кітап–AMANAT»", "«Книга–AMANAT»", "“Kitap–AMANAT”"), since="2024-01-15"),
    Project(
        "unnamed",
        (
            "Он бірінші жоба (мәтінде аталмаған)",
            "Одиннадцатый проект (в тексте не назван)",
            "The eleventh project (not named in the text)",
        ),
        until="2025-12-31",
        is_named=False,
    ),
)
SINCE_IS_SAMPLE = f"{BRIEFING}; басталған күні – үлгі дерек"
NOT_NAMED = f"{BRIEFING}: 11 жоба делінген, онысы аталған, он біріншісі мәтінде аталмаған; мерзімі – үлгі дерек"

FIVE = ("ardagerler", "kedergisiz_keleshek", "baqytty_otbasy", "ulttyq_mura", "kitap_amanat")


@dataclass(frozen=True)
class Indicator:
    """What one project, or several together, are measured by."""

    key: str
    name: Name
    unit: ProjectUnit
    frequency: Frequency
    projects: tuple[str, ...] = ()

    @property
    def of(self) -> tuple[str, ...]:
        """The keys of its projects; the one that its own key begins with, if none are told."""
        return self.projects or (self.key.split(".")[0],)


U, F = ProjectUnit, Frequency
INDICATORS = (
    Indicator(
        "auyl_amanaty.allocated",
        ("Бюджеттен бөлінген қаржы", "Выделено из бюджета", "Money allocated from the budget"),
        U.TENGE,
        F.RUNNING,
    ),
    Indicator(
        "auyl_amanaty.additional",
        ("Қосымша бөлінген қаржы", "Выделено дополнительно", "Additional money allocated"),
        U.TENGE,
        F.RUNNING,
    ),
    Indicator(
        "auyl_amanaty.financed",
        ("Қаржыландырылған жобалар", "Профинансировано проектов", "Projects financed"),
        U.PROJECTS,
        F.RUNNING,
    ),
    Indicator(
        "auyl_amanaty.jobs",
        ("Ашылған жұмыс орындары", "Создано рабочих мест", "Jobs created"),
        U.JOBS,
        F.RUNNING,
    ),
    Indicator(
        "zher_amanaty.returned",
        ("Мемлекетке қайтарылған жер", "Возвращено земли государству", "Land returned to the state"),
        U.HECTARES,
        F.QUARTERLY,
    ),
    Indicator(
        "qaryzsyz_qogam.trained",
        ("Қаржылық сауаттылыққа оқытылғандар", "Обучено финансовой грамотности", "People taught financial literacy"),
        U.PEOPLE,
        F.QUARTERLY,
    ),
    Indicator(
        "qaryzsyz_qogam.courses", ("Өткізілген курстар", "Проведено курсов", "Courses held"), U.EVENTS, F.QUARTERLY
    ),
    Indicator(
        "legal_aid.consultations",
        ("Берілген заңгерлік кеңестер", "Дано юридических консультаций", "Legal consultations given"),
        U.UNITS,
        F.QUARTERLY,
    ),
    Indicator(
        "halyqqa_komek.families",
        ("Көмек берілген отбасылар", "Семьи, получившие помощь", "Families helped"),
        U.HOUSEHOLDS,
        F.QUARTERLY,
    ),
    Indicator(
        "five_joint.events",
        ("Бес жобаның іс-шаралары", "Мероприятия пяти проектов", "Events of the five projects"),
        U.EVENTS,
        F.MONTHLY,
        FIVE,
    ),
    Indicator(
        "five_joint.people",
        ("Бес жобамен қамтылған адамдар", "Охвачено пятью проектами", "People reached by the five projects"),
        U.PEOPLE,
        F.MONTHLY,
        FIVE,
    ),
    Indicator(
        "ardagerler.visited",
        ("Барып сәлем берілген ардагерлер", "Навещено ветеранов", "Veterans visited"),
        U.PEOPLE,
        F.QUARTERLY,
    ),
    Indicator(
        "kedergisiz_keleshek.checked",
        ("Қолжетімділігі тексерілген нысандар", "Объекты, проверенные на доступность", "Places checked for access"),
        U.UNITS,
        F.QUARTERLY,
    ),
    Indicator(
        "baqytty_otbasy.families",
        ("Кеңес алған отбасылар", "Семьи, получившие консультацию", "Families advised"),
        U.HOUSEHOLDS,
        F.QUARTERLY,
    ),
    Indicator(
        "ulttyq_mura.described",
        ("Сипатталған мұра нысандары", "Описано объектов наследия", "Heritage sites described"),
        U.UNITS,
        F.YEARLY,
    ),
    Indicator(
        "kitap_amanat.books",
        ("Кітапханаларға берілген кітаптар", "Книги, переданные библиотекам", "Books given to libraries"),
        U.UNITS,
        F.QUARTERLY,
    ),
)

# Seats of maslikhats come to the 152 of the briefing. The city of Baikonur has no maslikhat.
SEATS = {
    "kyzylorda-oblast": (
        29,
        ("Қызылорда облыстық мәслихаты", "Кызылординский областной маслихат", "Kyzylorda Regional"),
    ),
    "aral": (16, ("Арал аудандық мәслихаты", "Аральский районный маслихат", "Aral District")),
    "kazaly": (16, ("Қазалы аудандық мәслихаты", "Казалинский районный маслихат", "Kazaly District")),
    "karmakshy": (14, ("Қармақшы аудандық мәслихаты", "Кармакшинский районный маслихат", "Karmakshy District")),
    "zhalagash": (13, ("Жалағаш аудандық мәслихаты", "Жалагашский районный маслихат", "Zhalagash District")),
    "syrdarya": (13, ("Сырдария аудандық мәслихаты", "Сырдарьинский районный маслихат", "Syrdarya District")),
    "kyzylorda-city": (22, ("Қызылорда қалалық мәслихаты", "Кызылординский городской маслихат", "Kyzylorda City")),
    "shieli": (15, ("Шиелі аудандық мәслихаты", "Шиелийский районный маслихат", "Shieli District")),
    "zhanakorgan": (14, ("Жаңақорған аудандық мәслихаты", "Жанакорганский районный маслихат", "Zhanakorgan District")),
}
SEATS_SOURCE = f"Жиынтығы (152 мандат) – {BRIEFING}; мәслихаттарға бөлінуі – үлгі дерек"


def write_topics(rows: Rows) -> dict[object, int]:
    """Add the topics; give primary keys by key."""
    return {
        key: rows.add("branches.topic", key=key, position=position, **named(name))
        for position, (key, name, _) in enumerate(TOPICS, start=1)
    }


def write_work(rows: Rows, keys: dict[str, dict[object, int]]) -> None:
    """Add the text of the consent, projects with indicators, and maslikhats, and their primary keys to the keys."""
    title, texts = CONSENT
    keys["consent"] = {
        "1": rows.add(
            "branches.consenttext", version="1", valid_from="2023-01-01", **named(title), **named(texts, "text")
        )
    }
    keys["project"] = {}
    for position, project in enumerate(PROJECTS, start=1):
        write_project(rows, keys, project, position, SINCE_IS_SAMPLE if project.is_named else NOT_NAMED)
    keys["indicator"] = {}
    for position, indicator in enumerate(INDICATORS, start=1):
        write_indicator(rows, keys, indicator, position)
    keys["maslikhat"] = {
        slug: rows.add(
            "branches.maslikhat",
            branch=keys["branch"][slug],
            seats=seats,
            source=SEATS_SOURCE,
            is_sample=True,
            **named((kk, ru, f"{en} Maslikhat")),
        )
        for slug, (seats, (kk, ru, en)) in SEATS.items()
    }


def write_project(rows: Rows, keys: dict[str, dict[object, int]], project: Project, position: int, source: str) -> None:
    """Add a project, and its primary key to the keys."""
    keys["project"][project.key] = rows.add(
        "branches.partyproject",
        key=project.key,
        position=position,
        valid_from=project.since,
        valid_until=project.until,
        source=source,
        is_sample=not project.is_named,
        **named(project.name),
    )


def write_indicator(rows: Rows, keys: dict[str, dict[object, int]], indicator: Indicator, position: int) -> None:
    """Add an indicator, and its primary key to the keys."""
    keys["indicator"][indicator.key] = rows.add(
        "branches.projectindicator",
        key=indicator.key,
        projects=[keys["project"][key] for key in indicator.of],
        position=position,
        unit=indicator.unit.value,
        frequency=indicator.frequency.value,
        **named(indicator.name),
    )
