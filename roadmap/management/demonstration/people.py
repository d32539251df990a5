"""People of the demonstration. All are invented but the two whom the texts name in these very offices."""

from branches.choices import Language, Role
from roadmap.management.demonstration.reference import BRANCHES, OBLAST
from roadmap.management.demonstration.rows import Rows

NO_PASSWORD = "!demonstration"  # noqa: S105 "!" makes it unusable: who starts the demonstration sets one
JOINED = "2023-01-09T09:00:00+05:00"

SECRETARIES = {
    OBLAST: ("Дінмұхамед", "Сейітжанов"),
    "aral": ("Нұрлыбек", "Тәжімбетов"),
    "kazaly": ("Гүлжанат", "Есмағұлова"),
    "baikonur": ("Руслан", "Дәулетбаев"),
    "karmakshy": ("Ерболат", "Шүкіров"),
    "zhalagash": ("Айсұлу", "Бекжанова"),
    "syrdarya": ("Ақтөре", "Ибрагимұлы"),  # named in the text
    "kyzylorda-city": ("Мақсат", "Әліпбаев"),
    "shieli": ("Бибігүл", "Оңғарова"),
    "zhanakorgan": ("Сәкен", "Мырзахметов"),
}
RECEPTION = {
    OBLAST: ("Жазира", "Тұяқбаева"),
    "aral": ("Сандуғаш", "Қалжанова"),
    "kazaly": ("Мейрам", "Сәтбаев"),
    "baikonur": ("Асия", "Жорабекова"),
    "karmakshy": ("Нұрсәуле", "Баймаханова"),
    "zhalagash": ("Ғалия", "Төребекова"),
    "syrdarya": ("Ұлжан", "Сағынбаева"),
    "kyzylorda-city": ("Ақбота", "Ділдәбекова"),
    "shieli": ("Бекжан", "Әлмырзаев"),
    "zhanakorgan": ("Күлпаш", "Аязбаева"),
}
INSPECTORS = {
    "controller-2": (("Жасұлан", "Ермекбаев"), ("aral", "kazaly")),
    "controller-3": (("Әсел", "Құдайбергенова"), ("baikonur", "karmakshy", "zhalagash")),
    "controller-4": (("Талғат", "Нұрсейітов"), ("syrdarya", "kyzylorda-city")),
    "controller-5": (("Қуаныш", "Жолдасов"), ("shieli", "zhanakorgan")),
}
OF_THE_REGION = {
    "chair": (Role.CHAIR, ("Жандос", "Базартай"), Language.KAZAKH),  # named in the text
    "coordinator": (Role.COORDINATOR, ("Маржан", "Төлегенова"), Language.KAZAKH),
    "controller": (Role.CONTROLLER, ("Бауыржан", "Әбдірайымов"), Language.KAZAKH),
    "observer": (Role.OBSERVER, ("Светлана", "Ким"), Language.RUSSIAN),
}
CURATORS = {
    OBLAST: ("Айгерім Сүлейменова", "Данияр Қожабеков", "Индира Аманова", "Ержан Сапаров", "Лаура Тұрсынбаева"),
    "aral": ("Әділ Жұбанов", "Меруерт Қалиева", "Тимур Есенов"),
    "kazaly": ("Нұргүл Сәдуақасова", "Олжас Байменов", "Самат Үсенов"),
    "baikonur": ("Алина Мұсаева", "Ринат Жақыпов"),
    "karmakshy": ("Гауһар Ізтілеуова", "Марат Ерімбетов", "Перизат Нағиева"),
    "zhalagash": ("Дархан Тоқтаров", "Зейнеп Әмірова", "Қайрат Бисенов"),
    "syrdarya": ("Айнұр Досжанова", "Бекзат Шаймерденов", "Гүлмира Ысқақова"),
    "kyzylorda-city": ("Арман Дәуренбеков", "Динара Кәрімова", "Нұржан Сыздықов", "Сәуле Омарова"),
    "shieli": ("Ерлан Мәдиев", "Жанар Қасенова", "Думан Әбенов"),
    "zhanakorgan": ("Ақмарал Рысбекова", "Ғалымжан Тілеубаев", "Роза Исаева"),
}


def people(rows: Rows, branches: dict[object, int], region: int) -> dict[str, int]:
    """Add users and the roles they hold; give primary keys by username."""
    users: dict[str, int] = {}

    def add(username: str, name: tuple[str, str], language: Language = Language.KAZAKH) -> int:
        users[username] = rows.add(
            "branches.user",
            username=username,
            first_name=name[0],
            last_name=name[1],
            language=language.value,
            password=NO_PASSWORD,
            is_active=True,
            date_joined=JOINED,
        )
        return users[username]

    for username, (role, name, language) in OF_THE_REGION.items():
        rows.add("branches.assignment", user=add(username, name, language), role=role.value, region=region)
    for slug in BRANCHES:
        user = add(f"secretary-{slug}", SECRETARIES[slug])
        rows.add("branches.assignment", user=user, role=Role.SECRETARY.value, branch=branches[slug])
    for slug in BRANCHES:
        user = add(f"reception-{slug}", RECEPTION[slug])
        rows.add("branches.assignment", user=user, role=Role.RECEPTION.value, branch=branches[slug])
    for username, (name, slugs) in INSPECTORS.items():
        user = add(username, name)
        for slug in slugs:
            rows.add("branches.assignment", user=user, role=Role.CONTROLLER.value, branch=branches[slug])
    return users


def inspector_of(branch: str) -> str:
    """The inspector who goes around a branch's measures; the oblast's own are the region's inspector's."""
    return next((name for name, (_, slugs) in INSPECTORS.items() if branch in slugs), "controller")
