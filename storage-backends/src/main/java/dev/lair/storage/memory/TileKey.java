package dev.lair.storage.memory;

/** Names a tile within one log. */
record TileKey(int level, long index) {}
