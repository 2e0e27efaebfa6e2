/**
 * TLS without a proxy: certificate and key from PEM files, checked at start, taken anew when the files change. Also how a
 * command beside the server knows its certificate again.
 */
@NullMarked
package dev.lair.server.tls;

import org.jspecify.annotations.NullMarked;
