package dev.lair.component.binary;

import org.jspecify.annotations.Nullable;

/**
 * Name of an import or export with its attributes, as written (Binary.md, importname and exportname: prefix 0x00 or
 * 0x01,
 * or 0x02 with attributes).
 *
 * @param text the name
 * @param implementsName attribute 0x00: the interface that an instance under a plain name implements
 * @param versionSuffix attribute 0x01: what a canonical interface name leaves out of the version
 * @param externalId attribute 0x02: any text
 */
public record RawName(
        String text,
        @Nullable String implementsName,
        @Nullable String versionSuffix,
        @Nullable String externalId) {
    /** A name without attributes. */
    public static RawName plain(String text) {
        return new RawName(text, null, null, null);
    }

    boolean hasAttributes() {
        return implementsName != null || versionSuffix != null || externalId != null;
    }
}
