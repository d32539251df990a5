"""Sites: the figures above their list, what a form about one can choose from, the card of one as known on a day."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery

from amanat_tracker.database.functions import flag
from branches.dashboards.chronicle import Told, chronicle
from branches.metrics import Share
from branches.models import Branch, District, Locality, User
from roadmap.choices import IN_USE, SiteState
from roadmap.dashboards.posts import post_lines, told_visits, visit_lines, with_unvisited
from roadmap.dashboards.recommendations import recommendations_with_their_place, told_of
from roadmap.models import (
    ControlPost,
    Measure,
    Photo,
    PostChange,
    PostSite,
    Recommendation,
    RecommendationStep,
    Roadmap,
    Site,
    SiteStateChange,
    SiteVisit,
)
from roadmap.models.control import ControlPostQuerySet, SiteQuerySet

# Nothing more is awaited of these: their contract's day cannot pass any more.
SETTLED_STATES = (*IN_USE, SiteState.CANCELLED)
PHOTOS_SHOWN = 6


# --- the list --------------------------------------------------------------------------------------------------------
def listed_sites(sites: SiteQuerySet, *, year: int, day: dt.date, visit_every: int) -> SiteQuerySet:
    """Sites `as_of` a day with `day_post_number` and the flags `is_posted`, `is_late` and `is_unvisited`.

    Posted: a control post stood over it at some time of `year`. Late: neither in use nor cancelled, and the day by the
    contract has passed. Unvisited: due for a visit.
    """
    stood = PostSite.objects.filter(
        site=OuterRef("pk"), entered_on__lte=day, post__in=ControlPost.objects.as_of(day).stood_in(year, day)
    )
    known = with_unvisited(sites.as_of(day), day=day, visit_every=visit_every)
    return known.annotate(
        day_post_number=Subquery(ControlPost.objects.filter(pk=OuterRef("day_post")).values("number")[:1]),
        is_posted=flag(Q(Exists(stood))),
        is_late=flag(Q(contract_until__lt=day) & ~Q(day_state__in=SETTLED_STATES)),
    )


@dataclass(frozen=True)
class SiteBoard:
    """A set of sites counted: by state, by flag, and of those under a post in the year how many are in use."""

    states: Mapping[str, int]
    late: int
    unvisited: int
    posted: Share

    @classmethod
    def of(cls, sites: SiteQuerySet) -> "SiteBoard":
        """Count sites of `listed_sites`, in one query."""
        names = ("day_state", "is_commissioned", "is_posted", "is_late", "is_unvisited")
        states: Counter[str] = Counter()
        flags: Counter[str] = Counter()
        for row in sites.order_by().values(*names).annotate(n=Count("pk")):
            states[row["day_state"]] += row["n"]
            counted = ("is_late", "is_unvisited", "is_posted")
            flags.update({name: row["n"] for name in counted if row[name]})
            flags["in_use"] += row["n"] if row["is_posted"] and row["is_commissioned"] else 0
        return cls(states, flags["is_late"], flags["is_unvisited"], Share(flags["in_use"], flags["is_posted"]))


@dataclass(frozen=True)
class Posted:
    """How many sites stood under a post in a year and are in use, and under how many posts; `urls` list the rows."""

    year: int
    sites: Share
    posts: int
    open_posts: int
    urls: Mapping[str, str]


def posted_counts(
    *, sites: Share, posts: ControlPostQuerySet, year: int, day: dt.date, address_of: Callable[..., str]
) -> Posted:
    """Count the posts beside the sites, in one query; `address_of(view, **picked)` lists either."""
    counted = posts.as_of(day).stood_in(year, day).aggregate(all=Count("pk"), open=Count("pk", filter=Q(is_open=True)))
    return Posted(
        year=year,
        sites=sites,
        posts=counted["all"],
        open_posts=counted["open"],
        urls={
            "sites": address_of("site_list", posted=True),
            "in_use": address_of("site_list", posted=True, commissioned=True),
            "posts": address_of("post_list"),
            "open_posts": address_of("post_list", standing=True),
        },
    )


# --- what forms choose from ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SiteChoices:
    """Where a site of a branch can lie, and which measures it can carry out."""

    branch: Branch
    districts: Sequence[District]
    localities: Sequence[Locality]
    measures: Sequence[Measure]


def site_choices(branch: Branch, today: dt.date, *, site: Site | None = None) -> SiteChoices:
    """What a form about a site of `branch` offers: three queries.

    A territorial branch has its own district, a regional one every district of its region. The measures are those of
    the branch's roadmaps in force of this year and the last, and those that the site is linked with already.
    """
    districts = [branch.district] if branch.district else list(District.objects.filter(region=branch.region_id))
    years = Roadmap.objects.in_force(today).filter(branch=branch, year__in=(today.year, today.year - 1))
    offered = Q(roadmap__in=years)
    if site is not None:
        offered |= Q(pk__in=site.measures.values("pk"))
    return SiteChoices(
        branch=branch,
        districts=districts,
        localities=list(Locality.objects.filter(district__in=districts).order_by("district__river_order", "name_kk")),
        measures=list(Measure.objects.filter(offered).select_related("roadmap").order_by("-roadmap__year", "position")),
    )


# --- the card --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Promised:
    """A day by which a site was to be ready; `late`: days since then, up to its commissioning; below 0: still left."""

    day: dt.date | None
    late: int | None

    @property
    def distance(self) -> int:
        """Days to it or since it."""
        return abs(self.late or 0)


@dataclass(frozen=True)
class ReadinessLine:
    """Readiness by visit, drawn as one line: days from left to right, percent from 0 at the bottom to 100 on top."""

    visits: Sequence[SiteVisit]  # in the order of their days

    LEFT, RIGHT, TOP, BOTTOM = 34.0, 348.0, 12.0, 112.0

    @property
    def first(self) -> SiteVisit:
        """The first visit."""
        return self.visits[0]

    @property
    def last(self) -> SiteVisit:
        """The last one."""
        return self.visits[-1]

    @property
    def points(self) -> str:
        """Points of the line."""
        return " ".join(f"{x},{y}" for x, y in map(self._point, self.visits))

    @property
    def tip(self) -> tuple[str, str]:
        """Where the last visit stands."""
        return self._point(self.last)

    @property
    def falls(self) -> list[tuple[str, str]]:
        """Where readiness was found lower than on the visit before."""
        pairs = zip(self.visits, self.visits[1:], strict=False)
        return [self._point(visit) for before, visit in pairs if visit.readiness < before.readiness]

    @property
    def newest_first(self) -> list[SiteVisit]:
        """The rows of the table beside it."""
        return list(reversed(self.visits))

    def _point(self, visit: SiteVisit) -> tuple[str, str]:
        days = (self.last.visited_on - self.first.visited_on).days
        part = (visit.visited_on - self.first.visited_on).days / days if days else 1
        x = self.LEFT + (self.RIGHT - self.LEFT) * part
        y = self.BOTTOM - (self.BOTTOM - self.TOP) * visit.readiness / 100
        return f"{x:.1f}", f"{y:.1f}"


@dataclass(frozen=True)
class SiteCard:
    """Everything that the card of a site shows, as it was known at the end of `day`."""

    site: Site
    day: dt.date
    is_known: bool  # whether it had been registered by then
    is_unvisited: bool
    states: list[SiteStateChange]
    visits: list[SiteVisit]
    posts: list[ControlPost]
    measures: list[Measure]
    recommendations: list[Recommendation]
    photos: list[Photo]
    story: list[Told]

    @property
    def state_change(self) -> SiteStateChange | None:
        """What brought it into the state in which it stands."""
        return self.states[-1] if self.states else None

    @property
    def state(self) -> SiteState:
        """The state in which it stands."""
        return SiteState(self.state_change.state) if self.state_change else SiteState.PLANNED

    @property
    def is_in_use(self) -> bool:
        """Whether it is commissioned, with defects or without."""
        return self.state in IN_USE

    @property
    def is_reopened(self) -> bool:
        """Whether it was in use once and is not any more: accepted, yet unusable."""
        return not self.is_in_use and any(change.state in IN_USE for change in self.states)

    @property
    def commissioned_on(self) -> dt.date | None:
        """Since when it is in use, whatever became of its defects meanwhile; None while it is not."""
        since = None
        for change in self.states:
            if change.state not in IN_USE:
                since = None
            elif since is None:
                since = change.happened_on
        return since

    @property
    def by_roadmap(self) -> Promised:
        """The date by the roadmap."""
        return self._promised(self.site.planned_on)

    @property
    def by_contract(self) -> Promised:
        """The date by the contract."""
        return self._promised(self.site.contract_until)

    def _promised(self, day: dt.date | None) -> Promised:
        until = self.commissioned_on or self.day
        return Promised(day, None if day is None or self.state == SiteState.CANCELLED else (until - day).days)

    @property
    def line(self) -> ReadinessLine | None:
        """Readiness over time."""
        visits = sorted(self.visits, key=lambda visit: (visit.visited_on, visit.pk))
        return ReadinessLine(visits) if visits else None

    @property
    def last_visit(self) -> SiteVisit | None:
        """The last visit."""
        return self.line.last if self.line else None

    @property
    def visit_age(self) -> int | None:
        """Days since then."""
        return (self.day - self.last_visit.visited_on).days if self.last_visit else None

    @property
    def post(self) -> ControlPost | None:
        """The open control post."""
        return next((post for post in reversed(self.posts) if post.is_open), None)

    @property
    def open_recommendations(self) -> list[Recommendation]:
        """Those of which something is still awaited, the soonest first."""
        return sorted((row for row in self.recommendations if row.is_open), key=lambda row: (row.due_on, row.pk))

    @property
    def has_samples(self) -> bool:
        """Whether anything on the card is sample data."""
        rows = (*self.posts, *self.measures, *self.recommendations, *(told.row for told in self.story))
        return self.site.is_sample or any(row.is_sample for row in rows)


def site_card(site: Site, day: dt.date, *, user: User, stale_after: int, visit_every: int) -> SiteCard:
    """Gather the card of a site as it was known at the end of `day`, as far as `user` may see it."""
    known = with_unvisited(Site.objects.filter(pk=site.pk).as_of(day), day=day, visit_every=visit_every).first()
    if known is None:
        return SiteCard(site, day, False, False, [], [], [], [], [], [], [])
    states = list(SiteStateChange.objects.known_on(day).filter(site=site).select_related("author").order_by("id"))
    visits = told_visits(SiteVisit.objects.filter(site=site), day)
    for visit in visits:
        visit.site = site
    posts, post_story = _posts(site, day)
    recommendations, advice_story = _advice(site, day, user)
    return SiteCard(
        site=site,
        day=day,
        is_known=True,
        is_unvisited=known.is_unvisited,
        states=states,
        visits=visits,
        posts=posts,
        measures=list(
            Measure.objects.filter(sites=site)
            .as_of(day, stale_after)
            .select_related("roadmap")
            .order_by("-roadmap__year", "position")
        ),
        recommendations=recommendations,
        photos=list(
            Photo.objects.filter(visit__in=[visit.pk for visit in visits])
            .select_related("visit")
            .order_by("-visit__visited_on", "-id")[:PHOTOS_SHOWN]
        ),
        story=chronicle(
            [Told(site.entered_on, site, "roadmap/_told_site.html", "nots", "none")],
            _state_lines(states),
            post_story,
            visit_lines(visits),
            advice_story,
        ),
    )


def _state_lines(states: Iterable[SiteStateChange]) -> list[Told]:
    look = ((change, SiteState(change.state)) for change in states)
    return [
        Told(change.happened_on, change, "roadmap/_told_site_state.html", state.mark, state.tone)
        for change, state in look
    ]


def _posts(site: Site, day: dt.date) -> tuple[list[ControlPost], list[Told]]:
    """The posts that stand or stood over the site, in the order of entry, and what is told of them."""
    changes = PostChange.objects.known_on(day).select_related("author").order_by("id")
    posts = list(
        ControlPost.objects.as_of(day)
        .filter(pk__in=PostSite.objects.filter(site=site, entered_on__lte=day).values("post"))
        .select_related("author", "branch__district", "branch__region")
        .prefetch_related(Prefetch("changes", changes), "watched__site")
        .order_by("id")
    )
    lines = []
    for post in posts:
        told = list(post.changes.all())
        for change in told:
            change.post = post
        lines += post_lines(post, told)
    return posts, lines


def _advice(site: Site, day: dt.date, user: User) -> tuple[list[Recommendation], list[Told]]:
    """What was recommended of the site, or on visits to it, and the steps of each."""
    about = recommendations_with_their_place().for_user(user).filter(Q(site=site) | Q(visit__site=site))
    rows = list(about.as_of(day).order_by("id"))
    by_pk = {row.pk: row for row in rows}
    steps = list(
        RecommendationStep.objects.known_on(day)
        .filter(recommendation__in=list(by_pk))
        .select_related("author")
        .order_by("id")
    )
    for step in steps:
        step.recommendation = by_pk[step.recommendation_id]
    return rows, told_of(rows, steps)
