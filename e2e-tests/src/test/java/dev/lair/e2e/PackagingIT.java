package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.e2e.ComposeFile.Mount;
import dev.lair.e2e.ComposeFile.Service;
import dev.lair.e2e.DockerfileText.Instruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dockerfile and docker-compose.yml as they stand, without an engine; {@link ContainersIT} builds and starts them. */
class PackagingIT {

    /** An image by its name and a tag, from whichever registry the engine asks: the first part of the name is no host. */
    private static final Pattern PINNED = Pattern.compile("[a-z0-9_-]+(/[a-z0-9_-]+)*:[A-Za-z0-9._-]+");

    private static final Path ROOT = Checkout.root();
    private static final Set<String> NODES = Set.of("lair-1", "lair-2");

    private DockerfileText dockerfile;
    private ComposeFile compose;

    @BeforeEach
    void read() throws IOException {
        dockerfile = DockerfileText.read(ROOT.resolve("Dockerfile"));
        compose = ComposeFile.read(ROOT.resolve("docker-compose.yml"));
    }

    private static void requirePinned(String image) {
        assertThat(image).matches(PINNED);
        assertThat(image).doesNotEndWith(":latest");
    }

    // --- Dockerfile
    // ---------------------------------------------------------------------------------------------------

    @Test
    void imageIsBuiltInStagesOnPinnedBasesWithJdk25() {
        List<String> bases = dockerfile.baseImages();
        assertThat(bases).hasSize(2).allSatisfy(PackagingIT::requirePinned);
        assertThat(bases).allMatch(image -> image.matches(".*[:-]25\\b.*"));
        assertThat(bases.getLast()).as("what runs needs no compiler").contains("jre");
        assertThat(dockerfile.all("FROM").getFirst().words()).contains("build");
        assertThat(dockerfile.lastStage().all("COPY"))
                .filteredOn(copy -> copy.text().contains("/opt/lair/lib"))
                .allMatch(copy -> copy.flags("from").contains("build"));
    }

    @Test
    void everySourceOfTheImageIsInTheCheckoutAndInTheBuildContext() throws IOException {
        Path ignore = ROOT.resolve(".dockerignore");
        List<String> sources = dockerfile.sourcesInContext();
        assertThat(sources).contains(".", "deploy/image/train.sh", "deploy/image/server.args");
        for (String source : sources) {
            assertThat(ROOT.resolve(source)).as(source).exists();
            assertThat(source.equals(".") || !DockerfileText.ignores(ignore, source))
                    .as(source + " is in the build context")
                    .isTrue();
        }
        for (String needed : List.of("pom.xml", "e2e-tests/pom.xml", "registry-server/src/main/java/dev/lair")) {
            assertThat(DockerfileText.ignores(ignore, needed)).as(needed).isFalse();
        }
        for (String secret :
                List.of("deploy/secrets/master.key", "deploy/tls/tls.key", ".env", "some/where/operator.key", ".git")) {
            assertThat(DockerfileText.ignores(ignore, secret)).as(secret).isTrue();
        }
    }

    @Test
    void nothingIsFetchedByTheImageBuildButByItsPackageClient() throws IOException {
        assertThat(dockerfile.all("ADD")).as("ADD fetches and unpacks").isEmpty();
        for (String file :
                List.of("Dockerfile", "docker-compose.yml", "deploy/image/extract.sh", "deploy/image/train.sh")) {
            String code = Files.readString(ROOT.resolve(file)).replaceAll("(?m)^\\s*#.*$", "");
            assertThat(code).as(file).doesNotContain("curl http", "wget ", "| sh", "| bash");
        }
    }

    @Test
    void imageRunsAsANumberThatIsNotRootUntilItsEnd() {
        List<Instruction> users = dockerfile.lastStage().all("USER");
        assertThat(users).hasSize(1);
        assertThat(users.getFirst().text()).matches("[1-9][0-9]{3,}:[1-9][0-9]{3,}");
        List<Instruction> stage = dockerfile.lastStage().instructions();
        int user = stage.indexOf(users.getFirst());
        assertThat(stage.subList(user, stage.size()))
                .noneMatch(later -> List.of("RUN", "COPY").contains(later.name()));
    }

