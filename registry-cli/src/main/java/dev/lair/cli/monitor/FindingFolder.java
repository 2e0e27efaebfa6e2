package dev.lair.cli.monitor;

import dev.lair.cli.trust.DurableFile;
import dev.lair.registry.warg.WargJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where a contradiction is kept: a folder with {@code report.json} and a file for each piece of its proof. */
public final class FindingFolder {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path parent;

    /** @param parent in which each contradiction gets a folder */
    public FindingFolder(Path parent) {
        this.parent = parent;
    }

    /**
     * Keeps a contradiction.
     *
     * @return its folder
     */
    public Path keep(Contradiction found, String registry, Instant now) throws IOException {
        Path folder = free(TIME.format(now) + "-" + found.kind().label());
        DurableFile.createFolder(folder);
        for (Contradiction.Exhibit exhibit : found.exhibits()) {
            DurableFile.replace(folder.resolve(exhibit.name()), exhibit.bytes());
        }
        // Last: where it lies, everything that it names does too.
        DurableFile.replace(folder.resolve("report.json"), WargJson.write(report(found, registry, now)));
        return folder;
    }

    private static Map<String, Object> report(Contradiction found, String registry, Instant now) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("registry", registry);
        report.put("foundAt", now.toString());
        report.put("kind", found.kind().label());
        report.put("what", found.text());
        found.leafIndex().ifPresent(index -> report.put("leafIndex", index));
        List<String> files = found.exhibits().stream()
                .map(Contradiction.Exhibit::name)
                .distinct()
                .toList();
        report.put("files", files);
        return report;
    }

    private Path free(String name) {
        Path folder = parent.resolve(name);
        for (int i = 2; Files.exists(folder); i++) {
            folder = parent.resolve(name + "-" + i);
        }
        return folder;
    }
}
