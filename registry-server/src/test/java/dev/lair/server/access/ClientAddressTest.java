package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.eclipse.jetty.util.InetAddressSet;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class ClientAddressTest {

    private final ClientAddress addresses = new ClientAddress(proxies("10.0.0.0/8", "192.0.2.7", "2001:db8::/32"));

    private static InetAddressSet proxies(String... networks) {
        InetAddressSet set = new InetAddressSet();
        List.of(networks).forEach(set::add);
        return set;
    }

    private String of(String connection, String... forwarded) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(connection);
        for (String line : forwarded) {
            request.addHeader("X-Forwarded-For", line);
        }
        return addresses.of(request);
    }

    @Test
    void aClientWithoutAProxyIsItsConnection() {
        assertThat(of("203.0.113.5")).isEqualTo("203.0.113.5");
    }

    @Test
    void whatAStrangerSaysOfItselfIsNotBelieved() {
        assertThat(of("203.0.113.5", "198.51.100.1")).isEqualTo("203.0.113.5");
    }

    @Test
    void aTrustedProxySaysWhoItsClientIs() {
        assertThat(of("10.1.2.3", "203.0.113.5")).isEqualTo("203.0.113.5");
        assertThat(of("2001:db8::1", "203.0.113.5")).isEqualTo("203.0.113.5");
        assertThat(of("[2001:db8::1]", "203.0.113.5")).isEqualTo("203.0.113.5");
    }

    @Test
    void trustedProxiesBehindOneAnotherArePassedOver() {
        assertThat(of("10.1.2.3", "203.0.113.5, 192.0.2.7")).isEqualTo("203.0.113.5");
        assertThat(of("10.1.2.3", "203.0.113.5", "192.0.2.7")).isEqualTo("203.0.113.5");
    }

    /** A client that writes the header itself stands to the left of what the proxy saw. */
    @Test
    void whatStandsLeftOfTheFirstStrangerIsNotBelieved() {
        assertThat(of("10.1.2.3", "198.51.100.1, 203.0.113.5")).isEqualTo("203.0.113.5");
        assertThat(of("10.1.2.3", "10.9.9.9, 203.0.113.5")).isEqualTo("203.0.113.5");
    }

    @Test
    void namesAndNonsenseAreNotLookedUp() {
        assertThat(of("10.1.2.3", "localhost")).isEqualTo("10.1.2.3");
        assertThat(of("10.1.2.3", "203.0.113.5, unknown")).isEqualTo("10.1.2.3");
        assertThat(of("10.1.2.3", "")).isEqualTo("10.1.2.3");
        assertThat(of("10.1.2.3", "999.1.1.1")).isEqualTo("10.1.2.3");
    }

    @Test
    void limitsCountANetworkOf64BitsAsOneClient() {
        assertThat(counted("2001:db9::1"))
                .isEqualTo(counted("[2001:db9::ffff:1]"))
                .isNotEqualTo(counted("2001:db9:0:1::1"));
        assertThat(counted("203.0.113.5")).isEqualTo("203.0.113.5");
    }

    private String counted(String connection) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(connection);
        return addresses.counted(request);
    }

    @Test
    void oneAddressHasOneSpelling() {
        assertThat(of("10.1.2.3", "2001:DB9:0:0:0:0:0:1")).isEqualTo(of("10.1.2.3", "2001:db9::1"));
    }
}
