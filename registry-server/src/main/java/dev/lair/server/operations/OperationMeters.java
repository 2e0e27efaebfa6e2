package dev.lair.server.operations;

import dev.lair.server.ledger.Ledger;
import dev.lair.server.operations.Readiness.Seen;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.util.function.ToLongFunction;
import org.springframework.stereotype.Component;

/** What can be told of this node by looking at it when somebody asks; docs/METRICS.md is the list for people. */
@Component
final class OperationMeters implements MeterBinder {

    private final Ledger ledger;
    private final Readiness readiness;

    OperationMeters(Ledger ledger, Readiness readiness) {
        this.ledger = ledger;
        this.readiness = readiness;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("lair.build", () -> 1)
                .description("Always 1; the label says which version runs")
                .tag("version", version())
                .register(registry);
        bindLedger(registry);
        for (String component : Readiness.COMPONENTS) {
            Gauge.builder("lair.component.up", readiness, asked -> isUp(asked, component))
                    .description("1 while the component of /health/ready works, 0 while it does not")
                    .tag("component", component)
                    .register(registry);
        }
    }

    /** Sizes that are published come from the storage, by way of the probe; what this node alone knows does not. */
    private void bindLedger(MeterRegistry registry) {
        Gauge.builder("lair.ledger.tree.size", readiness, asked -> seen(asked, Seen::treeSize))
                .description("Leaves that the newest published checkpoint covers")
                .register(registry);
        Gauge.builder("lair.evidence.tree.size", readiness, asked -> seen(asked, Seen::evidenceSize))
                .description("Leaves of the evidence log that are published")
                .register(registry);
        Gauge.builder("lair.ledger.checkpoint.age", readiness, OperationMeters::ageSeconds)
                .description("Time since the newest checkpoint was signed; NaN before the first")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("lair.ledger.committed.size", ledger, Ledger::committedSize)
                .description("Leaves that this node knows to be durable, published or not")
                .register(registry);
        Gauge.builder("lair.ledger.logs", ledger, Ledger::mappedLogs)
                .description("Packages and other logs in the map")
                .register(registry);
        Gauge.builder("lair.ledger.queue.depth", ledger, Ledger::queuedRecords)
                .description("Records that wait for the sequencer of this node")
                .register(registry);
    }

    private static double seen(Readiness readiness, ToLongFunction<Seen> size) {
        return readiness.seen().map(seen -> (double) size.applyAsLong(seen)).orElse(Double.NaN);
    }

    private static double ageSeconds(Readiness readiness) {
        return readiness.checkpointAgeSeconds().stream()
                .asDoubleStream()
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double isUp(Readiness readiness, String name) {
        boolean up = readiness.components().stream()
                .anyMatch(component -> component.name().equals(name) && component.isUp());
        return up ? 1 : 0;
    }

    private static String version() {
        try {
            return ServerVersion.number();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
