package dev.lair.server.namespace;

import dev.lair.registry.log.LogHead;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.log.OperatorRecord;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.server.settings.MasterKeySource;
import dev.lair.server.settings.RegistryKeyStore;
import dev.lair.signing.KeyId;
import dev.lair.signing.KeyLabel;
import dev.lair.signing.KeyStore;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.Signer;
import dev.lair.transparency.RecordId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the operator writes records: it signs with the keys in the registry's key store and appends through a {@link LogAccess},
 * which is a running server or the store itself.
 */
public final class OperatorDesk implements AutoCloseable {

    private final LogAccess log;
    private final KeyStore keys;
    private final SecureRandom random;
    private final Clock clock;

    /** The operator log, wherever it is. */
    public interface LogAccess extends AutoCloseable {

        /** What the log says now. */
        OperatorLog.State state() throws IOException, OperatorRecordRefused;

        /** Appends a record and answers its leaf index. */
        long append(SignedOperatorRecord record) throws IOException, OperatorRecordRefused;

        @Override
        void close();
    }

    private OperatorDesk(LogAccess log, KeyStore keys, SecureRandom random, Clock clock) {
        this.log = log;
        this.keys = keys;
        this.random = random;
        this.clock = clock;
    }

    /** Opens the operator's keys in a data folder; {@code master} null means by the master key in the folder. */
    public static OperatorDesk open(
            LogAccess log, Path data, @Nullable MasterKeySource master, SecureRandom random, Clock clock)
            throws IOException {
        MasterKeySource source = master == null ? new MasterKeySource.InFolder(data) : master;
        return open(log, RegistryKeyStore.openFolder(data, source, random, clock), random, clock);
    }

    /** With the operator's keys out of a store that is open already. */
    public static OperatorDesk open(LogAccess log, KeyStore keys, SecureRandom random, Clock clock) {
        return new OperatorDesk(log, keys, random, clock);
    }

    /** What the operator log says now. */
    public OperatorLog.State state() throws IOException, OperatorRecordRefused {
        return log.state();
    }

    /** Signs and appends one record with these entries; answers its leaf index. */
    public long append(List<OperatorEntry> entries) throws IOException, OperatorRecordRefused {
        OperatorLog.State state = log.state();
        return append(state, entries, signer(state));
    }

    /**
     * Makes a new key and takes every permission from the others, in two records: the first makes the new key known while
     * the old one still signs checkpoints, the second is signed by the new one. A crash between them leaves two keys that
     * may do everything; rotating again ends with one.
     */
    public KeyId rotate() throws IOException, OperatorRecordRefused {
        OperatorLog.State before = log.state();
        Signer old = signer(before);
        PrivateKey fresh = PrivateKey.generate(random);
        // Sealed before it is granted anything: a granted key that nobody has would be lost.
        keys.add(new KeyLabel("operator-" + (keys.list().size() + 1)), fresh);
        append(before, List.of(new OperatorEntry.Grant(fresh.publicKey(), List.of(OperatorPermission.values()))), old);

        OperatorLog.State granted = log.state();
        List<OperatorEntry> revocations = new ArrayList<>();
        for (KeyId key : granted.keys().keySet()) {
            Set<OperatorPermission> held = granted.permissions(key);
            if (!key.equals(fresh.keyId()) && !held.isEmpty()) {
                revocations.add(new OperatorEntry.Revoke(key, List.copyOf(EnumSet.copyOf(held))));
            }
        }
        append(granted, revocations, fresh);
        return fresh.keyId();
    }

    private long append(OperatorLog.State state, List<OperatorEntry> entries, Signer signer)
            throws IOException, OperatorRecordRefused {
        RecordId prev = state.head().map(LogHead::recordId).orElse(null);
        Instant now = clock.instant();
        Instant time = state.head()
                .map(LogHead::time)
                .filter(last -> last.isAfter(now))
                .orElse(now);
        return log.append(SignedOperatorRecord.sign(new OperatorRecord(prev, 0, time, entries), signer));
    }

    /** The newest key of ours that may do everything. */
    private Signer signer(OperatorLog.State state) throws IOException, OperatorRecordRefused {
        Signer found = null;
        Instant newest = Instant.MIN;
        for (KeyStore.Entry entry : keys.list()) {
            boolean all = state.permissions(entry.keyId()).size() == OperatorPermission.values().length;
            if (all && entry.created().isAfter(newest)) {
                newest = entry.created();
                found = keys.get(entry.label()).orElseThrow();
            }
        }
        if (found == null) {
            throw new OperatorRecordRefused("no key in this registry's key store holds every operator permission");
        }
        return found;
    }

    @Override
    public void close() {
        log.close();
    }
}
