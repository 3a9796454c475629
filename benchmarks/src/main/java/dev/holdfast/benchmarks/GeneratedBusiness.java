package dev.holdfast.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The shape {@code business} of {@link GeneratedDump}: orders of customers in the tables of 64 shops, with lines, products that
 * they share, texts; each order points to its customer and to the customer's order before. One order of fifty is unreachable
 * unless a later one of its customer points to it. About 17 objects an order.
 */
final class GeneratedBusiness {
    private static final int SHOPS = 64;
    private static final int PRODUCTS = 40_000;
    private static final int ORDERS_A_CUSTOMER = 8;
    private static final int OBJECTS_AN_ORDER = 17;
    private static final HprofStream.Field[] NONE = {};
    private static final String OBJECT = "java/lang/Object";
    private static final String PACKAGE = "com/example/shop/";

    private final HprofStream out;
    private final int text;
    private final SplittableRandom random = new SplittableRandom(20_240_501);
    private long[] customers = new long[1024];
    private long[] last = new long[1024];
    private int customerCount;

    GeneratedBusiness(HprofStream out, int text) {
        this.out = out;
        this.text = text;
    }

    void write(long wanted) throws IOException {
        classes();
        long[] products = new long[(int) Math.min(PRODUCTS, wanted / 100 + 1)];
        for (int i = 0; i < products.length; i++) {
            long name = text();
            products[i] = out.instance(out.id(PACKAGE + "Product"), 16, 24);
            out.reference(name);
            out.number(HprofStream.LONG, i);
        }
        long[] shops = new long[SHOPS];
        long[] entries = new long[(int) (wanted / OBJECTS_AN_ORDER / SHOPS) + 1024];
        for (int shop = 0; shop < SHOPS; shop++) {
            long until = wanted / SHOPS * (shop + 1);
            int count = 0;
            while (out.objects() < until) {
                long order = order(products);
                if (random.nextInt(50) != 0) {
                    if (count == entries.length) {
                        entries = Arrays.copyOf(entries, 2 * count);
                    }
                    entries[count] = entry(order, count > 0 && count % 4 == 0 ? entries[count - 1] : 0);
                    count++;
                }
            }
            shops[shop] = shop(entries, count);
        }
        long all = out.array(out.id("[Ljava/lang/Object;"), SHOPS);
        for (long shop : shops) {
            out.reference(shop);
        }
        out.type(PACKAGE + "Shops", OBJECT, new HprofStream.Field[] {
            new HprofStream.Field("all", HprofStream.OBJECT, all)
        });
    }

    private void classes() throws IOException {
        type("java/lang/Number");
        out.type("java/lang/Long", "java/lang/Number", NONE, HprofStream.field("value", HprofStream.LONG));
        type(
                "java/lang/String",
                HprofStream.field("value", HprofStream.OBJECT),
                HprofStream.field("hash", HprofStream.INT),
                HprofStream.field("coder", HprofStream.BYTE),
                HprofStream.field("hashIsZero", HprofStream.BOOLEAN));
        type(
                "java/util/ArrayList",
                HprofStream.field("elementData", HprofStream.OBJECT),
                HprofStream.field("size", HprofStream.INT),
                HprofStream.field("modCount", HprofStream.INT));
        type("[Ljava/util/HashMap$Node;");
        type(
                "java/util/HashMap$Node",
                HprofStream.field("hash", HprofStream.INT),
                HprofStream.field("key", HprofStream.OBJECT),
                HprofStream.field("value", HprofStream.OBJECT),
                HprofStream.field("next", HprofStream.OBJECT));
        type(
                "java/util/HashMap",
                HprofStream.field("table", HprofStream.OBJECT),
                HprofStream.field("size", HprofStream.INT),
                HprofStream.field("loadFactor", HprofStream.FLOAT));
        type(
                PACKAGE + "Product",
                HprofStream.field("name", HprofStream.OBJECT),
                HprofStream.field("price", HprofStream.LONG));
        type(
                PACKAGE + "Customer",
                HprofStream.field("name", HprofStream.OBJECT),
                HprofStream.field("id", HprofStream.LONG));
        type(
                PACKAGE + "Line",
                HprofStream.field("product", HprofStream.OBJECT),
                HprofStream.field("note", HprofStream.OBJECT),
                HprofStream.field("quantity", HprofStream.INT),
                HprofStream.field("price", HprofStream.LONG));
        type(
                PACKAGE + "Order",
                HprofStream.field("customer", HprofStream.OBJECT),
                HprofStream.field("lines", HprofStream.OBJECT),
                HprofStream.field("previous", HprofStream.OBJECT),
                HprofStream.field("id", HprofStream.LONG),
                HprofStream.field("day", HprofStream.LONG));
        type(PACKAGE + "Shop", HprofStream.field("orders", HprofStream.OBJECT));
    }

