# The reference server. It runs from its TypeScript sources, as everywhere else: nothing is compiled.
#
#   docker build -t punctual .
#   docker run --name punctual -p 8080:8080 -v punctual:/data punctual
#   docker exec punctual punctual doctor
#
# By itself it keeps an embedded database in /data. With DATABASE_URL and PUNCTUAL_MASTER_KEY set it keeps nothing, and
# any number of them may run: see compose.yaml.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
# What is installed depends on these alone: a change of sources finds this layer made.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages/core/package.json packages/core/
COPY packages/adapter-aws/package.json packages/adapter-aws/
COPY packages/adapter-graph/package.json packages/adapter-graph/
COPY packages/adapter-google/package.json packages/adapter-google/
COPY packages/adapter-ics/package.json packages/adapter-ics/
COPY packages/adapter-postgres/package.json packages/adapter-postgres/
COPY packages/server/package.json packages/server/
# Flat, because the packages take `effect` as a peer: installed for them alone, each would have to bring its own. What is
# optional is a database engine that only tests start.
RUN npx --yes pnpm@12 install --prod --no-optional --frozen-lockfile --filter "@punctual/server..." --config.node-linker=hoisted
COPY . .

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production PUNCTUAL_HOST=0.0.0.0 PUNCTUAL_PORT=8080 PUNCTUAL_DATA_DIR=/data
WORKDIR /app
RUN mkdir /data && chown node:node /data \
  && printf '#!/bin/sh\nexec node /app/packages/server/src/cli/main.ts "$@"\n' > /usr/local/bin/punctual \
  && chmod 755 /usr/local/bin/punctual
COPY --from=build /app ./
USER node
VOLUME /data
EXPOSE 8080
# Ready is more than alive, and asks the database: that is for whoever routes requests.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PUNCTUAL_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "packages/server/src/main.ts"]
