package dev.lair.server.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lair.registry.api.ApiJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A provider on loopback whose every word a test chooses: OpenID Connect at {@code /}, and what a GitHub enterprise server has at
 * {@code /login/oauth/access_token} and {@code /api/v3/user}.
 */
final class CrookedProvider implements AutoCloseable {

    static final RSAKey KEY = key("key-1");
    static final RSAKey STRANGE_KEY = key("key-1");

    /** What the token endpoint was asked, with its Authorization header under {@code authorization}. */
    final Queue<Map<String, String>> redeemed = new ConcurrentLinkedQueue<>();

    volatile int tokenStatus = 200;
    volatile Map<String, Object> tokens = Map.of();
    volatile Map<String, Object> user = Map.of();
    volatile String redirect = "";

    private final HttpServer server;

    CrookedProvider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> answer(
                        exchange,
                        200,
                        Map.of(
                                "issuer", url(),
                                "authorization_endpoint", url() + "/authorize?tenant=a",
                                "token_endpoint", url() + "/token",
                                "jwks_uri", url() + "/keys",
                                "authorization_response_iss_parameter_supported", true)));
        server.createContext("/keys", exchange -> answer(exchange, 200, new JWKSet(KEY.toPublicJWK()).toJSONObject()));
        server.createContext("/token", this::redeem);
        server.createContext("/login/oauth/access_token", this::redeem);
        server.createContext("/api/v3/user", exchange -> {
            boolean known = "Bearer gho_x".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            answer(exchange, known ? 200 : 401, known ? user : Map.of());
        });
        server.start();
    }

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void redeem(HttpExchange exchange) throws IOException {
        Map<String, String> form = new HashMap<>();
        for (String pair :
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII).split("&", -1)) {
            form.put(
                    pair.substring(0, pair.indexOf('=')),
                    URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8));
        }
        form.put("authorization", String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        redeemed.add(form);
        if (!redirect.isEmpty()) {
            exchange.getResponseHeaders().set("Location", redirect);
        }
        answer(exchange, tokenStatus, tokens);
    }

    private static void answer(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        byte[] bytes = ApiJson.write(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** A token of these claims. */
    static String signed(RSAKey key, Map<String, Object> claims) {
        try {
            JWSObject token = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    new Payload(claims));
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
