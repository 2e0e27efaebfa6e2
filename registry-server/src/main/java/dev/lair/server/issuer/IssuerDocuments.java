package dev.lair.server.issuer;

import java.io.IOException;
import java.net.URI;

/** Where the documents of issuers come from. Implementations bound time and size, and follow no redirect. */
public interface IssuerDocuments {

    /**
     * The document there, which belongs to this issuer.
     *
     * @param url one that {@link Issuer#mayName} allows
     * @throws IOException when it cannot be had; the message is for the operator's log
     */
    byte[] get(Issuer issuer, URI url) throws IOException;
}
