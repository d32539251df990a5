"""Every page that a person can reach by links, and behind every number exactly so many rows.

A number that counts rows is a link with `data-count`; the list it opens tells its length by `data-total` on its table.
A number that is a sum is a link with `data-sum`; the page it opens shows its parts, and the same sum in
`data-sum-total`.
"""

import datetime as dt
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import time_machine

from branches import actions as work
from branches.choices import (
    Channel,
    ElectionKind,
    EventKind,
    NoData,
    Period,
    Permission,
    RequestKind,
    RequestState,
    Role,
)
from branches.models import Assignment, Branch, Locality, Maslikhat, User
from roadmap import actions
from roadmap.choices import (
    BodyKind,
    ClosingReason,
    CountedUnit,
    DelayReason,
    Severity,
    SiteState,
    Status,
    Verdict,
)
from roadmap.models import Body, Roadmap

NOON = "2025-06-16 12:00+05:00"
DAY = dt.timedelta(days=1)
LISTS = (
    "/overview/",
    "/roadmaps/",
    "/measures/",
    "/control/",
    "/control/sites/",
    "/control/posts/",
    "/control/visits/",
    "/control/meetings/",
    "/control/recommendations/",
    "/councils/",
    "/councils/issues/",
    "/councils/proposals/",
    "/projects/",
    "/reception/",
    "/reception/requests/",
    "/reception/events/",
    "/reception/topics/",
    "/organisation/",
)
OTHER_YEARS = ("chair", "other_secretary")  # look also at another year and at an earlier day; one a kind of reader
PEOPLE = [*(role.value for role in Role), "other_secretary", "administrator"]


