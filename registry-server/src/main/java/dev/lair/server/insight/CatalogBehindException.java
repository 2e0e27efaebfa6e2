package dev.lair.server.insight;

import dev.lair.server.problem.BusyException;

/** The catalog does not know yet all that is published; after a start or a rebuild that takes a while. */
public final class CatalogBehindException extends BusyException {

    private static final long serialVersionUID = 1L;

    CatalogBehindException() {
        super("the catalog is being brought up to date with the ledger; ask again in a moment");
    }
}
