package dev.lair.storage.s3;

import java.io.IOException;

/**
 * What the process of {@link S3Server} runs: s3proxy, until standard input ends. So the process cannot outlive the tests,
 * even if they are killed. Uses nothing but the JDK and s3proxy's own class path.
 */
final class S3ServerProcess {

    private S3ServerProcess() {}

    /** Takes the path of s3proxy's configuration. */
    public static void main(String[] arguments) throws Exception {
        Thread.ofPlatform().daemon().start(S3ServerProcess::haltAtEndOfInput);
        Class.forName("org.gaul.s3proxy.Main").getMethod("main", String[].class).invoke(null, (Object)
                new String[] {"--properties", arguments[0]});
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever written; the end is what counts.
            }
        } catch (IOException e) {
            // The pipe broke: the same.
        }
        Runtime.getRuntime().halt(0);
    }
}
