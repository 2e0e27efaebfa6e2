package dev.lair.server.publish;

import dev.lair.registry.Namespace;

/** A publish is refused before anything was stored. */
public abstract sealed class PublishRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private PublishRefused(String message) {
        super(message);
    }

    /** The namespace is not defined here. */
    public static final class NamespaceNotDefined extends PublishRefused {
        private static final long serialVersionUID = 1L;
        private final transient Namespace namespace;

        NamespaceNotDefined(Namespace namespace) {
            super("namespace `" + namespace + "` is not defined on the registry");
            this.namespace = namespace;
        }

        public Namespace namespace() {
            return namespace;
        }
    }

    /** The namespace lives on another registry. */
    public static final class NamespaceImported extends PublishRefused {
        private static final long serialVersionUID = 1L;
        private final transient Namespace namespace;

        NamespaceImported(Namespace namespace) {
            super("namespace `" + namespace + "` is an imported namespace from another registry");
            this.namespace = namespace;
        }

        public Namespace namespace() {
            return namespace;
        }
    }

    /** The key is unknown, may not publish this, or did not make this signature. */
    public static final class Unauthorized extends PublishRefused {
        private static final long serialVersionUID = 1L;

        private final boolean forWantOfToken;

        Unauthorized(String message) {
            this(message, false);
        }

        Unauthorized(String message, boolean forWantOfToken) {
            super(message);
            this.forWantOfToken = forWantOfToken;
        }

        /** Whether a token beside the signature would have helped. */
        public boolean isForWantOfToken() {
            return forWantOfToken;
        }
    }

    /** One of the registry's own rules ({@link Admission}) refuses the record. */
    public static final class NotAdmitted extends PublishRefused {
        private static final long serialVersionUID = 1L;

        NotAdmitted(String message) {
            super(message);
        }
    }
}
