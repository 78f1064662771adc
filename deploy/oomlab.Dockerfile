# SPDX-License-Identifier: MIT
#
# The image of load and watch: one binary, two commands (docker-compose.yml).
# Its user is 900:900, and the directories that volumes are mounted on belong to
# it, for a fresh named volume takes owner, group and mode from here; nginx's
# image has the same.

FROM debian:bookworm-slim AS builder
WORKDIR /src
COPY deploy/install-packages deploy/
RUN deploy/install-packages build
COPY Makefile CHANGELOG.md ./
COPY fcgi-app fcgi-app
RUN make

FROM debian:bookworm-slim
# libfcgi-bin is the watch's health check: cgi-fcgi asks one FastCGI socket.
RUN apt-get update \
	&& apt-get install -y --no-install-recommends \
		libcjson1 \
		libctemplate3 \
		libfcgi-bin \
		libfcgi0ldbl \
		libsqlite3-0 \
		liburiparser1 \
		spawn-fcgi \
	&& rm -rf /var/lib/apt/lists/* \
	&& groupadd --gid 900 oomlab \
	&& useradd --uid 900 --gid 900 --no-create-home --home-dir / \
		--shell /usr/sbin/nologin oomlab \
	&& install -d -o 900 -g 900 -m 0770 \
		/run/oomlab /var/lib/oomlab /var/tmp/oomlab
COPY --from=builder /src/build/oomlab /usr/local/bin/oomlab
COPY templates /usr/share/oomlab/templates
COPY deploy/healthy /usr/local/bin/oomlab-healthy
USER 900:900
ENV OOMLAB_RUN=/run/oomlab \
	OOMLAB_STATE=/var/lib/oomlab \
	OOMLAB_SCRATCH=/var/tmp/oomlab \
	OOMLAB_TEMPLATES=/usr/share/oomlab/templates
ENTRYPOINT ["/usr/local/bin/oomlab"]
CMD ["help"]
