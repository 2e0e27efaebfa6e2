/** The contracts over a real S3 server, what only S3 can get wrong, and the server and the proxy that it takes. */
@NullMarked
package dev.lair.storage.s3;

import org.jspecify.annotations.NullMarked;
