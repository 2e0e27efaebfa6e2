package dev.lair.server.settings;

import dev.lair.storage.embedded.EmbeddedStorage;

/** Names in a data folder, {@code lair.data}; docs/OPERATIONS.md says what each is and what a backup has of it. */
public final class DataFolder {

    /** The ledger's database; SQLite keeps {@code -wal} and {@code -shm} beside it. */
    public static final String LEDGER = EmbeddedStorage.LEDGER;

    /** Accounts, rights and tokens; with its own {@code -wal} and {@code -shm}. */
    public static final String REGISTRY = EmbeddedStorage.REGISTRY;

    /** Released and uploaded bytes by digest. */
    public static final String CONTENTS = EmbeddedStorage.CONTENTS;

    /** Map snapshots, which can be made again. */
    public static final String SNAPSHOTS = EmbeddedStorage.SNAPSHOTS;

    /** What was found out about contents and releases, which can be found out again. */
    public static final String FACTS = EmbeddedStorage.FACTS;

    /** The search index, which can be made again. */
    public static final String SEARCH = "search";

    /** Sealed private keys. */
    public static final String KEYS = "keys";

    /** What opens them, unless another source is named ({@link MasterKeySource}). */
    public static final String MASTER_KEY = "master.key";

    /** What will open them, while {@code lair rekey} seals them anew. */
    public static final String NEXT_MASTER_KEY = "master.key.new";

    /** The newest signed checkpoint, unless {@code lair.ledger.high-water-file} names another file. */
    public static final String HIGH_WATER = "high-water";

    /** A file of this name says that the registry lives elsewhere now. */
    public static final String MOVED_AWAY = "moved-away";

    /** Half-done uploads to a bucket. */
    public static final String SCRATCH = "scratch";

    /** Where the running server listens. */
    public static final String SERVER_URL = "server.url";

    /** The first password of the account {@code administrator}, until its owner removes the file. */
    public static final String ADMINISTRATOR_PASSWORD = "administrator.password";

    private DataFolder() {}
}
