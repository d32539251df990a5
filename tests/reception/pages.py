"""What tests of reception read of pages: what these count, add up and show."""

import datetime as dt
from html.parser import HTMLParser
from urllib.parse import urljoin

from branches.choices import Role
from branches.models import Assignment, User

HOME, REGISTER, EVENTS, NEW = "/reception/", "/reception/requests/", "/reception/events/", "/reception/events/new/"
TOPICS, FILE, OPENINGS = "/reception/topics/", "/reception/topics.csv", "/reception/openings/"
TODAY = dt.date(2025, 6, 16)  # a Monday
DAY = dt.timedelta(days=1)
SECRETS = ("Ойданов", "Өтініш 1", "+7 000", "Ойдан көшесі", "Ауызсу бірнеше күннен", "түсіндірілді")


class Page(HTMLParser):
    """What a page counts, adds up and shows: its text without markup, its links with a number, its totals."""

    def __init__(self, client, address):
        super().__init__()
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        self.client, self.address, self.html = client, address, answer.content.decode()
        self.links, self.counts, self.sums, self.totals = [], [], [], set()
        self.total, self.words, self.heading, self.open = None, [], None, []
        self.feed(self.html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        href = urljoin(self.address, attrs["href"]).split("#")[0] if tag == "a" and attrs.get("href") else ""
        if href:
            self.links.append(href)
        if "data-count" in attrs:
            self.counts.append((href, int(attrs["data-count"])))
        if "data-sum" in attrs:
            self.sums.append((href, attrs["data-sum"]))
        if "data-sum-total" in attrs:
            self.totals.add(attrs["data-sum-total"])
        if tag == "table" and "data-total" in attrs:
            self.total = int(attrs["data-total"])

    def handle_data(self, data):
        self.words.append(data)

    def numbers_open_into_their_rows(self):
        """Compare every number with the list behind it; give how many there were."""
        pages = {href: Page(self.client, href) for href, _said in {*self.counts, *self.sums}}
        for href, count in self.counts:
            assert pages[href].total == count, f"{self.address}: {count}, but {href}: {pages[href].total}"
        for href, said in self.sums:
            assert said in pages[href].totals, f"{self.address}: {said}, but {href}: {pages[href].totals}"
        return len(self.counts) + len(self.sums)


def a_secretary_of(branch):
    """Somebody new who may do everything there."""
    user = User.objects.create_user(f"secretary_{branch.slug}", password="кілт-сөз-2025")
    Assignment.objects.create(user=user, role=Role.SECRETARY, branch=branch)
    return user
