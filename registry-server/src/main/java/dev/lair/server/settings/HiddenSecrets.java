package dev.lair.server.settings;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Keeps the master key out of what the framework knows as settings, and so out of whatever shows those: of its variables only
 * {@link MasterKeySource} reads. Java cannot take them out of the process's own environment; the operating system shows that
 * to the same user and to root, who read the process's memory too.
 */
public final class HiddenSecrets implements EnvironmentPostProcessor {

    private static final String SETTING = "lair.master-key";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        hide(environment);
        if (environment.containsProperty(SETTING)) {
            throw new IllegalArgumentException(
                    "`" + SETTING + "` is no setting: everybody on a machine can read a command"
                            + " line, and a file of settings is no place for a key; use lair.master-key-file, the variable "
                            + MasterKeySource.VARIABLE
                            + ", or lair.master-key-command. What was given here may be known by now");
        }
    }

    private static void hide(ConfigurableEnvironment environment) {
        PropertySource<?> variables =
                environment.getPropertySources().get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        if (variables instanceof MapPropertySource all) {
            Map<String, Object> shown = new HashMap<>(all.getSource());
            shown.keySet().removeIf(SecretCommand::isSecret);
            environment
                    .getPropertySources()
                    .replace(variables.getName(), new SystemEnvironmentPropertySource(variables.getName(), shown));
        }
    }
}
