package dev.lair.bench;

import dev.lair.component.binary.ComponentBinary;
import dev.lair.component.binary.ComponentReader;
import dev.lair.component.binary.ComponentWriter;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.Section;
import dev.lair.component.binary.UncheckedComponentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A component to validate, in a file.
 *
 * @param modules offset and size of each core module inside
 */
record Component(String name, Path file, long sizeBytes, List<long[]> modules) {

    static Component of(Path file) throws IOException {
        List<long[]> modules = new ArrayList<>();
        try {
            collect(ComponentReader.read(map(file)), modules);
        } catch (InvalidComponentException | UncheckedComponentException unreadable) {
            throw new IOException(file + " is no component that can be read", unreadable);
        }
        return new Component(String.valueOf(file.getFileName()), file, Files.size(file), modules);
    }

    /** Writes a component that holds these core modules and nothing else. */
    static Component holding(Path file, List<byte[]> modules) throws IOException {
        List<Section> sections = new ArrayList<>();
        modules.forEach(module -> sections.add(new Section.CoreModule(0, ByteBuffer.wrap(module))));
        Files.write(file, ComponentWriter.write(sections));
        return of(file);
    }

    /** The file as the registry reads it: mapped, not held. */
    ByteBuffer bytes() throws IOException {
        return map(file);
    }

    /** The core modules themselves. */
    List<byte[]> cores() throws IOException {
        ByteBuffer bytes = bytes();
        List<byte[]> cores = new ArrayList<>();
        for (long[] module : modules) {
            byte[] core = new byte[(int) module[1]];
            bytes.get((int) module[0], core);
            cores.add(core);
        }
        return cores;
    }

    private static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }

    private static void collect(ComponentBinary component, List<long[]> into) {
        for (Section section : component.sections()) {
            switch (section) {
                case Section.CoreModule module ->
                    into.add(new long[] {module.offset(), module.bytes().remaining()});
                case Section.Nested nested -> collect(nested.component(), into);
                default -> {}
            }
        }
    }
}
