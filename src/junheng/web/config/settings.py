"""The one settings module. What differs between installations comes from `junheng.web.config.environment`."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from junheng.web.config.environment import read_environment

ENVIRONMENT = read_environment()
WEB = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = list(ENVIRONMENT.old_secret_keys)
DEBUG = ENVIRONMENT.is_debug
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.origins

# The order is the order of the layers, highest first; see docs/adr/0006-platform.md.
INSTALLED_APPS = [
    "junheng.web.config",
    "junheng.web.example",
    "junheng.web.rest",
    "junheng.web.plans",
    "junheng.web.documents",
    "junheng.web.evaluations",
    "junheng.web.returns",
    "junheng.web.accounts",
    "junheng.web.jobs",
    "junheng.web.organisations",
    "junheng.web.audit",
    "junheng.web.layout",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "junheng.web.layout.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "junheng.web.layout.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "junheng.web.layout.original.OriginalTexts",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "junheng.web.accounts.middleware.ActiveMembership",
]

ROOT_URLCONF = "junheng.web.config.urls"
WSGI_APPLICATION = "junheng.web.config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "junheng.web.accounts.context.actor",
                "junheng.web.returns.context.navigation_counts",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "junheng.web.layout.templatetags.layout",
            ],
        },
    }
]

DATABASES = {"default": ENVIRONMENT.database}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Who holds one of these roles sets up a second factor before anything else. The values of junheng.web.access.roles.Role.
SECOND_FACTOR_ROLES: tuple[str, ...] = (
    ("system_admin", "security_admin", "audit_admin", "county_office") if ENVIRONMENT.asks_second_factor else ()
)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
# The catalogues are written by people, one file per app and language, and compiled when a process starts.
LOCALE_SOURCE = WEB / "locale"
LOCALE_PATHS = [ENVIRONMENT.data_folder / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["junheng.web.config.formats"]

STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.data_folder / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "junheng.web.layout.assets.Assets"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MANIFEST_STRICT = False
# Files from users live outside whatever the web serves, under random names; views hand them out as downloads.
MEDIA_ROOT = ENVIRONMENT.data_folder / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a school with many classes has some thousand fields

SESSION_COOKIE_AGE = 8 * 3600  # one working day from signing in, however busy; see accounts/views/sign_in.py
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "junheng.web.layout.errors.forged"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_https
SECURE_SSL_REDIRECT = ENVIRONMENT.is_https
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENVIRONMENT.is_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.is_behind_proxy else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"junheng": {"level": "INFO"}},
}

# A worker that has not been heard of for this long is given up; hearts beat eight times as often. See jobs/states.py.
JOB_STALE_SECONDS = ENVIRONMENT.job_stale_seconds
JOB_ATTEMPTS = 3
