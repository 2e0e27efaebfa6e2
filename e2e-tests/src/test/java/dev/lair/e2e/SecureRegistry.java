package dev.lair.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A fresh registry that speaks TLS by a certificate of an authority of its own and takes the jobs of a {@link Forge}; and its
 * clients. Whatever they and the server write is handed to a {@link SecretHunt}.
 */
final class SecureRegistry implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    final SecretHunt hunt = new SecretHunt();
    final Forge forge;
    final Path data;
    final ServerProcess server;
    final PrivateAuthority authority;
    final String administratorPassword;

    private final Processes processes = new Processes();
    private final Path work;
    private final SSLContext trusting;
    private final HttpClient http;

    SecureRegistry(Path work) throws Exception {
        this.work = work;
        this.data = work.resolve("data");
        authority = PrivateAuthority.in(work.resolve("authority"));
        forge = new Forge();
        hunt.secret("request token of a job", Forge.REQUEST_TOKEN);
        server = ServerProcess.in(work)
                .set("lair.tls.certificate", authority.certificate().toString())
                .set("lair.tls.key", authority.key().toString())
                .set("lair.rate-limits.logins-per-minute", "0")
                .set(forge.settings())
                .start(processes);
        trusting = authority.trusting();
        http = HttpClient.newBuilder().sslContext(trusting).build();
        administratorPassword = hunt.secret(
                "administrator's password",
                Files.readString(data.resolve("administrator.password")).strip());
    }

    URI url() {
        return server.url();
    }

    /** A person's or a job's {@code lair}, which trusts the authority. */
    LairClient lair(String name) throws IOException {
        return new LairClient(work.resolve(name), url())
                .with("LAIR_CA_FILE", authority.authority().toString());
    }

    /** Hands what a command printed to the hunt, and requires how it ended. */
    Command.Result ran(int exitCode, Command.Result result) {
        hunt.wrote("output of lair", result.out());
        hunt.wrote("output of lair", result.err());
        if (result.exitCode() != exitCode) {
            throw new AssertionError("expected exit code " + exitCode + ":\n" + result);
        }
        return result;
    }

    /** A job of GitHub Actions in a workspace of this name. */
    ActionRun job(String name, Map<String, Object> claims) throws IOException {
        return new ActionRun(work.resolve(name))
                .with(forge.permission(claims))
                .with("NODE_EXTRA_CA_CERTS", authority.authority().toString())
                .input("registry", url().toString());
    }

    /** Hands what a step wrote to the hunt, and requires how it ended. */
    ActionRun.Step ran(int exitCode, ActionRun.Step step) {
        hunt.wrote("output of an action", step.written());
        forge.issued().forEach(hunt::identityToken);
        if (step.state().containsKey("token")) {
            hunt.secret("token of a job", step.state().get("token"));
        }
        if (step.result().exitCode() != exitCode) {
            throw new AssertionError("expected exit code " + exitCode + ":\n" + step.result() + step.summary());
        }
        return step;
    }

    /** An answer; not for the hunt, as some are meant to hold a secret. */
    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonNode json(int status) {
            if (status() != status) {
                throw new AssertionError("expected " + status + ", got " + status() + " " + response.body());
            }
            return JSON.readTree(response.body());
        }
    }

    Answer get(String path, @Nullable String token) throws Exception {
        return send(path, token, request -> request.GET());
    }

    Answer post(String path, @Nullable String token, Map<String, ?> body) throws Exception {
        return post(path, token, JSON.writeValueAsString(body));
    }

    Answer post(String path, @Nullable String token, String body) throws Exception {
        return send(
                path,
                token,
                request -> request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    /** What makes a request of an address and a credential. */
    interface Shape {
        HttpRequest.Builder on(HttpRequest.Builder request);
    }

    Answer send(String path, @Nullable String token, Shape shape) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url() + "/" + path)).timeout(Duration.ofSeconds(30));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return new Answer(
                http.send(shape.on(request).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)));
    }

    /** An error reply, head and body, for the hunt; anything else is a failure. */
    Answer refused(Answer answer) {
        if (answer.status() < 400) {
            throw new AssertionError(
                    "not refused: " + answer.status() + " " + answer.response().body());
        }
        hunt.wrote(
                "error replies",
                answer.response().headers().map() + answer.response().body());
        return answer;
    }

    /** Sends bytes that no HTTP client would send; the whole answer, for the hunt too. */
    String raw(String request) throws IOException {
        try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", url().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            hunt.wrote("error replies", answer);
            return answer;
        }
    }

    @Override
    public void close() {
        http.close();
        processes.close();
        forge.close();
    }
}
