package dev.holdfast.report.waste;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CopiesTest {
    @Test
    void contentsWithoutRoomAreCounted() {
        Copies some = new Copies(3, 100);
        for (int i = 0; i < 5; i++) {
            some.add(i + 1, 1000L * i, 50);
        }
        assertThat(some.leftOut()).isEqualTo(2);
        Copies all = new Copies(4, 100);
        all.add(9, 9000, 50);
        all.addAll(some);
        assertThat(all.leftOut()).isEqualTo(2);
        all.addAll(some);
        all.leaveOut();
        assertThat(all.leftOut()).isEqualTo(2 + 3 + 2 + 1);
    }
}
