package dev.lair.server.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS by this server itself. Without it a proxy does it, or the registry serves the loopback only. Both files are looked at
 * again every ten seconds, so that a renewed certificate needs no start.
 *
 * @param certificate PEM: the server's certificate first, then those that lead to its authority
 * @param key PEM: the private key of that first certificate, not encrypted
 */
public record TlsSettings(
        @Nullable Path certificate, @Nullable Path key) {

    public TlsSettings {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("lair.tls.certificate and lair.tls.key are set together");
        }
    }

    /** Whether this server speaks TLS. */
    public boolean isOn() {
        return certificate != null;
    }
}
