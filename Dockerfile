# Keywright in a container; docs/install.md says how it is used. Pin the base by its digest too, where you need every
# build to be the same: --build-arg BASE=python:3.13-slim-bookworm@sha256:…
ARG BASE=python:3.13-slim-bookworm

# The wheel, console and all, and what it requires, in a virtual environment. Nothing else of this stage is kept.
FROM ${BASE} AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY docs/man docs/man
COPY console console
COPY src src
RUN python -m venv --without-pip /opt/keywright \
 && pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
 && pip --python /opt/keywright install --no-cache-dir "$(echo /wheels/keywright-*.whl)[server]"

FROM ${BASE}
LABEL org.opencontainers.image.title="Keywright" \
      org.opencontainers.image.description="A self-hosted AWS identity plane: IAM, STS, CloudTrail and S3 buckets" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/keywright/keywright"
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/keywright --shell /usr/sbin/nologin keywright \
 && install --directory --owner=keywright --group=keywright --mode=0700 /var/lib/keywright
COPY --from=build /opt/keywright /opt/keywright
COPY deploy/container/health.py /opt/keywright/health.py
# No secret is here: the master key is a file of the volume, or KEYWRIGHT_MASTER_KEY when the container starts. A first
# account's passwords must not be in the container's log: `docker run -it … init` creates it on a terminal.
# Within the container's network TLS is a proxy's; KEYWRIGHT_TLS=auto, or a certificate, does without one.
ENV PATH=/opt/keywright/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    KEYWRIGHT_DATA=/var/lib/keywright \
    KEYWRIGHT_HOST=0.0.0.0 \
    KEYWRIGHT_INSECURE=1 \
    KEYWRIGHT_LOG_FORMAT=json \
    KEYWRIGHT_REQUIRE_ACCOUNT=1
VOLUME /var/lib/keywright
WORKDIR /var/lib/keywright
USER 10001:10001
EXPOSE 4580
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["python", "/opt/keywright/health.py"]
ENTRYPOINT ["keywright"]
CMD ["serve"]
