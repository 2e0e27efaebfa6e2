package dev.lair.server.ledger;

import dev.lair.registry.PackageName;
import dev.lair.signing.KeyId;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Records as the ledger sees them, which is their chain and nothing else: their bytes are no real records and all carry
 * one signature. The same seed gives the same records in the same order.
 */
final class Chains {

    private static final PrivateKey KEY = PrivateKey.generate(new SecureRandom());
    private static final KeyId KEY_ID = KEY.keyId();
    private static final Signature SIGNATURE = KEY.sign(new byte[0]);

    private final Random random;
    private final int logs;
    private final Map<String, RecordId> heads = new HashMap<>();
    private final List<LogLeaf> leaves = Collections.synchronizedList(new ArrayList<>());

    /** Chains of {@code logs} packages; each record extends one at random. */
    Chains(long seed, int logs) {
        this.random = new Random(seed);
        this.logs = logs;
    }

    NewRecord next() {
        return next("p" + random.nextInt(logs));
    }

    NewRecord next(String name) {
        NewRecord record = record(name, heads.get(name), "record " + leaves.size());
        heads.put(name, record.recordId());
        leaves.add(new LogLeaf(record.logId(), record.recordId()));
        return record;
    }

    List<NewRecord> next(int count) {
        List<NewRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(next());
        }
        return records;
    }

    /** Every leaf that was handed out, in order. */
    List<LogLeaf> leaves() {
        return leaves;
    }

    static NewRecord record(String name, @Nullable RecordId prev, String text) {
        SignedRecord signed = new SignedRecord((name + " " + text).getBytes(StandardCharsets.UTF_8), KEY_ID, SIGNATURE);
        PackageName packageName = PackageName.parse("test:" + name);
        return new NewRecord(
                packageName.logId(), signed.recordId(RecordDomain.PACKAGE), prev, signed, packageName, List.of());
    }
}
