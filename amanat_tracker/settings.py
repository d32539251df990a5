"""One settings file; what differs between machines comes from the environment (see README, "Settings")."""

import base64
import hashlib
import sys
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
env = environ.Env()
if not TESTING and (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

# --- secrets and addresses -------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="") or (
    "for-tests-and-checks-only-never-served-" * 2 if TESTING or "check" in sys.argv else ""
)
DEBUG = env.bool("DEBUG", default=False)
# Fernet keys, the first encrypts, all decrypt. For development and tests one is derived; a served site has its own.
PERSONAL_DATA_KEYS = [key.strip() for key in env.list("PERSONAL_DATA_KEYS", default=[]) if key.strip()] or (
    [base64.urlsafe_b64encode(hashlib.sha256(SECRET_KEY.encode()).digest()).decode()]
    if SECRET_KEY and (DEBUG or TESTING or "check" in sys.argv)
    else []
)
ALLOWED_HOSTS = [host.strip() for host in env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])]
CSRF_TRUSTED_ORIGINS = [origin.strip() for origin in env.list("CSRF_TRUSTED_ORIGINS", default=[])]
CLIENT_ADDRESS_HEADER = env.str("CLIENT_ADDRESS_HEADER", default="REMOTE_ADDR")  # behind nginx: HTTP_X_REAL_IP
ADMIN_PATH = env.str("ADMIN_PATH", default="office/")  # where Django admin stands; superusers only
DATA_DIR = Path(env.str("DATA_DIR", default="var"))
if not DATA_DIR.is_absolute():
    DATA_DIR = BASE_DIR / DATA_DIR

# HTTPS=1 when nginx in front speaks TLS: secure cookies, redirect, HSTS.
HTTPS = env.bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # a monitor on this machine asks in plain HTTP
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = True, "Lax"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365  # outlives the session: the login page speaks the reader's language too
X_FRAME_OPTIONS = "DENY"

# No inline code anywhere; the two hashes are the empty style element and MapLibre's sheet that Plotly injects.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    "manifest-src": ["'self'"],
}

# --- the site --------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "amanat_tracker.urls"
WSGI_APPLICATION = "amanat_tracker.wsgi.application"
INSTALLED_APPS = [
    "amanat_tracker",
    "branches",
    "roadmap",
    "amanat_tracker.apps.OfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_tables2",
    "django_filters",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "amanat_tracker.middleware.ContentSecurityPolicyMiddleware",
    "amanat_tracker.generic.origin.OriginMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "amanat_tracker.middleware.KazakhFirstLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "amanat_tracker.navigation.navigation",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "amanat_tracker.templatetags.figures",
                "amanat_tracker.templatetags.marks",
            ],
        },
    }
]
FORM_RENDERER = "amanat_tracker.generic.rendering.FieldRenderer"
DJANGO_TABLES2_TEMPLATE = "tables/table.html"

# --- databases: SQLite beside the program, PostgreSQL by DATABASE_URL ------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'amanat.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {
        "ENGINE": "amanat_tracker.database.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was acknowledged survives a power cut; under WAL, NORMAL may lose the last commits.
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;",
        },
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "branches.User"
LOGIN_URL = "branches:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "branches:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- languages: Kazakh first -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "amanat_tracker" / "locale", BASE_DIR / "amanat_tracker" / "locale_vendor"]
FORMAT_MODULE_PATH = ["amanat_tracker.formats"]
USE_THOUSAND_SEPARATOR = False  # a year is no number to be grouped; the filter |num groups what is
TIME_ZONE = "Asia/Qyzylorda"
USE_TZ = True

# --- files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "evidence"  # evidence files: never served by address, only through a view that checks scope
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o640
EVIDENCE_MAX_BYTES = 10 * 1024 * 1024
PHOTO_MAX_PIXELS = 36_000_000  # of a photograph: a small file can hide a picture that fills the memory
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the grid of projects is one form without JavaScript: 50 fields an indicator

# --- how the work is measured ----------------------------------------------------------------------------------------
VISIT_EVERY_DAYS = max(1, env.int("VISIT_EVERY_DAYS", default=7))  # the rhythm of a control post
PERSONAL_DATA_KEEP_DAYS = max(1, env.int("PERSONAL_DATA_KEEP_DAYS", default=3 * 365))  # after a request is closed
STALE_AFTER_DAYS = 30  # an open measure's report older than this no longer counts as fresh

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
