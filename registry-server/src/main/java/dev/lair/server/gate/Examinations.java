package dev.lair.server.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.ValidatorVersion;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.facts.FactsOf;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.PublishSettings;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.FactStore;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.StoredContent;
import dev.lair.transparency.Digest;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Looks at contents: what follows from bytes alone, found out once per digest. Remembered in memory while the process
 * lives, kept in the {@link FactStore} for longer.
 *
 * <p><b>Bounds.</b> Bytes are looked at where they lie, a mapped file mostly, by a few platform threads: validating is work
 * without a wait, which would hold the carriers of virtual threads. {@link ByteBudget} bounds the bytes that are looked at
 * together, and with them the heap; whoever waits gives up after the deadline, in the order of a queue. A look that was
 * given up is finished all the same, keeps its share until then, and answers whoever asks again.
 *
 * <p>What a crash leaves: facts are kept behind the answer, so they may be missing; who reads finds them out again.
 */
@Service
public final class Examinations implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Examinations.class);

    private final ContentStore contents;
    private final FactStore facts;
    private final FeatureSet features;
    private final Duration deadline;
    private final ByteBudget budget;
    private final ExecutorService threads;

    private final Cache<Digest, Examined> known = Caffeine.newBuilder()
            .maximumWeight(GateLimits.REMEMBERED_WORK + GateLimits.REMEMBERED_VERDICTS * GateLimits.LEAST_WORK)
            .weigher((Digest digest, Examined examined) -> examined.weight())
            .build();

    /** One look per digest at a time, whoever asks. */
    private final Map<Digest, CompletableFuture<Examination>> running = new ConcurrentHashMap<>();

    Examinations(Storage storage, LairSettings settings) {
        PublishSettings publish = settings.publish();
        this.contents = storage.contents();
        this.facts = storage.facts();
        this.features = publish.featureSet();
        this.deadline = publish.validationDeadline();
        this.budget = new ByteBudget(
                publish.validationBytes().toBytes(),
                "too many bytes wait to be validated; the content is kept, try again later");
        this.threads = Executors.newFixedThreadPool(
                publish.validationThreads(),
                Thread.ofPlatform().daemon().name("lair-validation-", 0).factory());
    }

    /** What the gate has to know of a content that was just put. */
    Examined examined(StoredContent content) throws ContentNotFoundException {
        Examined remembered = known.getIfPresent(content.digest());
        return remembered != null ? remembered : look(content.digest(), content).examined();
    }

    /** The same of any content; types to compare with may be missing. */
    Examined examined(Digest content) throws ContentNotFoundException {
        Examined remembered = known.getIfPresent(content);
        if (remembered != null) {
            return remembered;
        }
        Optional<ContentFacts> kept = kept(content).filter(this::isOfToday);
        if (kept.isPresent()) {
            Examined examined = Examined.read(kept.get());
            known.asMap().putIfAbsent(content, examined);
            return examined;
        }
        return look(content, null).examined();
    }

    /** The same with types to compare with, if it has any. */
    Examined comparable(Digest content) throws ContentNotFoundException {
        Examined examined = examined(content);
        return examined.isWhole() ? examined : look(content, null).examined();
    }

    /** All that is known of a content: as it was found out when it was published, else as it is found out now. */
    public ContentFacts facts(Digest content) throws ContentNotFoundException {
        Optional<ContentFacts> kept = kept(content);
        if (kept.isPresent()) {
            return kept.get();
        }
        Examination found = look(content, null);
        if (!found.examined().isValid()) {
            // Released under an older validator: kept too, or each question would cost a look.
            save(content, found);
        }
        return bounded(found.facts());
    }

    /** What is kept of a content, by whatever version of the validator; empty when nothing readable is. */
    Optional<ContentFacts> kept(Digest content) {
        try {
            Optional<byte[]> body = facts.ofContent(content);
            return body.isPresent()
                    ? Optional.of(ApiJson.readCompressed(body.get(), ContentFacts.class))
                    : Optional.empty();
        } catch (IOException damaged) {
            LOG.warn(
                    "kept facts cannot be read, they are derived again content.digest={}: {}",
                    content,
                    damaged.getMessage());
            forget(content);
            return Optional.empty();
        } catch (StorageException unreadable) {
            LOG.warn("kept facts cannot be read content.digest={}: {}", content, unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** The first that is kept stays, so what nobody can read has to go; a crash behind this leaves facts to be derived. */
    private void forget(Digest content) {
        try {
            facts.forgetContent(content);
        } catch (StorageException e) {
            LOG.warn("kept facts cannot be dropped content.digest={}: {}", content, e.getMessage());
        }
    }

    private boolean isOfToday(ContentFacts kept) {
        return !kept.lacksItems()
                && kept.validation().validator().equals(ValidatorVersion.CURRENT)
                && kept.validation().features().equals(Examination.gated(features));
    }

    /** Bytes that are looked at now. */
    long bytesInWork() {
        return budget.takenBytes();
    }

    /** Contents that wait to be looked at, about. */
    int waiting() {
        return budget.waiting();
    }

    private Examination look(Digest content, @Nullable StoredContent stored) throws ContentNotFoundException {
        long until = System.nanoTime() + deadline.toNanos();
        CompletableFuture<Examination> mine = new CompletableFuture<>();
        CompletableFuture<Examination> first = running.putIfAbsent(content, mine);
        if (first == null) {
            start(content, stored, mine, until);
        }
        return await(content, first == null ? mine : first, until);
    }

    private void start(
            Digest content, @Nullable StoredContent stored, CompletableFuture<Examination> answer, long until) {
        ByteBudget.Share share = null;
        boolean started = false;
        try {
            long sizeBytes = (stored != null ? stored : find(content)).sizeBytes();
            ByteBudget.Share taken = budget.take(sizeBytes, Duration.ofNanos(until - System.nanoTime()));
            share = taken;
            threads.execute(() -> run(content, answer, taken));
            started = true;
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new GateBusyException("the server is about to stop; try again"));
        } catch (ContentNotFoundException | RuntimeException e) {
            answer.completeExceptionally(e);
        } finally {
            if (!started) {
                running.remove(content, answer);
                if (share != null) {
                    share.close();
                }
            }
        }
    }

    private StoredContent find(Digest content) throws ContentNotFoundException {
        Optional<StoredContent> found = contents.find(content);
        if (found.isEmpty()) {
            throw new ContentNotFoundException(content);
        }
        return found.get();
    }

    private void run(Digest content, CompletableFuture<Examination> answer, ByteBudget.Share share) {
        try {
            Examination examination = contents.read(content, bytes -> Examination.of(bytes, features));
            known.put(content, examination.examined());
            answer.complete(examination);
            keep(content, examination);
        } catch (OutOfMemoryError e) {
            // Others' bytes may have taken the room: nothing is decided about this content.
            LOG.error("no memory to validate content.digest={}", content, e);
            answer.completeExceptionally(
                    new GateBusyException("no memory is left to validate content; try again later"));
        } catch (ContentNotFoundException | RuntimeException | Error e) {
            answer.completeExceptionally(e);
        } finally {
            running.remove(content, answer);
            share.close();
        }
    }

    /** Only what may be released: the facts of what is refused would be kept for whoever sends rubbish. */
    private void keep(Digest content, Examination examination) {
        if (examination.examined().isValid()) {
            save(content, examination);
        }
    }

    private void save(Digest content, Examination examination) {
        try {
            facts.saveContent(content, body(examination.facts()));
        } catch (StorageException e) {
            LOG.warn("facts not kept, they are derived again on demand content.digest={}", content, e);
        }
    }

    /** The kept form. */
    static byte[] body(ContentFacts facts) {
        return ApiJson.writeCompressed(bounded(facts));
    }

    /** Facts as they are kept and told: without what would make the document too long. */
    static ContentFacts bounded(ContentFacts facts) {
        if (ApiJson.write(facts).length <= GateLimits.FACTS_BYTES) {
            return facts;
        }
        ContentFacts withoutWit = facts.withoutWit();
        if (ApiJson.write(withoutWit).length <= GateLimits.FACTS_BYTES) {
            return withoutWit;
        }
        ContentFacts withoutItems = facts.withoutItems();
        return ApiJson.write(withoutItems).length <= GateLimits.FACTS_BYTES
                ? withoutItems
                : FactsOf.nothing(facts.kind(), facts.sizeBytes(), facts.validation())
                        .withoutItems();
    }

    private Examination await(Digest content, CompletableFuture<Examination> look, long until)
            throws ContentNotFoundException {
        try {
            return look.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new GateBusyException("content `" + content + "` is not validated within " + deadline.toMillis()
                    + " ms (lair.publish.validation-deadline); it goes on, try again later");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GateBusyException("interrupted while content was validated; try again");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof ContentNotFoundException notFound) {
                throw notFound;
            }
            if (cause instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException("content " + content + " could not be validated", cause);
        }
    }

    /** Lets looks that run come to their end, without an answer to anybody. */
    @PreDestroy
    @Override
    public void close() {
        threads.shutdown();
    }
}
