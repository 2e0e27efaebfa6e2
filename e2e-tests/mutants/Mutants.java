import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Runs the mutants of {@code mutants.txt}: each takes one rule away, and the test that is named for the rule must fail.
 *
 * <p>The repository is copied to a temporary folder and built there once; the same Maven run is the check that the named
 * tests pass without a mutant, and its reports tell the class path of each module. Then each mutant costs one compiled
 * file, whose classes go before the module's own, and one process that runs one test method ({@link NamedTest}). Nothing
 * outside the temporary folder is written.
 */
final class Mutants {

    /** The folder of this file; {@code run} says where that is. */
    private static final Path HERE = Path.of(System.getProperty("lair.mutants", "."));

    /** A test has 20 s ({@link NamedTest}); this ends a process that does not even come to that. */
    private static final Duration PROCESS_LIMIT = Duration.ofSeconds(60);

    /** Lines of Maven's output that are shown when it fails. */
    private static final int LOG_TAIL = 60;

    /**
     * One rule taken away.
     *
     * @param id the rule
     * @param file main source, relative to the repository; its first folder is the module
     * @param find snippet that must occur once; any white space in it stands for any or none
     * @param replace what stands there instead
     * @param testClass simple name, in the same module
     * @param method test method that must fail
     * @param fails what the name of the failed test must say: the method, or the display name of one of its cases
     */
    private record Mutant(
            String id, Path file, String find, String replace, String testClass, String method, String fails) {

        String module() {
            return file.getName(0).toString();
        }
    }

    /** How a mutant ended: {@code killed}, or why not. */
    private record Verdict(boolean killed, boolean applicable, String text) {

        static Verdict survived(String why) {
            return new Verdict(false, true, "SURVIVED" + why);
        }

        static Verdict notApplicable(String why) {
            return new Verdict(false, false, "not applicable (" + why + ")");
        }
    }

    private final Path root;
    private final Path work;
    private final Path copy;
    private final Map<String, Path> testFiles = new HashMap<>();
    private final Map<String, String> classPaths = new HashMap<>();
    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

    private Mutants(Path root, Path work) {
        this.root = root;
        this.work = work;
        this.copy = work.resolve("lair");
    }