class Page(HTMLParser):
    """What a page links to, which of it counts rows or adds them up, and how many rows, and which sums, it shows."""

    def __init__(self, address, html):
        super().__init__()
        self.address, self.links, self.counts, self.total = address, set(), [], None
        self.sums, self.sum_totals = [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href", "").split("#")[0]:
            href = urljoin(self.address, attrs["href"]).split("#")[0]
            self.links.add(href)
            if "data-count" in attrs:
                self.counts.append((href, int(attrs["data-count"])))
            if "data-sum" in attrs:
                self.sums.append((href, attrs["data-sum"]))
        if "data-sum-total" in attrs:
            self.sum_totals.add(attrs["data-sum-total"])
        if tag == "table" and "data-total" in attrs:
            self.total = int(attrs["data-total"])


class Crawler:
    """Follows links as one person; a page is fetched once."""

    def __init__(self, client):
        self.client, self.pages = client, {}

    def page(self, address):
        if address not in self.pages:
            answer = self.client.get(address, follow=True)
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
            is_page = answer["Content-Type"].startswith("text/html")
            reached = answer.redirect_chain[-1][0] if answer.redirect_chain else address
            self.pages[address] = Page(reached, answer.content.decode() if is_page else "")
        return self.pages[address]

    def crawl(self, *starts, most):
        """Open pages from `starts` on, and of what they link to at most `most` of each kind: cards, lists…"""
        waiting, kinds = list(starts), {}
        while waiting:
            page = self.page(waiting.pop(0))
            for href in sorted(page.links):
                where = urlsplit(href)
                kind = "".join("#" if sign.isdigit() else sign for sign in where.path)
                is_new = not where.netloc and href not in self.pages and href not in waiting
                if is_new and not where.path.startswith("/office/") and kinds.get(kind, 0) < most:
                    kinds[kind] = kinds.get(kind, 0) + 1
                    waiting.append(href)

    def follow_counts(self, *, most=None):
        """Compare the numbers of the pages opened so far with the lists behind them; give how many there were.

        With `most`, so many of each kind of number: those of one kind of page that pick by the same filters.
        """
        followed, kinds = 0, {}

        def is_enough(page, href):
            where = urlsplit(href)
            picked = tuple(sorted(name for name, _value in parse_qsl(where.query)))
            kind = (urlsplit(page.address).path, where.path, picked)
            kinds[kind] = kinds.get(kind, 0) + 1
            return most is not None and kinds[kind] > most

        for page in list(self.pages.values()):
            for href, count in page.counts:
                if is_enough(page, href):
                    continue
                assert self.page(href).total == count, f"{page.address}: {count}, but {href}: {self.page(href).total}"
                followed += 1
            for href, said in page.sums:
                if is_enough(page, href):
                    continue
                assert said in self.page(href).sum_totals, f"{page.address}: {said}, but {href} shows another sum"
                followed += 1
        return followed


@pytest.fixture
def life(cast):
    """Two years of three branches in which every class and every flag occurs, told through the real actions."""
    people, today = cast.people, cast.today
    for branch in (cast.own, cast.other, cast.oblast):
        Roadmap.objects.create(
            programme=cast.programme, branch=branch, year=2024, unit=CountedUnit.EVENT, approved_on=dt.date(2024, 1, 15)
        )
    reporters = {"own": people.secretary, "other": people.other_secretary, "oblast": people.coordinator}

    def report(measure, by, day, status, **more):
        return actions.report_status(measure=measure, by=by, today=day, status=status, **more).report

    for slug, by in reporters.items():
        for year, now in ((2024, dt.date(2024, 12, 20)), (2025, today)):
            roadmap = Roadmap.objects.get(branch__slug=slug, year=year)
            measures = [
                cast.add_measure(roadmap=roadmap, direction=n % 2, deadline=now + (n - 4) * 5 * DAY) for n in range(9)
            ]
            (confirmed, claimed, refuted, risky, stale, moved, removed, failed, _silent) = measures
            claims = [report(m, by, now - 10 * DAY, Status.DONE) for m in (confirmed, claimed, refuted)]
            seen = {"by": people.controller, "today": now - 5 * DAY, "basis": "акт"}
            actions.verify(report=claims[0], verdict=Verdict.CONFIRMS, **seen)
            actions.verify(report=claims[2], verdict=Verdict.REFUTES, note="бітпеген", **seen)
            report(risky, by, now, Status.IN_PROGRESS, at_risk=True, delay_reason=DelayReason.FUNDING)
            report(stale, by, now - 90 * DAY, Status.NOT_STARTED)
            actions.move_deadline(
                measure=moved,
                by=people.coordinator,
                today=now,
                new_deadline=dt.date(year + 1, 3, 1),
                reason=DelayReason.LAND,
            )
            wrong = report(removed, by, now, Status.IN_PROGRESS)
            actions.correct_report(
                report=wrong, by=people.coordinator, today=now, status=Status.REMOVED, note="қайталанған"
            )
            report(failed, by, now, Status.NOT_DONE, note="қаржы жоқ")
            control(cast, slug, measures, now)
            work_of(cast, slug, by, now)
    return cast


def work_of(cast, slug, by, now):
    """A year of projects, reception and organisation in one branch: every state of requests occurs."""
    branch = Branch.objects.get(slug=slug)
    if slug == "oblast":
        Assignment.objects.get_or_create(user=by, role=Role.SECRETARY, branch=branch)
    start, said = now - 60 * DAY, {"branch": branch, "by": by}
    for period, fact in ((Period.Q1, 40), (Period.Q2, None)):
        told = {"fact": fact} if fact else {"no_data": NoData.NOT_HELD}
        work.report_project(indicator=cast.indicator, year=now.year, period=period, today=now, **told, **said)
    work.report_project(indicator=cast.indicator, year=now.year, period=Period.YEAR, today=start, plan=100, **said)
    work.report_membership(primary_organisations=12, members=3400, today=start, **said)
    Maslikhat.objects.get_or_create(
        branch=branch, defaults={"seats": 18, "name_kk": "мәслихат", "name_ru": "маслихат", "name_en": "maslikhat"}
    )
    work.report_faction(members=15, today=start, **said)
    work.record_election(
        kind=ElectionKind.RURAL_AKIM, held_on=start, seats=1, nominated=1, won=1, today=start, place="ауыл", **said
    )
    event = work.record_event(
        kind=EventKind.THEMATIC, place="мәдениет үйі", held_on=start, project=cast.project, today=start, **said
    )
    locality = Locality.objects.filter(district=branch.district).first()
    common = {"by": by, "today": start, "locality": locality}
    steps = {
        RequestState.IN_WORK: {},
        RequestState.FORWARDED: {"forwarded_to": "әкімдік"},
        RequestState.WAITING: {"reason": "documents"},
        RequestState.POSITIVE: {"help_kind": "legal_support", "channel": Channel.EVENT, "event": event},
        RequestState.EXPLAINED: {"note": "түсіндірілді"},
        RequestState.REFUSED: {"note": "негіз жоқ"},
        RequestState.WITHDRAWN: {},
        RequestState.MISTAKE: {"note": "қате"},
        RequestState.REGISTERED: {"kind": RequestKind.MANDATE},
    }
    for number, (state, told) in enumerate(steps.items()):
        cast.add_request(slug, state=state, topic=number % 2, **common, **told)
    cast.add_request(slug, **common | {"today": now})
    cast.add_request(slug, **common | {"today": now - 19 * DAY})


def control(cast, slug, measures, now):
    """A year of control and councils in one branch: every state of sites, posts and recommendations occurs."""
    inspector, convener = cast.people.controller, cast.people.coordinator
    start = now - 60 * DAY
    by = {"by": inspector, "today": start}
    watched, finished, lone = (
        cast.add_site(slug, measures=[measure], today=start) for measure in (measures[1], measures[0], measures[3])
    )
    cast.add_post(watched, lone, today=start)
    closed = cast.add_post(finished, today=start)
    actions.set_site_state(site=finished, state=SiteState.DEFECTS, note="есік жоқ", **by)
    actions.close_post(post=closed, reason=ClosingReason.COMMISSIONED, **by)
    advice = [
        actions.Advice(
            text=f"{number}-ұсыныс", addressee="бөлім", due_on=start + number * 20 * DAY, measure=measures[3]
        )
        for number in range(1, 6)
    ]
    found = [actions.Found(Severity.MAJOR, "жарық", start + 9 * DAY)]
    visit = actions.record_visit(site=watched, readiness=30, findings=found, advice=advice[:2], **by)
    meetings = {}
    for kind, person in ((BodyKind.COMMISSION, inspector), (BodyKind.COUNCIL, convener)):
        body = Body.objects.filter(branch__slug=slug, kind=kind).first() or cast.add_body(slug, kind)
        meetings[kind] = actions.record_meeting(
            body=body, by=person, today=start, held_on=start, agenda=[actions.Point("мәселе")], advice=advice
        )
    for several in (visit.recommendations, *(meeting.recommendations.all() for meeting in meetings.values())):
        _issued, in_work, *others = several
        for state, row in zip(("in_work", "done", "done", "not_done"), [in_work, *others], strict=False):
            actions.follow_recommendation(
                recommendation=row, by=convener, today=start + DAY, state=state, note="айтылды"
            )
        if others:
            actions.verify_recommendation(recommendation=others[0], by=inspector, today=start + 2 * DAY)


@pytest.mark.parametrize("name", PEOPLE)
def test_every_number_opens_into_its_rows_for_everybody(life, as_user, name):
    with time_machine.travel(NOON, tick=False):
        crawler = Crawler(as_user(getattr(life.people, name)))
        queries = ("?year=2024", "?as_of=2025-06-08") if name in OTHER_YEARS else ()
        allowed = LISTS if Permission.OVERVIEW in getattr(life.people, name).permissions else LISTS[1:]
        variants = [f"{path}{query}" for path in allowed for query in queries]
        crawler.crawl("/", *allowed, *variants, most=2)
        assert crawler.follow_counts(most=3) > 20
    kinds = {urlsplit(address).path for address in crawler.pages}
    assert {"/", "/measures/", "/roadmaps/", "/profile/"} <= kinds
    assert any(path.startswith("/measures/") and path != "/measures/" for path in kinds)


def test_the_counts_would_be_found_wrong(life, as_user):
    crawler = Crawler(as_user(life.people.chair))
    with time_machine.travel(NOON, tick=False):
        page = crawler.page("/overview/?year=2025")
        href, count = page.counts[0]
        page.counts[0] = (href, count + 1)
        with pytest.raises(AssertionError, match="but /measures/"):
            crawler.follow_counts()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("username", "starts"),
    [
        (
            "chair",
            ["/overview/?year=2024", "/overview/?branch=syrdarya&year=2025", "/roadmaps/?year=2024"],
        ),
        ("secretary-syrdarya", ["/today/", "/roadmaps/", "/councils/", "/councils/proposals/", "/reception/"]),
        ("coordinator", ["/projects/?year=2024", "/organisation/?year=2024", "/reception/?year=2024"]),
        (
            "controller",
            ["/control/", "/control/sites/", "/control/posts/", "/control/meetings/?year=2024", "/bodies/1/"],
        ),
    ],
)
def test_every_number_of_the_demonstration_opens_into_its_rows(demonstration, db, as_user, username, starts):
    with time_machine.travel("2026-11-22 12:00+05:00", tick=False):
        crawler = Crawler(as_user(User.objects.get(username=username)))
        for start in starts:
            crawler.page(start)
        followed = crawler.follow_counts(most=None if username == "chair" else 6)
    assert followed > {"chair": 200, "controller": 20}.get(username, 10)


@pytest.mark.django_db
def test_the_headline_is_a_link_to_the_106(demonstration, db, as_user):
    crawler = Crawler(as_user(User.objects.get(username="chair")))
    counts = dict(crawler.page("/overview/?year=2024").counts)
    assert counts["/measures/?branch=kyzylorda-oblast&year=2024&as_of=2024-12-31&status=done"] == 106
