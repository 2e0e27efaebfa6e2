package dev.lair.server.publish;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.Problem;
import dev.lair.server.account.RandomIds;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.publish.Deliveries.Brought;
import dev.lair.server.publish.ReleaseDesk.Readme;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.UploadRows.Upload;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Uploads in parts: content, and perhaps a README, that are published together. Only who began one goes on with it. It ends an
 * hour after it began; its content is collected then, its README is forgotten.
 */
@Component
final class Uploads {

    private static final Duration LIFE = Duration.ofHours(1);

    /** Uploads of one caller that are under way at once: a job has one, a person a few. */
    private static final int MAX_OPEN = 100;

    /** A README that is far larger is a book, and pages show it whole. */
    private static final int MAX_README_BYTES = 256 << 10;

    private final RegistryStore store;
    private final RandomIds ids;
    private final Clock clock;

    Uploads(RegistryStore store, RandomIds ids, Clock clock) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    /** An upload that has begun. */
    record Begun(String id, Instant expiresAt) {}

    /** An upload that can be published. */
    record Complete(Brought brought, @Nullable Readme readme) {}

    Begun begin(Requester requester, PackageName name, SemVer version) {
        Instant now = clock.instant();
        Upload upload = new Upload(
                ids.next("upl"),
                requester.caller().actor(),
                name.toString(),
                version.toString(),
                "",
                "",
                "",
                now.plus(LIFE));
        store.write(rows -> {
            rows.uploads().removeExpired(now);
            if (rows.uploads().ofCaller(upload.caller()) >= MAX_OPEN) {
                throw new ProblemException(
                        Problem.Kind.CONFLICT,
                        "you have " + MAX_OPEN + " uploads under way; publish one, or let them end within the hour");
            }
            rows.uploads().add(upload);
            return upload;
        });
        return new Begun(upload.id(), upload.expiresAt());
    }

    /** Refuses whoever did not begin this upload for this release. */
    void require(Requester requester, PackageName name, SemVer version, String id) {
        store.read(rows -> find(rows, requester, name, version, id));
    }

    private Upload find(RegistryRows rows, Requester requester, PackageName name, SemVer version, String id) {
        return rows.uploads()
                .find(id)
                .filter(upload -> upload.caller().equals(requester.caller().actor())
                        && upload.packageName().equals(name.toString())
                        && upload.version().equals(version.toString())
                        && clock.instant().isBefore(upload.expiresAt()))
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NOT_FOUND, "you have no upload `" + id + "` for this release; begin one"));
    }

    void content(String id, Brought brought) {
        store.write(rows -> {
            rows.uploads()
                    .setContent(id, brought.sent().toString(), brought.content().toString());
            return id;
        });
    }

    void readme(String id, InputStream in, Digest declared) {
        byte[] body;
        try {
            body = in.readNBytes(MAX_README_BYTES + 1);
        } catch (IOException e) {
            throw new ProblemException(Problem.Kind.BAD_REQUEST, "the request's body broke off; send it again");
        }
        if (body.length > MAX_README_BYTES) {
            throw new ProblemException(
                    Problem.Kind.TOO_LARGE,
                    "the README is larger than the " + MAX_README_BYTES + " bytes that are taken");
        }
        Digest digest = Digest.of(body);
        if (!digest.equals(declared)) {
            throw new ProblemException(
                    Problem.Kind.WRONG_DIGEST,
                    "the body has digest " + digest + ", not " + declared + " as its header says");
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException e) {
            throw new ProblemException(Problem.Kind.INVALID, "the README is no UTF-8");
        }
        store.write(rows -> {
            rows.uploads().setReadme(id, digest.toString(), body);
            return id;
        });
    }

    /** What came. The upload stays until it ends, so that whoever got no answer may ask again. */
    Complete complete(Requester requester, PackageName name, SemVer version, String id) {
        return store.read(rows -> {
            Upload upload = find(rows, requester, name, version, id);
            if (upload.content().isEmpty()) {
                throw new ProblemException(
                        Problem.Kind.CONFLICT, "the content of upload `" + id + "` has not come yet");
            }
            Readme readme = upload.readme().isEmpty()
                    ? null
                    : new Readme(Digest.parse(upload.readme()), rows.uploads().readme(id));
            return new Complete(new Brought(Digest.parse(upload.sent()), Digest.parse(upload.content())), readme);
        });
    }
}
