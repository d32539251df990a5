"""Control posts: which of them are due for a visit, and the card of one, as known on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from amanat_tracker.database.functions import flag
from branches.dashboards.chronicle import Told, chronicle
from roadmap.choices import CLOSING_LOOK, PostEvent, SiteState, VisitKind
from roadmap.dashboards.visits import VISIT_LOOK, visits_with_counts
from roadmap.models import ControlPost, PostChange, PostSite, Site, SiteVisit
from roadmap.models.control import ControlPostQuerySet, SiteQuerySet

OPEN_LOOK = ("visit", "done")  # of a post while it stands; closed, it looks as the reason for which it was closed


def with_unvisited(sites: SiteQuerySet, *, day: dt.date, visit_every: int) -> SiteQuerySet:
    """Sites `as_of` a day with the flag `is_unvisited`: `SiteQuerySet.due_for_visit` has it."""
    return sites.annotate(is_unvisited=flag(Q(pk__in=_due_sites(day, visit_every))))


def _due_sites(day: dt.date, visit_every: int) -> QuerySet:
    return Site.objects.as_of(day).due_for_visit(day, visit_every).values("pk")


def listed_posts(posts: ControlPostQuerySet, *, day: dt.date, visit_every: int) -> ControlPostQuerySet:
    """Posts `as_of` a day with `day_visited_on` (the last visit of the post itself) and `is_due`.

    An open post is due for a visit when one of its sites is.
    """
    visits = SiteVisit.objects.known_on(day).filter(post=OuterRef("pk")).order_by("-visited_on", "-id")
    waiting = PostSite.objects.filter(post=OuterRef("pk"), entered_on__lte=day, site__in=_due_sites(day, visit_every))
    return posts.as_of(day).annotate(
        day_visited_on=Subquery(visits.values("visited_on")[:1]), is_due=flag(Q(is_open=True) & Q(Exists(waiting)))
    )


def with_sites(posts: ControlPostQuerySet, *, day: dt.date, visit_every: int) -> ControlPostQuerySet:
    """Posts whose `watched` rows are those known on `day`, each with its site as of the day. Two more queries."""
    sites = with_unvisited(Site.objects.as_of(day), day=day, visit_every=visit_every).select_related("locality")
    watched = PostSite.objects.filter(entered_on__lte=day).order_by("id")
    return posts.prefetch_related(Prefetch("watched", watched.prefetch_related(Prefetch("site", sites))))


def post_look(is_open: bool, reason: str) -> tuple[str, str]:
    """The mark of a post and the CSS class of its colour."""
    return OPEN_LOOK if is_open else CLOSING_LOOK[reason]


@dataclass(frozen=True)
class PostCard:
    """Everything that the card of a post shows, as it was known at the end of `day`."""

    post: ControlPost
    day: dt.date
    is_known: bool  # whether it had been entered by then
    is_open: bool
    is_due: bool
    changes: list[PostChange]
    sites: list[Site]
    visits: list[SiteVisit]
    story: list[Told]

    @property
    def last_change(self) -> PostChange | None:
        """What happened to it last, after it was opened."""
        return self.changes[-1] if self.changes else None

    @property
    def look(self) -> tuple[str, str]:
        """Its mark and the CSS class of its colour."""
        return post_look(self.is_open, self.last_change.reason if self.last_change else "")

    @property
    def last_visit(self) -> SiteVisit | None:
        """The last visit of the post."""
        return max(self.visits, key=lambda visit: (visit.visited_on, visit.pk), default=None)

    @property
    def visit_age(self) -> int | None:
        """Days since then."""
        return (self.day - self.last_visit.visited_on).days if self.last_visit else None

    @property
    def watched(self) -> list[tuple[Site, SiteState]]:
        """Its sites, each with the state in which it stands."""
        return [(site, SiteState(site.day_state)) for site in self.sites]

    @property
    def in_use(self) -> int:
        """How many of its sites are commissioned."""
        return sum(site.is_commissioned for site in self.sites)

    @property
    def has_samples(self) -> bool:
        """Whether anything on the card is sample data."""
        return self.post.is_sample or any(row.is_sample for row in (*self.sites, *self.visits))


def told_visits(visits: QuerySet[SiteVisit], day: dt.date) -> list[SiteVisit]:
    """Visits, in the order of entry, with what a line of a story tells of each. One query."""
    return list(visits_with_counts(visits.known_on(day), day).select_related("author", "site").order_by("id"))


def visit_lines(visits: Iterable[SiteVisit]) -> list[Told]:
    """A line for each visit."""
    return [
        Told(visit.visited_on, visit, "roadmap/_told_visit.html", *VISIT_LOOK[VisitKind(visit.kind)])
        for visit in visits
    ]


def post_lines(post: ControlPost, changes: Iterable[PostChange]) -> list[Told]:
    """How a post was opened, closed, reopened. Its `watched` rows are at hand already."""
    opened = Told(post.opened_on, post, "roadmap/_told_post.html", *OPEN_LOOK)
    told = [opened]
    for change in changes:
        look = post_look(change.event == PostEvent.REOPENED, change.reason)
        told.append(Told(change.happened_on, change, "roadmap/_told_post_change.html", *look))
    return told


def post_card(post: ControlPost, day: dt.date, *, visit_every: int) -> PostCard:
    """Gather the card of a post as it was known at the end of `day`."""
    shown = listed_posts(ControlPost.objects.filter(pk=post.pk), day=day, visit_every=visit_every)
    known = with_sites(shown, day=day, visit_every=visit_every).select_related("author").first()
    if known is None:
        return PostCard(post, day, False, False, False, [], [], [], [])
    changes = list(PostChange.objects.known_on(day).filter(post=post).select_related("author").order_by("id"))
    visits = told_visits(SiteVisit.objects.filter(post=post), day)
    for row in (*changes, *visits):
        row.post = post
    return PostCard(
        post=post,
        day=day,
        is_known=True,
        is_open=known.is_open,
        is_due=known.is_due,
        changes=changes,
        sites=[watched.site for watched in known.watched.all()],
        visits=visits,
        story=chronicle(post_lines(known, changes), visit_lines(visits)),
    )
