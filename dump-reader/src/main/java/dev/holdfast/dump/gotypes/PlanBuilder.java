package dev.holdfast.dump.gotypes;

import java.util.Arrays;

/** Collects the steps of a {@link Plan}. */
final class PlanBuilder {
    private static final Plan[] NO_PLANS = new Plan[0];

    private int size;
    private byte[] operations = new byte[4];
    private long[] offsets = new long[4];
    private int[] operands = new int[4];
    private int[] seconds = new int[4];
    private Plan[] repeated = NO_PLANS;
    private long[] counts = new long[0];
    private long[] strides = new long[0];

    void add(byte operation, long offset, int operand) {
        add(operation, offset, operand, 0);
    }

    void add(byte operation, long offset, int operand, int second) {
        if (size == operations.length) {
            operations = Arrays.copyOf(operations, size * 2);
            offsets = Arrays.copyOf(offsets, size * 2);
            operands = Arrays.copyOf(operands, size * 2);
            seconds = Arrays.copyOf(seconds, size * 2);
        }
        operations[size] = operation;
        offsets[size] = offset;
        operands[size] = operand;
        seconds[size++] = second;
    }

    void repeat(long offset, Plan plan, long count, long stride) {
        if (plan.isEmpty() || count <= 0) {
            return;
        }
        add(Plan.REPEATED, offset, repeated.length);
        repeated = Arrays.copyOf(repeated, repeated.length + 1);
        counts = Arrays.copyOf(counts, repeated.length);
        strides = Arrays.copyOf(strides, repeated.length);
        repeated[repeated.length - 1] = plan;
        counts[repeated.length - 1] = count;
        strides[repeated.length - 1] = stride;
    }

    Plan build() {
        return new Plan(
                Arrays.copyOf(operations, size),
                Arrays.copyOf(offsets, size),
                Arrays.copyOf(operands, size),
                Arrays.copyOf(seconds, size),
                repeated,
                counts,
                strides);
    }
}
