import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs one test method and writes a line for each test that ended: {@code passed}, {@code failed} or {@code skipped}, a
 * tab, and its name as {@code method > display name}. Started by {@link Mutants} in a process of its own.
 *
 * <p>Arguments: result file, test class, test method.
 */
final class NamedTest implements TestExecutionListener {

    /** A mutant may take the end of a loop away: then the test fails by its name instead of never ending. */
    private static final String TIME_LIMIT = "20 s";

    private final List<String> lines = new ArrayList<>();
    private TestPlan plan;

    public static void main(String[] arguments) throws Exception {
        NamedTest outcome = new NamedTest();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(methods(Class.forName(arguments[1]), arguments[2]))
                .configurationParameter("junit.jupiter.execution.timeout.default", TIME_LIMIT)
                .configurationParameter("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                .build();
        LauncherFactory.create().execute(request, outcome);
        Files.write(Path.of(arguments[0]), outcome.lines);
        // Threads that a mutant left behind do not matter.
        Runtime.getRuntime().halt(0);
    }

    /** A contract's tests are methods of a class above. */
    private static List<DiscoverySelector> methods(Class<?> test, String name) {
        List<DiscoverySelector> found = new ArrayList<>();
        for (Class<?> type = test; type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(name)) {
                    found.add(selectMethod(test, method));
                }
            }
        }
        return found;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        if (test.isTest() || !passed) {
            lines.add((passed ? "passed\t" : "failed\t") + name(test));
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        lines.add("skipped\t" + name(test));
    }

    private String name(TestIdentifier test) {
        List<String> names = new ArrayList<>();
        for (TestIdentifier at = test; at != null; at = plan.getParent(at).orElse(null)) {
            // A case may be called by text that no file can hold, a lone surrogate for one.
            names.add(at.getDisplayName().replaceAll("[^\\x20-\\x7e]", "?"));
            if (at.getSource().orElse(null) instanceof MethodSource source
                    && !plan.getParent(at).flatMap(TestIdentifier::getSource).equals(at.getSource())) {
                names.add(source.getMethodName());
                break;
            }
        }
        Collections.reverse(names);
        return String.join(" > ", names);
    }
}
