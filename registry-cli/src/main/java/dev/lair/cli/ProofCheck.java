package dev.lair.cli;

import static dev.lair.cli.report.Finding.proven;

import dev.lair.cli.author.ContentFile;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.NoteDemand;
import dev.lair.cli.trust.OfflineProof;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.VersionRange;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.TlogProof;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code lair verify --proof}: a proof file, and perhaps the content, without any network. */
final class ProofCheck {

    private static final String SUFFIX = ".tlog-proof";

    /** A proof has at most 4 Mi characters; they are ASCII but for names in its notes. */
    private static final long FILE_BYTES = 16L << 20;

    private final Lair lair;
    private final Path file;

    ProofCheck(Lair lair, Path file) {
        this.lair = lair;
        this.file = file;
    }

    /** Checks the file against what it should prove. */
    void run(@Nullable PackageReference asked, @Nullable ContentFile content, NoteDemand demand) throws Fault {
        Console console = lair.console();
        PackageReference reference = asked == null ? ofPath() : asked;
        OfflineProof.Claim claim =
                new OfflineProof.Claim(reference.name(), version(reference), content == null ? null : content.digest());
        OfflineProof.Proven proven =
                new OfflineProof(demand, lair.environment().clock().instant(), console).check(read(), claim);
        if (content != null) {
            console.found(proven("file: `" + content.path() + "` is the content of this release"));
        }
        console.result("verified " + reference + " by " + file);
        print(reference, proven);
    }

    private TlogProof read() throws Fault {
        Path path = lair.path(file);
        try {
            if (Files.size(path) > FILE_BYTES) {
                throw ExitCode.UNVERIFIED.fault(
                        "`" + file + "` is no proof: it has more than " + FILE_BYTES + " bytes");
            }
            return TlogProof.parse(Files.readString(path));
        } catch (CharacterCodingException e) {
            throw ExitCode.UNVERIFIED.fault("`" + file + "` is no proof: it is not UTF-8", e);
        } catch (ProofRejected e) {
            throw ExitCode.UNVERIFIED.fault("`" + file + "` is no proof: " + e.getMessage(), e);
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot read the proof `" + file + "`: " + e, e);
        }
    }

    /**
     * The package, where the file lies as in a registry's tree: {@code NS/NAME/VERSION.tlog-proof}. A guess that the proof
     * itself confirms or refuses: its leaf is the record in the log of that package.
     */
    private PackageReference ofPath() throws Fault {
        Path path = lair.path(file).toAbsolutePath().normalize();
        int count = path.getNameCount();
        if (count >= 3 && path.getName(count - 1).toString().endsWith(SUFFIX)) {
            try {
                return new PackageReference(
                        PackageName.parse(path.getName(count - 3) + ":" + path.getName(count - 2)), null);
            } catch (IllegalArgumentException notAsInTheTree) {
                // Said below.
            }
        }
        throw ExitCode.USAGE.fault(
                "the package of `" + file + "` is not known: a record does not say it, and the file does"
                        + " not lie at NS/NAME/VERSION" + SUFFIX + "; add --package NS:NAME@VERSION");
    }

    private static @Nullable SemVer version(PackageReference reference) throws Fault {
        return switch (reference.range()) {
            case null -> null;
            case VersionRange.Exactly exactly -> exactly.version();
            case VersionRange range ->
                throw ExitCode.USAGE.fault("`" + reference + "` is refused: a proof is about one exact version, like "
                        + reference.name() + "@1.2.3, not " + range);
        };
    }

    private void print(PackageReference reference, OfflineProof.Proven proven) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("verified", true);
        members.put("offline", true);
        members.put("package", reference.name().toString());
        members.put(
                "releases",
                proven.releases().stream()
                        .map(release -> Map.of(
                                "version", release.version().toString(),
                                "digest", release.content().toString()))
                        .toList());
        members.put("recordId", proven.record().id().toString());
        members.put("leafIndex", proven.leafIndex());
        members.put("origin", proven.checkpoint().origin());
        members.put("checkpointSize", proven.checkpoint().treeSize());
        members.put("findings", lair.console().findings());
        lair.console().json(members);
    }

    /** The name that a person gave, by option or argument. */
    static Optional<PackageReference> named(@Nullable PackageReference option, @Nullable PackageReference argument)
            throws Fault {
        if (option != null && argument != null) {
            throw ExitCode.USAGE.fault("`" + option + "` and `" + argument + "` both name the package; name it once");
        }
        return Optional.ofNullable(option != null ? option : argument);
    }
}
