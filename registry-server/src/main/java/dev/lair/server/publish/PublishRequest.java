package dev.lair.server.publish;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.SignedPackageRecord;

/** What every front door turns its request into: a package, and the record that its author signed for it. */
public record PublishRequest(PackageName packageName, SignedPackageRecord record) {}
