package dev.holdfast.cli;

import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchRule;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a machine can check of the rules of the house, for all packages below a root.
 *
 * <p>The root is a parameter so that each rule can be shown to fail on classes planted below another one.
 */
final class ArchitectureRules {
    private static final Set<String> MUTABLE =
            Set.of("java.lang.ThreadLocal", "java.lang.StringBuilder", "java.util.BitSet", "java.util.Random");

    private final String root;

    ArchitectureRules(String root) {
        this.root = root;
    }

    /** All rules by name; ten at most. */
    Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put(
                "modules without cycles",
                slices().matching(root + ".(*)..").should().beFreeOfCycles());
        rules.put(
                "formats without cycles",
                slices().matching(root + ".dump.(*)..")
                        .should()
                        .beFreeOfCycles()
                        .allowEmptyShould(true));
        rules.put("one direction", oneDirection());
        rules.put("formats stay in the reader", formatsStayInTheReader());
        rules.put("only the command line prints", onlyTheCommandLinePrints());
        rules.put("only Main ends the JVM", onlyMainEndsTheJvm());
        rules.put("names say what a class is", namesSayWhatAClassIs());
        rules.put("no mutable statics", noMutableStatics());
        rules.put("no collections of handles", noCollectionsOfHandles());
        return rules;
    }

    private ArchRule oneDirection() {
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("dump")
                .definedBy(root + ".dump..")
                .layer("heap")
                .definedBy(root + ".heap..")
                .layer("stack")
                .definedBy(root + ".stack..")
                .layer("roots")
                .definedBy(root + ".roots..")
                .layer("report")
                .definedBy(root + ".report..")
                .layer("cli")
                .definedBy(root + ".cli..")
                .whereLayer("dump")
                .mayNotAccessAnyLayer()
                .whereLayer("heap")
                .mayOnlyAccessLayers("dump")
                .whereLayer("stack")
                .mayOnlyAccessLayers("dump")
                .whereLayer("roots")
                .mayOnlyAccessLayers("dump", "heap", "stack")
                .whereLayer("report")
                .mayOnlyAccessLayers("dump", "heap", "stack", "roots")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer();
    }

    private ArchRule formatsStayInTheReader() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".dump..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".dump.*..");
    }

    private ArchRule onlyTheCommandLinePrints() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(System.Logger.class.getName())
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..");
    }

    private ArchRule onlyMainEndsTheJvm() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(root + ".cli.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class);
    }

    private static ArchRule namesSayWhatAClassIs() {
        return classes().should().haveNameNotMatching(".*(Impl|Utils?|Helper|Manager)(\\$.*)?");
    }

    private static ArchRule noMutableStatics() {
        DescribedPredicate<JavaClass> mutable = DescribedPredicate.describe(
                "made to be changed",
                type -> MUTABLE.contains(type.getName())
                        || type.getPackageName().equals("java.util.concurrent.atomic")
                        || type.isAssignableTo(AbstractMap.class)
                        || type.isAssignableTo(AbstractCollection.class));
        return fields().that()
                .areStatic()
                .and(are(DescribedPredicate.<JavaField>describe(
                        "written by hand", field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC))))
                .should()
                .beFinal()
                .andShould()
                .notHaveRawType(mutable);
    }

    /** A handle is 16 bytes and a pointer; a hundred million of them are not a list but an outage. */
    private ArchRule noCollectionsOfHandles() {
        String handle = root + ".heap.HeapObject";
        DescribedPredicate<JavaField> holdsHandles = DescribedPredicate.describe(
                "hold many handles",
                field -> field.getRawType().getName().equals("[L" + handle + ";")
                        || (!field.getRawType().getName().equals(handle) && mentions(field.getType(), handle)));
        return fields().that(holdsHandles).should().beDeclaredIn(Object.class).allowEmptyShould(true);
    }

    private static boolean mentions(JavaType type, String name) {
        return type.getAllInvolvedRawTypes().stream()
                .anyMatch(involved -> involved.getName().equals(name));
    }
}
