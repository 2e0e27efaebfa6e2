package dev.lair.registry;

/** Every limit of the protocol in one place. */
public final class Limits {

    /** Characters of a package name, {@code ns:name}; the warg contract states it, the reference does not enforce it. */
    public static final int PACKAGE_NAME_CHARACTERS = 128;

    /** Records of one log in one fetch, when the client does not say. */
    public static final int FETCH_DEFAULT_RECORDS = 100;

    /** Records of one log in one fetch, at most. */
    public static final int FETCH_MAX_RECORDS = 1000;

    /** Log ids in one request for names, leaves in one request for inclusion: the warg contract's page size. */
    public static final int PAGE_ITEMS = 1000;

    /** Records in one page of the packed ledger. */
    public static final int LEDGER_PAGE_RECORDS = 1000;

    /**
     * Leaves of a ledger that warg's proof bundles can name: node numbers are uint32 and leaf i is node 2i
     * (transparency log, section 4).
     */
    public static final long LEDGER_LEAVES = 1L << 31;

    private Limits() {}
}
