package dev.lair.server.operations;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
final class ServerVersion implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"lair " + number()};
    }

    static String number() throws IOException {
        try (InputStream in = ServerVersion.class.getResourceAsStream("/META-INF/build-info.properties")) {
            Properties build = new Properties();
            if (in != null) {
                build.load(in);
            }
            return build.getProperty("build.version", "(not built by Maven)");
        }
    }
}
