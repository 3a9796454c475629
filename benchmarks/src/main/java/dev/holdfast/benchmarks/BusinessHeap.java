package dev.holdfast.benchmarks;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Fills a JVM with what a business application keeps, and dumps it: about 1 GB, 17 to 18 million objects, 2.4 references an
 * object.
 *
 * <p>The shapes that make dominators hard are all there: a long list, back pointers, a cache in access order, shared
 * children, a random graph. One seed, so that every machine makes the same heap.
 *
 * <p>{@code java -Xmx3g ... BusinessHeap FILE [SCALE]}; SCALE is a percentage, 100 by default.
 */
final class BusinessHeap {
    private static final int SEED = 20_240_501;

    private final Random random = new Random(SEED);
    private final int percent;

    private BusinessHeap(int percent) {
        this.percent = percent;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("usage: BusinessHeap FILE [SCALE-IN-PERCENT]");
            System.exit(2);
        }
        int percent = arguments.length == 2 ? Integer.parseInt(arguments[1]) : 100;
        BusinessHeap heap = new BusinessHeap(percent);
        HeapDumps.write(Path.of(arguments[0]), heap.fill());
    }

    private int scaled(int atFullSize) {
        return (int) ((long) atFullSize * percent / 100);
    }

    private Shop fill() {
        Shop shop = new Shop();
        products(shop);
        customers(shop);
        sessions(shop);
        journal(shop);
        cache(shop);
        index(shop);
        shop.page = document(scaled(500_000));
        shop.network = network(scaled(400_000));
        return shop;
    }

    private void products(Shop shop) {
        for (int i = 0; i < scaled(40_000); i++) {
            shop.products.add(new Product("SKU-" + i, new BigDecimal(random.nextInt(1_000_000)).movePointLeft(2)));
        }
    }

    /** The bulk: 138,000 customers with orders, each order with items that share products. */
    private void customers(Shop shop) {
        for (int i = 0; i < scaled(138_000); i++) {
            Customer customer =
                    new Customer(i, "customer " + i, new Address("street " + random.nextInt(90_000), i % 99_999));
            int orders = 1 + random.nextInt(5);
            for (int o = 0; o < orders; o++) {
                Order order =
                        new Order(customer, LocalDate.ofEpochDay(19_000 + random.nextInt(1000)), State.values()[o % 3]);
                int items = 1 + random.nextInt(7);
                for (int n = 0; n < items; n++) {
                    order.items.add(
                            new Item(shop.products.get(random.nextInt(shop.products.size())), 1 + random.nextInt(9)));
                }
                customer.orders.add(order);
            }
            customer.notes.put("language", i % 3 == 0 ? "de" : "en");
            customer.notes.put("since", LocalDate.ofEpochDay(15_000 + random.nextInt(4000)));
            customer.notes.put("photo", new byte[random.nextInt(1500)]);
            shop.customers.put((long) i, customer);
        }
    }

    private void sessions(Shop shop) {
        for (int i = 0; i < scaled(110_000); i++) {
            Map<String, Object> session = new HashMap<>();
            session.put("user", shop.customers.get((long) random.nextInt(shop.customers.size())));
            session.put("csrf", Long.toHexString(random.nextLong()));
            session.put("basket", new ArrayList<>(List.of(random.nextInt(), random.nextInt(), random.nextInt())));
            session.put("payload", new byte[random.nextInt(200)]);
            shop.sessions.put(Long.toString(random.nextLong(), 36), session);
        }
    }

    /** A list of 700,000 nodes: 700,000 deep for whoever recurses, and for Cooper-Harvey-Kennedy. */
    private void journal(Shop shop) {
        for (int i = 0; i < scaled(700_000); i++) {
            shop.journal.add(new Entry(i, "entry " + i));
        }
    }

    /** A least-recently-used cache: every entry in a bucket, in a doubly linked list, and reordered by reads. */
    private void cache(Shop shop) {
        int entries = scaled(300_000);
        for (int i = 0; i < entries; i++) {
            shop.cache.put("key " + i, new double[1 + i % 4]);
        }
        for (int i = 0; i < entries; i++) {
            shop.cache.get("key " + random.nextInt(entries));
        }
    }

    private void index(Shop shop) {
        for (int i = 0; i < scaled(350_000); i++) {
            shop.index.put(random.nextInt(), "row " + i);
        }
    }

    /** A document tree whose nodes know their parents; built breadth first, so without recursion. */
    private Element document(int elements) {
        Element root = new Element(null, "html");
        List<Element> open = new ArrayList<>();
        open.add(root);
        String[] tags = {"div", "p", "span", "li", "td"};
        int made = 1;
        for (int at = 0; made < elements; at++) {
            Element parent = open.get(at);
            int children = 1 + random.nextInt(6);
            for (int c = 0; c < children && made < elements; c++, made++) {
                Element child = new Element(parent, tags[made % tags.length]);
                if (made % 4 == 0) {
                    child.attributes = new HashMap<>(Map.of("id", "e" + made));
                }
                if (made % 3 == 0) {
                    child.text = "text " + made;
                }
                parent.children.add(child);
                open.add(child);
            }
        }
        return root;
    }

    /** A random graph with cycles: each vertex knows two to four others. */
    private Vertex[] network(int size) {
        Vertex[] all = new Vertex[size];
        for (int i = 0; i < size; i++) {
            all[i] = new Vertex(i);
        }
        for (Vertex vertex : all) {
            vertex.out = new Vertex[2 + random.nextInt(3)];
            for (int i = 0; i < vertex.out.length; i++) {
                vertex.out[i] = all[random.nextInt(size)];
            }
        }
        return all;
    }

    enum State {
        OPEN,
        PAID,
        SENT
    }

    /** Everything; the one object that the dump is about. */
    static final class Shop {
        final List<Product> products = new ArrayList<>();
        final Map<Long, Customer> customers = new HashMap<>();
        final Map<String, Map<String, Object>> sessions = new ConcurrentHashMap<>();

        @SuppressWarnings("JdkObsolete") // the point of it
        final LinkedList<Entry> journal = new LinkedList<>();

        final Map<String, double[]> cache = new LinkedHashMap<>(16, 0.75f, true);
        final TreeMap<Integer, String> index = new TreeMap<>();
        Element page = new Element(null, "");
        Vertex[] network = {};
    }

    static final class Product {
        final String key;
        final BigDecimal price;

        Product(String key, BigDecimal price) {
            this.key = key;
            this.price = price;
        }
    }

    static final class Customer {
        final long id;
        final String name;
        final Address address;
        final List<Order> orders = new ArrayList<>(4);
        final Map<String, Object> notes = new HashMap<>(4);

        Customer(long id, String name, Address address) {
            this.id = id;
            this.name = name;
            this.address = address;
        }
    }

    static final class Address {
        final String street;
        final int postcode;

        Address(String street, int postcode) {
            this.street = street;
            this.postcode = postcode;
        }
    }

    static final class Order {
        final Customer customer;
        final LocalDate date;
        final State state;
        final List<Item> items = new ArrayList<>(4);

        Order(Customer customer, LocalDate date, State state) {
            this.customer = customer;
            this.date = date;
            this.state = state;
        }
    }

    static final class Item {
        final Product product;
        final int count;
        final BigDecimal paid;

        Item(Product product, int count) {
            this.product = product;
            this.count = count;
            this.paid = product.price.multiply(BigDecimal.valueOf(count));
        }
    }

    static final class Entry {
        final long at;
        final String text;

        Entry(long at, String text) {
            this.at = at;
            this.text = text;
        }
    }

    static final class Element {
        final @Nullable Element parent;
        final String tag;
        final List<Element> children = new ArrayList<>(0);

        @Nullable
        Map<String, String> attributes;

        @Nullable
        String text;

        Element(@Nullable Element parent, String tag) {
            this.parent = parent;
            this.tag = tag;
        }
    }

    static final class Vertex {
        final int number;
        Vertex[] out = {};

        Vertex(int number) {
            this.number = number;
        }
    }
}
