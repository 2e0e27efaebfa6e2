package dev.lair.server;

import dev.lair.server.operations.ServerCommand;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The registry server; {@link ServerCommand} reads its command line. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableScheduling
public class LairServer {

    public static void main(String[] args) {
        int exitCode = ServerCommand.run(LairServer.class, args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }
}
