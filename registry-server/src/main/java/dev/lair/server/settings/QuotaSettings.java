package dev.lair.server.settings;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much somebody may have and do; 0 for as much as they like. Kept in the database, so all nodes count together.
 *
 * @param storedPerNamespace bytes of contents in a namespace that accounts own; equal bytes are counted once
 * @param packagesPerNamespace packages in one
 * @param releasesPerDay that an account or a trusted publisher begins between midnight and midnight, UTC
 * @param uploadsPerDay bytes that one sends for releases in the same time
 */
public record QuotaSettings(
        @DefaultValue("50GB") DataSize storedPerNamespace,
        @DefaultValue("1000") long packagesPerNamespace,
        @DefaultValue("1000") long releasesPerDay,
        @DefaultValue("20GB") DataSize uploadsPerDay) {

    public QuotaSettings {
        if (storedPerNamespace.toBytes() < 0
                || packagesPerNamespace < 0
                || releasesPerDay < 0
                || uploadsPerDay.toBytes() < 0) {
            throw new IllegalArgumentException("lair.quotas.* must not be negative; 0 is no limit");
        }
    }
}
