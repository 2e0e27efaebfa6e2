package dev.lair.server.operations;

import dev.lair.registry.Limits;
import dev.lair.registry.api.TokenText;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.FetchLogsRequest;
import dev.lair.registry.warg.WargBodies.FetchLogsResponse;
import dev.lair.registry.warg.WargBodies.PublishedRecord;
import dev.lair.registry.warg.WargBodies.RecordBody;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargJson;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.namespace.Namespaces;
import dev.lair.server.namespace.OperatorDesk;
import dev.lair.server.namespace.OperatorDesk.LogAccess;
import dev.lair.server.namespace.OperatorRecordRefused;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.server.settings.MasterKeySource;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.KeyStore;
import dev.lair.storage.embedded.EmbeddedStorage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Reaches the operator log of a registry. That of a data folder through the server that has it open, or by opening it; that
 * of a database always by opening it, which any number of nodes may do at once.
 */
final class OperatorAccess {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    /** As the client's commands know it. */
    private static final String TOKEN_VARIABLE = "LAIR_TOKEN";

    private OperatorAccess() {}

    /** {@code given} are the settings that the registry is served with; a running server has its own. */
    static OperatorDesk open(Map<String, String> given) throws IOException {
        LairSettings settings = StoredRegistry.settings(given);
        StoredRegistry.requireRegistry(settings);
        SecureRandom random = new SecureRandom();
        Clock clock = Clock.systemUTC();
        Path data = settings.data();
        if (settings.storage() == StorageKind.EMBEDDED && EmbeddedStorage.isInUse(data)) {
            return OperatorDesk.open(running(data), data, MasterKeySource.of(settings), random, clock);
        }
        if (settings.storage() == StorageKind.POSTGRES) {
            // Before the ledger starts on it: that would begin a registry in an empty database.
            StoredRegistry.openExisting(given).close();
        }
        Stored stored = new Stored(given);
        return OperatorDesk.open(stored, stored.keys(), random, clock);
    }

    private static Running running(Path data) throws IOException {
        return new Running(noteOf(data), System.getenv().getOrDefault(TOKEN_VARIABLE, ""));
    }

    /** Believed only while somebody holds the folder: what a killed server left behind may lead to another registry. */
    private static ServerNote noteOf(Path data) throws IOException {
        return ServerNote.read(data)
                .orElseThrow(() -> new IOException("a process has `" + data.toAbsolutePath()
                        + "` open and does not listen yet; try again when the server is ready"));
    }

    /**
     * Over HTTP, with nothing that another client could not do. A registry with private reads asks for a token here as
     * everywhere: a second way in beside it, as a file with a secret of its own, would be one more thing to keep safe, and who
     * set reads private can make a token. It goes to this one address, which is never left: redirects are not followed.
     */
    private static final class Running implements LogAccess {

        private final URI base;
        private final Optional<TokenText> token;
        private final HttpClient http;

        Running(ServerNote note, String token) throws IOException {
            this.base = URI.create(note.url() + "/");
            this.token = TokenText.parse(token.strip());
            if (!token.isBlank() && this.token.isEmpty()) {
                throw new IOException("$" + TOKEN_VARIABLE
                        + " is no token of a Lair registry (lair_pat_…); was all of it" + " copied?");
            }
            HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN);
            note.tls().ifPresent(builder::sslContext);
            http = builder.build();
        }

        private CheckpointBody checkpoint() throws IOException, OperatorRecordRefused {
            return send(HttpRequest.newBuilder(base.resolve(WargPaths.FETCH_CHECKPOINT)), CheckpointBody.class);
        }

        @Override
        public OperatorLog.State state() throws IOException, OperatorRecordRefused {
            OperatorLog.State state = OperatorLog.State.EMPTY;
            long size = checkpoint().contents().logLength();
            String token = null;
            boolean more = true;
            while (more) {
                FetchLogsResponse reply = post(
                        WargPaths.FETCH_LOGS,
                        new FetchLogsRequest(size, Limits.FETCH_MAX_RECORDS, token, null),
                        FetchLogsResponse.class);
                List<PublishedRecord> records = reply.operator() == null ? List.of() : reply.operator();
                for (PublishedRecord record : records) {
                    state = append(state, record);
                    token = record.fetchToken();
                }
                more = reply.more();
            }
            return state;
        }

        private static OperatorLog.State append(OperatorLog.State state, PublishedRecord record)
                throws OperatorRecordRefused {
            try {
                return state.append(SignedOperatorRecord.decode(record.signedRecord()), EcdsaP256.INSTANCE);
            } catch (RecordRejected | MalformedRecordException e) {
                throw new OperatorRecordRefused("the running server's operator log is not valid: " + e.getMessage(), e);
            }
        }

        @Override
        public long append(SignedOperatorRecord record) throws IOException, OperatorRecordRefused {
            Map<?, ?> reply = post("api/v1/operator/records", RecordBody.of(record.envelope()), Map.class);
            if (reply.get("leafIndex") instanceof Number leaf) {
                return leaf.longValue();
            }
            throw new IOException("the server at " + base + " does not say at which leaf the record is");
        }

        private <T> T post(String path, Object body, Class<T> type) throws IOException, OperatorRecordRefused {
            return send(
                    HttpRequest.newBuilder(base.resolve(path))
                            .header("Content-Type", WargJson.CONTENT_TYPE)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(WargJson.write(body))),
                    type);
        }

        private <T> T send(HttpRequest.Builder request, Class<T> type) throws IOException, OperatorRecordRefused {
            try {
                request.timeout(ANSWER_WITHIN);
                HttpResponse<byte[]> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                if (reply.statusCode() == 401 && token.isPresent()) {
                    request.setHeader("Authorization", "Bearer " + token.get().secret());
                    reply = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                }
                if (reply.statusCode() == 401) {
                    throw new OperatorRecordRefused("the running server lets nobody in without a token that reads"
                            + " (lair.access=private): "
                            + (token.isEmpty()
                                    ? "put one into $" + TOKEN_VARIABLE + " (lair token create --scope read)"
                                    : "it does not take the one in $" + TOKEN_VARIABLE)
                            + ", or stop the server");
                }
                if (reply.statusCode() != 200) {
                    WargError error = WargJson.readReply(reply.body(), WargError.class);
                    throw new OperatorRecordRefused(String.valueOf(error.message()));
                }
                return WargJson.readReply(reply.body(), type);
            } catch (MalformedBodyException e) {
                throw new IOException("the server at " + base + " does not answer like a registry", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the server at " + base + " answered", e);
            }
        }

        @Override
        public void close() {
            http.close();
        }
    }

    /** The store itself, through the same service that the server uses, without a port. */
    private static final class Stored implements LogAccess {

        private final ConfigurableApplicationContext context;

        Stored(Map<String, String> settings) {
            context = StoredRegistry.start(OperatorApplication.class, settings);
        }

        KeyStore keys() {
            return context.getBean(KeyStore.class);
        }

        @Override
        public OperatorLog.State state() {
            return context.getBean(Namespaces.class).operatorLog();
        }

        @Override
        public long append(SignedOperatorRecord record) throws OperatorRecordRefused {
            return context.getBean(Namespaces.class).append(record);
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
