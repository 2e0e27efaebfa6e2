package dev.lair.e2e;

import dev.lair.openapi.warg.client.ApiException;
import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.PublishedRecord;
import dev.lair.registry.log.LogHead;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.LogId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two who hold the key of one package and release at once, each through another node. They build on the newest record that
 * their node shows; who is too late is told so, and begins again. Both release the same content, which is there already.
 */
final class Rivals {

    private final Nodes nodes;
    private final Crowd crowd;
    private final PackageAuthor owner = new PackageAuthor(Keys.ALICE, "test:contested");
    private final byte[] content = Wasm.module("contested");
    private final AtomicInteger won = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();

    /** Publishes the package's first release. */
    Rivals(Nodes nodes, Crowd crowd) throws Exception {
        this.nodes = nodes;
        this.crowd = crowd;
        nodes.registry(0).publish(owner.name(), owner.release("0.1.0", content), content);
    }

    int won() {
        return won.get();
    }

    int lost() {
        return lost.get();
    }

    /** One for each node. */
    List<Callable<Void>> clients() {
        List<Callable<Void>> clients = new ArrayList<>();
        for (int node = 0; node < nodes.count(); node++) {
            int mine = node;
            clients.add(() -> release(mine));
        }
        return clients;
    }

    private Void release(int node) throws Exception {
        LogId log = owner.name().logId();
        PackageLog.State state = PackageLog.State.EMPTY;
        String token = null;
        for (int made = 1; !crowd.isStopping(); made++) {
            try {
                SignedCheckpoint seen = crowd.checkpoint(node);
                if (seen == null) {
                    Await.briefly();
                    continue;
                }
                long length = seen.contents().checkpoint().logLength();
                Map<LogId, String> after = token == null ? Map.of() : Map.of(log, token);
                for (PublishedRecord published :
                        nodes.registry(node).logs(length, List.of(log), after).of(log)) {
                    state = state.append(
                            SignedPackageRecord.decode(Registry.signedRecord(published)), EcdsaP256.INSTANCE);
                    token = published.getFetchToken();
                }
                SignedPackageRecord record = PackageAuthor.draft(
                        state.head().map(LogHead::recordId).orElseThrow(),
                        List.of(PackageAuthor.releaseEntry(node + 1 + ".0." + made, content)),
                        Keys.ALICE);
                submit(node, record);
            } catch (ApiException e) {
                if (e.getCode() == 409) {
                    lost.incrementAndGet();
                } else {
                    crowd.later(node, e);
                }
            }
            Await.briefly();
        }
        return null;
    }

    private void submit(int node, SignedPackageRecord record) throws Exception {
        PackageRecord answer = nodes.registry(node).submit(owner.name(), record);
        switch (answer.getState()) {
            case PROCESSING, PUBLISHED -> {
                crowd.promised(node, new Crowd.Promise(owner.name(), record, answer.getRegistryIndex()));
                won.incrementAndGet();
            }
            case REJECTED -> lost.incrementAndGet();
            case SOURCING -> throw new AssertionError("node " + node + " asks for content that is released: " + answer);
        }
    }
}
