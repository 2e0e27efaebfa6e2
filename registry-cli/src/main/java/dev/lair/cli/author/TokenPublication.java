package dev.lair.cli.author;

import dev.lair.cli.client.ApiClient;
import dev.lair.cli.client.ApiRefused;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.time.Deadline;
import dev.lair.cli.time.Pace;
import dev.lair.cli.trust.TrustSession;
import dev.lair.cli.trust.VerifiedLog;
import dev.lair.cli.trust.VerifiedView;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PublishDocuments;
import dev.lair.registry.log.Release;
import dev.lair.registry.warg.WargBodies.ContentSource;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way of a release through the registry's HTTP door, with a token and no key: send the bytes, wait, verify that the log
 * has what was sent, and read the content back. The registry signs the record; what it signed is checked, not believed.
 */
public final class TokenPublication implements Door {

    private static final String WASM = "application/wasm";
    private static final String MARKDOWN = "text/markdown; charset=utf-8";
    private static final int KEY_BYTES = 16;

    private final RegistryClient client;
    private final ApiClient api;
    private final TrustSession trust;
    private final SecureRandom random;
    private final Pace pace;
    private final Duration timeout;
    private final Reporter reporter;
    private final @Nullable ContentFile readme;

    /**
     * @param api with the token
     * @param readme Markdown that goes with the release, or null
     */
    public TokenPublication(
            RegistryClient client,
            ApiClient api,
            TrustSession trust,
            SecureRandom random,
            Pace pace,
            Duration timeout,
            Reporter reporter,
            @Nullable ContentFile readme) {
        this.client = client;
        this.api = api;
        this.trust = trust;
        this.random = random;
        this.pace = pace;
        this.timeout = timeout;
        this.reporter = reporter;
        this.readme = readme;
    }

    @Override
    public Publication.Published publish(PackageName name, SemVer version, ContentFile content) throws Fault {
        try {
            PublishDocuments.Release published = settled(name, version, send(name, version, content));
            Publication.Published confirmed = confirm(name, version, content.digest(), published);
            readBack(name, version, content.digest());
            return confirmed;
        } catch (ApiRefused refused) {
            throw refused.fault();
        }
    }

    private interface Attempt<T> {
        T make() throws Fault, ApiRefused;
    }

    /** Again when the registry says that it did nothing for now; its idempotency key makes all tries one. */
    private <T> T patiently(Attempt<T> attempt) throws Fault, ApiRefused {
        Deadline deadline = new Deadline(pace, timeout);
        while (true) {
            try {
                return attempt.make();
            } catch (ApiRefused refused) {
                if (!refused.isForNow() || !deadline.another(refused.retryAfter())) {
                    throw refused;
                }
            }
        }
    }

    private ApiClient.Answer<PublishDocuments.Release> send(PackageName name, SemVer version, ContentFile content)
            throws Fault, ApiRefused {
        String what = "publish `" + name + "` " + version;
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        String idempotencyKey = HexFormat.of().formatHex(key);
        ApiClient.Part body = part(content, WASM);
        String path = ApiPaths.version(name, version);
        if (readme == null) {
            return patiently(
                    () -> api.post(path, what, body, idempotencyKey, reporter, PublishDocuments.Release.class));
        }
        ApiClient.Part markdown = part(readme, MARKDOWN);
        String session = patiently(() -> api.post(
                        path + "/uploads",
                        what,
                        null,
                        idempotencyKey + "-open",
                        reporter,
                        PublishDocuments.Upload.class))
                .body()
                .uploadUrl();
        String upload = session.endsWith("/") ? session : session + "/";
        patiently(() -> {
            api.put(upload + "content", "take the content of `" + name + "` " + version, body, reporter);
            api.put(upload + "readme", "take the README of `" + name + "` " + version, markdown, reporter);
            return true;
        });
        return patiently(() ->
                api.post(upload + "publish", what, null, idempotencyKey, reporter, PublishDocuments.Release.class));
    }

    private static ApiClient.Part part(ContentFile file, String mediaType) {
        return new ApiClient.Part(file.path(), file.sizeBytes(), file.digest(), mediaType);
    }

