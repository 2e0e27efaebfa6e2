package dev.lair.server.publish;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.component.InvalidWasmException;
import dev.lair.component.WasmStructure;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.PublishSettings;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.Storage;
import dev.lair.transparency.Digest;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Looks at content before a record that releases it is logged: it must be well-formed WebAssembly of a kind that this
 * registry takes. The verdict on a digest never changes while the process lives, so it is remembered.
 */
@Component
final class ContentGate {

    private static final int REMEMBERED_VERDICTS = 10_000;

    private final ContentStore contents;
    private final PublishSettings settings;
    private final Cache<Digest, Optional<String>> verdicts =
            Caffeine.newBuilder().maximumSize(REMEMBERED_VERDICTS).build();

    ContentGate(Storage storage, LairSettings settings) {
        this.contents = storage.contents();
        this.settings = settings.publish();
    }

    /**
     * Why this content may not be released, in the reference's words; empty when it may.
     *
     * @throws ContentNotFoundException when it is not stored
     */
    Optional<String> objection(Digest digest) throws ContentNotFoundException {
        Optional<String> known = verdicts.getIfPresent(digest);
        if (known == null) {
            known = contents.read(digest, this::examine);
            verdicts.put(digest, known);
        }
        return known;
    }

    /** How a record's rejection names the content that caused it. */
    static String recordReason(Digest digest, String objection) {
        return "content with digest `" + digest + "` was rejected by policy: " + objection;
    }

    private Optional<String> examine(ByteBuffer bytes) {
        try {
            return switch (WasmStructure.check(bytes).kind()) {
                case CORE_MODULE ->
                    settings.allowModules() ? Optional.empty() : Optional.of("WebAssembly modules are not allowed");
                case COMPONENT, WIT_PACKAGE ->
                    settings.allowComponents()
                            ? Optional.empty()
                            : Optional.of("WebAssembly components are not allowed");
            };
        } catch (InvalidWasmException e) {
            return Optional.of("content is not valid WebAssembly: " + e.getMessage());
        }
    }
}
