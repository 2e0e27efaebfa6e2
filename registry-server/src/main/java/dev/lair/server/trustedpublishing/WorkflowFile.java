package dev.lair.server.trustedpublishing;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file that a job runs by, as GitHub's {@code workflow_ref} and {@code job_workflow_ref} have it:
 * {@code OWNER/REPOSITORY/.github/workflows/release.yml@refs/tags/v1}. The first {@code @} ends the path: refs may have
 * others.
 *
 * @param repository {@code OWNER/REPOSITORY}
 * @param path from the root of the repository
 * @param ref a ref, or the id of a commit
 */
record WorkflowFile(String repository, String path, String ref) {

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)/([^@]+)@(.+)");

    /** Where GitHub takes workflows from. */
    private static final String FOLDER = ".github/workflows/";

    static final String RULE = "of the form owner/repository/path@ref";

    static Optional<WorkflowFile> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new WorkflowFile(form.group(1), form.group(2), form.group(3)))
                : Optional.empty();
    }

    /** The bare file name where it is a workflow of this repository; otherwise all of it, which no file name equals. */
    String nameIn(String ownRepository) {
        boolean own = AsciiCase.same(repository, ownRepository) && path.startsWith(FOLDER);
        String name = own ? path.substring(FOLDER.length()) : "";
        return own && name.indexOf('/') < 0 ? name : repository + "/" + path;
    }

    /** Without the ref. */
    String file() {
        return repository + "/" + path;
    }

    @Override
    public String toString() {
        return file() + "@" + ref;
    }
}
