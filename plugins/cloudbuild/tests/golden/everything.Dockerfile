FROM python:3.12-slim-bookworm@sha256:0000000000000000000000000000000000000000000000000000000000000000 AS base

FROM base AS tools
RUN PIP_INDEX_URL="https://packages.example.com/simple?a=1&b=%20" \
    pip install --no-cache-dir uv==0.13.9

FROM base

# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
      ffmpeg \
      git \
 && rm -rf /var/lib/apt/lists/*

RUN groupadd --gid 1000 user \
 && useradd --uid 1000 --gid 1000 --create-home user

RUN --mount=type=bind,from=tools,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=frameworks.txt,target=/tmp/frameworks.txt \
    UV_DEFAULT_INDEX="https://packages.example.com/simple?a=1&b=%20" \
    uv pip install --system --no-cache --no-deps --compile-bytecode \
      --requirements /tmp/frameworks.txt

RUN --mount=type=bind,from=tools,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=packages.txt,target=/tmp/packages.txt \
    UV_DEFAULT_INDEX="https://packages.example.com/simple?a=1&b=%20" \
    uv pip install --system --no-cache --no-deps --compile-bytecode \
      --requirements /tmp/packages.txt

ENV PYTHONUNBUFFERED=1
USER 1000:1000
WORKDIR /home/user
