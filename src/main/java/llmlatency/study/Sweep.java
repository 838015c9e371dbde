package llmlatency.study;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Works through rows in order on all cores at constant memory: blocks of rows are worked out at once, and handed on one
 * after the other; no more are begun than a few for each core.
 */
public final class Sweep {
    /** Rows that a core works out before it hands them on. */
    private static final int BLOCK = 256;

    private static final int BLOCKS_EACH = 4;

    private Sweep() {}

    /**
     * Works out a block of rows.
     *
     * @param <T> what comes of it
     */
    public interface Work<T> {
        /** The rows from one to before another. */
        T rows(long from, long to);
    }

    /**
     * Takes what came of a block.
     *
     * @param <T> what comes of it
     */
    public interface Sink<T> {
        /**
         * Takes the next.
         *
         * @param rows how many rows it holds
         * @return whether to go on
         */
        boolean take(T block, long rows);
    }

    /** Works through the rows from one to before another, until the sink has enough. */
    public static <T> void run(long from, long to, Work<T> work, Sink<T> sink) {
        int cores = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(cores, Sweep::thread);
        try {
            Deque<Block<T>> begun = new ArrayDeque<>();
            long next = from;
            boolean more = true;
            while (more && (next < to || !begun.isEmpty())) {
                while (next < to && begun.size() < cores * BLOCKS_EACH) {
                    long start = next;
                    long end = Math.min(to, start + BLOCK);
                    begun.add(new Block<>(pool.submit(() -> work.rows(start, end)), end - start));
                    next = end;
                }
                Block<T> first = begun.remove();
                more = sink.take(done(first.rows), first.count);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** A block that is being worked out. */
    private record Block<T>(Future<T> rows, long count) {}

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "sweep");
        thread.setDaemon(true);
        return thread;
    }

    private static <T> T done(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
