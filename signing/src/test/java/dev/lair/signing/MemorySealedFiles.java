package dev.lair.signing;

import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Sealed files in memory, as a database would hold them. */
class MemorySealedFiles implements SealedFiles {

    private final Map<String, byte[]> files = new ConcurrentSkipListMap<>();

    @Override
    public Optional<byte[]> read(String name) {
        return Optional.ofNullable(files.get(name)).map(byte[]::clone);
    }

    @Override
    public void writeNew(String name, byte[] bytes) throws FileAlreadyExistsException {
        if (files.putIfAbsent(name, bytes.clone()) != null) {
            throw new FileAlreadyExistsException(describe(name));
        }
    }

    @Override
    public void replace(String name, byte[] bytes) {
        files.put(name, bytes.clone());
    }

    @Override
    public boolean replaceIf(String name, byte[] expected, byte[] bytes) {
        byte[] held = files.get(name);
        return held != null && Arrays.equals(held, expected) && files.replace(name, held, bytes.clone());
    }

    @Override
    public boolean delete(String name) {
        return files.remove(name) != null;
    }

    @Override
    public List<String> list(String folder) {
        return files.keySet().stream()
                .filter(name -> name.startsWith(folder + "/"))
                .toList();
    }

    @Override
    public String describe(String name) {
        return "memory:" + name;
    }
}
