package dev.holdfast.dump.dwarf;

/** Attributes of entries that are read (DWARF 5, 7.5.4); those from 0x2900 are Go's own (cmd/internal/dwarf). */
final class Attribute {
    static final int LOCATION = 0x02;
    static final int NAME = 0x03;
    static final int BYTE_SIZE = 0x0b;
    static final int LOW_PC = 0x11;
    static final int HIGH_PC = 0x12;
    static final int LANGUAGE = 0x13;
    static final int CONST_VALUE = 0x1c;
    static final int PRODUCER = 0x25;
    static final int UPPER_BOUND = 0x2f;
    static final int ABSTRACT_ORIGIN = 0x31;
    static final int COUNT = 0x37;
    static final int DATA_MEMBER_LOCATION = 0x38;
    static final int DECL_LINE = 0x3b;
    static final int FRAME_BASE = 0x40;
    static final int SPECIFICATION = 0x47;
    static final int TYPE = 0x49;
    static final int RANGES = 0x55;
    static final int STR_OFFSETS_BASE = 0x72;
    static final int ADDR_BASE = 0x73;
    static final int RNGLISTS_BASE = 0x74;
    static final int LOCLISTS_BASE = 0x8c;
    static final int GO_KIND = 0x2900;
    static final int GO_KEY = 0x2901;
    static final int GO_ELEM = 0x2902;
    static final int GO_EMBEDDED_FIELD = 0x2903;
    static final int GO_RUNTIME_TYPE = 0x2904;
    static final int GO_DICT_INDEX = 0x2906;
    static final int GO_CLOSURE_OFFSET = 0x2907;

    private Attribute() {}
}
