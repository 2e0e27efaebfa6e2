package dev.lair.server.settings;

import dev.lair.signing.MalformedKeyException;
import dev.lair.signing.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the master key comes from: a file of 32 raw bytes, the environment variable {@value #VARIABLE}, or what a command
 * prints; the last two as text ({@link MasterKey#ofText}). There is no setting that holds the key itself, because a setting
 * can stand on a command line, which everybody on the machine can read.
 */
public sealed interface MasterKeySource {

    /** Holds the key as text. */
    String VARIABLE = "LAIR_MASTER_KEY";

    /** Reads it anew: the file is read, the command runs. */
    MasterKey read() throws IOException;

    /** As messages and documents call it, without anything secret. */
    String describe();

    /** {@code master.key} in a data folder, made when the folder holds no keys yet. */
    record InFolder(Path data) implements MasterKeySource {

        Path file() {
            return data.resolve(DataFolder.MASTER_KEY);
        }

        /** What {@link #replacement} is called while the keys are sealed anew. */
        Path nextFile() {
            return data.resolve(DataFolder.NEXT_MASTER_KEY);
        }

        /** The file that a rotation switches to, made when a stopped one did not leave it; renamed when all is done. */
        public MasterKeySource replacement(SecureRandom random) throws IOException {
            if (!Files.exists(nextFile())) {
                MasterKey.createFile(nextFile(), random);
            }
            return new InFile(nextFile());
        }

        @Override
        public MasterKey read() throws IOException {
            return MasterKey.readFile(file());
        }

        @Override
        public String describe() {
            return "file `" + file().toAbsolutePath() + "`";
        }
    }

    /** A file that somebody named. */
    record InFile(Path file) implements MasterKeySource {

        @Override
        public MasterKey read() throws IOException {
            return MasterKey.readFile(file);
        }

        @Override
        public String describe() {
            return "file `" + file.toAbsolutePath() + "`";
        }
    }

    /** An environment variable of this process. */
    record InVariable(String name, String text) implements MasterKeySource {

        @Override
        public MasterKey read() throws IOException {
            return parse(text, describe());
        }

        @Override
        public String describe() {
            return "variable " + name;
        }

        /** The text is secret. */
        @Override
        public String toString() {
            return "InVariable[" + name + "]";
        }
    }

    /** A program and its arguments; {@link SecretCommand}. */
    record OfCommand(List<String> command) implements MasterKeySource {

        public OfCommand {
            command = List.copyOf(command);
            SecretCommand.require(command);
        }

        @Override
        public MasterKey read() throws IOException {
            return parse(new SecretCommand(command).run(), describe());
        }

        @Override
        public String describe() {
            return "command `" + command.getFirst() + "`";
        }
    }

    private static MasterKey parse(String text, String where) throws IOException {
        try {
            return MasterKey.ofText(text);
        } catch (MalformedKeyException e) {
            throw new IOException("the master key from " + where + " is refused: " + e.getMessage(), e);
        }
    }

    /**
     * The one that the settings and the environment name, or the file in the data folder.
     *
     * @throws IllegalArgumentException when more than one is named: which of them is meant must not depend on an order
     */
    static MasterKeySource of(LairSettings settings, Map<String, String> environment) {
        MasterKeySource named =
                one(settings.masterKeyFile(), variable(VARIABLE, environment), settings.masterKeyCommand());
        return named == null ? new InFolder(settings.data()) : named;
    }

    /** {@link #of(LairSettings, Map)} in this process's environment. */
    static MasterKeySource of(LairSettings settings) {
        return of(settings, System.getenv());
    }

    /** The variable, if it is there; an empty one counts, and is refused when it is read. */
    static @Nullable InVariable variable(String name, Map<String, String> environment) {
        String text = environment.get(name);
        return text == null ? null : new InVariable(name, text);
    }

    /** The one of these that is given; null when none is. */
    static @Nullable MasterKeySource one(@Nullable Path file, @Nullable InVariable variable, List<String> command) {
        List<MasterKeySource> given = new ArrayList<>();
        if (file != null) {
            given.add(new InFile(file));
        }
        if (variable != null) {
            given.add(variable);
        }
        if (!command.isEmpty()) {
            given.add(new OfCommand(command));
        }
        if (given.size() > 1) {
            throw new IllegalArgumentException("the master key has one source, and "
                    + String.join(
                            " and ",
                            given.stream().map(MasterKeySource::describe).toList())
                    + " are named; leave out all but one of lair.master-key-file (--master-key), " + VARIABLE
                    + " and lair.master-key-command");
        }
        return given.isEmpty() ? null : given.getFirst();
    }
}
