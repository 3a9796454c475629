package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameNamesTest {
    @ParameterizedTest
    @CsvSource({
        "com.acme.Foo$$Lambda$12/0x0000000800c03000, com.acme.Foo$$Lambda",
        "com.acme.Foo$$Lambda$14+0x0000000800c03000, com.acme.Foo$$Lambda",
        "com.acme.Foo$$Lambda$14.0x0000000800c03000[], com.acme.Foo$$Lambda[]",
        "com.acme.Foo$$Lambda/0x00007f1c4c0a1000, com.acme.Foo$$Lambda",
        "com.acme.Foo$$Lambda+0x00007f1c4c0a1000, com.acme.Foo$$Lambda",
        "com.acme.Foo$$Lambda$7/1705736037, com.acme.Foo$$Lambda",
        "com.acme.Foo$$Lambda$7.1705736037[][], com.acme.Foo$$Lambda[][]",
        "java.lang.invoke.LambdaForm$MH/0x00000008000c4400, java.lang.invoke.LambdaForm$MH",
        "java.lang.invoke.LambdaForm$DMH.1225616405, java.lang.invoke.LambdaForm$DMH",
        "java.lang.invoke.BoundMethodHandle$Species_LLI, java.lang.invoke.BoundMethodHandle$Species_LLI",
        "sun.reflect.GeneratedMethodAccessor123, sun.reflect.GeneratedMethodAccessor*",
        "jdk.internal.reflect.GeneratedConstructorAccessor7, jdk.internal.reflect.GeneratedConstructorAccessor*",
        "jdk.internal.reflect.GeneratedSerializationConstructorAccessor1, "
                + "jdk.internal.reflect.GeneratedSerializationConstructorAccessor*",
        "com.sun.proxy.$Proxy45, com.sun.proxy.$Proxy*",
        "jdk.proxy2.$Proxy12, jdk.proxy*.$Proxy*",
        "com.acme.Service$$EnhancerBySpringCGLIB$$1a2b3c, com.acme.Service$$EnhancerBySpringCGLIB$$*",
        "com.acme.Service$$FastClassBySpringCGLIB$$9f, com.acme.Service$$FastClassBySpringCGLIB$$*",
        "com.acme.Service$$SpringCGLIB$$0, com.acme.Service$$SpringCGLIB$$*",
        "com.acme.Service$$EnhancerByGuice$$58b3b0f, com.acme.Service$$EnhancerByGuice$$*",
        "com.acme.Thing$auxiliary$Ab12Cd, com.acme.Thing$auxiliary$*",
        "com.acme.Thing$ByteBuddy$k2J9xQ1z, com.acme.Thing$ByteBuddy$*",
        "com.acme.Thing$MockitoMock$1234567[], com.acme.Thing$MockitoMock$*[]",
        "com.acme.Thing$HibernateProxy$jXw81, com.acme.Thing$HibernateProxy$*",
        "com.acme.Thing_$$_jvst4a6_1, com.acme.Thing_$$_jvst*",
        "com.acme.Actor$$anon$3, com.acme.Actor$$anon$*",
        "java.util.HashMap$Node[], java.util.HashMap$Node[]",
        "com.acme.Outer$1, com.acme.Outer$1",
        "com.acme.v2.Utf8, com.acme.v2.Utf8",
        "byte[], byte[]",
    })
    void generatedNamesLoseWhatDiffersBetweenRuns(String name, String stable) {
        assertThat(FrameNames.type(name)).isEqualTo(stable);
        assertThat(FrameNames.type(stable)).as("twice").isEqualTo(stable);
    }

    @ParameterizedTest
    @CsvSource({"pool-12-thread-3, pool-#-thread-#", "main, main", "http-nio-8080-exec-10, http-nio-#-exec-#", "7, #"})
    void threadNamesLoseTheirNumbers(String name, String stable) {
        assertThat(FrameNames.thread(name)).isEqualTo(stable);
    }

    @Test
    void longNamesKeepBothEndsAndStayDifferent() {
        String longName = "com.acme." + "A".repeat(10_000) + "Cache[]";
        String other = "com.acme." + "A".repeat(5_000) + "B" + "A".repeat(4_999) + "Cache[]";

        String cut = FrameNames.shorten(longName);

        assertThat(cut).hasSize(200).startsWith("com.acme.AAA").endsWith("AAACache[]");
        assertThat(FrameNames.shorten(longName)).isEqualTo(cut);
        assertThat(FrameNames.shorten(other)).isNotEqualTo(cut);
        assertThat(FrameNames.shorten("x".repeat(200))).isEqualTo("x".repeat(200));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aCutNeverSplitsACharacter(int shift) {
        String cut = FrameNames.shorten("x".repeat(shift) + "\uD83D\uDE00".repeat(500));

        assertThat(ProfileText.clean(cut)).isEqualTo(cut);
    }

    static Stream<String> frames() {
        return Stream.of(
                "table java.util.HashMap$Node[]",
                "static cache com.acme.Cache",
                "class com.acme.Cache",
                "(shared) java.lang.String",
                "[] java.lang.Object",
                "(recursive) java.util.LinkedList$Node",
                "java.util.HashMap$Node",
                "java.util",
                "byte[]",
                "next github.com/acme/cache.Entry",
                "(primitive arrays)");
    }

    /** Before drawing, pprof shortens what looks like a Java method or a Go function; see pprof.md 2.6. */
    @ParameterizedTest
    @MethodSource("frames")
    void viewersShowOurFramesWhole(String frame) {
        assertThat(frame).doesNotMatch("([a-z]\\w*\\.)*[A-Z][\\w$]*\\.(<init>|[a-z][\\w$]*)(\\(.*)?");
        assertThat(frame).doesNotMatch("([\\w.-]+/)+[^.]+\\..+");
    }

    @ParameterizedTest
    @CsvSource({
        "com.a.B$$Lambda$37+0x000000010000b4a8.run, com.a.B$$Lambda.run",
        "com.a.B$$Lambda.0x00000000b808a690.run, com.a.B$$Lambda.run",
        "java.lang.invoke.LambdaForm$MH.0x0000000800c03000.invoke, java.lang.invoke.LambdaForm$MH.invoke",
        "com.a.B.lambda$main$0, com.a.B.lambda$main$0",
        "(unknown frame), (unknown frame)",
    })
    void functionsOfHiddenClassesHaveNoAddress(String name, String shown) {
        assertThat(FrameNames.function(name)).isEqualTo(shown);
    }
}
