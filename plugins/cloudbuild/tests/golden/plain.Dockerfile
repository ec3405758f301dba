FROM python:3.12-slim-bookworm@sha256:0000000000000000000000000000000000000000000000000000000000000000 AS base

FROM base AS tools
RUN pip install --no-cache-dir uv==0.13.9

FROM base

RUN groupadd --gid 1000 user \
 && useradd --uid 1000 --gid 1000 --create-home user

RUN --mount=type=bind,from=tools,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=frameworks.txt,target=/tmp/frameworks.txt \
    uv pip install --system --no-cache --no-deps --compile-bytecode \
      --requirements /tmp/frameworks.txt

ENV PYTHONUNBUFFERED=1
USER 1000:1000
WORKDIR /home/user
