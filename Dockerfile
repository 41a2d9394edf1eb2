# Debian's slim image, not Alpine: the binaries that libsql and argon2 ship for glibc are the ones that the tests run on.
# The tests run on Node 20 and 24; of the two, 24 is the one that still gets security fixes.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY src src
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev

FROM ${NODE_IMAGE}
WORKDIR /app
# Loopback would be out of reach from outside the container. Both are settings like any other: .env.example.
ENV NODE_ENV=production HOST=0.0.0.0
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY menus menus
COPY deploy/healthcheck.mjs deploy/healthcheck.mjs
COPY --from=build /app/dist dist
# For the embedded store and the simulator's books; the program itself belongs to root and cannot be changed.
RUN install --directory --owner=node --group=node var
USER node
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["node", "deploy/healthcheck.mjs"]
# ROLE says what it does. No shell and no npm in between: a stop's SIGTERM reaches the program.
CMD ["node", "dist/src/main.js"]
