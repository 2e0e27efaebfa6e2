/**
 * What issuers of identities publish, fetched without trusting them further than their name: documents over pinned sockets, keys
 * over time, and the tokens that the keys sign. Who may do what with a token is not known here.
 */
@NullMarked
package dev.lair.server.issuer;

import org.jspecify.annotations.NullMarked;
