package dev.lair.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryUrlTest {

    @ParameterizedTest
    @CsvSource({
        "https://Registry.Example, https://registry.example",
        "HTTPS://registry.example:443/, https://registry.example",
        "https://registry.example:8443/a/b//, https://registry.example:8443/a/b",
        "https://registry.example/a/../b, https://registry.example/b",
        "http://127.0.0.1:80, http://127.0.0.1",
        "http://localhost:8090, http://localhost:8090",
        "http://[::1]:8090/x, http://[::1]:8090/x",
        "http://127.8.9.1/x, http://127.8.9.1/x"
    })
    void oneRegistryHasOneSpelling(String written, String spelling) throws Fault {
        assertThat(RegistryUrl.parse(written, false)).hasToString(spelling);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "registry.example",
                "ftp://registry.example",
                "https://",
                "mailto:a@b",
                "https://a b",
                "file:///etc/passwd",
                "https://user:secret@registry.example",
                "https://registry.example?x=1",
                "https://registry.example#x",
                "http://registry.example",
                "http://10.0.0.1",
                "http://127.0.0.1.example",
                "http://localhost.example"
            })
    void anythingElseIsWrongUsage(String written) {
        assertThatThrownBy(() -> RegistryUrl.parse(written, false))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo(ExitCode.USAGE));
    }

    @Test
    void plainHttpElsewhereIsAllowedOnRequest() throws Fault {
        assertThat(RegistryUrl.parse("http://registry.example", true)).hasToString("http://registry.example");
    }

    @Test
    void addressesAreRelativeToTheBaseWithItsPrefix() throws Fault {
        RegistryUrl registry = RegistryUrl.parse("https://registry.example/under/here", false);
        assertThat(registry.api("v1/ledger")).hasToString("https://registry.example/under/here/v1/ledger");
        assertThat(registry.named("v1/x")).hasToString("https://registry.example/under/here/v1/x");
        assertThat(registry.named("/v1/x")).hasToString("https://registry.example/v1/x");
        assertThat(registry.named("https://cdn.example/x?sig=1")).hasToString("https://cdn.example/x?sig=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://cdn.example/x", "file:///etc/passwd", "javascript:1", "https:", "ht tp://x"})
    void aRegistryCanNotNameAnyAddress(String named) throws Fault {
        RegistryUrl registry = RegistryUrl.parse("https://registry.example", false);
        assertThatThrownBy(() -> registry.named(named))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo(ExitCode.REFUSED));
    }

    @Test
    void registryElsewhereCannotNameAServiceOfThisMachine() throws Exception {
        RegistryUrl elsewhere = RegistryUrl.parse("https://registry.example", false);
        assertThatThrownBy(() -> elsewhere.named("http://127.0.0.1:2375/containers"))
                .hasMessageContaining("services of this machine");
        assertThatThrownBy(() -> elsewhere.named("https://localhost/x"))
                .hasMessageContaining("services of this machine");
    }
}