    @Test
    void imageSaysHowItIsStartedStoppedReachedAndAsked() {
        DockerfileText stage = dockerfile.lastStage();
        assertThat(stage.all("ENTRYPOINT").getFirst().exec()).containsExactly("java", "@/opt/lair/server.args");
        assertThat(stage.all("CMD").getFirst().exec()).containsExactly("serve");
        assertThat(stage.all("HEALTHCHECK").getFirst().exec())
                .startsWith("java")
                .endsWith("/opt/lair/lair-server.jar", "health");
        assertThat(stage.all("STOPSIGNAL").getFirst().text()).isEqualTo("SIGTERM");
        assertThat(stage.all("EXPOSE").getFirst().text()).isEqualTo("8090");
        assertThat(stage.all("VOLUME").getFirst().text()).isEqualTo("/data");
        assertThat(stage.all("LABEL").getFirst().text())
                .contains("org.opencontainers.image.title=", "org.opencontainers.image.licenses=");
    }

    // --- docker-compose.yml
    // -------------------------------------------------------------------------------------------

    @Test
    void everyImageHasATagThatStaysWhatItIs() {
        for (Service service : compose.services()) {
            requirePinned(service.image());
        }
        assertThat(compose.service("postgres").image()).matches("postgres:(1[5-9]|[2-9][0-9])(\\..*)?");
        assertThat(compose.services()).noneMatch(service -> service.image().contains("minio"));
    }

    @Test
    void theTwoNodesAreTheSameButForTheirDataFolder() {
        Service first = compose.service("lair-1");
        Service second = compose.service("lair-2");
        assertThat(second.image()).isEqualTo(first.image());
        assertThat(second.body().get("build"))
                .isEqualTo(first.body().get("build"))
                .isNotNull();
        assertThat(second.environment()).isEqualTo(first.environment());
        assertThat(first.environment())
                .containsEntry("LAIR_STORAGE", "postgres")
                .containsKeys("LAIR_S3_BUCKET", "LAIR_POSTGRES_URL", "LAIR_PUBLIC_URL");
        assertThat(volumeAt(second, "/data")).isNotEqualTo(volumeAt(first, "/data"));
    }

    @Test
    void bothNodesOpenTheirKeysWithOneMasterKeyThatIsASecret() {
        assertThat(compose.service("setup").list("secrets")).contains("master-key");
        for (String node : NODES) {
            Service service = compose.service(node);
            assertThat(service.environment()).containsEntry("LAIR_MASTER_KEY_FILE", "/run/lair/master.key");
            assertThat(volumeAt(service, "/run/lair")).isEqualTo(volumeAt(compose.service("setup"), "/out/lair"));
            assertThat(service.mounts())
                    .filteredOn(mount -> mount.target().equals("/run/lair"))
                    .allMatch(Mount::readOnly);
        }
    }

    private static String volumeAt(Service service, String target) {
        return service.mounts().stream()
                .filter(mount -> mount.target().equals(target))
                .map(Mount::source)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is mounted at " + target + " of " + service.name()));
    }

    @Test
    void everySecretVolumeNetworkAndFileThatIsUsedIsThere() {
        Set<String> secrets = new TreeSet<>();
        Set<String> volumes = new TreeSet<>();
        Set<String> networks = new TreeSet<>();
        for (Service service : compose.services()) {
            secrets.addAll(service.list("secrets"));
            networks.addAll(service.list("networks"));
            for (Mount mount : service.mounts()) {
                if (mount.isOfHost()) {
                    assertThat(ROOT.resolve(mount.source())).exists();
                    assertThat(mount.readOnly()).as(mount.toString()).isTrue();
                } else {
                    volumes.add(mount.source());
                }
            }
        }
        assertThat(compose.names("secrets")).isEqualTo(secrets);
        assertThat(compose.names("volumes")).isEqualTo(volumes);
        assertThat(compose.names("networks")).isEqualTo(networks);
    }

