package dev.lair.server.publish;

import dev.lair.registry.log.PackagePermission;
import dev.lair.signing.PublicKey;
import dev.lair.transparency.Digest;
import java.util.Locale;

/** The registry does not sign what it was asked to sign for a package; nothing was signed. */
public abstract sealed class CustodyRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private CustodyRefused(String message) {
        super(message);
    }

    /** The version is released already, and a release never changes. */
    public static final class VersionTaken extends CustodyRefused {
        private static final long serialVersionUID = 1L;
        private final transient Digest content;

        VersionTaken(ReleaseRequest request, Digest content) {
            super("version " + request.version() + " of `" + request.packageName()
                    + "` is released already, with content " + content
                    + "; a release never changes, so choose another version");
            this.content = content;
        }

        /** What is released under this version. */
        public Digest content() {
            return content;
        }
    }

    /** The package's log does not let the registry's key do this. */
    public static final class NotInCustody extends CustodyRefused {
        private static final long serialVersionUID = 1L;
        private final transient PublicKey key;

        NotInCustody(PackagePermission permission, PublicKey key) {
            super("the log of the package does not let the registry's key `" + key + "` "
                    + permission.name().toLowerCase(Locale.ROOT) + "; let the package's owner grant it that, or sign"
                    + " with your own key");
            this.key = key;
        }

        /** The key that the owner would have to let in. */
        public PublicKey key() {
            return key;
        }
    }

    /** What was to be released is not here any more. */
    public static final class ContentGone extends CustodyRefused {
        private static final long serialVersionUID = 1L;

        ContentGone(Digest content) {
            super("content `" + content + "` was collected meanwhile; upload it again");
        }
    }
}
