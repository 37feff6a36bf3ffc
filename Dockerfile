# Build:  docker build -t halo-psa-mcp .
# Try it: docker run --rm halo-psa-mcp demo
# The container takes the same arguments as the command. Credentials come at run time, never into a layer.

FROM node:22-alpine AS build
WORKDIR /src
COPY package.json package-lock.json ./
# Without scripts: the package's own `prepare` would build before the sources are here.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json LICENSE ./
COPY scripts/ scripts/
COPY config/ config/
COPY core/ core/
COPY revenue/ revenue/
COPY plugins/ plugins/
COPY cli/ cli/
COPY kit/ kit/
COPY sandbox/ sandbox/
RUN npm run build && rm -rf dist/types

# The bundle needs no node_modules.
FROM node:22-alpine
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /src/package.json /src/LICENSE ./
COPY --from=build /src/dist/ dist/
USER node
ENTRYPOINT ["node", "/app/dist/halo-mcp.js"]