    @Test
    void noSecretStandsInTheFileOrInAnEnvironment() {
        for (Service service : compose.services()) {
            assertThat(service.environment().keySet())
                    .filteredOn(name -> name.matches(".*(PASSWORD|SECRET|ACCESS_KEY|MASTER_KEY).*"))
                    .allMatch(name -> name.endsWith("_FILE"));
        }
        for (String name : compose.names("secrets")) {
            assertThat(ComposeFile.map(
                            Objects.requireNonNull(compose.section("secrets").get(name))))
                    .containsOnlyKeys("file")
                    .extractingByKey("file")
                    .asString()
                    .startsWith("./deploy/secrets/");
        }
    }

    @Test
    void whatRunsOnHasAHealthCheckAndWhatEndsIsWaitedFor() {
        Map<String, Set<String>> waitedFor = compose.services().stream()
                .flatMap(service -> service.dependsOn().entrySet().stream())
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toSet())));
        for (Service service : compose.services()) {
            Set<String> conditions = waitedFor.getOrDefault(service.name(), Set.of());
            if (service.isOneShot()) {
                // Otherwise `up --wait` takes the end of the container for a failure.
                assertThat(conditions).as(service.name()).containsExactly("service_completed_successfully");
            } else {
                boolean ofTheImage = NODES.contains(service.name());
                assertThat(ofTheImage || service.healthcheck().containsKey("test"))
                        .as(service.name() + " has a health check")
                        .isTrue();
                assertThat(service.healthcheck()).doesNotContainKey("disable");
                assertThat(conditions).as(service.name()).isSubsetOf("service_healthy");
            }
        }
        assertThat(compose.service("proxy").dependsOn()).containsKeys("lair-1", "lair-2");
        for (String node : NODES) {
            assertThat(compose.service(node).dependsOn()).containsKeys("postgres", "bucket", "setup");
        }
        assertThat(waitedFor.keySet())
                .isSubsetOf(compose.services().stream().map(Service::name).toList());
    }

    @Test
    void noServiceMayMoreThanItNeeds() {
        for (Service service : compose.services()) {
            assertThat(service.body()).as(service.name()).doesNotContainKeys("privileged", "pid", "ipc", "devices");
            assertThat(service.list("cap_drop")).as(service.name()).containsExactly("ALL");
            assertThat(service.list("security_opt")).as(service.name()).contains("no-new-privileges:true");
            assertThat(service.mounts()).noneMatch(mount -> mount.source().contains("docker.sock"));
        }
        for (String node : NODES) {
            Service service = compose.service(node);
            assertThat(service.body()).containsEntry("read_only", true).doesNotContainKeys("cap_add", "user");
            assertThat(service.list("networks")).containsExactlyInAnyOrder("doors", "storage");
        }
    }

    @Test
    void onlyTheProxyIsReachedFromOutsideAndAtFirstFromThisMachineOnly() {
        for (Service service : compose.services()) {
            boolean isProxy = service.name().equals("proxy");
            assertThat(service.body().containsKey("ports")).as(service.name()).isEqualTo(isProxy);
            assertThat(service.list("networks").contains("outside"))
                    .as(service.name())
                    .isEqualTo(isProxy);
        }
        assertThat(compose.service("proxy").list("ports"))
                .containsExactly("${HTTPS_ADDRESS:-127.0.0.1}:${HTTPS_PORT:-8443}:8443");
        for (String inside : List.of("doors", "storage")) {
            assertThat(ComposeFile.map(
                            Objects.requireNonNull(compose.section("networks").get(inside))))
                    .containsEntry("internal", true);
        }
    }

    @Test
    void theProxyForwardsToBothNodesAndKeepsWhatIsForInsideInside() throws IOException {
        String proxy = Files.readString(ROOT.resolve("deploy/Caddyfile"));
        for (String node : NODES) {
            assertThat(proxy).contains(node + ":8090");
        }
        assertThat(proxy)
                .contains("tls /run/tls/tls.crt /run/tls/tls.key")
                .contains("@inside path /health/*")
                .contains("health_uri /health/ready")
                .contains("header_up -traceparent")
                .doesNotContain("9464");
    }
}
