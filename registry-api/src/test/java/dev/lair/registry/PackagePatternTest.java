package dev.lair.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackagePatternTest {

    @Test
    void patternOfOnePackageCoversThatPackageAlone() {
        PackagePattern pattern = PackagePattern.parse("acme:http");
        assertThat(pattern.covers(PackageName.parse("acme:http"))).isTrue();
        assertThat(pattern.covers(PackageName.parse("acme:http-types"))).isFalse();
        assertThat(pattern.covers(PackageName.parse("other:http"))).isFalse();
        assertThat(pattern.isWholeNamespace()).isFalse();
    }

    @Test
    void patternOfANamespaceCoversItsPackagesAlone() {
        PackagePattern pattern = PackagePattern.parse("acme:*");
        assertThat(pattern.covers(PackageName.parse("acme:http"))).isTrue();
        assertThat(pattern.covers(PackageName.parse("acme-labs:http"))).isFalse();
        assertThat(pattern.isWholeNamespace()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme:*", "acme:http"})
    void patternPrintsAsItWasRead(String text) {
        assertThat(PackagePattern.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "acme", "*", "*:*", "*:http", "acme:", "acme:h*", "acme:**", "Acme:http", "acme:http/x"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> PackagePattern.parse(text)).isInstanceOf(MalformedNameException.class);
    }
}
