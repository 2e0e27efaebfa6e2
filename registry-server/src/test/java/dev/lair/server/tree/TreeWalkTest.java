package dev.lair.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PackageDocuments.Dependants;
import dev.lair.registry.api.PackageDocuments.InterfaceSummary;
import dev.lair.registry.api.PackageDocuments.Interfaces;
import dev.lair.registry.api.PackageDocuments.PackageDocument;
import dev.lair.registry.api.PackageDocuments.PackageSummary;
import dev.lair.registry.api.PackageDocuments.Packages;
import dev.lair.registry.api.PackageDocuments.Use;
import dev.lair.registry.api.PackageDocuments.Uses;
import dev.lair.registry.api.PackageDocuments.VersionSummary;
import dev.lair.registry.api.PackageDocuments.Versions;
import dev.lair.registry.api.VersionDocument;
import dev.lair.registry.tree.ChangeLine;
import dev.lair.registry.tree.IndexLine;
import dev.lair.registry.tree.InterfaceLine;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.tree.VersionFile;
import dev.lair.signing.EnvelopeCodec;
import dev.lair.signing.RecordDomain;
import dev.lair.transparency.Digest;
import dev.lair.transparency.StrictBase64;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tree against the API: a registry with several namespaces, every kind of content, yanks and dependants is walked through
 * both, and neither says anything that the other does not.
 */
class TreeWalkTest extends SeededTreeTest {

