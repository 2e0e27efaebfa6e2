package dev.lair.cli.client;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.DigestField;
import dev.lair.transparency.Digest;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Lair API (docs/API.md) of a registry, with a token. An answer has the form that was asked for, or is a {@link Fault};
 * an error is an {@link ApiRefused}.
 *
 * <p>The token goes to the registry's own address only: over TLS, or to this machine. Redirects are not followed, and an
 * address elsewhere that the registry names is refused.
 */
public final class ApiClient {

    private static final String JSON = ApiJson.CONTENT_TYPE;

    private final RegistryClient client;
    private final StepUp stepUp;
    private Optional<Credential> credential;

    /** @param credential sent with each request; without one the registry is asked as nobody first */
    public ApiClient(RegistryClient client, Optional<Credential> credential) {
        this(client, credential, refused -> Optional.empty());
    }

    /** @param stepUp what is done about an act that wants a fresh login; asked once for each such request */
    public ApiClient(RegistryClient client, Optional<Credential> credential, StepUp stepUp) {
        this.client = client;
        this.credential = credential;
        this.stepUp = stepUp;
    }

    /** Gets a fresh login for an act that needs one. */
    @FunctionalInterface
    public interface StepUp {
        /**
         * The credential of a fresh login, with which the act is asked for again; empty leaves it refused.
         *
         * @throws Fault that says what to do instead
         */
        Optional<Credential> renew(ApiRefused refused) throws Fault;
    }

    /** Bytes to send, and how they are called. */
    public record Part(Path file, long sizeBytes, Digest digest, String mediaType) {}

    /**
     * An answer, and how long to wait before the next question.
     *
     * @param <T> its form
     */
    public record Answer<T>(T body, Optional<Duration> retryAfter) {}

    /** A text as one segment of a path. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** @param what for messages: the registry refused to WHAT */
    public <T> T get(String path, String what, Class<T> type) throws Fault, ApiRefused {
        return read(request(client.registry().api(path)).GET(), what, type).body();
    }

    /** Sends a document, and reads another. */
    public <T> T send(String method, String path, String what, Object body, Class<T> type) throws Fault, ApiRefused {
        return read(document(method, path, body), what, type).body();
    }

    /** Sends a document where the answer says nothing more. */
    public void send(String method, String path, String what, Object body) throws Fault, ApiRefused {
        done(document(method, path, body), what);
    }

    /** Asks for an act that needs no document, and reads what is said about it. */
    public <T> T ask(String method, String path, String what, Class<T> type) throws Fault, ApiRefused {
        return read(request(client.registry().api(path)).method(method, BodyPublishers.noBody()), what, type)
                .body();
    }

    /** Asks for an act that needs no document. */
    public void act(String method, String path, String what) throws Fault, ApiRefused {
        done(request(client.registry().api(path)).method(method, BodyPublishers.noBody()), what);
    }

    /** Reads what an address says that the registry named. */
    public <T> Answer<T> getNamed(String address, String what, Class<T> type) throws Fault, ApiRefused {
        return read(request(own(address)).GET(), what, type);
    }

    /**
     * POST of bytes, or of nothing.
     *
     * @param address a path of the API, or what the registry named
     * @param idempotencyKey the same for each try of one wish
     */
    public <T> Answer<T> post(
            String address, String what, @Nullable Part part, String idempotencyKey, Reporter reporter, Class<T> type)
            throws Fault, ApiRefused {
        HttpRequest.Builder request = request(own(address)).header("Idempotency-Key", idempotencyKey);
        if (part == null) {
            return read(request.POST(BodyPublishers.noBody()), what, type);
        }
        try (Reporter.Progress progress = reporter.start("upload", part.sizeBytes(), Reporter.Unit.BYTES)) {
            return read(request.POST(content(request, part, progress)), what, type);
        }
    }

    /** PUT of bytes to an address that the registry named. */
    public void put(String address, String what, Part part, Reporter reporter) throws Fault, ApiRefused {
        HttpRequest.Builder request = request(own(address));
        try (Reporter.Progress progress = reporter.start("upload", part.sizeBytes(), Reporter.Unit.BYTES)) {
            done(request.PUT(content(request, part, progress)), what);
        }
    }

