package dev.holdfast.testkit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium, driven over its DevTools protocol. Ends with {@link #close}, with all processes that it started.
 */
public final class Chromium implements AutoCloseable {
    /** Why tests of the page were skipped. */
    public static final String REASON = "no Chromium on the PATH, in -Dholdfast.chromium or in HOLDFAST_CHROMIUM";

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final long SECONDS = 60;

    /**
     * What the browser told without being asked.
     *
     * @param method what happened
     * @param params what is known of it
     * @param session the tab, or null of the browser itself
     */
    public record Event(
            String method, Map<String, ?> params, @Nullable String session) {}

    private final Process process;
    private final Map<Long, CompletableFuture<Map<String, ?>>> answers = new ConcurrentHashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final WebSocket socket;
    private long lastId;

    private Chromium(Process process, URI address) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, new Messages())
                .join();
    }

    /** The browser's program, if there is one. */
    public static Optional<Path> program() {
        String named = System.getProperty("holdfast.chromium", System.getenv("HOLDFAST_CHROMIUM"));
        if (named != null) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        String path = System.getenv("PATH");
        return Stream.of((path == null ? "" : path).split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts the browser.
     *
     * @param folder empty, for its profile
     * @throws IOException if it does not start within a minute
     */
    public static Chromium start(Path program, Path folder) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-first-run",
                        // A click before the page was first painted counts, too; else it is lost.
                        "--allow-pre-commit-input",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // Its sockets lie there, and would be left behind.
        builder.environment().put("TMPDIR", folder.toString());
        Process process = builder.start();
        try {
            // Two lines: the port, and the path of the browser's own socket.
            Path active = folder.resolve("DevToolsActivePort");
            List<String> lines = List.of();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (lines.size() < 2) {
                if (System.nanoTime() > end || !process.isAlive()) {
                    throw new IOException(program + " does not start");
                }
                process.waitFor(20, TimeUnit.MILLISECONDS);
                lines = Files.exists(active) ? Files.readAllLines(active) : List.of();
            }
            return new Chromium(process, URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)));
        } catch (IOException | InterruptedException | RuntimeException e) {
            kill(process);
            throw e;
        }
    }

    private static void kill(Process process) {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
        process.onExit().join();
    }

    @Override
    public void close() {
        socket.abort();
        kill(process);
    }

    /** A new tab; what happens in it is recorded from the beginning. */
    public Tab tab() {
        Object target =
                call("Target.createTarget", Map.of("url", "about:blank"), null).get("targetId");
        Object session = call(
                        "Target.attachToTarget", Map.of("targetId", String.valueOf(target), "flatten", true), null)
                .get("sessionId");
        Tab tab = new Tab(this, String.valueOf(session));
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            tab.call(domain + ".enable", Map.of());
        }
        return tab;
    }

    /** Asks the browser and waits for its answer. */
    Map<String, ?> call(String method, Map<String, ?> params, @Nullable String session) {
        CompletableFuture<Map<String, ?>> answer = new CompletableFuture<>();
        Map<String, Object> message = new HashMap<>(Map.of("method", method, "params", params));
        if (session != null) {
            message.put("sessionId", session);
        }
        synchronized (this) {
            long id = ++lastId;
            message.put("id", id);
            answers.put(id, answer);
            socket.sendText(json(message), true).join();
        }
        Map<String, ?> full = answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
        if (full.containsKey("error")) {
            throw new IllegalStateException(method + ": " + full.get("error"));
        }
        return map(full.get("result"));
    }

    /** All events of a session so far. */
    List<Event> events(String session) {
        synchronized (events) {
            return events.stream()
                    .filter(event -> session.equals(event.session))
                    .toList();
        }
    }

    /** Waits for an event of a session that comes after so many. */
    void await(String session, int after, Predicate<Event> wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        synchronized (events) {
            while (events(session).stream().skip(after).noneMatch(wanted)) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("waited in vain, after " + events(session));
                }
                try {
                    events.wait(1000);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** A value of JSON that is an object, or null for an empty one. */
    @SuppressWarnings("unchecked") // JSON's objects are maps by name.
    public static Map<String, ?> map(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, ?>) value;
    }

    private static String json(Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            write(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        if (value instanceof Map<?, ?> fields) {
            out.writeStartObject();
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                out.writeFieldName(String.valueOf(field.getKey()));
                write(out, field.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object each : list) {
                write(out, each);
            }
            out.writeEndArray();
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof Number number) {
            out.writeNumber(number.toString());
        } else {
            out.writeString(String.valueOf(value));
        }
    }

    private final class Messages implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                try {
                    take(map(JsonText.parse(message.toString())));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    message.setLength(0);
                }
            }
            from.request(1);
            return null;
        }

        private void take(Map<String, ?> full) {
            if (full.get("id") instanceof Long id) {
                CompletableFuture<Map<String, ?>> answer = answers.remove(id);
                if (answer != null) {
                    answer.complete(full);
                }
                return;
            }
            synchronized (events) {
                Object session = full.get("sessionId");
                events.add(new Event(
                        String.valueOf(full.get("method")),
                        map(full.get("params")),
                        session == null ? null : session.toString()));
                events.notifyAll();
            }
        }
    }
}
