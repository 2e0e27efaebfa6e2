package dev.lair.cli.author;

import dev.lair.cli.report.Fault;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;

/** A way in which content becomes a release. */
@FunctionalInterface
public interface Door {

    /** Publishes, waits, and verifies that it is so. */
    Publication.Published publish(PackageName name, SemVer version, ContentFile content) throws Fault;
}
