# The Lair server as an image; docs/OPERATIONS.md, "Containers". Needs BuildKit (Docker 25 or newer).
#   docker build -t lair .
#   docker run -p 127.0.0.1:8090:8090 -v lair-data:/data -e LAIR_PUBLIC_URL=http://127.0.0.1:8090 lair
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25-noble
ARG RUN_IMAGE=eclipse-temurin:25-jre-noble

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
# The format and the checks belong to the build that tests; here the sources become a jar.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -DskipTests -Dspotless.check.skip=true -DskipErrorProne -pl registry-server,registry-cli -am package
RUN sh deploy/image/extract.sh registry-server/target/lair-server.jar /opt/lair

FROM ${RUN_IMAGE}
LABEL org.opencontainers.image.title="Lair" \
      org.opencontainers.image.description="A registry for WebAssembly components whose every answer can be checked" \
      org.opencontainers.image.licenses="Apache-2.0"
# What changes least comes first.
COPY --from=build /opt/lair/native /opt/lair/native
COPY --from=build /opt/lair/lib /opt/lair/lib
COPY --from=build /opt/lair/lair-server.jar /opt/lair/lair-server.jar
COPY deploy/image/server.args /opt/lair/server.args
# The cache is made here and not in a stage of its own: the JVM takes it only with the very files that it was made with.
RUN --mount=type=bind,source=deploy/image/train.sh,target=/mnt/train.sh \
    --mount=type=bind,source=examples/greeter/greeter.wasm,target=/mnt/greeter.wasm \
    --mount=type=bind,from=build,source=/src/registry-cli/target/lair-cli.jar,target=/mnt/lair-cli.jar \
    sh /mnt/train.sh /opt/lair /mnt/lair-cli.jar /mnt/greeter.wasm \
    && install -d -o 10100 -g 10100 -m 0750 /data

# A number, so that an orchestrator can see that it is not root.
USER 10100:10100
WORKDIR /data
VOLUME /data
ENV LAIR_DATA=/data \
    SERVER_ADDRESS=0.0.0.0 \
    SERVER_PORT=8090
EXPOSE 8090
STOPSIGNAL SIGTERM
# Without the cache: to load what a server needs costs more than this short run.
HEALTHCHECK --interval=15s --timeout=10s --start-period=120s --start-interval=2s --retries=3 \
    CMD ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", "/opt/lair/lair-server.jar", "health"]
ENTRYPOINT ["java", "@/opt/lair/server.args"]
CMD ["serve"]
