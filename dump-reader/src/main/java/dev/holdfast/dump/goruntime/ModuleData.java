package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.pclntab.CodeModule;

/**
 * The runtime's record of one module: the program or a plugin. Addresses are those of the process.
 *
 * @param address of the record itself
 * @param pclntab start of the table of functions ({@code pcHeader})
 * @param functionNames start of the functions' names
 * @param units start of the table of compile units
 * @param files start of the files' names
 * @param pcTables start of the pc-value tables
 * @param functions start of the functions' records, to which {@code lookup} has offsets
 * @param lookup start of the sorted table of entries
 * @param lookupCount entries of it, without the one at the end
 * @param text start of the code
 * @param endText end of the code
 * @param data start of initialised data with pointers
 * @param endData end of it
 * @param bss start of zeroed data with pointers
 * @param endBss end of it
 * @param types start of the type descriptors
 * @param endTypes end of them
 * @param readOnlyData start of read-only data
 * @param functionData start of what functions' data has offsets to, or 0 (before Go 1.18)
 * @param dataMask bits of the pointers in data, one a word
 * @param dataMaskBits how many bits, 0 if the program had not started
 * @param bssMask bits of the pointers in bss
 * @param bssMaskBits how many bits
 * @param typeLinks start of the list of type offsets, or 0 (since Go 1.27)
 * @param typeLinkCount how many there are
 */
public record ModuleData(
        long address,
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
        long data,
        long endData,
        long bss,
        long endBss,
        long types,
        long endTypes,
        long readOnlyData,
        long functionData,
        long dataMask,
        int dataMaskBits,
        long bssMask,
        int bssMaskBits,
        long typeLinks,
        int typeLinkCount) {

    /** What describes its functions. */
    CodeModule code() {
        return new CodeModule(
                pclntab,
                functionNames,
                units,
                files,
                pcTables,
                functions,
                lookup,
                lookupCount,
                text,
                endText,
                functionData,
                readOnlyData);
    }
}
