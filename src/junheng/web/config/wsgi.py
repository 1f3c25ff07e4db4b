"""The WSGI entry: `granian --interface wsgi junheng.web.config.wsgi:application`, or simply `junheng serve`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junheng.web.config.settings")
application = get_wsgi_application()
