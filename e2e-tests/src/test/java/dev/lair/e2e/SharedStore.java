package dev.lair.e2e;

import dev.lair.signing.MasterKey;
import dev.lair.storage.postgres.PostgresSettings;
import dev.lair.storage.s3.S3Credentials;
import dev.lair.storage.s3.S3Server;
import dev.lair.storage.s3.S3Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/** One database and one bucket for many nodes, and the files by which each node gets at them. */
final class SharedStore {

    /** The names of the logs do not depend on the port that a node happens to get. */
    static final String ORIGIN = "registry.example/e2e";

    private final Path work;
    private final Map<String, String> settings;

    private SharedStore(Path work, Map<String, String> settings) {
        this.work = work;
        this.settings = settings;
    }

    /** A bucket's folder of its own beside this database; {@code work} gets the files. */
    static SharedStore of(Path work, PostgresSettings database) throws IOException {
        S3Settings bucket = S3Server.shared().settings();
        S3Credentials credentials = bucket.credentials().orElseThrow();
        Path masterKey = work.resolve("shared-master.key");
        MasterKey.createFile(masterKey, new SecureRandom());
        Map<String, String> settings = new TreeMap<>();
        settings.put("lair.storage", "postgres");
        settings.put("lair.postgres.user", database.user());
        settings.put("lair.postgres.password-file", secret(work, "postgres-password", database.password()));
        settings.put("lair.master-key-file", masterKey.toString());
        settings.put("lair.ledger.origin", ORIGIN);
        settings.put("lair.s3.bucket", bucket.bucket());
        settings.put("lair.s3.prefix", bucket.prefix());
        settings.put("lair.s3.region", bucket.region());
        bucket.endpoint().ifPresent(endpoint -> {
            settings.put("lair.s3.endpoint", endpoint.toString());
            settings.put("lair.s3.path-style", "true");
        });
        settings.put("lair.s3.access-key-file", secret(work, "s3-access-key", credentials.accessKeyId()));
        settings.put("lair.s3.secret-key-file", secret(work, "s3-secret-key", credentials.secretKey()));
        return new SharedStore(work, settings).over(database);
    }

    private static String secret(Path work, String name, String value) throws IOException {
        return Files.writeString(work.resolve(name), value + "\n").toString();
    }

    /** The same bucket and keys beside another database of the same server. */
    SharedStore over(PostgresSettings database) {
        Assumptions.assumeTrue(
                database.schema() == null,
                "SKIPPED: a registry needs a database of its own, and this PostgreSQL user may only make schemas");
        Map<String, String> others = new TreeMap<>(settings);
        others.put("lair.postgres.url", database.jdbcUrl());
        return new SharedStore(work, others);
    }

    /** Every setting that a node of this store has, for commands that are not run over it as it stands. */
    Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    /** A node with a data folder of its own. */
    ServerProcess.Options node(String name) {
        return ServerProcess.in(work).data(work.resolve(name)).namespace("test").set(settings);
    }

    /** A command of the server jar over this store. */
    Command.Result command(String name, String... more) throws Exception {
        return Fsck.command(name, work, work.resolve("of-" + name), settings, List.of(more));
    }

    /** {@code fsck} finds nothing wrong; nodes may run meanwhile. */
    Fsck.Counts requireClean() throws Exception {
        return Fsck.requireClean(work, work.resolve("of-fsck"), settings);
    }
}
