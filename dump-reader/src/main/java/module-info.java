/** What a dump records: types, objects, references, roots, threads, warnings. */
module dev.holdfast.dump {
    requires static transitive org.jspecify;

    exports dev.holdfast.dump;

    uses dev.holdfast.dump.DumpFormat;

    provides dev.holdfast.dump.DumpFormat with
            dev.holdfast.dump.gocore.GoCoreFormat,
            dev.holdfast.dump.goheapdump.GoHeapDumpFormat,
            dev.holdfast.dump.hprof.HprofFormat;
}
