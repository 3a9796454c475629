package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.pclntab.CodeModule;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.ArrayList;
import java.util.List;

/** Finds the table of functions of a program. */
public final class ProgramFunctions {
    private ProgramFunctions() {}

    /** The functions of the program and its plugins. */
    public static FunctionTable read(GoProgram program) {
        List<CodeModule> modules = new ArrayList<>();
        for (ModuleData module : program.modules()) {
            modules.add(new CodeModule(
                    module.pclntab(),
                    module.functionNames(),
                    module.units(),
                    module.files(),
                    module.pcTables(),
                    module.functions(),
                    module.lookup(),
                    module.lookupCount(),
                    module.text(),
                    module.endText(),
                    module.functionData(),
                    module.readOnlyData()));
        }
        return new FunctionTable(modules, program.reader());
    }
}
