package dev.lair.storage;

import dev.lair.transparency.NodeSink;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects a growing log's hashes in tiles, for the scripts. */
final class OpenTiles {

    private final Map<Integer, ByteArrayOutputStream> byLevel = new HashMap<>();

    /** Takes the nodes of a log that grows and adds each tile that is full to {@code completed}. */
    NodeSink completing(List<FullTile> completed) {
        return (level, index, hash) -> {
            if (level % 8 == 0) {
                ByteArrayOutputStream open = byLevel.computeIfAbsent(level / 8, key -> new ByteArrayOutputStream());
                open.writeBytes(hash.bytes());
                if (open.size() == FullTile.LENGTH) {
                    completed.add(new FullTile(level / 8, index / 256, open.toByteArray()));
                    open.reset();
                }
            }
        };
    }
}
