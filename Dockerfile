# labproof and everything that it and the labs call, except a Docker engine:
#
#   docker build -t labproof .
#   docker run --rm -v /var/run/docker.sock:/var/run/docker.sock -v /var/lib/labproof:/var/lib/labproof \
#     -v "$PWD":/course labproof verify
#
# The folder /var/lib/labproof must have the same path in the container and on the machine: labproof keeps the record of its
# cluster in it, and the nodes read images from it.
ARG RUST=rust:1.95-bookworm
ARG GO=golang:1.26-bookworm
ARG DOCKER=docker:28-cli
ARG KUBECTL=registry.k8s.io/kubectl:v1.34.11
ARG BASE=debian:bookworm-slim

FROM ${RUST} AS labproof
WORKDIR /source
COPY . .
RUN cargo install --locked --path . --root /usr/local

FROM ${GO} AS kind
COPY kind-config/offline/modules/kind /source
RUN CGO_ENABLED=0 go build -C /source -trimpath -ldflags "-s -w" -o /usr/local/bin/kind sigs.k8s.io/kind

FROM ${DOCKER} AS docker

FROM ${KUBECTL} AS kubectl

FROM ${BASE}
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    bsdutils ca-certificates curl gawk git jq lsof nodejs npm procps util-linux \
  && rm -rf /var/lib/apt/lists/*
COPY --from=docker /usr/local/bin/docker /usr/local/bin/docker
COPY --from=docker /usr/local/libexec/docker/cli-plugins/docker-buildx /usr/local/libexec/docker/cli-plugins/docker-buildx
COPY --from=kind /usr/local/bin/kind /usr/local/bin/kind
COPY --from=kubectl /bin/kubectl /usr/local/bin/kubectl
COPY --from=labproof /usr/local/bin/labproof /usr/local/bin/labproof
WORKDIR /course
ENTRYPOINT ["labproof"]
