package dev.lair.server.tls;

import dev.lair.transparency.Digest;

/**
 * New connections are shown this certificate from now on.
 *
 * @param fingerprint SHA-256 of its encoding
 */
public record CertificateChanged(Digest fingerprint) {}
