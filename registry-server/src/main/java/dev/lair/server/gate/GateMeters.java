package dev.lair.server.gate;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** What can be told of the gate by looking at it when somebody asks; docs/METRICS.md is the list for people. */
@Component
final class GateMeters implements MeterBinder {

    private final Examinations examinations;

    GateMeters(Examinations examinations) {
        this.examinations = examinations;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("lair.validation.work", examinations, Examinations::bytesInWork)
                .description("Bytes of content that are validated now")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("lair.validation.waiting", examinations, Examinations::waiting)
                .description(
                        "Contents that wait to be validated: too many bytes are in work, or another of their author is")
                .register(registry);
    }
}