    /** Asks until it is published or rejected. */
    private PublishDocuments.Release settled(
            PackageName name, SemVer version, ApiClient.Answer<PublishDocuments.Release> first)
            throws Fault, ApiRefused {
        String statusUrl = first.body().statusUrl();
        ApiClient.Answer<PublishDocuments.Release> answer = first;
        Deadline deadline = new Deadline(pace, timeout);
        while (true) {
            PublishDocuments.Release now = answer.body();
            if ("published".equals(now.state())) {
                return now;
            }
            if ("rejected".equals(now.state())) {
                PublishDocuments.Rejection problem = now.problem();
                throw ExitCode.REFUSED
                        .fault("the registry rejected `" + name + "` " + version + ": "
                                + (problem == null ? "no reason given" : problem.detail()))
                        .withHint(problem == null ? null : problem.hint());
            }
            if (!deadline.another(answer.retryAfter())) {
                throw ExitCode.UNREACHABLE.fault("`" + name + "` " + version + " is still being processed after "
                        + timeout.toSeconds() + " s; it may yet be published: look with `lair log " + name
                        + "`, or wait longer with --timeout");
            }
            answer = patiently(() -> api.getNamed(
                    statusUrl, "tell the state of `" + name + "` " + version, PublishDocuments.Release.class));
        }
    }

    /** The registry says it is published: the log says so too, and of these bytes, or it is not. */
    private Publication.Published confirm(
            PackageName name, SemVer version, Digest content, PublishDocuments.Release published) throws Fault {
        Long index = published.leafIndex();
        if (index == null || published.recordId() == null) {
            throw ExitCode.UNVERIFIED.fault("the registry says that `" + name + "` " + version
                    + " is published but not by which record at which leaf");
        }
        Deadline deadline = new Deadline(pace, timeout);
        VerifiedView view = trust.verify(Set.of(name));
        // A cached checkpoint may lag for a moment.
        while (view.size() <= index && deadline.another()) {
            view = trust.verify(Set.of(name));
        }
        VerifiedLog log = view.find(name).orElse(null);
        Release release = log == null ? null : log.state().release(version).orElse(null);
        VerifiedLog.Logged logged = log == null || release == null
                ? null
                : log.record(release.releasedIn()).orElse(null);
        if (log == null
                || release == null
                || logged == null
                || !logged.record().id().toString().equals(published.recordId())
                || logged.leafIndex() != index) {
            throw ExitCode.UNVERIFIED.fault("the registry says that `" + name + "` " + version
                    + " is published by record " + published.recordId() + " at leaf " + index + ", but its log of "
                    + view.size() + " records does not have it there");
        }
        if (!release.content().equals(content)) {
            throw ExitCode.UNVERIFIED.fault("`" + name + "` " + version + " is released as " + release.content()
                    + ", but " + content + " was sent; do not use this release, and ask the registry's operator");
        }
        return new Publication.Published(view, logged, log.records().getFirst().equals(logged));
    }

    /** What everybody gets is what was sent. */
    private void readBack(PackageName name, SemVer version, Digest content) throws Fault {
        MessageDigest sha = ContentFile.sha256();
        try {
            List<ContentSource> sources =
                    client.contentSources(content).contentSources().getOrDefault(content, List.of());
            if (sources.isEmpty()) {
                throw ExitCode.UNVERIFIED.fault(
                        "the registry does not say where the content " + content + " is, which it has just taken");
            }
            client.download(sources.getFirst().url(), new RegistryClient.ContentSink() {
                @Override
                public void begin(Optional<Long> announcedBytes) {
                    // Its digest says whether it is all.
                }

                @Override
                public void piece(List<ByteBuffer> buffers) {
                    buffers.forEach(sha::update);
                }
            });
        } catch (RegistryRefused refused) {
            throw refused.fault();
        } catch (IOException impossible) {
            throw new IllegalStateException("a hash cannot fail to be written", impossible);
        }
        Digest read = Digest.ofBytes(sha.digest());
        if (!read.equals(content)) {
            throw ExitCode.UNVERIFIED.fault("the registry serves other bytes for `" + name + "` " + version
                    + " than were published: " + read + " instead of " + content
                    + "; do not use this release, and ask the registry's operator");
        }
    }
}
