package dev.lair.storage.registry;

import dev.lair.storage.RelationalStore;
import java.util.function.Function;

/**
 * Accounts, rights, tokens, publishers, attestations and the audit log. A caller says in one function what belongs
 * together: what it does is durable when {@link #write} returns, its row in the audit log with it, or did not happen.
 *
 * <p>The function may be run more than once, so it must only talk to the rows; an exception from it rolls back and is
 * thrown to the caller as it is. A {@link dev.lair.storage.StorageException} says that the database failed.
 */
public final class RegistryStore {

    private final RelationalStore store;

    private RegistryStore(RelationalStore store) {
        this.store = store;
    }

    /** The tables that {@code store} keeps. */
    public static RegistryStore over(RelationalStore store) {
        return new RegistryStore(store);
    }

    /** Looks. One statement sees one state; two may see two. */
    public <T> T read(Function<RegistryRows, T> look) {
        return store.read(work(look));
    }

    /** One transaction, with the effect of running alone. */
    public <T> T write(Function<RegistryRows, T> change) {
        return store.write(work(change));
    }

    private static <T> RelationalStore.Work<T> work(Function<RegistryRows, T> function) {
        return connection -> {
            try {
                return function.apply(new RegistryRows(new Sql(connection)));
            } catch (Sql.Failed failed) {
                throw failed.reason();
            }
        };
    }
}
