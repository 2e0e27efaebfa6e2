package dev.lair.server.warg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.Namespace;
import dev.lair.server.namespace.ReservedNameCheck;
import dev.lair.server.settings.LairSettings;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every mapping of the running server against the contract and the reserved names. */
class MappingsTest extends HttpTest {

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    @Autowired
    LairSettings settings;

    /** As {@code GET /v1/ledger}. */
    private Set<String> mapped() {
        Set<String> operations = new TreeSet<>();
        for (RequestMappingInfo info : mappings.getHandlerMethods().keySet()) {
            for (String path : info.getPatternValues()) {
                // The container forwards faults of every method there; to clients it is no door.
                assertThat(info.getMethodsCondition().getMethods().isEmpty())
                        .as(path)
                        .isEqualTo(path.equals("/error"));
                info.getMethodsCondition()
                        .getMethods()
                        .forEach(method -> operations.add(method + " " + Contract.shape(path)));
            }
        }
        return operations;
    }

    @Test
    void contractAndServerHaveTheSameOperations() {
        Set<String> served = mapped().stream()
                .filter(operation -> operation.matches("[A-Z]+ /(v1|content|\\.well-known)/.*"))
                // One name serves all contents; the contract writes its prefix out.
                .map(operation -> operation.equals("GET /content/{}") ? "GET /content/sha256-{}" : operation)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(served).isEqualTo(Contract.read().operations());
    }

    @Test
    void everyFirstSegmentIsAReservedName() {
        Set<String> segments = mapped().stream()
                .map(operation ->
                        operation.substring(operation.indexOf('/') + 1).split("/")[0])
                // What cannot be a namespace, like `.well-known` and `config.json`, need not be reserved.
                .filter(Namespace::isKebab)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(segments).contains("v1", "content", "api", "health", "log", "package");
        assertThat(segments).allMatch(segment -> ReservedNameCheck.isReserved(settings, segment));
    }
}
