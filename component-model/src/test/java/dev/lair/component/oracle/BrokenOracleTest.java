package dev.lair.component.oracle;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An oracle that is installed and does not work is no absent one. */
class BrokenOracleTest {
    private static boolean hasNode() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    @Test
    void aBrokenPackageFailsInsteadOfBeingSkipped(@TempDir Path folder) throws Exception {
        boolean node = hasNode();
        if (!node) {
            System.err.println("SKIPPED: node is absent");
        }
        Assumptions.assumeTrue(node, "node is absent");
        Files.createDirectories(folder.resolve("node_modules/@bytecodealliance/jco-transpile"));
        assertThatThrownBy(() -> Oracle.start(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Oracle.VARIABLE);
    }
}
