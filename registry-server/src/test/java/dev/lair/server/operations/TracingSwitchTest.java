package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

class TracingSwitchTest {

    private static final String SAMPLE =
            "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration";

    /** The switch asks for none. */
    private static final AutoConfigurationMetadata NO_METADATA = (AutoConfigurationMetadata) Proxy.newProxyInstance(
            TracingSwitchTest.class.getClassLoader(),
            new Class<?>[] {AutoConfigurationMetadata.class},
            (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    /** What Boot would configure of this classpath, after the switch. */
    private static List<String> loaded(Environment environment) {
        String[] candidates = ImportCandidates.load(AutoConfiguration.class, TracingSwitchTest.class.getClassLoader())
                .getCandidates()
                .toArray(String[]::new);
        TracingSwitch filter = new TracingSwitch();
        filter.setEnvironment(environment);
        boolean[] matches = filter.match(candidates, NO_METADATA);
        List<String> loaded = new ArrayList<>();
        for (int i = 0; i < candidates.length; i++) {
            if (matches[i]) {
                loaded.add(candidates[i]);
            }
        }
        return loaded;
    }

    @Test
    void withoutAnEndpointNothingOfTracingIsLoaded() {
        for (Environment environment :
                List.of(new MockEnvironment(), new MockEnvironment().withProperty(TracingSwitch.ENDPOINT, " "))) {
            assertThat(loaded(environment))
                    .isNotEmpty()
                    .noneMatch(name -> name.contains(".tracing.") || name.contains(".opentelemetry."))
                    .anyMatch(name -> name.contains(".PrometheusMetricsExportAutoConfiguration"))
                    .anyMatch(name -> name.contains(".ObservationAutoConfiguration"));
        }
    }

    @Test
    void withAnEndpointAllOfItIs() {
        Environment environment =
                new MockEnvironment().withProperty(TracingSwitch.ENDPOINT, "http://127.0.0.1:4318/v1/traces");
        assertThat(loaded(environment)).contains(SAMPLE);
    }
}
