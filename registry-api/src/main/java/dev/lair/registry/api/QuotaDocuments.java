package dev.lair.registry.api;

import org.jspecify.annotations.Nullable;

/** Bodies about how much a namespace may have. */
public final class QuotaDocuments {

    private QuotaDocuments() {}

    /** {@code GET /api/v1/namespaces/{namespace}/quota}. */
    public record NamespaceQuota(String namespace, Counted storedBytes, Counted packages) {}

    /**
     * One quota.
     *
     * @param used by what is there, and by what is about to be released
     * @param limit null when there is none
     * @param own whether an administrator decided it for this namespace; else it is everybody's
     */
    public record Counted(long used, @Nullable Long limit, boolean own) {}

    /**
     * {@code PUT /api/v1/namespaces/{namespace}/quota}: 0 for no limit, nothing for everybody's.
     *
     * @param storedBytes of contents
     */
    public record NewQuota(
            @Nullable Long storedBytes, @Nullable Long packages) {}
}
