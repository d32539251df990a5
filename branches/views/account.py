"""Login, language, password and profile: what a person does with their own account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from branches.actions import account as actions
from branches.forms.account import LanguageForm, LoginForm


def remember_language(response, language):
    """Let the browser keep the language, so that the login page and error pages speak it too."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


class LoginView(auth_views.LoginView):
    """The login page. Wrong passwords are counted; after some of them it refuses for a while (429)."""

    form_class = LoginForm
    redirect_authenticated_user = True

    def get_form_kwargs(self):
        """Tell the form what time it is."""
        return super().get_form_kwargs() | {"now": timezone.now()}

    def form_valid(self, form):
        """Let in, note it, and go on in the language of the person."""
        user = form.get_user()
        response = super().form_valid(form)
        actions.note_login(by=user)
        return remember_language(response, user.language)

    def form_invalid(self, form):
        """Count a wrong password; keep the name that was typed."""
        if form.has_error("password", "wrong_password"):
            actions.note_wrong_password(username=form.cleaned_data["username"])
        status = 429 if form.has_error("password", "paused") else 200
        return self.render_to_response(self.get_context_data(form=form), status=status)


@method_decorator(login_not_required, name="dispatch")
class LogoutView(auth_views.LogoutView):
    """Leaves, by POST only; a second press leads to the login page like the first."""


@login_not_required
@require_POST
def set_language(request):
    """The language switch of every page: keeps the language and goes back to where it was pressed."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        raise BadRequest("unknown language")
    language = form.cleaned_data["language"]
    if request.user.is_authenticated:
        actions.set_language(by=request.user, language=language)
    next_url = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(next_url, {request.get_host()}, require_https=request.is_secure()):
        next_url = resolve_url("home")
    return remember_language(HttpResponseRedirect(next_url), language)


class ProfileView(TemplateView):
    """Who I am here: name, roles, language, password."""

    template_name = "branches/profile.html"

    def get_context_data(self, **kwargs):
        """The roles with their places, and the choice of languages."""
        user = self.request.user
        return super().get_context_data(
            assignments=user.assignments.select_related("branch", "region"),
            language_form=LanguageForm(initial={"language": user.language}),
            **kwargs,
        )


class PasswordChangeView(auth_views.PasswordChangeView):
    """A new password; other browsers of the same person are logged out by it."""

    template_name = "branches/password_change.html"
    success_url = reverse_lazy("branches:profile")

    def form_valid(self, form):
        """Change it and stay logged in here."""
        user = actions.change_password(by=self.request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("The password is changed."))
        return HttpResponseRedirect(self.get_success_url())
