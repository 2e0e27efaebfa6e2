package dev.lair.storage.memory;

import dev.lair.storage.FactStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Facts in the heap; each method is one atomic operation on its key. */
final class MemoryFacts implements FactStore {

    private record ReleaseKey(RecordId record, String version) {}

    private final Map<Digest, byte[]> contents = new ConcurrentHashMap<>();
    private final Map<ReleaseKey, byte[]> releases = new ConcurrentHashMap<>();

    @Override
    public Optional<byte[]> ofContent(Digest content) {
        return Optional.ofNullable(contents.get(content)).map(byte[]::clone);
    }

    @Override
    public void saveContent(Digest content, byte[] body) {
        contents.putIfAbsent(content, FactStore.requireBody(body).clone());
    }

    @Override
    public void forgetContent(Digest content) {
        contents.remove(content);
    }

    @Override
    public Optional<byte[]> ofRelease(RecordId record, String version) {
        return Optional.ofNullable(releases.get(new ReleaseKey(record, version)))
                .map(byte[]::clone);
    }

    @Override
    public void saveRelease(RecordId record, String version, byte[] body) {
        releases.putIfAbsent(
                new ReleaseKey(record, version), FactStore.requireBody(body).clone());
    }

    @Override
    public long clear() {
        long dropped = contents.size() + releases.size();
        contents.clear();
        releases.clear();
        return dropped;
    }
}
