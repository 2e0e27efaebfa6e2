package dev.lair.cli.deps;

import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.VerifiedView;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.Release;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;

/** Releases of a registry, believed only as far as they are proven. */
public interface ReleaseSource {

    /** The logs of these packages as of one checkpoint, verified. */
    VerifiedView logs(Set<PackageName> names) throws Fault;

    /** The content of a release, whose digest it has. */
    ByteBuffer content(PackageName name, Release release) throws Fault, IOException;
}
