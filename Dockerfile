# One image; compose.yaml gives it six commands.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/srv/cop/.venv/bin:$PATH
WORKDIR /srv/cop
RUN useradd --system --home-dir /srv/cop cop

COPY requirements.lock requirements-schemas.lock ./
RUN python -m venv .venv \
 && pip install --no-cache-dir --require-hashes -r requirements.lock \
 && pip install --no-cache-dir --no-deps --require-hashes -r requirements-schemas.lock

COPY pyproject.toml README.md ./
COPY cop cop
COPY workers workers
COPY assets assets
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e . \
 && install --directory --owner cop .data .data/attachments .data/exchange .data/public .data/uploads

USER cop
EXPOSE 8050
