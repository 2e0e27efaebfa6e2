package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.transparency.Digest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerNoteTest {

    private static final Digest CERTIFICATE = Digest.of(new byte[] {1});

    @Test
    void noteIsReadAsItWasWritten(@TempDir Path data) throws IOException {
        assertThat(ServerNote.read(data)).isEmpty();
        ServerNote plain = new ServerNote(URI.create("http://127.0.0.1:8090"), Optional.empty());
        plain.write(data);
        assertThat(ServerNote.read(data)).contains(plain);
        assertThat(plain.format()).isEqualTo("http://127.0.0.1:8090\n");
        ServerNote secure = new ServerNote(URI.create("https://[::1]:8443"), Optional.of(CERTIFICATE));
        secure.write(data);
        assertThat(ServerNote.read(data)).contains(secure);
        assertThat(secure.format()).isEqualTo("https://[::1]:8443\ncertificate " + CERTIFICATE + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "https://127.0.0.1:1\nsha256:00\n",
                "https://127.0.0.1:1\ncertificate sha256:00\n",
                "a b\n"
            })
    void whatIsNoNoteIsRefused(String text) {
        assertThatThrownBy(() -> ServerNote.parse(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("server.url");
    }

    @Test
    void healthCheckOfAContainerGoesByItsVariables() {
        assertThat(HealthCommand.ofEnvironment(Map.of()).url()).hasToString("http://127.0.0.1:8090");
        assertThat(HealthCommand.ofEnvironment(Map.of("SERVER_PORT", " 8443 ", "LAIR_TLS_CERTIFICATE", " "))
                        .url())
                .hasToString("http://127.0.0.1:8443");
    }
}
