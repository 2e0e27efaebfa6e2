package dev.lair.cli;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.VerifiedLog;
import dev.lair.registry.PackageName;
import dev.lair.registry.VersionRange;
import dev.lair.registry.log.Release;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code ns:name} or {@code ns:name@RANGE}, as people write it.
 *
 * @param range null when none was written
 */
record PackageReference(PackageName name, @Nullable VersionRange range) {

    /**
     * Parses a reference.
     *
     * @throws IllegalArgumentException naming the part that is wrong
     */
    static PackageReference parse(String text) {
        int at = text.indexOf('@');
        return at < 0
                ? new PackageReference(PackageName.parse(text), null)
                : new PackageReference(
                        PackageName.parse(text.substring(0, at)), VersionRange.parse(text.substring(at + 1)));
    }

    /** The release that is meant: an exact version even when it is yanked, else the highest that is not. */
    Release resolve(VerifiedLog log) throws Fault {
        VersionRange wanted = range == null ? new VersionRange.Any() : range;
        List<Release> releases = log.state().releases();
        Optional<Release> found = wanted instanceof VersionRange.Exactly exactly
                ? log.state().release(exactly.version())
                : wanted.newest(releases.stream()
                                .filter(release -> !release.yanked())
                                .map(Release::version)
                                .toList())
                        .flatMap(version -> log.state().release(version));
        return found.orElseThrow(() -> ExitCode.NOT_FOUND.fault("`" + name + "` has no release that matches `" + wanted
                + "`" + (wanted instanceof VersionRange.Exactly ? "" : " and is not yanked") + "; it has "
                + described(releases)));
    }

    private static String described(List<Release> releases) {
        int shown = 20;
        String versions = releases.reversed().stream()
                .limit(shown)
                .map(release -> release.version() + (release.yanked() ? " (yanked)" : ""))
                .collect(Collectors.joining(", "));
        return releases.isEmpty() ? "none" : versions + (releases.size() > shown ? ", …" : "");
    }

    @Override
    public String toString() {
        return range == null ? name.toString() : name + "@" + range;
    }
}
