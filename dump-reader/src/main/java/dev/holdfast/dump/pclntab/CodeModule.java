package dev.holdfast.dump.pclntab;

/**
 * Where a module's functions are described. Addresses are those of the process.
 *
 * @param pclntab start of the table, where its header is
 * @param functionNames start of the functions' names
 * @param units start of the table of compile units
 * @param files start of the files' names
 * @param pcTables start of the pc-value tables
 * @param functions start of the functions' records, to which {@code lookup} has offsets
 * @param lookup start of the sorted table of entries
 * @param lookupCount entries of it, without the one at the end
 * @param text start of the code
 * @param endText end of the code
 * @param functionData start of what functions' data has offsets to
 * @param readOnlyData start of read-only data, to which stack objects have offsets
 */
public record CodeModule(
        long pclntab,
        long functionNames,
        long units,
        long files,
        long pcTables,
        long functions,
        long lookup,
        int lookupCount,
        long text,
        long endText,
        long functionData,
        long readOnlyData) {}
