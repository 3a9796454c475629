package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    private static final String ROOT = "dev.holdfast";
    private static final String PLANTED = "planted";

    // Read once: a class is immutable, and reading them is most of the time.
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/testkit"))
            .importPackages(ROOT);

    private static final JavaClasses PLANTED_CLASSES = new ClassFileImporter().importPackages(PLANTED);

    static Set<String> rules() {
        return new ArchitectureRules(ROOT).all().keySet();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theHouseKeepsEachRule(String rule) {
        assertThat(HOUSE.contain(Main.class)).isTrue();
        assertThat(HOUSE.contain(dev.holdfast.dump.DumpFile.class)).isTrue();
        assertThat(violations(ROOT, rule, HOUSE)).isEmpty();
    }

    /** The classes below {@code planted} break every rule: a rule that lets them pass checks nothing. */
    @ParameterizedTest
    @MethodSource("rules")
    void eachRuleCanFail(String rule) {
        assertThat(violations(PLANTED, rule, PLANTED_CLASSES)).isNotEmpty();
    }

    private static Set<String> violations(String root, String rule, JavaClasses classes) {
        ArchRule checked =
                Objects.requireNonNull(new ArchitectureRules(root).all().get(rule), rule);
        return Set.copyOf(checked.evaluate(classes).getFailureReport().getDetails());
    }
}
