package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

class AccessCheckTest {

    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    static class Web {}

    @RestController
    static class Said {
        @Access(Act.READ)
        @GetMapping("/said")
        String said() {
            return "";
        }
    }

    @RestController
    static class Forgotten {
        @Access(Act.READ)
        @GetMapping("/one")
        String one() {
            return "";
        }

        @GetMapping("/two")
        String two() {
            return "";
        }
    }

    private static void start(Class<?> controller) {
        try (AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext()) {
            context.setServletContext(new MockServletContext());
            context.register(Web.class, AccessCheck.class, controller);
            context.refresh();
        }
    }

    @Test
    void serverWithAHandlerThatSaysNothingDoesNotStart() {
        assertThatThrownBy(() -> start(Forgotten.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Forgotten#two")
                .hasMessageNotContaining("#one");
    }

    @Test
    void serverWhoseHandlersSaySoStarts() {
        assertThatCode(() -> start(Said.class)).doesNotThrowAnyException();
    }
}
