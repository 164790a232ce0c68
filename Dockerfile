# Concord's commands in a container that runs as an ordinary user and fetches nothing at run time.
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /src
COPY requirements/constraints.txt requirements/constraints.txt
RUN python -m venv /opt/concord
ENV PATH=/opt/concord/bin:$PATH
# The largest part first, in a layer of its own; torch's CPU build saves several gigabytes.
RUN pip install --no-cache-dir -c requirements/constraints.txt \
      --extra-index-url https://download.pytorch.org/whl/cpu torch
COPY pyproject.toml README.md LICENSE ./
COPY taxonomy taxonomy
COPY connectors connectors
COPY feedback feedback
COPY platform platform
COPY evals evals
RUN pip install --no-cache-dir -c requirements/constraints.txt \
      --extra-index-url https://download.pytorch.org/whl/cpu ".[postgres]"

FROM python:3.11.13-slim-bookworm
# The git connector calls git.
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home concord \
    && install -d -m 1777 /var/cache/concord \
    && install -d -o concord -g concord /workspace
COPY --from=build /opt/concord /opt/concord
ENV PATH=/opt/concord/bin:$PATH \
    HF_HUB_OFFLINE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/var/cache/concord
USER concord
WORKDIR /workspace
ENTRYPOINT ["concord"]
CMD ["--help"]
