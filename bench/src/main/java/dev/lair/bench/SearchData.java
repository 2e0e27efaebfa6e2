package dev.lair.bench;

import dev.lair.component.validate.ValidatorVersion;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ContentFacts.Extern;
import dev.lair.registry.api.ContentFacts.Metadata;
import dev.lair.registry.api.ContentFacts.Producer;
import dev.lair.registry.api.ContentFacts.Validation;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.ledger.Appended;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.NewRecord;
import dev.lair.signing.PrivateKey;
import dev.lair.storage.FactStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A registry to search: packages with names, interfaces and descriptions out of a vocabulary in which a few words are frequent
 * and most are rare, as in languages. Records are signed and go through the real ledger, round by round over all packages;
 * contents do not exist, their facts are written where the server looks for them, for the newest version of each package.
 */
final class SearchData {

    private static final int WORDS = 4_000;
    private static final int IN_HAND = 1024;
    private static final String[] SYLLABLES = {
        "ka", "lo", "mi", "ra", "te", "su", "no", "vi", "pe", "do", "xa", "ri", "zu", "be", "fo", "gal", "min", "tor",
        "ver", "lex"
    };
    private static final List<String> WASI = List.of(
            "wasi:io/streams@0.2.3",
            "wasi:http/types@0.2.3",
            "wasi:http/outgoing-handler@0.2.3",
            "wasi:filesystem/types@0.2.3",
            "wasi:clocks/wall-clock@0.2.3",
            "wasi:random/random@0.2.3",
            "wasi:cli/environment@0.2.3",
            "wasi:sockets/tcp@0.2.3");

    private final String[] words = new String[WORDS];
    private final int packages;
    private final int versions;

    SearchData(int packages, int versions) {
        this.packages = packages;
        this.versions = versions;
        Random random = new Random(7);
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            for (int n = 2 + random.nextInt(2); n > 0; n--) {
                word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
            }
            words[i] = word.toString();
        }
    }

    /** A word, a frequent one more often. */
    String word(Random random) {
        double share = random.nextDouble();
        return words[(int) (share * share * share * WORDS)];
    }

    private PackageName name(int number) {
        Random random = new Random(number);
        return PackageName.parse("load:" + word(random) + "-" + word(random) + "-n" + number);
    }

    /** Releases them all. */
    void release(Ledger ledger, FactStore facts, Console console) throws InterruptedException {
        PrivateKey author = PrivateKey.generate(new SecureRandom());
        Map<Integer, RecordId> heads = new HashMap<>();
        Semaphore room = new Semaphore(IN_HAND);
        Appended last = null;
        for (int version = 0; version < versions; version++) {
            int round = version;
            List<SignedPackageRecord> records = IntStream.range(0, packages)
                    .parallel()
                    .mapToObj(number -> record(number, round, heads.get(number), author))
                    .toList();
            for (int number = 0; number < packages; number++) {
                SignedPackageRecord record = records.get(number);
                room.acquire();
                last = ledger.append(new NewRecord(
                        name(number).logId(),
                        record.id(),
                        heads.put(number, record.id()),
                        record.envelope(),
                        name(number),
                        List.of(content(number, version))));
                var unused = last.leafIndex().whenComplete((index, failure) -> room.release());
            }
            console.progress("released versions", (long) (version + 1) * packages, (long) versions * packages);
        }
        if (last != null) {
            last.covered().join();
        }
        for (int number = 0; number < packages; number++) {
            facts.saveContent(content(number, versions - 1), ApiJson.writeCompressed(facts(number)));
            console.progress("facts", number + 1, packages);
        }
    }

    private SignedPackageRecord record(int number, int version, @Nullable RecordId prev, PrivateKey author) {
        List<PackageEntry> entries = new ArrayList<>();
        if (prev == null) {
            entries.add(new PackageEntry.Init(author.publicKey()));
        }
        entries.add(new PackageEntry.Release(SemVer.parse("1." + version + ".0"), content(number, version)));
        return SignedPackageRecord.sign(new PackageRecord(prev, 0, Instant.now(), entries), author);
    }

    private static Digest content(int number, int version) {
        return Digest.of(("content " + number + " " + version).getBytes(StandardCharsets.US_ASCII));
    }

    private ContentFacts facts(int number) {
        Random random = new Random(~number);
        StringBuilder description = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            description.append(i == 0 ? "" : " ").append(word(random));
        }
        return new ContentFacts(
                ContentFacts.COMPONENT,
                50_000 + number,
                new Validation(ValidatorVersion.CURRENT, List.of(), Validation.VALID, null, null, null),
                new Metadata(
                        null,
                        null,
                        description.toString(),
                        random.nextBoolean() ? "MIT" : "Apache-2.0",
                        null,
                        null,
                        null,
                        null),
                null,
                null,
                null,
                WASI.stream()
                        .filter(each -> random.nextInt(3) == 0)
                        .map(SearchData::extern)
                        .toList(),
                IntStream.range(0, 3)
                        .mapToObj(i ->
                                extern("load:" + word(random) + "/" + word(random) + "-" + word(random) + "@1.0.0"))
                        .toList(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new Producer(random.nextInt(3) == 0 ? "Go" : "Rust", "1")),
                List.of(new Producer("wit-component", "1")),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static Extern extern(String name) {
        return new Extern(name, "instance", null);
    }

    /** A question as people ask: mostly a word or two, sometimes its beginning, sometimes with a filter. */
    String query(Random random) {
        String word = word(random);
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> word;
            case 3 -> word.substring(0, Math.max(3, word.length() - 2));
            case 4, 5 -> word + " " + word(random);
            case 6 -> "imports:wasi:http@0.2 " + word;
            default -> "toolchain:rust license:mit " + word;
        };
    }
}
