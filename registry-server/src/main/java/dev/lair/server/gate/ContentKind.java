package dev.lair.server.gate;

import dev.lair.registry.api.ContentFacts;

/** What a content is; told in the words of {@link ContentFacts#kind}. */
enum ContentKind {
    CORE_MODULE(ContentFacts.CORE_MODULE),
    COMPONENT(ContentFacts.COMPONENT),
    WIT_PACKAGE(ContentFacts.WIT_PACKAGE);

    private final String word;

    ContentKind(String word) {
        this.word = word;
    }

    /** As facts say it. */
    String word() {
        return word;
    }

    /** @throws IllegalArgumentException when no version of this gate ever said so */
    static ContentKind of(String word) {
        for (ContentKind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("`" + word + "` is no kind of content");
    }
}
