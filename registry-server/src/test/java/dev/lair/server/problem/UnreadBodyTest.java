package dev.lair.server.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.access.ApiTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * Requests that are refused at the door, while their bodies are still to come: head and body are two packets for every client,
 * and a server that closes in between cuts its own answer off.
 */
class UnreadBodyTest extends ApiTest {

    private static String statusAndHeaders(BufferedReader in) throws IOException {
        StringBuilder head = new StringBuilder();
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        assertThat(in.skip(length)).isEqualTo(length);
        return head.toString();
    }

    private Socket connect() throws IOException {
        return new Socket(
                "127.0.0.1", URI.create(request("").build().uri().toString()).getPort());
    }

    @Test
    void shortBodyIsReadBeforeTheRefusalSoThatTheConnectionGoesOn() throws IOException {
        try (Socket socket = connect()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            for (String path : new String[] {"/api/v1/tokens", "/api/v1/accounts"}) {
                out.write(("POST " + path + " HTTP/1.1\r\nhost: test\r\ncontent-length: 2\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                out.write("{}".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                assertThat(statusAndHeaders(in).toLowerCase(java.util.Locale.ROOT))
                        .startsWith("http/1.1 401")
                        .doesNotContain("connection: close");
            }
        }
    }

    @Test
    void longBodyIsNotReadAndItsClientIsToldThatTheConnectionEnds() throws IOException {
        try (Socket socket = connect()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            socket.getOutputStream()
                    .write(("POST /api/v1/tokens HTTP/1.1\r\nhost: test\r\ncontent-length: 10000000\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(statusAndHeaders(in).toLowerCase(java.util.Locale.ROOT))
                    .startsWith("http/1.1 401")
                    .contains("connection: close");
        }
    }
}
