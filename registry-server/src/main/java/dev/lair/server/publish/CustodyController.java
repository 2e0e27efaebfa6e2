package dev.lair.server.publish;

import dev.lair.registry.PackageName;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.PublishDocuments;
import dev.lair.registry.log.PackagePermission;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.JsonBody;
import dev.lair.server.account.Requester;
import dev.lair.server.custody.PackageKeys;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.publish.ReleaseArguments.Addressed;
import dev.lair.signing.MalformedKeyException;
import dev.lair.signing.PublicKey;
import dev.lair.storage.registry.RegistryStore;
import java.io.InputStream;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is signed by the key that the registry holds for a package, other than releases: withdrawals, and its own retreat. */
@RestController
class CustodyController {

    private final PublishService publishing;
    private final PackageKeys keys;
    private final RegistryStore store;
    private final Clock clock;

    CustodyController(PublishService publishing, PackageKeys keys, RegistryStore store, Clock clock) {
        this.publishing = publishing;
        this.keys = keys;
        this.store = store;
        this.clock = clock;
    }

    /** The key that an author would let release. Made when the first member of the namespace asks. */
    @Access(Act.PUBLISH_UPDATE)
    @GetMapping("/" + ApiPaths.CUSTODY)
    ResponseEntity<byte[]> custody(@PathVariable String namespace, @PathVariable String name) {
        PackageName asked = ReleaseArguments.packageName(namespace, name);
        PublicKey key = keys.of(asked).publicKey();
        Set<PackagePermission> held = publishing.permissions(asked, key.keyId());
        String state = held.contains(PackagePermission.YANK)
                ? "custodial"
                : held.contains(PackagePermission.RELEASE) ? "granted" : "none";
        return JsonBody.ok(
                new PublishDocuments.Custody(key.toString(), key.keyId().toString(), state));
    }

    @Access(Act.TAKEOVER_KEY)
    @PostMapping("/" + ApiPaths.CUSTODY_TAKEOVER)
    ResponseEntity<byte[]> takeover(
            @PathVariable String namespace, @PathVariable String name, InputStream in, Requester requester) {
        PackageName asked = ReleaseArguments.packageName(namespace, name);
        PublicKey owner;
        try {
            owner = PublicKey.parse(
                    JsonBody.read(in, PublishDocuments.Takeover.class).publicKey());
        } catch (MalformedKeyException e) {
            throw new ProblemException(Problem.Kind.INVALID, String.valueOf(e.getMessage()));
        }
        return signed(
                requester,
                asked,
                "taken-over",
                Map.of("key", owner.keyId().toString()),
                () -> publishing.takeover(asked, owner));
    }

    @Access(Act.YANK)
    @PostMapping("/" + ApiPaths.VERSION_YANK)
    ResponseEntity<byte[]> yank(Addressed path, Requester requester) {
        return signed(
                requester,
                path.name(),
                "yanked",
                Map.of("version", path.version().toString()),
                () -> publishing.yank(path.name(), path.version()));
    }

    @Access(Act.TRUSTED_ONLY)
    @PutMapping("/" + ApiPaths.PACKAGE_RULES)
    ResponseEntity<byte[]> rules(
            @PathVariable String namespace, @PathVariable String name, InputStream in, Requester requester) {
        PackageName asked = ReleaseArguments.packageName(namespace, name);
        boolean trustedOnly =
                JsonBody.read(in, PublishDocuments.PackageRules.class).trustedOnly();
        store.write(rows -> {
            rows.rules()
                    .setTrustedOnly(
                            asked.toString(), trustedOnly, requester.caller().actor(), clock.instant());
            rows.audit()
                    .add(requester.act(
                            clock.instant(),
                            "rules-set",
                            asked.namespace().value(),
                            asked.toString(),
                            Map.of("trustedOnly", trustedOnly)));
            return asked;
        });
        return JsonBody.done();
    }

    private interface Signing {
        Publication run() throws PublishRefused, CustodyRefused;
    }

    /** The row is written before the record is signed: an act without a row must not be. A row may tell of one that failed. */
    private ResponseEntity<byte[]> signed(
            Requester requester, PackageName name, String act, Map<String, ?> detail, Signing signing) {
        store.write(rows -> {
            rows.audit()
                    .add(requester.act(clock.instant(), act, name.namespace().value(), name.toString(), detail));
            return name;
        });
        try {
            Publication outcome = signing.run();
            if (outcome instanceof Publication.Rejected rejected) {
                throw new ProblemException(Problem.Kind.CONFLICT, rejected.reason());
            }
            return JsonBody.ok(
                    new PublishDocuments.SignedRecord(outcome.recordId().toString()));
        } catch (CustodyRefused.NotInCustody e) {
            throw new ProblemException(Problem.Kind.NOT_IN_CUSTODY, String.valueOf(e.getMessage()));
        } catch (PublishRefused | CustodyRefused e) {
            throw new ProblemException(Problem.Kind.CONFLICT, String.valueOf(e.getMessage()));
        }
    }
}
