package dev.lair.storage.s3;

import dev.lair.storage.TreeStore;
import dev.lair.storage.TreeStoreContract;
import java.time.Clock;

class S3TreeTest extends TreeStoreContract {

    @Override
    protected TreeStore open() {
        return new S3Tree(new HeapBucket(Clock.systemUTC()));
    }
}
