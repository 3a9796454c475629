package dev.holdfast.cli;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** What stands on a report's page, read from its source: sections, the rows of their tables, data of its script. */
final class PageTables {
    private final String page;

    PageTables(String page) {
        this.page = page;
    }

    /**
     * A cell.
     *
     * @param text what a person reads
     * @param exact the value that the table is sorted by, or the empty string
     */
    record Cell(String text, String exact) {
        long value() {
            return Long.parseLong(exact);
        }
    }

    /** The source of a section. */
    String section(String name) {
        return only("<section id=\"" + name + "\".*?</section>", 0);
    }

    /** Data for the script, as JSON. */
    String data(String id) {
        return only("<script type=\"application/json\" id=\"" + id + "\">(.*?)</script>", 1);
    }

    private String only(String pattern, int group) {
        Matcher found = Pattern.compile(pattern, Pattern.DOTALL).matcher(page);
        if (!found.find()) {
            throw new AssertionError("not on the page: " + pattern);
        }
        return found.group(group);
    }

    /** The texts of all paragraphs of a class. */
    List<String> texts(String style) {
        List<String> texts = new ArrayList<>();
        Matcher found =
                Pattern.compile("<p class=\"" + style + "\">([^<]*)</p>").matcher(page);
        while (found.find()) {
            texts.add(found.group(1));
        }
        return texts;
    }

    /** The rows below the headings of one of a section's tables, the first of which is 0. */
    List<List<Cell>> rows(String section, int table) throws IOException {
        Element found = (Element)
                document(section(section)).getElementsByTagName("tbody").item(table);
        List<List<Cell>> rows = new ArrayList<>();
        for (Element row : elements(found, "tr")) {
            rows.add(elements(row, "td").stream()
                    .map(cell -> new Cell(cell.getTextContent(), cell.getAttribute("data-v")))
                    .toList());
        }
        return rows;
    }

    /** The page's sections are well-formed; only the head around them has elements without an end. */
    private static Document document(String source) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(source)));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }

    private static List<Element> elements(Element below, String tag) {
        NodeList nodes = below.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }
}
