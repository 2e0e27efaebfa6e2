/** What is fetched from issuers, and from where not. */
@NullMarked
package dev.lair.server.issuer;

import org.jspecify.annotations.NullMarked;
