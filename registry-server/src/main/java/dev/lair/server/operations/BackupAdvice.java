package dev.lair.server.operations;

import dev.lair.server.settings.DataFolder;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.PostgresSettings;
import dev.lair.server.settings.LairSettings.S3Settings;
import dev.lair.server.settings.MasterKeySource;

/** What an operator runs to copy a registry that is in a database, in the order in which it must be done. */
final class BackupAdvice {

    private BackupAdvice() {}

    /** Lines for the terminal; no secret is in them. */
    static String of(LairSettings settings) {
        PostgresSettings postgres = settings.postgres();
        S3Settings bucket = settings.s3();
        String url = postgres == null ? "" : postgres.url();
        String user = postgres == null ? "" : postgres.user();
        StringBuilder advice = new StringBuilder("error: nothing was copied: this registry is in PostgreSQL, whose own"
                + " tools copy it while its nodes run. In this order:\n");
        advice.append("  1. the database, at one moment: pg_dump --format=custom --file=lair.dump --username=")
                .append(user)
                .append(' ')
                // What libpq takes as a connection string; parameters behind the question mark are the driver's.
                .append(url.replaceFirst("^jdbc:", "").replaceFirst("\\?.*$", ""))
                .append('\n')
                .append("     (or a base backup with archived WAL, for any moment)\n");
        if (bucket == null) {
            advice.append("  2. after it the folder `")
                    .append(settings.data().toAbsolutePath().resolve(DataFolder.CONTENTS))
                    .append("`: every content that the dump names is there by then, and stays\n");
        } else {
            advice.append("  2. after it ")
                    .append(shown(bucket))
                    .append(": every content that the dump names is there by then, and stays\n");
        }
        advice.append("  3. apart from both, once: the master key, ")
                .append(MasterKeySource.of(settings).describe())
                .append("; the dump holds the keys that it opens\n")
                .append(
                        "A dump is an older state from the moment on at which the registry publishes again: see \"When a"
                                + " backup was restored\" in docs/OPERATIONS.md.");
        return advice.toString();
    }

    /** The bucket, with the keys in it that are ours. */
    static String shown(S3Settings bucket) {
        return "bucket `" + bucket.bucket() + "`"
                + (bucket.prefix().isEmpty() ? "" : " below `" + bucket.prefix() + "`")
                + (bucket.endpoint() == null ? "" : " of " + bucket.endpoint());
    }
}
