package dev.lair.server.login;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Somebody's browser: it keeps cookies, each for the port that set it, and goes only where it is sent. */
final class Browser {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Map<Integer, Map<String, String>> cookies = new HashMap<>();

    HttpResponse<String> get(URI uri, String... headers) {
        return send(HttpRequest.newBuilder(uri).GET(), uri, headers);
    }

    HttpResponse<String> post(URI uri, String form) {
        return send(
                HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(form)),
                uri,
                "content-type",
                "application/x-www-form-urlencoded");
    }

    private HttpResponse<String> send(HttpRequest.Builder request, URI uri, String... headers) {
        Map<String, String> jar = cookies.computeIfAbsent(uri.getPort(), none -> new HashMap<>());
        jar.forEach((name, value) -> request.header("cookie", name + "=" + value));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> reply =
                    CLIENT.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
            for (String cookie : reply.headers().allValues("set-cookie")) {
                String pair = cookie.substring(0, cookie.indexOf(';'));
                String name = pair.substring(0, pair.indexOf('='));
                if (cookie.contains("Max-Age=0")) {
                    jar.remove(name);
                } else {
                    jar.put(name, pair.substring(pair.indexOf('=') + 1));
                }
            }
            return reply;
        } catch (IOException e) {
            throw new AssertionError("no reply", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The value of a cookie that the port of this address set. */
    Optional<String> cookie(URI uri, String name) {
        return Optional.ofNullable(cookies.getOrDefault(uri.getPort(), Map.of()).get(name));
    }

    static URI location(HttpResponse<?> reply) {
        return URI.create(reply.headers().firstValue("location").orElseThrow());
    }

    /** A parameter of an address. */
    static @Nullable String parameter(URI uri, String name) {
        for (String pair : uri.getRawQuery().split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return null;
    }
}
