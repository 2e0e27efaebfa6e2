package dev.lair.cli;

import dev.lair.cli.account.TokensAtHand;
import dev.lair.cli.author.Publication;
import dev.lair.cli.client.ApiClient;
import dev.lair.cli.client.ApiRefused;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.PackageName;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PublishDocuments.Custody;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackagePermission;
import dev.lair.signing.MalformedKeyException;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.PublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair key grant-registry}: the registry may release from now on, with a key that it holds for the package. */
@Command(
        name = "grant-registry",
        description = {
            "Let the registry release a package of yours.",
            "Needed once for a package whose log your key began, before anybody publishes it with a token or from CI."
                    + " Your key grants `release`, and no more, to the key that the registry holds for this package."
        })
@SuppressWarnings("NullAway.Init")
final class KeyGrantRegistryCommand implements Callable<Integer> {

    @ParentCommand
    private KeyCommand parent;

    @Parameters(index = "0", paramLabel = "NS:NAME", description = "The package.")
    private PackageName name;

    @Mixin
    private AuthorOptions author;

    @Override
    public Integer call() throws Fault {
        Lair lair = parent.lair();
        try (RegistryClient client = lair.client()) {
            ApiClient api =
                    new ApiClient(client, lair.tokens().find(client.registry()).map(TokensAtHand.AtHand::credential));
            Custody custody = api.get(
                    ApiPaths.PACKAGES + "/" + name.namespace() + "/" + name.name() + "/custody",
                    "tell its key for `" + name + "`",
                    Custody.class);
            PublicKey key = key(custody);
            if (!custody.state().equals("none")) {
                lair.console()
                        .result("unchanged  " + name + ": the registry's key " + key.keyId() + " may release ("
                                + custody.state() + ")");
                lair.console().json(members(key, false));
                return 0;
            }
            PrivateKey signer = author.signer(lair);
            Publication.Published published = author.publication(lair, client, signer)
                    .publish(name, new PackageEntry.Grant(key, List.of(PackagePermission.RELEASE)), null);
            AuthorOptions.print(
                    lair, "granted    release of " + name + " to the registry's key " + key.keyId(), published);
            Map<String, Object> members = members(key, true);
            members.putAll(AuthorOptions.members(published));
            lair.console().json(members);
        } catch (ApiRefused e) {
            throw e.fault();
        }
        return 0;
    }

    private static PublicKey key(Custody custody) throws Fault {
        try {
            PublicKey key = PublicKey.parse(custody.publicKey());
            if (key.keyId().toString().equals(custody.keyId())) {
                return key;
            }
        } catch (MalformedKeyException | NullPointerException e) {
            throw ExitCode.UNVERIFIED.fault("what the registry names as its key is none: " + e.getMessage(), e);
        }
        throw ExitCode.UNVERIFIED.fault(
                "the registry names a key and the id of another one, so neither is granted" + " anything");
    }

    private Map<String, Object> members(PublicKey key, boolean granted) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("package", name.toString());
        members.put("publicKey", key.text());
        members.put("keyId", key.keyId().toString());
        members.put("granted", granted);
        return members;
    }
}
