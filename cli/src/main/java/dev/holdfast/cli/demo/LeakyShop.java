package dev.holdfast.cli.demo;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A shop with a leak: {@code SessionCache.sessions} keeps the session of every visitor for ever. Beside it stand a catalogue
 * of honest size, a bounded cache, and a worker that waits with its work in hand.
 */
public final class LeakyShop {
    /** The class and field that leak. */
    public static final String LEAK = "class dev.holdfast.cli.demo.LeakyShop$SessionCache, static field sessions";

    /** The type of what leaks. */
    public static final String LEAKED_TYPE = "dev.holdfast.cli.demo.LeakyShop$Session";

    private static final int VISITORS = 120_000;
    private static final int PRODUCTS = 8_000;
    private static final int RECENT = 1_000;

    private LeakyShop() {}

    /** What the shop remembers of a visitor. */
    static final class Session {
        final String visitor;
        final List<Product> basket = new ArrayList<>();
        final byte[] state = new byte[96];

        Session(String visitor) {
            this.visitor = visitor;
        }
    }

    /** Something to sell. */
    record Product(String name, long cents) {}

    /** The leak: nothing ever removes a session. */
    static final class SessionCache {
        static final Map<String, Session> sessions = new HashMap<>();

        private SessionCache() {}
    }

    /** A cache done right: it forgets the eldest. */
    static final class RecentSearches extends LinkedHashMap<String, String> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > RECENT;
        }
    }

    /** Fills the shop, dumps the heap of live objects into the file named first, and ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Product> catalogue = new ArrayList<>();
        for (int i = 0; i < PRODUCTS; i++) {
            catalogue.add(new Product("product " + i, 100L * i));
        }
        RecentSearches searches = new RecentSearches();
        for (int i = 0; i < VISITORS; i++) {
            Session session = new Session("visitor " + i);
            session.basket.add(catalogue.get(i % PRODUCTS));
            SessionCache.sessions.put(session.visitor, session);
            searches.put("search " + i, session.visitor);
        }
        Thread worker = new Thread(() -> waitWith(new byte[1 << 20]), "mail-worker-1");
        worker.setDaemon(true);
        worker.start();
        while (worker.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(arguments[0], true);
        if (catalogue.size() + searches.size() < PRODUCTS) {
            throw new IllegalStateException("the shop is empty");
        }
    }

    private static void waitWith(byte[] batch) {
        try {
            Thread.sleep(60_000 + batch.length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
