package dev.holdfast.report;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The names that frames and labels show: the same for every dump of one program, and short enough to read.
 *
 * <p>A name that carried an address, an identity or a counter would make every frame of a second dump a new one, and
 * {@code -diff_base} would show nothing but additions and removals. Tables keep the exact names. Stateless.
 */
public final class FrameNames {
    /** Stands for what is below the deepest frame of a profile. */
    public static final String DEEPER = "(deeper)";

    /** Stands for the outermost frames of a call stack that is too deep for a profile. */
    public static final String OUTER = "(outer frames)";

    /** In place of a function's name that the dump does not tell. */
    public static final String UNKNOWN = "(unknown)";

    /** Stands for the smallest subtrees below one frame. */
    public static final String OTHER = "(other)";

    /** Before the type of the frame that all further rounds of a repeating structure share. */
    public static final String RECURSIVE = "(recursive) ";

    /** In place of a field, where no field of the dominator points to the object directly. */
    public static final String SHARED = "(shared)";

    /** Above arrays of primitives, which belong to no package. */
    public static final String PRIMITIVE_ARRAYS = "(primitive arrays)";

    /** A name longer than this is cut in the middle; the longest of an ordinary heap have about 150 characters. */
    static final int MAX_LENGTH = 200;

    /** The middle of a cut name, 8 digits of its hash, keeps different names different. */
    private static final int CUT_LENGTH = 14;

    private static final List<Rule> RULES = List.of(
            // Hidden and VM-anonymous classes: Foo$$Lambda$14/0x0000000800c03000, Foo$$Lambda+0x...,
            // LambdaForm$MH/1234,
            // and the same with the slash as a dot, as dumps have it.
            new Rule("/", "/[0-9][0-9a-fA-Fx]*(?=$|\\[)", ""),
            new Rule("+", "\\+[0-9][0-9a-fA-Fx]*(?=$|\\[)", ""),
            // The same for a class without a name, which a damaged dump may have and which tables know by its address.
            new Rule("0x", "[.@]0x[0-9a-fA-F]+(?=$|\\[)", ""),
            new Rule("$$Lambda", "(\\$\\$Lambda)(?:\\$[0-9]+)?(?:\\.[0-9]+)?(?=$|\\[)", "$1"),
            new Rule("LambdaForm$", "(LambdaForm\\$[A-Za-z_]+)\\.[0-9]+(?=$|\\[)", "$1"),
            // Reflection, dynamic proxies; jdk.proxy1, jdk.proxy2 go by the order of class loaders.
            new Rule("Accessor", "(Generated(?:Method|Constructor|SerializationConstructor)Accessor)[0-9]+", "$1*"),
            new Rule("jdk.proxy", "^jdk\\.proxy[0-9]+\\.", "jdk.proxy*."),
            new Rule("$Proxy", "(\\$Proxy)[0-9]+", "$1*"),
            // Libraries that make classes: CGLIB and Guice, Byte Buddy, Mockito, Hibernate, Javassist, Scala, Groovy.
            new Rule("$$", "(\\$\\$[A-Za-z_]*(?:CGLIB|Guice)[A-Za-z_]*\\$\\$)[0-9a-fA-F]+", "$1*"),
            new Rule(
                    "$",
                    "(\\$(?:ByteBuddy|auxiliary|MockitoMock|HibernateProxy|HibernateInstantiator|HibernateAccessOptimizer)\\$)"
                            + "[0-9A-Za-z]+",
                    "$1*"),
            new Rule("_$$_", "(_\\$\\$_(?:jvst|javassist_))[0-9a-fA-F_]+", "$1*"),
            new Rule("$$anon$", "(\\$\\$anon\\$)[0-9]+", "$1*"));

    private FrameNames() {}

    /** A type's name without what differs between two runs of one program. */
    public static String type(String name) {
        boolean plain = true;
        for (int i = 0; i < name.length() && plain; i++) {
            char c = name.charAt(i);
            plain = c != '$' && (c < '0' || c > '9');
        }
        if (plain) {
            return name;
        }
        String stable = name;
        for (Rule rule : RULES) {
            if (stable.contains(rule.mark)) {
                stable = rule.pattern.matcher(stable).replaceAll(rule.replacement);
            }
        }
        return stable;
    }

    /** A function's name, class and method, without what differs in the class between two runs of one program. */
    public static String function(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : type(name.substring(0, dot)) + name.substring(dot);
    }

    /** A thread's name with each run of digits as {@code #}: threads of one pool are one thread. */
    public static String thread(String name) {
        StringBuilder text = new StringBuilder(name.length());
        boolean digits = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit || !digits) {
                text.append(digit ? '#' : c);
            }
            digits = digit;
        }
        return text.toString();
    }

    /** The frame of an object: how its dominator refers to it, then its type. */
    public static String via(String via, String type) {
        return via.isEmpty() ? type : via + ' ' + type;
    }

    /** The name itself, or if it is too long its beginning, a hash and its end, which is what viewers show last. */
    public static String shorten(String name) {
        if (name.length() <= MAX_LENGTH) {
            return name;
        }
        int head = (MAX_LENGTH - CUT_LENGTH) / 2;
        int tail = name.length() - (MAX_LENGTH - CUT_LENGTH - head);
        if (Character.isHighSurrogate(name.charAt(head - 1))) {
            head--;
        }
        if (Character.isLowSurrogate(name.charAt(tail))) {
            tail++;
        }
        return name.substring(0, head) + "..." + String.format("%08x", name.hashCode()) + "..." + name.substring(tail);
    }

    /** A rule; what it applies to contains the mark, which is found in no time. */
    private record Rule(String mark, Pattern pattern, String replacement) {
        Rule(String mark, String regex, String replacement) {
            this(mark, Pattern.compile(regex), replacement);
        }
    }
}
