package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the other tests are what they claim to be. */
class HarnessIT {

    private static final Pattern STORAGE = Pattern.compile("import dev\\.lair\\.storage\\.([\\w.]+);");

    @Test
    void whatDoesNotComeInTimeIsAFailure() {
        assertThatThrownBy(() -> Await.answer("nothing", Duration.ofMillis(50), Optional::empty))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing");
    }

    @Test
    void noClassOfServerOrClientIsHere() {
        for (String name : List.of("dev.lair.server.LairServer", "dev.lair.cli.Lair")) {
            assertThat(isHere(name)).as(name).isFalse();
        }
        assertThat(isHere("dev.lair.registry.PackageName")).isTrue();
    }

    /** The servers that tests start come from the storage module with what they need; its stores stay out of here. */
    @Test
    void ofTheStorageModuleOnlyTheServersForTestsAreUsed() throws IOException {
        Set<String> allowed = Set.of(
                "Required",
                "postgres.FreshDatabase",
                "postgres.PostgresProcess",
                "postgres.PostgresServer",
                "postgres.PostgresSettings",
                "s3.S3Credentials",
                "s3.S3Server",
                "s3.S3Settings");
        Set<String> used = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Checkout.root().resolve("e2e-tests/src/test/java"))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".java")).toList()) {
                Matcher imported = STORAGE.matcher(Files.readString(file));
                while (imported.find()) {
                    used.add(imported.group(1));
                }
            }
        }
        assertThat(used).isNotEmpty().isSubsetOf(allowed);
    }

    private static boolean isHere(String className) {
        try {
            Class.forName(className, false, HarnessIT.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
