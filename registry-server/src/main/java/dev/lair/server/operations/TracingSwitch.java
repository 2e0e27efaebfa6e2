package dev.lair.server.operations;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Tracing exists only where an operator says to whom spans go. Without an endpoint none of its configuration is even
 * loaded: no span is made, no thread waits, and nothing is sent to an address that somebody else's default names.
 * {@code META-INF/spring.factories} names this class.
 */
final class TracingSwitch implements AutoConfigurationImportFilter, EnvironmentAware {

    /** Boot sets it from {@code OTEL_EXPORTER_OTLP_ENDPOINT} and {@code OTEL_EXPORTER_OTLP_TRACES_ENDPOINT} too. */
    static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

    private static final String TRACING = "org.springframework.boot.micrometer.tracing.";
    private static final String OPEN_TELEMETRY = "org.springframework.boot.opentelemetry.";

    private boolean on;

    TracingSwitch() {}

    @Override
    public void setEnvironment(Environment environment) {
        String endpoint = environment.getProperty(ENDPOINT);
        on = endpoint != null && !endpoint.isBlank();
    }

    @Override
    public boolean[] match(@Nullable String[] autoConfigurations, AutoConfigurationMetadata metadata) {
        boolean[] matches = new boolean[autoConfigurations.length];
        for (int i = 0; i < matches.length; i++) {
            matches[i] = on || !isTracing(autoConfigurations[i]);
        }
        return matches;
    }

    private static boolean isTracing(@Nullable String autoConfiguration) {
        return autoConfiguration != null
                && (autoConfiguration.startsWith(TRACING) || autoConfiguration.startsWith(OPEN_TELEMETRY));
    }
}
