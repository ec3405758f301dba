FROM python:3.12-slim-bookworm@sha256:0000000000000000000000000000000000000000000000000000000000000000 AS base

FROM base AS tools
RUN pip install --no-cache-dir uv==0.13.9

FROM base

RUN groupadd --gid 1000 user \
 && useradd --uid 1000 --gid 1000 --create-home user

ENV PYTHONUNBUFFERED=1
USER 1000:1000
WORKDIR /home/user
