# The image of the service: Python, the pinned packages and the ledger; no compiler and no build tools.

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
# First what seldom changes: the packages, each checked against its hash, and wheels only, so that
# nothing is compiled. The build tool comes from the same lock as the developers'; it stays here.
COPY requirements.lock requirements-runtime.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --require-hashes --only-binary :all: -r requirements-runtime.lock \
    && pip install --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml LICENSE README.md ./
COPY app app
COPY reports reports
COPY verifier verifier
COPY migrations migrations
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /venv/bin/pip install --no-deps --no-index /dist/*.whl \
    && /venv/bin/python -m pip uninstall --yes pip


FROM python:3.13-slim
LABEL org.opencontainers.image.title="Aid Ledger" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    AIDLEDGER_DATABASE_URL=sqlite:////data/aidledger.db
# A fixed number, so that a cluster can check that the user is not root, and a volume can be given to it.
RUN groupadd --gid 10001 aidledger \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin aidledger \
    && install --directory --owner=10001 --group=10001 --mode=0750 /data
COPY --from=build /venv /venv
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
STOPSIGNAL SIGTERM
# The slim image has no curl.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=3); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["aidledger", "serve", "--host", "0.0.0.0", "--port", "8000"]
