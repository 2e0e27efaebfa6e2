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
import java.util.function.BooleanSupplier;
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
 * together, and with them the heap; {@link Turns} gives each asker one look at a time, so that costly contents of one author
 * leave threads to others. Whoever waits gives up after the deadline, in the order of a queue. A look that was given up is
 * finished all the same, keeps its share and turn until then, and answers whoever asks again.
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
    private final Turns turns = new Turns();
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
    Examined examined(StoredContent content, Asker asker) throws ContentNotFoundException {
        return examined(content.digest(), content, asker);
    }

    /** The same of any content; types to compare with may be missing. */
    Examined examined(Digest content, Asker asker) throws ContentNotFoundException {
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
        return examined(content, null, asker);
    }

    private Examined examined(Digest content, @Nullable StoredContent stored, Asker asker)
            throws ContentNotFoundException {
        long until = System.nanoTime() + deadline.toNanos();
        while (true) {
            Examined remembered = known.getIfPresent(content);
            if (remembered != null) {
                return remembered;
            }
            Optional<Examination> found =
                    look(content, stored, asker, until, () -> known.getIfPresent(content) != null);
            if (found.isPresent()) {
                return found.get().examined();
            }
        }
    }

    /** The same with types to compare with, if it has any. */
    Examined comparable(Digest content, Asker asker) throws ContentNotFoundException {
        long until = System.nanoTime() + deadline.toNanos();
        while (true) {
            Examined examined = examined(content, asker);
            if (examined.isWhole()) {
                return examined;
            }
            Optional<Examination> found = look(content, null, asker, until, () -> isRememberedWhole(content));
            if (found.isPresent()) {
                return found.get().examined();
            }
        }
    }

    private boolean isRememberedWhole(Digest content) {
        Examined remembered = known.getIfPresent(content);
        return remembered != null && remembered.isWhole();
    }

    /** All that is known of a content: as it was found out when it was published, else as it is found out now. */
    public ContentFacts facts(Digest content) throws ContentNotFoundException {
        long until = System.nanoTime() + deadline.toNanos();
        while (true) {
            Optional<ContentFacts> kept = kept(content);
            if (kept.isPresent()) {
                return kept.get();
            }
            Optional<Examination> found = look(
                    content, null, Asker.READERS, until, () -> kept(content).isPresent());
            if (found.isPresent()) {
                if (!found.get().examined().isValid()) {
                    // Released under an older validator: kept too, or each question would cost a look.
                    save(content, found.get());
                }
                return bounded(found.get().facts());
            }
        }
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
        return budget.waiting() + turns.waiting();
    }

    /**
     * Looks, or waits for the look that runs. Who begins one waits for its turn first, so that nobody who joins waits for
     * another's turn; empty when {@code isFound} says then that somebody else has done it meanwhile.
     */
    private Optional<Examination> look(
            Digest content, @Nullable StoredContent stored, Asker asker, long until, BooleanSupplier isFound)
            throws ContentNotFoundException {
        CompletableFuture<Examination> first = running.get(content);
        if (first == null) {
            // Before the turn: what is not here waits for nobody.
            long sizeBytes = (stored != null ? stored : find(content)).sizeBytes();
            Turns.Turn turn = turns.take(asker, left(until));
            CompletableFuture<Examination> mine = new CompletableFuture<>();
            boolean isMine = false;
            try {
                if (isFound.getAsBoolean()) {
                    return Optional.empty();
                }
                first = running.putIfAbsent(content, mine);
                isMine = first == null;
            } finally {
                if (!isMine) {
                    turn.close();
                }
            }
            if (first == null) {
                first = mine;
                start(content, sizeBytes, mine, turn, until);
            }
        }
        return Optional.of(await(content, first, until));
    }

    private static Duration left(long until) {
        return Duration.ofNanos(until - System.nanoTime());
    }

    private void start(
            Digest content, long sizeBytes, CompletableFuture<Examination> answer, Turns.Turn turn, long until) {
        ByteBudget.Share share = null;
        boolean started = false;
        try {
            ByteBudget.Share taken = budget.take(sizeBytes, left(until));
            share = taken;
            threads.execute(() -> run(content, answer, taken, turn));
            started = true;
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new GateBusyException("the server is about to stop; try again"));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        } finally {
            if (!started) {
                running.remove(content, answer);
                turn.close();
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

    private void run(Digest content, CompletableFuture<Examination> answer, ByteBudget.Share share, Turns.Turn turn) {
        try {
            Examination examination = contents.read(content, bytes -> Examination.of(bytes, features));
            known.put(content, examination.examined());
            answer.complete(examination);
            // Its author need not wait until it is kept.
            turn.close();
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
            turn.close();
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
