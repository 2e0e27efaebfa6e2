package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of a browser as forms need: it keeps cookies, says where it comes from, and finds the token in the page it shows. */
final class Browser {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");

    private final String origin;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private String token = "";

    Browser(int port) {
        this.origin = "http://127.0.0.1:" + port;
    }

    /** What came back. */
    record Shown(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        String text() {
            return response.body();
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        List<String> headers(String name) {
            return response.headers().allValues(name);
        }

        String location() {
            return header("location").orElse("");
        }

        Shown require(int status, String... words) {
            assertThat(status()).as(this::text).isEqualTo(status);
            for (String word : words) {
                assertThat(text()).contains(word);
            }
            return this;
        }

        Shown requireSentTo(String path) {
            assertThat(status()).as(this::text).isEqualTo(303);
            assertThat(location()).isEqualTo(path);
            return this;
        }
    }

    String origin() {
        return origin;
    }

    /** The token of the last page that had a form. */
    String token() {
        return token;
    }

    Browser with(String cookie, String value) {
        cookies.put(cookie, value);
        return this;
    }

    Optional<String> cookie(String name) {
        return Optional.ofNullable(cookies.get(name));
    }

    Shown get(String path) {
        return send(path, request -> request.GET());
    }

    /** Sends a form as a page of this registry does; pairs of name and value. */
    Shown submit(String path, String... fields) {
        return post(path, form(token, fields), request -> request.header("origin", origin));
    }

    Shown post(String path, String body, Consumer<HttpRequest.Builder> headers) {
        return send(path, request -> {
            request.POST(HttpRequest.BodyPublishers.ofString(body))
                    .header("content-type", "application/x-www-form-urlencoded");
            headers.accept(request);
        });
    }

    static String form(String token, String... fields) {
        StringBuilder body = new StringBuilder("csrf=").append(encode(token));
        for (int i = 0; i < fields.length; i += 2) {
            body.append('&').append(encode(fields[i])).append('=').append(encode(fields[i + 1]));
        }
        return body.toString();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Shown send(String path, Consumer<HttpRequest.Builder> how) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin + path))
                .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        if (!cookies.isEmpty()) {
            request.header(
                    "cookie",
                    cookies.entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .reduce((one, other) -> one + "; " + other)
                            .orElseThrow());
        }
        how.accept(request);
        try {
            Shown shown = new Shown(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString()));
            shown.headers("set-cookie").forEach(this::keep);
            Matcher found = TOKEN.matcher(shown.text());
            if (found.find()) {
                token = found.group(1);
            }
            return shown;
        } catch (IOException e) {
            throw new AssertionError("no reply", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void keep(String header) {
        String pair = header.split(";", 2)[0];
        String name = pair.substring(0, pair.indexOf('='));
        if (header.contains("Max-Age=0")) {
            cookies.remove(name);
        } else {
            cookies.put(name, pair.substring(pair.indexOf('=') + 1));
        }
    }
}