    private BodyPublisher content(HttpRequest.Builder request, Part part, Reporter.Progress progress) throws Fault {
        Duration slowest = Duration.ofSeconds(part.sizeBytes() / Limits.SLOWEST_UPLOAD_BYTES_PER_SECOND);
        request.timeout(client.within(Limits.REPLY.plus(slowest)))
                .header("Content-Type", part.mediaType())
                .header("Content-Digest", DigestField.format(part.digest()));
        return UploadBody.of(part.file(), part.sizeBytes(), progress);
    }

    private HttpRequest.Builder document(String method, String path, Object body) throws Fault {
        return request(client.registry().api(path))
                .header("Content-Type", JSON)
                .method(method, BodyPublishers.ofByteArray(ApiJson.write(body)));
    }

    private URI own(String address) throws Fault {
        URI uri = client.registry().named(address);
        if (!client.registry().isOwn(uri)) {
            throw ExitCode.REFUSED.fault("the registry names " + uri + ", which is not below " + client.registry()
                    + ", and a token goes nowhere else; name the registry by its public URL (--registry)");
        }
        return uri;
    }

    private HttpRequest.Builder request(URI uri) throws Fault {
        HttpRequest.Builder request =
                client.request(uri).timeout(client.within(Limits.REPLY)).header("Accept", JSON);
        if (credential.isPresent()) {
            requireSecrecy(uri);
            request.header("Authorization", credential.get().header());
        }
        return request;
    }

    /**
     * Checks that a secret may be sent to the registry at all.
     *
     * @throws Fault when it would go over a network in the clear
     */
    public void requireSecrecy() throws Fault {
        requireSecrecy(client.registry().api(""));
    }

    private void requireSecrecy(URI uri) throws Fault {
        if (!client.registry().takesSecrets(uri)) {
            throw ExitCode.USAGE.fault("a token or password is not sent to " + uri
                    + ": plain http shows it to everybody on the way; name the registry by its https URL");
        }
    }

    private <T> Answer<T> read(HttpRequest.Builder request, String what, Class<T> type) throws Fault, ApiRefused {
        HttpRequest built = request.build();
        Answer<byte[]> answer = exchange(built, what);
        try {
            return new Answer<>(ApiJson.read(answer.body(), type), answer.retryAfter());
        } catch (IllegalArgumentException e) {
            throw ExitCode.UNVERIFIED.fault(
                    "the answer of " + built.uri()
                            + " has not the form that docs/API.md says; is this the base URL of a" + " Lair registry?",
                    e);
        }
    }

    private void done(HttpRequest.Builder request, String what) throws Fault, ApiRefused {
        exchange(request.build(), what);
    }

    /** An act that wants a fresh login was not done: it is asked for again, whatever it is, with that login. */
    private Answer<byte[]> exchange(HttpRequest request, String what) throws Fault, ApiRefused {
        try {
            return once(request, what);
        } catch (ApiRefused refused) {
            Optional<Credential> fresh = refused.is("step-up-required") ? stepUp.renew(refused) : Optional.empty();
            if (fresh.isEmpty()) {
                throw refused;
            }
            requireSecrecy(request.uri());
            credential = fresh;
            return once(RegistryClient.with(request, fresh.get()), what);
        }
    }

    private Answer<byte[]> once(HttpRequest request, String what) throws Fault, ApiRefused {
        try (Reply reply = client.send(request, Limits.WHOLE_REPLY)) {
            return new Answer<>(succeeded(reply, what), reply.retryAfter());
        }
    }

    private byte[] succeeded(Reply reply, String what) throws Fault, ApiRefused {
        if (reply.redirect().isEmpty() && !reply.isSuccess()) {
            byte[] body = reply.readAll(Limits.ERROR_REPLY_BYTES);
            throw new ApiRefused(what, reply.status(), answered(body), reply.retryAfter());
        }
        try {
            return client.succeeded(reply, what, Limits.JSON_REPLY_BYTES);
        } catch (RegistryRefused impossible) {
            throw new IllegalStateException("a success was refused", impossible);
        }
    }

    private static ApiRefused.Answered answered(byte[] body) {
        try {
            return ApiJson.read(body, ApiRefused.Answered.class);
        } catch (IllegalArgumentException notFromTheApi) {
            // A proxy answered, or another kind of server: shown as it came.
            return new ApiRefused.Answered(null, null, new String(body, StandardCharsets.UTF_8).strip(), null);
        }
    }
}
