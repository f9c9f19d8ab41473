# rasoat with Chromium and axe-core, for pipelines that run in containers.
#
#   docker build --tag rasoat .
#   docker run --rm --volume "$PWD:/site" rasoat check dist --role portal --url https://tinh-a.gov.vn/ --no-sandbox
#
# A container is the sandbox; Chromium's own needs user namespaces, which engines forbid by default: hence --no-sandbox.
# The user has the number 1000; reports are written into the mounted folder, which must be writable for it.

FROM rust:1.95-slim-bookworm AS program
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Cargo.toml Cargo.lock README.md ./
COPY src src
COPY policies policies
COPY schema schema
COPY templates templates
COPY benches benches
RUN cargo build --release --locked

FROM node:20-slim AS axe
WORKDIR /axe
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-fund --no-audit

FROM debian:bookworm-slim
# Versions are Debian's own security updates: an old browser is the greater risk.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates chromium fonts-noto-core git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home rasoat
COPY --from=program /build/target/release/rasoat /usr/local/bin/rasoat
COPY --from=axe /axe/node_modules/axe-core/axe.min.js /usr/local/share/rasoat/axe.min.js
ENV RASOAT_AXE=/usr/local/share/rasoat/axe.min.js
USER 1000
WORKDIR /site
ENTRYPOINT ["rasoat"]
CMD ["--help"]
