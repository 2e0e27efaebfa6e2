package dev.lair.server.access;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** No server starts with a handler of which nobody said who may call it. */
@Component
final class AccessCheck implements SmartInitializingSingleton {

    private final ObjectProvider<RequestMappingInfoHandlerMapping> mappings;

    AccessCheck(ObjectProvider<RequestMappingInfoHandlerMapping> mappings) {
        this.mappings = mappings;
    }

    @Override
    public void afterSingletonsInstantiated() {
        mappings.stream()
                .forEach(mapping -> requireAccess(mapping.getHandlerMethods().values()));
    }

    /** All that lack it are named at once. What tells of faults needs none: it answers whoever was refused. */
    static void requireAccess(Collection<HandlerMethod> handlers) {
        List<String> without = List.copyOf(new TreeSet<>(handlers.stream()
                .filter(handler -> !ErrorController.class.isAssignableFrom(handler.getBeanType()))
                .filter(handler -> handler.getMethodAnnotation(Access.class) == null)
                .map(HandlerMethod::getShortLogMessage)
                .toList()));
        if (!without.isEmpty()) {
            throw new IllegalStateException(
                    "handlers without @Access, so that nobody knows who may call them: " + without);
        }
    }
}
