package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

/** Forms as browsers send them, and what is none. */
class FormTest {

    private static Form parse(String body) {
        return Form.parse(body.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void fieldsAreDecoded() {
        Form form = parse("a=1+2%20%C3%A9&b=&c&d=x&d=y&e=l%0D%0Am&%66=%26%3D");
        assertThat(form.one("a")).isEqualTo("1 2 é");
        assertThat(form.one("b")).isEmpty();
        assertThat(form.one("c")).isEmpty();
        assertThat(form.all("d")).containsExactly("x", "y");
        assertThat(form.one("e")).isEqualTo("l\nm");
        assertThat(form.one("f")).isEqualTo("&=");
        assertThat(form.one("none")).isEmpty();
        assertThat(form.given("b")).isNull();
        assertThat(form.words("a")).containsExactly("1", "2", "é");
    }

    @Test
    void fieldThatWasSentTwiceHasNoOneValue() {
        assertThatThrownBy(() -> parse("a=1&a=2").one("a"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("`a` 2 times");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a=%", "a=%4", "a=%zz", "a=%-1", "a=%FF", "a=%C3", "a=%ED%A0%80", "a=%00", "\u00e9=1", "%00=1"})
    void whatIsNoFormIsRefused(String body) {
        assertThatThrownBy(() -> parse(body)).isInstanceOf(ProblemException.class);
    }

    @Test
    void formHasAnEnd() {
        assertThat(parse("a=1&".repeat(200)).all("a")).hasSize(200);
        assertThatThrownBy(() -> parse("a=1&".repeat(201))).hasMessageContaining("200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded; charset=iso-8859-1",
                "application/x-www-form-urlencoded, text/plain"
            })
    void bodyOfAnotherTypeIsNoForm(String type) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/x");
        request.addHeader("Content-Type", type);
        request.setContent("a=1".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> Form.of(request)).isInstanceOf(ProblemException.class);
    }

    @Test
    void bodyIsReadOnce() {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/x");
        request.addHeader("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
        request.setContent("a=1".getBytes(StandardCharsets.US_ASCII));
        assertThat(Form.of(request)).isSameAs(Form.of(request));
    }
}
