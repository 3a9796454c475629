package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.pclntab.CodeModule;

/**
 * The runtime's record of one module: the program or a plugin. Addresses are those of the process.
 *
 * @param address of the record itself
 * @param code what describes its functions
 * @param data start of initialised data with pointers
 * @param endData end of it
 * @param bss start of zeroed data with pointers
 * @param endBss end of it
 * @param types start of the type descriptors
 * @param endTypes end of them
 * @param dataMask bits of the pointers in data, one a word
 * @param dataMaskBits how many bits, 0 if the program had not started
 * @param bssMask bits of the pointers in bss
 * @param bssMaskBits how many bits
 * @param typeLinks start of the list of type offsets, or 0 (since Go 1.27)
 * @param typeLinkCount how many there are
 */
public record ModuleData(
        long address,
        CodeModule code,
        long data,
        long endData,
        long bss,
        long endBss,
        long types,
        long endTypes,
        long dataMask,
        int dataMaskBits,
        long bssMask,
        int bssMaskBits,
        long typeLinks,
        int typeLinkCount) {}
