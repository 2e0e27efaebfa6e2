package dev.lair.cli;

import static dev.lair.cli.report.Finding.chained;
import static dev.lair.cli.report.Finding.proven;

import dev.lair.cli.author.ContentFile;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.AttestationCheck.Checked;
import dev.lair.cli.trust.LedgerAudit;
import dev.lair.cli.trust.NoteDemand;
import dev.lair.cli.trust.VerifiedLog;
import dev.lair.cli.trust.VerifiedView;
import dev.lair.registry.log.Release;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair verify}: says step by step what was checked, and how firmly each thing is known. */
@Command(
        name = "verify",
        description = {
            "Check a registry, a package or a file, and say what was proven.",
            "Without a package: the checkpoint's signature, the operator log, and consistency with what was seen before."
                    + " With a package: every record of its log too. With --file: the file's digest against the release.",
            "With a version: who published it, as the registry attested and its evidence log has it.",
            "With --proof: a .tlog-proof file against a witness policy, without asking anybody."
        })
@SuppressWarnings("NullAway.Init")
final class VerifyCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NS:NAME[@RANGE]",
            description = "A package, and perhaps which version of it.")
    private @Nullable PackageReference reference;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Check that FILE is the content of the release, or of any release when no version is named.")
    private @Nullable Path file;

    @Option(
            names = "--all",
            description = "Read the whole ledger, compute both roots from it, and replay the log of every package.")
    private boolean all;

    @Option(
            names = "--proof",
            paramLabel = "FILE",
            description = "Check FILE, the .tlog-proof of a release, without any network. It may be of any age unless"
                    + " --max-age says otherwise.")
    private @Nullable Path proof;

    @Option(
            names = "--package",
            paramLabel = "NS:NAME@VERSION",
            description = "The release that --proof should prove. Known without it when the file lies at"
                    + " NS/NAME/VERSION.tlog-proof, as in a registry's tree.")
    private @Nullable PackageReference proofOf;

    @Mixin
    private AttestationReport attested;

    @Mixin
    private PolicyOption policy;

    @Override
    public Integer call() throws Fault {
        return proof == null ? verifyOnline() : verifyOffline(proof);
    }

    private Integer verifyOffline(Path proofFile) throws Fault {
        if (attested.isRequired()) {
            throw ExitCode.USAGE.fault("--require-attestation asks the registry, and --proof asks nobody; choose one");
        }
        if (all) {
            throw ExitCode.USAGE.fault("--all asks the registry, and --proof asks nobody; choose one");
        }
        Console console = lair.console();
        console.showSteps();
        PackageReference asked = ProofCheck.named(proofOf, reference).orElse(null);
        ContentFile content = file == null ? null : ContentFile.read(lair.path(file), console);
        new ProofCheck(lair, proofFile).run(asked, content, policy.demandOfProof(lair, lair.registry()));
        return 0;
    }

    private Integer verifyOnline() throws Fault {
        if (attested.isRequired() && (reference == null || reference.range() == null && file == null)) {
            throw ExitCode.USAGE.fault(
                    "--require-attestation is about one release: name its version, like ns:name@1.2.3");
        }
        if (proofOf != null) {
            throw ExitCode.USAGE.fault("--package says what --proof should prove; without it, name the package as the"
                    + " argument, like: lair verify " + proofOf);
        }
        if (file != null && reference == null) {
            throw ExitCode.USAGE.fault(
                    "--file needs the package that the file should be, like: lair verify --file a.wasm"
                            + " ns:name@1.2.3");
        }
        Console console = lair.console();
        console.showSteps();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("verified", true);
        ContentFile content = file == null ? null : ContentFile.read(lair.path(file), console);
        try (RegistryClient client = lair.client()) {
            Optional<NoteDemand> demand = policy.demand(lair, client.registry());
            VerifiedView view =
                    lair.trust(client, demand).verify(reference == null ? Set.of() : Set.of(reference.name()));
            members.put("registry", view.registry());
            members.put("checkpointSize", view.size());
            if (reference != null) {
                VerifiedLog log = view.require(reference.name());
                Release release = verifyPackage(reference, log, content, members);
                if (release != null) {
                    List<Checked> checked = attested.check(lair, client, demand, log, release);
                    AttestationReport.tell(checked, console::result);
                    members.put("attestations", AttestationReport.members(checked));
                }
            }
            if (all) {
                LedgerAudit.Result audit = new LedgerAudit(client, console).audit(view);
                members.put("auditedRecords", audit.records());
                members.put("auditedPackages", audit.packages());
            }
            console.result("verified " + (reference == null ? view.registry() : reference + " of " + view.registry()));
        }
        members.put("findings", console.findings());
        console.json(members);
        return 0;
    }

    private @Nullable Release verifyPackage(
            PackageReference asked, VerifiedLog log, @Nullable ContentFile content, Map<String, Object> members)
            throws Fault {
        reportRecords(log);
        members.put("package", asked.name().toString());
        members.put("records", log.records().size());
        Release release = null;
        if (content != null) {
            release = releaseOf(content, asked, log);
        } else if (asked.range() != null) {
            release = asked.resolve(log);
        }
        if (release != null) {
            lair.console()
                    .found(proven("release: " + asked.name() + " " + release.version() + " is " + release.content()
                            + (release.yanked() ? ", and it is yanked" : "")));
            members.put("version", release.version().toString());
            members.put("digest", release.content().toString());
            members.put("yanked", release.yanked());
        }
        return release;
    }

    /** The newest record was proven with the view; the others hang on it by hash. */
    private void reportRecords(VerifiedLog log) {
        List<VerifiedLog.Logged> records = log.records();
        for (int i = 0; i < records.size(); i++) {
            VerifiedLog.Logged logged = records.get(i);
            String which = "record " + (i + 1) + " of " + records.size() + " in `" + log.name() + "`: "
                    + logged.record().id() + " at leaf " + logged.leafIndex();
            lair.console()
                    .found(
                            i == records.size() - 1
                                    ? proven(which + ", signature and Merkle proofs")
                                    : chained(which
                                            + ", signature and the hash chain to the newest; the registry proves"
                                            + " leaves of newest records only" + (all ? "" : " (--all proves each)")));
        }
    }

    private Release releaseOf(ContentFile content, PackageReference asked, VerifiedLog log) throws Fault {
        if (asked.range() == null) {
            return log.state().releases().reversed().stream()
                    .filter(candidate -> candidate.content().equals(content.digest()))
                    .findFirst()
                    .orElseThrow(() -> ExitCode.UNVERIFIED.fault("`" + content.path() + "` is " + content.digest()
                            + ", which is no release of `" + asked.name() + "`"));
        }
        Release release = asked.resolve(log);
        if (!release.content().equals(content.digest())) {
            throw ExitCode.UNVERIFIED.fault("`" + content.path() + "` is " + content.digest() + ", but `" + asked.name()
                    + "` " + release.version() + " is " + release.content());
        }
        lair.console().found(proven("file: `" + content.path() + "` is the content of this release"));
        return release;
    }
}
