"""Control posts: opened over registered sites, closed after the last word of them was said, handed over."""

import datetime as dt

from roadmap.choices import ClosingReason, PostEvent
from roadmap.management.demonstration import control_words as words
from roadmap.management.demonstration.calendar import Clock, working_from, working_until
from roadmap.management.demonstration.control_life import Building, Post, people_of
from roadmap.management.demonstration.life import days
from roadmap.management.demonstration.rows import stream


def open_post(branch: str, sites: list[Building], day: dt.date, *key: object) -> Post:
    """Open a post over registered sites."""
    chance = stream(branch, "post", *key)
    clock = Clock(chance)
    last = max((site.registered for site in sites), key=lambda typed: typed.created_at)
    clock.pass_to(last.day, last.created_at)
    people = chance.sample(people_of(branch), chance.randint(3, 5))
    typed = clock.type(day + days(chance.choice((0, 0, 0, 1, 2))))
    post = Post(branch, sites, day, typed, people[0], tuple(people[1:]), clock)
    for site in sites:
        site.posts.append(post)
    return post


def close_when_finished(post: Post) -> None:
    """Close a post some days after the last word of its sites was said."""
    chance = post.clock.chance
    if any(site.finished_on is None for site in post.sites):
        return
    site = post.sites[0]
    if site.comes_back:
        first, again = (
            next(state.typed.day for state in site.states if state.happened_on == day)
            for day in (site.first_commissioned_on, site.reopened_on)
        )
        first = max([first, *(seen.entered_on for _, seen in site.seen)])
        post.change(first + days(chance.randint(3, 9)), PostEvent.CLOSED, ClosingReason.COMMISSIONED)
        post.change(again, PostEvent.REOPENED, note=words.POST_REOPENED)
    last = max(
        *(state.typed.day for site in post.sites for state in site.states if state.happened_on != site.mended_on),
        *(visit.typed.day for site in post.sites for visit in site.visits),
    )
    closing = last + days(chance.randint(2, 12))
    if last.month == 12 and last.day < 30:  # what was commissioned in December is closed within the year
        closing = min(closing, working_until(dt.date(last.year, 12, 30)))
    cancelled = all(site.cancelled_on for site in post.sites)
    reason = ClosingReason.CANCELLED if cancelled else ClosingReason.COMMISSIONED
    post.change(max(closing, last + days(1)), PostEvent.CLOSED, reason, chance.choice(words.POST_CLOSED))


def hand_over(post: Post, day: dt.date) -> Post:
    """A post hands its unfinished sites to a new one, and is closed."""
    left = [site for site in post.sites if site.finished_on is None or site.finished_on > day]
    post.change(day, PostEvent.CLOSED, ClosingReason.TRANSFERRED, words.POST_TRANSFERRED)
    return open_post(post.branch, left, working_from(day + days(1)), "heir", post.opened_on)
