package dev.lair.registry.tree;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code config.json}: what a client needs to know before it trusts a registry, and where its parts lie. Written and read by
 * {@link dev.lair.registry.warg.WargJson}; a reader passes over members that it does not know.
 *
 * <p>The keys are a first acquaintance and nothing more: who follows a registry keeps them, and takes others only from
 * somebody who may say so.
 *
 * @param formatVersion {@value #FORMAT_VERSION}; another one means members changed their meaning
 * @param url the registry's base URL, without a slash at its end
 * @param protocols the versions of each protocol that this registry speaks: {@code warg}, {@code lair}, {@code tree}
 * @param endpoints the URL below which each part lies
 * @param log the log of all records
 * @param evidence the log of what the registry signed
 * @param changes the feed of changes; absent where a registry has none
 * @param componentModel the commit of the component model's specification that contents are validated by; absent where it is
 *     not said
 */
public record RegistryConfig(
        int formatVersion,
        String url,
        Map<String, List<String>> protocols,
        Map<String, String> endpoints,
        LogConfig log,
        LogConfig evidence,
        @Nullable Changes changes,
        @Nullable String componentModel) {

    /** The version that is described here. */
    public static final int FORMAT_VERSION = 1;

    /**
     * The feed of changes.
     *
     * @param url where segments lie below
     * @param head number of the next change, so that there are as many
     */
    public record Changes(String url, long head) {}

    /**
     * One log.
     *
     * @param origin the first line of its checkpoints, for ever
     * @param url where {@code checkpoint} and {@code tile/} lie below
     * @param keys verifier keys in the form {@code NAME+ID+BASE64}, Ed25519 first
     */
    public record LogConfig(String origin, String url, List<String> keys) {}
}
