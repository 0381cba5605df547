FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 AJANG_DATA=/data
RUN useradd --system --uid 10001 --home-dir /data ajang \
    && install -d -o ajang -g ajang -m 0750 /data
WORKDIR /srv/ajang

COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY wsgi.py ./
COPY app app
COPY templates templates
COPY static static
COPY migrations migrations
COPY docs/guide docs/guide
# Only where translations exist; a machine without them serves the source language.
RUN if [ -d app/translations ]; then pybabel compile -d app/translations; fi

USER ajang
VOLUME /data
EXPOSE 8000
# The Host header is one that AJANG_TRUSTED_HOSTS allows; any answer below 500 is a living server.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import http.client, os\n\
host = os.environ.get('AJANG_TRUSTED_HOSTS', '127.0.0.1').split(',')[0].strip()\n\
server = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4)\n\
server.request('GET', '/', headers={'Host': host})\n\
raise SystemExit(server.getresponse().status >= 500)"]
CMD ["gunicorn", "wsgi:app", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--preload"]
