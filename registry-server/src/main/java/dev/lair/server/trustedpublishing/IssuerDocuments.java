package dev.lair.server.trustedpublishing;

import java.io.IOException;
import java.net.URI;

/** Where the documents of issuers come from. Implementations bound time and size, and follow no redirect. */
interface IssuerDocuments {

    /**
     * The document there, which belongs to this issuer.
     *
     * @param url one that {@link TrustedIssuer#mayNameKeysAt} allows
     * @throws IOException when it cannot be had; the message is for the operator's log
     */
    byte[] get(TrustedIssuer issuer, URI url) throws IOException;
}
