package dev.lair.server.access;

import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Has the web server tell header values apart by case. Left to itself it remembers the fields of a connection and takes a line
 * that differs in case alone for the one of before: a token with one letter in the other case was let in as the right one, behind
 * a proxy that keeps its connections also when somebody else had sent that.
 */
@Component
final class HeaderCase implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(server -> {
            for (Connector connector : server.getConnectors()) {
                for (ConnectionFactory each : connector.getConnectionFactories()) {
                    if (each instanceof HttpConfiguration.ConnectionFactory http) {
                        http.getHttpConfiguration().setHeaderCacheCaseSensitive(true);
                    }
                }
            }
        });
    }
}