    public static void main(String[] arguments) throws Exception {
        String only = "";
        if (arguments.length == 2 && arguments[0].equals("--only")) {
            only = arguments[1];
        } else if (arguments.length != 0) {
            fail("usage: run [--only ID]    (ID or the beginning of several)");
        }
        List<Mutant> mutants = new ArrayList<>();
        for (Mutant mutant : parse(HERE.resolve("mutants.txt"))) {
            if (mutant.id.startsWith(only)) {
                mutants.add(mutant);
            }
        }
        if (mutants.isEmpty()) {
            fail("no mutant has an id that starts with `" + only + "`");
        }
        Path work = Files.createTempDirectory("lair-mutants");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(work)));
        Path root = Path.of(output(HERE, "git", "rev-parse", "--show-toplevel").strip());
        System.exit(new Mutants(root, work).run(mutants) ? 0 : 1);
    }

    private boolean run(List<Mutant> mutants) throws Exception {
        copyRepository();
        for (Mutant mutant : mutants) {
            testFiles.putIfAbsent(mutant.module() + " " + mutant.testClass, testFile(mutant));
        }
        System.out.println("building and testing without mutants");
        build(mutants);
        Map<Boolean, Integer> counts = new HashMap<>();
        int inapplicable = 0;
        for (Mutant mutant : mutants) {
            long start = System.nanoTime();
            Verdict verdict = tryOut(mutant);
            System.out.printf(
                    "%-56s %s  %.1f s%n", mutant.id, verdict.text, (System.nanoTime() - start) / 1e9);
            counts.merge(verdict.killed, 1, Integer::sum);
            inapplicable += verdict.applicable ? 0 : 1;
        }
        int killed = counts.getOrDefault(true, 0);
        System.out.printf(
                "%d mutants: %d killed, %d survived, %d not applicable%n",
                mutants.size(), killed, mutants.size() - killed - inapplicable, inapplicable);
        return killed == mutants.size();
    }

    // --- the list ----------------------------------------------------------------------------------------------------

    /** Blocks of {@code key: value} between blank lines; an indented line goes on with the value; # starts a comment. */
    private static List<Mutant> parse(Path list) throws IOException {
        List<Mutant> mutants = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (String block : Files.readString(list).split("\n\\s*\n")) {
            Map<String, String> fields = new LinkedHashMap<>();
            String key = "";
            for (String line : block.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).toList()) {
                if (Character.isWhitespace(line.charAt(0))) {
                    fields.merge(key, line.strip(), (first, more) -> first + "\n" + more);
                } else {
                    int colon = line.indexOf(':');
                    key = colon < 0 ? line : line.substring(0, colon);
                    if (colon < 0 || fields.put(key, line.substring(colon + 1).strip()) != null) {
                        fail(list + ": not `key: value`, or twice in its block: " + line);
                    }
                }
            }
            if (!fields.isEmpty()) {
                Mutant mutant = mutant(fields);
                if (!ids.add(mutant.id)) {
                    fail("two mutants are called " + mutant.id);
                }
                mutants.add(mutant);
            }
        }
        return mutants;
    }

    private static Mutant mutant(Map<String, String> fields) {
        Set<String> missing = new TreeSet<>(Set.of("id", "file", "find", "replace", "test"));
        missing.removeAll(fields.keySet());
        Set<String> unknown = new TreeSet<>(fields.keySet());
        unknown.removeAll(Set.of("id", "file", "find", "replace", "test", "fails"));
        String[] test = fields.getOrDefault("test", "").split("#");
        if (!missing.isEmpty() || !unknown.isEmpty() || test.length != 2) {
            fail("mutant " + fields + " lacks " + missing + ", has unknown " + unknown
                    + ", or its test is not Class#method");
        }
        return new Mutant(
                fields.get("id"),
                Path.of(fields.get("file")),
                fields.get("find"),
                fields.get("replace"),
                test[0],
                test[1],
                fields.getOrDefault("fails", test[1]));
    }

    // --- copy and build ----------------------------------------------------------------------------------------------

    /** What is tracked or will be, as it stands in the working tree. */
    private void copyRepository() throws Exception {
        String listed = output(root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard");
        for (String name : listed.split("\0")) {
            Path from = root.resolve(name);
            if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
                Path to = copy.resolve(name);
                Files.createDirectories(to.getParent());
                Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private Path testFile(Mutant mutant) throws IOException {
        Path tests = copy.resolve(mutant.module()).resolve("src/test/java");
        try (Stream<Path> files = Files.walk(tests)) {
            return files.filter(file -> file.endsWith(mutant.testClass + ".java"))
                    .findFirst()
                    .map(tests::relativize)
                    .orElseThrow(() -> new IllegalStateException("mutant " + mutant.id + ": no test class "
                            + mutant.testClass + " in " + mutant.module()));
        }
    }

    private static String className(Path testFile) {
        return testFile.toString().replace(".java", "").replace(File.separatorChar, '.');
    }

    private void build(List<Mutant> mutants) throws Exception {
        List<String> maven = new ArrayList<>(
                Arrays.asList(System.getenv().getOrDefault("MVN", "mvn").trim().split("\\s+")));
        maven.addAll(List.of("-B", "-q", "-DskipErrorProne", "-Dspotless.check.skip=true"));
        maven.addAll(List.of("-Dsurefire.failIfNoSpecifiedTests=false", "-am", "-pl"));
        maven.add(mutants.stream().map(Mutant::module).distinct().collect(Collectors.joining(",")));
        maven.add("-Dtest=" + namedTests(mutants));
        maven.add("test");
        Path log = work.resolve("build.log");
        Process process = new ProcessBuilder(maven)
                .directory(copy.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (process.waitFor() != 0) {
            List<String> lines = Files.readAllLines(log);
            lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()).forEach(System.err::println);
            fail("the tests do not pass without mutants");
        }
        for (Map.Entry<String, Path> test : testFiles.entrySet()) {
            String module = test.getKey().split(" ")[0];
            Path report = copy.resolve(module).resolve("target/surefire-reports/TEST-" + className(test.getValue()) + ".xml");
            classPaths.put(module, withLauncher(classPath(report)));
        }
        String anyClassPath = classPaths.values().iterator().next();
        compile(HERE.resolve("NamedTest.java"), work.resolve("runner"), anyClassPath)
                .ifPresent(errors -> fail("NamedTest.java: " + errors));
    }

    /** All named tests as Surefire wants them: {@code ClassA#one+two,ClassB#three}. */
    private static String namedTests(List<Mutant> mutants) {
        Map<String, Set<String>> methods = new LinkedHashMap<>();
        for (Mutant mutant : mutants) {
            methods.computeIfAbsent(mutant.testClass, none -> new TreeSet<>()).add(mutant.method);
        }
        return methods.entrySet().stream()
                .map(entry -> entry.getKey() + "#" + String.join("+", entry.getValue()))
                .collect(Collectors.joining(","));
    }

    /** Surefire's report says what it ran with. */
    private static String classPath(Path report) throws Exception {
        NodeList properties = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getElementsByTagName("property");
        for (int i = 0; i < properties.getLength(); i++) {
            Element property = (Element) properties.item(i);
            if (property.getAttribute("name").equals("surefire.test.class.path")) {
                return property.getAttribute("value");
            }
        }
        throw new IllegalStateException("no class path in " + report);
    }

    /** The launcher is Surefire's own dependency; it lies beside the engine, in the same version. */
    private static String withLauncher(String classPath) {
        for (String entry : classPath.split(File.pathSeparator)) {
            if (entry.contains("junit-platform-engine")) {
                String launcher = entry.replace("junit-platform-engine", "junit-platform-launcher");
                if (Files.exists(Path.of(launcher))) {
                    return classPath + File.pathSeparator + launcher;
                }
            }
        }
        throw new IllegalStateException("no junit-platform-launcher for " + classPath);
    }

    // --- one mutant --------------------------------------------------------------------------------------------------

    private Verdict tryOut(Mutant mutant) throws Exception {
        Path file = copy.resolve(mutant.file);
        if (!Files.exists(file)) {
            return Verdict.notApplicable("file not found");
        }
        String source = Files.readString(file);
        List<MatchResult> found = snippet(mutant.find).matcher(source).results().toList();
        if (found.size() != 1) {
            return Verdict.notApplicable(found.isEmpty() ? "snippet not found" : "snippet found " + found.size() + " times");
        }
        String changed = source.substring(0, found.getFirst().start())
                + mutant.replace
                + source.substring(found.getFirst().end());
        Path folder = work.resolve("mutant").resolve(mutant.id);
        Path changedFile = folder.resolve("source").resolve(mutant.file.getFileName());
        Files.createDirectories(changedFile.getParent());
        Files.writeString(changedFile, changed);
        String classPath = classPaths.get(mutant.module());
        Optional<String> errors = compile(changedFile, folder.resolve("classes"), classPath);
        if (errors.isPresent()) {
            return Verdict.notApplicable("does not compile: " + errors.get().lines().findFirst().orElse(""));
        }
        return verdict(mutant, runTest(mutant, folder, classPath));
    }

    private static Pattern snippet(String text) {
        return Pattern.compile(Arrays.stream(text.strip().split("\\s+")).map(Pattern::quote).collect(Collectors.joining("\\s*")));
    }

    private Optional<String> compile(Path file, Path classes, String classPath) throws IOException {
        Files.createDirectories(classes);
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options =
                    List.of("-d", classes.toString(), "-cp", classPath, "-proc:none", "-nowarn", "-parameters");
            boolean compiled = compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            return compiled ? Optional.empty() : Optional.of(messages.toString());
        }
    }

    /** Lines of {@link NamedTest}; none when the process did not come to an end. */
    private List<String> runTest(Mutant mutant, Path folder, String classPath) throws Exception {
        Path result = folder.resolve("result.txt");
        Path test = testFiles.get(mutant.module() + " " + mutant.testClass);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        String.join(
                                File.pathSeparator,
                                folder.resolve("classes").toString(),
                                work.resolve("runner").toString(),
                                classPath),
                        "NamedTest",
                        result.toString(),
                        className(test),
                        mutant.method)
                .directory(copy.resolve(mutant.module()).toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
        if (!process.waitFor(PROCESS_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        return process.exitValue() == 0 ? Files.readAllLines(result) : List.of();
    }

    private static Verdict verdict(Mutant mutant, List<String> outcomes) {
        if (outcomes.isEmpty()) {
            return Verdict.survived(" (no such test, or no outcome)");
        }
        Pattern wanted = Pattern.compile("(?<![\\w-])" + Pattern.quote(mutant.fails) + "(?![\\w-])");
        boolean known = false;
        List<String> others = new ArrayList<>();
        for (String line : outcomes) {
            String[] outcome = line.split("\t", 2);
            Matcher matcher = wanted.matcher(outcome[1]);
            if (matcher.find()) {
                known = true;
                if (outcome[0].equals("failed")) {
                    return new Verdict(true, true, "killed");
                }
            } else if (outcome[0].equals("failed")) {
                others.add(outcome[1]);
            }
        }
        if (!known) {
            return Verdict.survived(" (no test says `" + mutant.fails + "`; failed: " + others + ")");
        }
        return Verdict.survived(others.isEmpty() ? "" : " (failed only: " + others + ")");
    }

    // --- processes and files -----------------------------------------------------------------------------------------

    private static String output(Path folder, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            fail(String.join(" ", command) + " failed");
        }
        return text;
    }

    private static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            System.err.println("left behind: " + folder + " (" + e + ")");
        }
    }

    private static void fail(String message) {
        System.err.println("mutants: " + message);
        System.exit(2);
    }
}
