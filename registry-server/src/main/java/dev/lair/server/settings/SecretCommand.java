package dev.lair.server.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that prints a secret: run without a shell, with nothing on its standard input, and with this process's environment
 * but for the variables of the master key. What it prints is in no message.
 */
final class SecretCommand {

    private static final Logger LOG = LoggerFactory.getLogger(SecretCommand.class);

    /** A vault that has to be asked over a network answers within this, or does not. */
    private static final Duration WITHIN = Duration.ofSeconds(30);

    /** Far more than a key has. */
    private static final int MAX_BYTES = 4096;

    /** Of what it complains of. */
    private static final int SHOWN_CHARS = 200;

    private final List<String> command;
    private final Duration within;

    SecretCommand(List<String> command) {
        this(command, WITHIN);
    }

    SecretCommand(List<String> command, Duration within) {
        require(command);
        this.command = List.copyOf(command);
        this.within = within;
    }

    /** @throws IllegalArgumentException when it is not a program by its whole path, and its arguments */
    static void require(List<String> command) {
        if (command.isEmpty() || !Path.of(command.getFirst()).isAbsolute()) {
            throw new IllegalArgumentException("lair.master-key-command begins with the whole path of a program, like"
                    + " /usr/local/bin/fetch-key (no shell looks for it), and its arguments follow, each behind a comma;"
                    + " not `" + (command.isEmpty() ? "" : command.getFirst()) + "`");
        }
    }

    /** What it printed, without white space around it. */
    String run() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.PIPE);
        builder.environment().keySet().removeIf(SecretCommand::isSecret);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException(
                    "the command `" + command.getFirst() + "` for the master key cannot be run: " + e.getMessage(), e);
        }
        try {
            process.getOutputStream().close();
            return outcome(process);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Whether no child process, and nothing that shows settings, may see this variable. */
    static boolean isSecret(String variable) {
        return variable.equals(MasterKeySource.VARIABLE) || variable.equals(NewMasterKey.VARIABLE);
    }

    private String outcome(Process process) throws IOException {
        CompletableFuture<byte[]> printed = reading(process.getInputStream());
        CompletableFuture<byte[]> complaint = reading(process.getErrorStream());
        long until = System.nanoTime() + within.toNanos();
        try {
            if (!process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException();
            }
            // A child of it may hold its output open after its end.
            byte[] secret = printed.get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            String said = shown(complaint.get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS), secret);
            return judged(process.exitValue(), secret, said);
        } catch (TimeoutException e) {
            throw new IOException(named() + " did not end within " + within.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException("the output of " + named() + " cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + named() + " ran", e);
        }
    }

    private String judged(int exit, byte[] secret, String said) throws IOException {
        if (exit != 0) {
            throw new IOException(named() + " ended with " + exit + (said.isEmpty() ? "" : " and said: " + said));
        }
        if (secret.length > MAX_BYTES) {
            throw new IOException(named() + " printed more than " + MAX_BYTES + " bytes: no key is that long");
        }
        if (!said.isEmpty()) {
            LOG.warn(
                    "the command for the master key complained and ended well command.name={} command.said={}",
                    command.getFirst(),
                    said);
        }
        String text = new String(secret, StandardCharsets.UTF_8).strip();
        Arrays.fill(secret, (byte) 0);
        return text;
    }

    private String named() {
        return "the command `" + command.getFirst() + "` for the master key";
    }

    /** One byte more than may be, so that more shows; the rest stays unread. */
    private static CompletableFuture<byte[]> reading(InputStream in) {
        CompletableFuture<byte[]> read = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("lair-master-key-command").start(() -> {
            try (in) {
                read.complete(in.readNBytes(MAX_BYTES + 1));
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        });
        return read;
    }

    /** The first line of a complaint, unless it repeats the secret. */
    private static String shown(byte[] complaint, byte[] secret) {
        String all = new String(complaint, StandardCharsets.UTF_8);
        String key = new String(secret, StandardCharsets.UTF_8).strip();
        if (!key.isEmpty() && all.contains(key)) {
            return "(what repeats its output)";
        }
        String line = all.strip().lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
        return line.length() <= SHOWN_CHARS ? line : line.substring(0, SHOWN_CHARS) + "…";
    }
}
