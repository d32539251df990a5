"""What an address names is text from outside: no number is too long for it, and no sign too strange."""

import pytest
from django.core.exceptions import ValidationError

from amanat_tracker.generic.keys import key_in
from roadmap.forms.sites import SumField

STRANGE = ("9" * 5000, "99999999999999999999", "-1", "1.0", "²", "٣", "\x00", "a\x00b", "x")


@pytest.mark.parametrize("text", [*STRANGE, "", None, " 7"])
def test_no_key(text):
    assert key_in(text) is None


def test_a_key():
    assert [key_in(text) for text in ("7", 7, "9" * 18)] == [7, 7, 10**18 - 1]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/control/visits/?site={}", 200),
        ("/control/visits/?post={}", 200),
        ("/control/recommendations/?site={}", 200),
        ("/control/recommendations/?measure={}", 200),
        ("/councils/issues/?body={}", 200),
        ("/control/posts/new/?site={}", 404),
        ("/control/recommendations/new/?site={}", 404),
        ("/control/recommendations/new/?measure={}", 404),
        ("/control/recommendations/new/?branch={}", 404),
    ],
)
def test_an_address_that_names_no_row(cast, as_user, address, status):
    client = as_user(cast.people.controller)
    for text in STRANGE:
        path, query = address.split("?")
        name = query.split("=")[0]
        assert client.get(path, {name: text}).status_code == status, text


def test_a_form_that_names_no_row(cast, as_user):
    body = cast.add_body("own", "commission")
    client = as_user(cast.people.controller)
    for text in STRANGE:
        sent = {"point_1_title": "мәселе", "point_1_recommendation": text, "recommendation_1_measure": text}
        answer = client.post(f"/bodies/{body.pk}/meeting/", sent | {"joint_with": text})
        assert answer.status_code == 200, text
        assert {"point_1_recommendation", "joint_with"} <= answer.context["form"].errors.keys(), text
    assert not body.meetings.exists()


def test_a_recommendation_about_no_row(cast, as_user):
    client = as_user(cast.people.controller)
    for text in STRANGE:
        answer = client.post(f"/control/recommendations/new/?branch={cast.own.slug}", {"site": text, "measure": text})
        assert answer.status_code == 200, text
        assert {"site", "measure"} <= answer.context["form"].errors.keys(), text


@pytest.mark.parametrize("typed", ["9" * 30, "9" * 5000, "9" * 20 + " млрд", "1" + "0" * 16])
def test_a_sum_that_nobody_spends(typed):
    field = SumField()
    with pytest.raises(ValidationError, match="тым үлкен"):
        field.clean(typed)
