package dev.lair.server.gate;

import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import dev.lair.storage.FactStore;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.util.Optional;

/** What is kept of contents, for who reads a registry without its server. */
public final class KeptFacts {

    private KeptFacts() {}

    /** Empty when nothing is kept, or nothing that can be read; {@link FactRebuild} makes it again. */
    public static Optional<ContentFacts> of(FactStore facts, Digest content) {
        return facts.ofContent(content).flatMap(body -> {
            try {
                return Optional.of(ApiJson.readCompressed(body, ContentFacts.class));
            } catch (IOException damaged) {
                return Optional.empty();
            }
        });
    }
}