    /** A class without static fields. */
    private void type(String name, HprofStream.Field... fields) throws IOException {
        out.type(name, OBJECT, NONE, fields);
    }

    private long text() throws IOException {
        int length = text / 2 + random.nextInt(text + 1);
        long value = out.bytes(length, (byte) (32 + length % 64));
        long string = out.instance(out.id("java/lang/String"), 14, 24);
        out.reference(value);
        out.number(HprofStream.INT, length);
        out.number(HprofStream.BYTE, 0);
        out.number(HprofStream.BOOLEAN, 0);
        return string;
    }

    private int customer() throws IOException {
        if (customerCount > 0 && random.nextInt(ORDERS_A_CUSTOMER) != 0) {
            // Mostly one of the latest, as in a heap that was filled over time.
            int back = random.nextInt(4) == 0
                    ? random.nextInt(customerCount)
                    : random.nextInt(Math.min(64, customerCount));
            return customerCount - 1 - back;
        }
        if (customerCount == customers.length) {
            customers = Arrays.copyOf(customers, 2 * customerCount);
            last = Arrays.copyOf(last, 2 * customerCount);
        }
        long name = text();
        customers[customerCount] = out.instance(out.id(PACKAGE + "Customer"), 16, 24);
        out.reference(name);
        out.number(HprofStream.LONG, customerCount);
        return customerCount++;
    }

    private long order(long[] products) throws IOException {
        int customer = customer();
        int lines = 2 + random.nextInt(5);
        long[] made = new long[lines];
        for (int i = 0; i < lines; i++) {
            long note = text();
            made[i] = out.instance(out.id(PACKAGE + "Line"), 28, 32);
            out.reference(products[random.nextInt(products.length)]);
            out.reference(note);
            out.number(HprofStream.INT, i);
            out.number(HprofStream.LONG, 100);
        }
        long array = out.array(out.id("[Ljava/lang/Object;"), lines);
        for (long line : made) {
            out.reference(line);
        }
        long list = out.instance(out.id("java/util/ArrayList"), 16, 24);
        out.reference(array);
        out.number(HprofStream.INT, lines);
        out.number(HprofStream.INT, lines);
        long order = out.instance(out.id(PACKAGE + "Order"), 40, 40);
        out.reference(customers[customer]);
        out.reference(list);
        out.reference(last[customer]);
        out.number(HprofStream.LONG, order);
        out.number(HprofStream.LONG, 19_000);
        last[customer] = order;
        return order;
    }

    private long entry(long order, long next) throws IOException {
        long key = out.instance(out.id("java/lang/Long"), 8, 24);
        out.number(HprofStream.LONG, order);
        long entry = out.instance(out.id("java/util/HashMap$Node"), 28, 32);
        out.number(HprofStream.INT, order);
        out.reference(key);
        out.reference(order);
        out.reference(next);
        return entry;
    }

    private long shop(long[] entries, int count) throws IOException {
        long table = out.array(out.id("[Ljava/util/HashMap$Node;"), count);
        for (int i = 0; i < count; i++) {
            out.reference(entries[i]);
        }
        long map = out.instance(out.id("java/util/HashMap"), 16, 24);
        out.reference(table);
        out.number(HprofStream.INT, count);
        out.number(HprofStream.FLOAT, 0x3f400000);
        long shop = out.instance(out.id(PACKAGE + "Shop"), 8, 16);
        out.reference(map);
        return shop;
    }
}
