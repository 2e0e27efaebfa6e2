/**
 * Publishing from CI without a stored secret: an identity token of a configured issuer is verified, its claims are read,
 * and the publisher that they match is found (trusted publishing, sections 2 to 4). Begin at
 * {@link dev.lair.server.trustedpublishing.IdentityTokenVerifier}, then {@link dev.lair.server.trustedpublishing.PublisherMatch}.
 */
@NullMarked
package dev.lair.server.trustedpublishing;

import org.jspecify.annotations.NullMarked;
