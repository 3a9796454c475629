package dev.holdfast.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * The page: a heading, a section for each part of the report, style and script within. The template is the resource
 * {@code page.html}, style and script are {@code page.css} and {@code page.js}; what comes from the dump is put in by {@link
 * Html} alone.
 */
final class ReportPage {
    private final DumpHeader header;
    private final List<ReportSection> sections;

    ReportPage(DumpHeader header, List<ReportSection> sections) {
        this.header = header;
        this.sections = sections;
    }

    String html() {
        Html body = new Html();
        body.open("header").element("p", "Holdfast: what is holding on to your memory", "class", "product");
        body.element("h1", header.heading());
        header.html(body);
        body.close().line();
        navigation(body);
        body.open("main", "id", "main").line();
        for (ReportSection section : sections) {
            body.open("section", "id", section.name(), "aria-labelledby", "h-" + section.name())
                    .element("h2", section.heading(), "id", "h-" + section.name())
                    .line();
            section.html(body);
            body.close().line();
        }
        body.close().line();
        String title = new Html().text(header.heading()).toString();
        return filled(resource("page.html"), title, body.toString());
    }

    private void navigation(Html body) {
        body.open("nav", "aria-label", "Sections").open("ul");
        for (ReportSection section : sections) {
            body.open("li")
                    .element("a", section.shortHeading(), "href", "#" + section.name())
                    .close();
        }
        body.close().close().line();
    }

    /** A rule for each length that a bar can have, in percent. */
    private static String style() {
        StringBuilder style = new StringBuilder(resource("page.css"));
        for (int percent = 1; percent <= 100; percent++) {
            style.append(".s")
                    .append(percent)
                    .append("{--w:")
                    .append(percent / 100.0)
                    .append("}\n");
        }
        return style.toString();
    }

    /**
     * What the page may do: run this style and this script, known by their hashes, and nothing else. So nothing that a dump
     * brings in could run, fetch or send, even if it were not escaped.
     */
    private static String policy(String style, String script) {
        return "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script)
                + "; base-uri 'none'; form-action 'none'";
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Takes the template apart at its marks, so that nothing that is put in is looked at again. */
    private static String filled(String template, String title, String body) {
        String style = style();
        String script = resource("page.js");
        StringBuilder page = new StringBuilder();
        int at = 0;
        for (int mark = template.indexOf("{{"); mark >= 0; mark = template.indexOf("{{", at)) {
            int end = template.indexOf("}}", mark);
            page.append(template, at, mark);
            String name = template.substring(mark + 2, end);
            page.append(
                    switch (name) {
                        case "title" -> title;
                        case "body" -> body;
                        case "policy" -> policy(style, script);
                        case "style" -> style;
                        case "script" -> script;
                        default -> throw new IllegalStateException("page.html: " + name);
                    });
            at = end + 2;
        }
        return page.append(template, at, template.length()).toString();
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(ReportPage.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
