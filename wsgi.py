"""The WSGI entry point: `gunicorn wsgi:app`, `flask --app wsgi …`."""

from app.starting import serving

app = serving()
