/**
 * Publishing from CI without a stored secret: an identity token of a configured issuer is verified, its claims are read,
 * the publisher that they match is found, and a token for minutes is minted (trusted publishing, sections 2 to 4). Begin at
 * {@link dev.lair.server.trustedpublishing.TokenExchange}; {@link dev.lair.server.trustedpublishing.Publishers} are what it knows.
 */
@NullMarked
package dev.lair.server.trustedpublishing;

import org.jspecify.annotations.NullMarked;
