package dev.lair.server.quota;

import dev.lair.registry.Namespace;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.QuotaDocuments;
import dev.lair.server.access.Act;
import dev.lair.server.access.Rights;
import dev.lair.server.access.Target;
import dev.lair.server.account.Caller;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.QuotaRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** How much single namespaces may have: owners look, administrators decide. */
@Service
final class NamespaceQuotas {

    private final Quotas quotas;
    private final RegistryStore store;
    private final Rights rights;
    private final Clock clock;

    NamespaceQuotas(Quotas quotas, RegistryStore store, Rights rights, Clock clock) {
        this.quotas = quotas;
        this.store = store;
        this.rights = rights;
        this.clock = clock;
    }

    QuotaDocuments.NamespaceQuota of(Namespace namespace) {
        return store.read(rows -> document(rows, known(rows, namespace)));
    }

    /** Decides for one namespace, in place of what was decided before. */
    QuotaDocuments.NamespaceQuota set(Requester requester, Namespace namespace, QuotaDocuments.NewQuota asked) {
        Caller.Person person = requester.person();
        Instant now = clock.instant();
        QuotaRows.Own own = new QuotaRows.Own(
                limit("storedBytes", asked.storedBytes()),
                limit("packages", asked.packages()),
                person.accountId(),
                now);
        return store.write(rows -> {
            rights.require(rows, requester.caller(), Act.ADMIN, Target.of(namespace));
            String name = known(rows, namespace);
            rows.quotas().setOwn(name, own);
            Map<String, Object> detail = new LinkedHashMap<>();
            own.storedBytes().ifPresent(bytes -> detail.put("storedBytes", bytes));
            own.packages().ifPresent(packages -> detail.put("packages", packages));
            rows.audit().add(requester.act(now, "quota-set", name, name, detail));
            return document(rows, name);
        });
    }

    private static OptionalLong limit(String member, @Nullable Long limit) {
        if (limit == null) {
            return OptionalLong.empty();
        }
        if (limit < 0) {
            throw new ProblemException(
                    Problem.Kind.INVALID,
                    "`" + member + "` is " + limit + "; it is 0 for no limit, or left out for everybody's");
        }
        return OptionalLong.of(limit);
    }

    private static String known(RegistryRows rows, Namespace namespace) {
        return rows.namespaces()
                .find(namespace.value())
                .map(NamespaceRows.Namespace::name)
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NO_SUCH_NAMESPACE, "no account owns a namespace `" + namespace + "` here"));
    }

    private QuotaDocuments.NamespaceQuota document(RegistryRows rows, String namespace) {
        QuotaRows.Use use = rows.quotas().use(namespace);
        Optional<QuotaRows.Own> own = rows.quotas().own(namespace);
        boolean ownBytes = own.filter(said -> said.storedBytes().isPresent()).isPresent();
        boolean ownPackages = own.filter(said -> said.packages().isPresent()).isPresent();
        return new QuotaDocuments.NamespaceQuota(
                namespace,
                counted(quotas.stored(rows, namespace, use), ownBytes),
                counted(quotas.packages(rows, namespace, use), ownPackages));
    }

    private static QuotaDocuments.Counted counted(Quota quota, boolean own) {
        return new QuotaDocuments.Counted(quota.used(), quota.limit() == 0 ? null : quota.limit(), own);
    }
}