    private List<PackageSummary> packages() {
        List<PackageSummary> all = new ArrayList<>();
        @Nullable String cursor = "";
        while (cursor != null) {
            Packages page =
                    api(ApiPaths.PACKAGES + "?limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor), Packages.class);
            all.addAll(page.packages());
            cursor = page.next();
        }
        return all;
    }

    private List<VersionSummary> versions(PackageName name) {
        List<VersionSummary> all = new ArrayList<>();
        @Nullable String cursor = "";
        while (cursor != null) {
            Versions page = api(
                    ApiPaths.packageOf(name) + "/versions?limit=1" + (cursor.isEmpty() ? "" : "&cursor=" + cursor),
                    Versions.class);
            all.addAll(page.versions());
            cursor = page.next();
        }
        return all;
    }

    @Test
    void everyReleaseOfTheApiIsInTheTreeWithTheSameFacts() throws Exception {
        List<PackageSummary> packages = packages();
        assertThat(packages)
                .extracting(PackageSummary::name)
                .containsExactly("first:mixed", "second:core", "second:host", "first:guest", "base:door");
        int releases = 0;
        for (PackageSummary summary : packages) {
            PackageName name = PackageName.parse(summary.name());
            List<VersionSummary> versions = versions(name);
            assertThat(api(ApiPaths.packageOf(name), PackageDocument.class).versions())
                    .isEqualTo(versions);
            List<IndexLine> lines = index(name);
            assertThat(lines.stream()
                            .map(line -> List.of(
                                    line.version(),
                                    line.digest(),
                                    String.valueOf(line.size()),
                                    line.kind(),
                                    line.yanked(),
                                    line.deprecated(),
                                    line.leafIndex()))
                            .toList())
                    .isEqualTo(versions.reversed().stream()
                            .map(each -> List.of(
                                    each.version(),
                                    each.digest(),
                                    String.valueOf(each.size()),
                                    each.kind(),
                                    each.yanked(),
                                    each.deprecated(),
                                    each.leafIndex()))
                            .toList());
            for (IndexLine line : lines) {
                compare(name, line);
                releases++;
            }
        }
        assertThat(releases).isEqualTo(RELEASES);
    }

    private void compare(PackageName name, IndexLine line) throws Exception {
        SemVer version = SemVer.parse(line.version());
        VersionDocument told = api(ApiPaths.version(name, version), VersionDocument.class);
        VersionFile file = VersionFile.parse(ok(TreePaths.versionFile(name, version)));
        // The file is what the API tells, but for what may change, and with the record.
        assertThat(told.yanked()).isEqualTo(line.yanked());
        assertThat(List.of(file.name(), file.version(), file.digest()))
                .isEqualTo(List.of(told.name(), told.version(), told.digest()));
        assertThat(new VersionDocument.Released(
                        file.released().recordId(),
                        file.released().leafIndex(),
                        file.released().time(),
                        file.released().keyId()))
                .isEqualTo(told.released());
        assertThat(file.verdict()).isEqualTo(told.verdict());
        assertThat(file.content()).isEqualTo(told.content());
        assertThat(EnvelopeCodec.parse(StrictBase64.decode(file.released().record()))
                        .recordId(RecordDomain.PACKAGE)
                        .toString())
                .isEqualTo(file.released().recordId());
        // The index says of it what the facts say.
        assertThat(line.digest()).isEqualTo(file.digest());
        assertThat(line.size()).isEqualTo(file.content().sizeBytes());
        assertThat(line.kind()).isEqualTo(file.content().kind());
        assertThat(line.leafIndex()).isEqualTo(file.released().leafIndex());
        assertThat(line.dependencies())
                .isEqualTo(file.content().dependencies().stream()
                        .map(each -> new IndexLine.Dependency(each.name(), each.version(), each.how()))
                        .toList());
        // Content, proof and attestations are the same files.
        Digest digest = Digest.parse(line.digest());
        assertThat(Digest.of(ok(TreePaths.blob(digest)))).isEqualTo(digest);
        assertThat(told.links().content()).isEqualTo(TreePaths.blob(digest));
        assertThat(ok(TreePaths.attestations(name, version)))
                .isEqualTo(ok(told.links().attestations()));
        assertThat(ok(told.links().proof())).isEqualTo(ok(told.links().record()));
        assertThat(told.links().file()).isEqualTo(TreePaths.versionFile(name, version));
        assertThat(told.links().index()).isEqualTo(TreePaths.index(name));
    }

    @Test
    void changesLeadToEveryReleaseAndYankOfTheApi() {
        JsonNode head = JsonMapper.shared().readTree(ok(TreePaths.CONFIG)).get("changes");
        List<ChangeLine> changes = ChangeLine.parse(ok(TreePaths.changes(0)));
        assertThat(changes).hasSize(head.get("head").asInt()).hasSize(RELEASES + 1);
        assertThat(changes.stream().map(ChangeLine::n).toList())
                .isEqualTo(java.util.stream.LongStream.range(0, changes.size())
                        .boxed()
                        .toList());
        Set<String> released = new TreeSet<>();
        Set<String> yanked = new TreeSet<>();
        for (ChangeLine change : changes) {
            (change.kind().equals("yank") ? yanked : released)
                    .add(change.name() + "@" + change.version() + " " + change.digest());
        }
        Set<String> told = new TreeSet<>();
        Set<String> toldYanked = new TreeSet<>();
        for (PackageSummary summary : packages()) {
            for (VersionSummary version : versions(PackageName.parse(summary.name()))) {
                told.add(summary.name() + "@" + version.version() + " " + version.digest());
                if (version.yanked()) {
                    toldYanked.add(summary.name() + "@" + version.version() + " " + version.digest());
                }
            }
        }
        assertThat(released).isEqualTo(told).hasSize(RELEASES);
        assertThat(yanked).isEqualTo(toldYanked).hasSize(1);
        assertThat(get(TreePaths.changes(1)).statusCode()).isEqualTo(404);
    }

    @Test
    void interfacesOfTheApiHaveTheLinesOfTheTree() {
        List<InterfaceSummary> items =
                api(ApiPaths.INTERFACES + "?limit=1", Interfaces.class).interfaces();
        assertThat(items).hasSize(1);
        items = api(ApiPaths.INTERFACES, Interfaces.class).interfaces();
        assertThat(items)
                .containsExactly(
                        new InterfaceSummary("a:base/i", "-", 1),
                        new InterfaceSummary("base:door/knock", "0.2", 5),
                        new InterfaceSummary("base:other/thing", "-", 1));
        for (InterfaceSummary each : items) {
            String path = ApiPaths.INTERFACES + "/" + each.name().replace(':', '/') + "/" + each.track();
            Uses uses = api(path, Uses.class);
            List<InterfaceLine> lines = InterfaceLine.parse(ok(TreePaths.item(each.name(), each.track())));
            assertThat(lines).hasSize((int) each.uses());
            assertThat(ok(TreePaths.item(each.name(), each.track(), 0)))
                    .isEqualTo(ok(TreePaths.item(each.name(), each.track())));
            assertThat(lines.stream()
                            .map(line ->
                                    List.of(line.role(), line.named(), line.name(), line.version(), line.leafIndex()))
                            .toList())
                    .isEqualTo(uses.uses().stream()
                            .map(use -> List.of(use.role(), use.named(), use.name(), use.version(), use.leafIndex()))
                            .toList());
            assertThat(lines)
                    .isSortedAccordingTo(
                            Comparator.comparingLong(InterfaceLine::n).reversed());
            List<Use> byRole = new ArrayList<>();
            for (String role : List.of("exports", "imports", "defines")) {
                byRole.addAll(api(path + "?role=" + role, Uses.class).uses());
            }
            assertThat(byRole).containsExactlyInAnyOrderElementsOf(uses.uses());
        }
    }

    @Test
    void dependantsAreThoseWhoseIndexSaysSo() {
        List<String> told = api(ApiPaths.packageOf(PackageName.parse("base:door")) + "/dependants", Dependants.class)
                .dependants()
                .stream()
                .map(each -> each.name() + "@" + each.version() + " wants " + each.wanted() + " " + each.how())
                .toList();
        Set<String> stated = packages().stream()
                .flatMap(each -> index(PackageName.parse(each.name())).stream()
                        .flatMap(line -> line.dependencies().stream()
                                .filter(dependency -> dependency.name().equals("base:door"))
                                .map(dependency -> each.name() + "@" + line.version() + " wants " + dependency.version()
                                        + " " + dependency.how())))
                .collect(Collectors.toSet());
        assertThat(told).containsExactlyInAnyOrderElementsOf(stated).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "index/Base/DOOR, index/base/door",
        "package/Base/Door/1.0.0-RC.1.json, package/base/door/1.0.0-RC.1.json",
        "package/BASE/door/0.2.0.attestations.json, package/base/door/0.2.0.attestations.json",
        "iface/base/door/Knock/0.0.1-RC, iface/base/door/knock/0.0.1-RC",
        "blob/SHA256/ABCD, blob/sha256/abcd"
    })
    void namesInOtherCaseLeadToTheOneSpelling(String path, String spelled) {
        HttpResponse<byte[]> reply = get(path);
        assertThat(reply.statusCode()).isEqualTo(308);
        assertThat(reply.headers().firstValue("location")).contains("https://registry.example/base/" + spelled);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "index/base/door/",
                "index/base/%64oor",
                "index/base/none",
                "index/base",
                "iface/base/door/knock/0.2/00",
                "iface/base/door/knock/0.2/1",
                "iface/base/door/knock/0.2/",
                "iface/base/door/knock/9",
                "changes/00.ndjson",
                "changes/-1.ndjson",
                "changes/0.ndjson/",
                "package/base/door/9.9.9.json",
                "package/base/door/9.9.9.attestations.json",
                "blob/sha256/00",
                "blob/sha256/0000000000000000000000000000000000000000000000000000000000000000"
            })
    void nothingElseIsThere(String path) {
        HttpResponse<byte[]> reply = get(path);
        assertThat(reply.statusCode()).isEqualTo(404);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains("\"status\":404");
    }

    /** By the web server already, before a filter sees them. */
    @Test
    void emptySegmentsAreRefused() throws Exception {
        URI twice = URI.create("http://127.0.0.1:" + port + "/index//base/door");
        assertThat(HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(twice).build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isIn(400, 404);
    }

    @ParameterizedTest
    @CsvSource({
        "config.json, max-age=60",
        "index/base/door, max-age=60",
        "iface/base/door/knock/0.2, max-age=300",
        "changes/0.ndjson, max-age=10",
        "package/base/door/0.2.0.json, immutable",
        "package/base/door/0.2.0.attestations.json, max-age=300",
    })
    void filesHaveATagALifetimeAndAPackedForm(String path, String lifetime) throws Exception {
        HttpResponse<byte[]> plain = get(path);
        HttpResponse<byte[]> packed = get(path, "Accept-Encoding", "br, gzip;q=0.5");

        assertThat(plain.statusCode()).isEqualTo(200);
        assertThat(plain.headers().firstValue("cache-control").orElseThrow()).contains(lifetime);
        assertThat(plain.headers().firstValue("vary")).contains("Accept-Encoding");
        assertThat(plain.headers().firstValue("content-encoding")).isEmpty();
        assertThat(packed.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                .isEqualTo(plain.body());
        String tag = plain.headers().firstValue("etag").orElseThrow();
        String packedTag = packed.headers().firstValue("etag").orElseThrow();
        assertThat(tag).isNotEqualTo(packedTag);
        assertThat(get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(get(path, "If-None-Match", packedTag, "Accept-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(304);
        assertThat(get(path, "Accept-Encoding", "gzip;q=0").headers().firstValue("content-encoding"))
                .isEmpty();
    }

    @Test
    void blobIsSentInRangesAndNeverShown() {
        IndexLine line = index(PackageName.parse("second:core")).getFirst();
        String path = TreePaths.blob(Digest.parse(line.digest()));
        HttpResponse<byte[]> whole = get(path);
        HttpResponse<byte[]> part = get(path, "Range", "bytes=2-5");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(whole.body(), 2, 6));
        assertThat(whole.headers().firstValue("repr-digest")).isPresent();
        assertThat(whole.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(whole.headers().firstValue("content-disposition").orElseThrow())
                .startsWith("attachment");
        assertThat(whole.headers().firstValue("content-security-policy").orElseThrow())
                .contains("sandbox");
        assertThat(whole.headers().firstValue("cache-control").orElseThrow()).contains("immutable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?limit=0", "?limit=101", "?limit=x", "?cursor=x", "?cursor=-1"})
    void pageThatCannotBeIsRefused(String query) {
        assertThat(get(ApiPaths.PACKAGES + query).statusCode()).isEqualTo(400);
        assertThat(get(ApiPaths.packageOf(PackageName.parse("base:door")) + "/versions" + query)
                        .statusCode())
                .isEqualTo(400);
    }
}
