"""Forms of one's own login."""

import datetime

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from branches.actions.account import LOGIN_PAUSE, login_is_paused
from branches.choices import Language


class LoginForm(AuthenticationForm):
    """Login name and password. What is wrong stands beside the password; `now` is the moment of the attempt."""

    def __init__(self, *args, now: datetime.datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["username"].label = _("Login name")
        self.fields["password"].label = _("Password")

    def clean(self):
        """Refuse while the name is paused; otherwise check the password."""
        username = self.cleaned_data.get("username")
        if username and login_is_paused(username=username, now=self.now):
            too_many = _(
                "Too many wrong passwords. Wait %(minutes)s minutes and try again, "
                "or ask the administrator of your branch."
            )
            minutes = LOGIN_PAUSE.seconds // 60
            raise ValidationError({"password": ValidationError(too_many, "paused", {"minutes": minutes})})
        return super().clean()

    def get_invalid_login_error(self):
        """One sentence for a wrong name and a wrong password alike."""
        wrong = _(
            "The login name and the password do not match. Check the keyboard language and Caps Lock, then try again."
        )
        return ValidationError({"password": ValidationError(wrong, "wrong_password")})


class LanguageForm(forms.Form):
    """The language of the interface."""

    language = forms.ChoiceField(label=_("Language of the site"), choices=Language)
