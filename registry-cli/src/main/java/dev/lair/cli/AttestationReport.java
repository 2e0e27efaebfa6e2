package dev.lair.cli;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.AttestationCheck;
import dev.lair.cli.trust.AttestationCheck.Checked;
import dev.lair.cli.trust.NoteDemand;
import dev.lair.cli.trust.VerifiedLog;
import dev.lair.registry.attestation.PublishAttestation;
import dev.lair.registry.log.Release;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** What a registry attested about a release, checked and in words. */
final class AttestationReport {

    /** What people ask, and the claims of GitHub, GitLab and others that answer it. */
    private static final Map<String, List<String>> QUESTIONS = questions();

    @Option(
            names = "--require-attestation",
            description =
                    "Refuse a release of which the registry attests nothing, or nothing that its evidence log has.")
    private boolean required;

    private static Map<String, List<String>> questions() {
        Map<String, List<String>> questions = new LinkedHashMap<>();
        questions.put("repository", List.of("repository", "project_path"));
        questions.put("workflow", List.of("workflow_ref", "ci_config_ref_uri"));
        questions.put("ref", List.of("ref", "ref_path"));
        questions.put("commit", List.of("sha"));
        questions.put("run", List.of("run_id", "pipeline_id", "job_id"));
        return questions;
    }

    boolean isRequired() {
        return required;
    }

    /** Checks the attestations of a release. */
    List<Checked> check(Lair lair, RegistryClient client, Optional<NoteDemand> demand, VerifiedLog log, Release release)
            throws Fault {
        long leaf = log.record(release.releasedIn())
                .map(VerifiedLog.Logged::leafIndex)
                .orElseThrow(() -> new IllegalStateException("a release is in a record of its log"));
        List<Checked> checked = new AttestationCheck(
                        client,
                        lair.attestations(client.registry()),
                        demand,
                        lair.environment().clock().instant(),
                        lair.console())
                .check(log.name(), release, leaf);
        if (required && checked.stream().noneMatch(one -> one.evidenceIndex().isPresent())) {
            String which = "`" + log.name() + "` " + release.version();
            throw ExitCode.UNVERIFIED.fault(
                    checked.isEmpty()
                            ? "the registry attests nothing about " + which + ", and --require-attestation asks for it;"
                                    + " releases that the author's own key signs have no attestation"
                            : "the attestation of " + which + " is not in the evidence log yet; try again in a minute");
        }
        return checked;
    }

    /** Tells them line by line. */
    static void tell(List<Checked> checked, Consumer<String> line) {
        if (checked.isEmpty()) {
            line.accept("attested   no attestation: the registry says nothing about who published it");
        }
        for (Checked one : checked) {
            PublishAttestation attestation = one.attestation();
            line.accept("attested   " + attestation.publishedAt() + " by " + attestation.registry() + ", key "
                    + one.key().keyId());
            line.accept("publisher  " + attestation.publisher().kind().text()
                    + attestation
                            .publisher()
                            .issuer()
                            .map(issuer -> " by " + issuer)
                            .orElse(""));
            answers(attestation)
                    .forEach((name, value) -> line.accept(String.format(Locale.ROOT, "%-10s %s", name, value)));
            attestation.readme().ifPresent(readme -> line.accept("readme     " + readme));
            line.accept("evidence   "
                    + (one.evidenceIndex().isPresent()
                            ? "entry " + one.evidenceIndex().getAsLong() + " of the evidence log, proven"
                            : "not in the evidence log yet"));
        }
    }

    /** For JSON output. */
    static List<Map<String, Object>> members(List<Checked> checked) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Checked one : checked) {
            PublishAttestation attestation = one.attestation();
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("digest", one.digest().toString());
            members.put("keyId", one.key().keyId().toString());
            members.put("registry", attestation.registry());
            members.put("publishedAt", attestation.publishedAt().toString());
            members.put("publisher", attestation.publisher().kind().text());
            attestation.publisher().issuer().ifPresent(issuer -> members.put("issuer", issuer));
            members.putAll(answers(attestation));
            members.put("claims", attestation.publisher().claims());
            attestation.readme().ifPresent(readme -> members.put("readme", readme.toString()));
            one.evidenceIndex().ifPresent(index -> members.put("evidenceIndex", index));
            list.add(members);
        }
        return list;
    }

    private static Map<String, String> answers(PublishAttestation attestation) {
        Map<String, String> claims = attestation.publisher().claims();
        Map<String, String> answers = new LinkedHashMap<>();
        QUESTIONS.forEach((question, names) -> names.stream()
                .filter(claims::containsKey)
                .findFirst()
                .ifPresent(name -> answers.put(question, String.valueOf(claims.get(name)))));
        return answers;
    }
}
