package dev.lair.component.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.Blessed;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Two texts and the verdict on them per folder. */
class CompatibilityFilesTest {
    @TestFactory
    Stream<DynamicTest> verdictsAreThoseOfTheFiles() throws IOException {
        try (Stream<Path> folders = Files.list(Blessed.resources("compat"))) {
            List<Path> cases = folders.filter(Files::isDirectory).sorted().toList();
            assertThat(cases).hasSizeGreaterThan(20);
            return cases.stream()
                    .map(folder -> DynamicTest.dynamicTest(
                            folder.getFileName().toString(),
                            () -> Blessed.check(
                                    folder.resolve("verdict.txt"),
                                    CompatibilityCheck.packages(resolve(folder, "old.wit"), resolve(folder, "new.wit"))
                                            .report())));
        }
    }

    private static Resolved resolve(Path folder, String file) throws IOException, WitException {
        return new WitResolver(Features.ALL).resolve(SourceGroup.of(file, Files.readString(folder.resolve(file))));
    }
}
