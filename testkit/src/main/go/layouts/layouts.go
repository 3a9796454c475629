// Layouts prints how the structures of the Go runtime lie in memory, and its constants, for the release it is built
// with: one snapshot. GOARCH, GOEXPERIMENT and GOROOT of the environment say which. See make.sh.
//
//	layouts > snapshot            type-checks the runtime's source and lays it out as the compiler does
//	layouts -check EXE < snapshot compares every structure in the debugging information of EXE with it
//	layouts -merge DIR > table    joins the snapshots of a directory into one table
//
// Source is complete where debugging information is not: the linker drops types and constants that a program does not
// use. That the source is laid out as the compiler lays it out is what -check shows.
package main

import (
	"bufio"
	"fmt"
	"go/constant"
	"go/importer"
	"go/token"
	"go/types"
	"os"
	"regexp"
	"sort"
	"strings"
)

// Structures to print; what they contain comes along.
var structures = regexp.MustCompile(`^(runtime\.(` +
	`mheap|mspan|mSpanList|heapArena|g|m|p|gobuf|stack|moduledata|modulehash|sudog|waitq|hchan|_defer|_panic|` +
	`timer|timers|timerWhen|timeTimer|special.*|finblock|finBlock|finalizer|finalizerQueue|cleanup.*|gcCleanup.*|bucket|memRecord.*|blockRecord|mstats|` +
	`heapStats.*|consistentHeapStats|gcControllerState|mcache|mcentral|schedt|stackpoolItem|stackfreelist|fixalloc|sysMemStat|notInHeap|` +
	`persistentAlloc|linearAlloc|hmap|bmap|mapextra|itab|eface|iface|funcval|stringStruct|slice|_type|uncommontype|imethod|method|interfacetype|` +
	`maptype|arraytype|chantype|slicetype|functype|ptrtype|structfield|structtype|name|itabTableType|pcHeader|functab|textsect|_func|` +
	`bitvector|stackmap|stackObjectRecord|inlinedCall|pageAlloc|pageCache|pallocData|addrRanges|addrRange|arenaHint|spanInlineMarkBits|` +
	`spanSPMC|spanQueue|gcBits|gcBitsArena|pinner|pinnerBits|workbuf|workbufhdr|wbBuf|gcWork|semaRoot|pollDesc|pollCache|sigctxt|traceback|` +
	`limiterEvent|ptabEntry|initTask|userArena|liveUserArenaChunk|synctestBubble|synctestGroup|coro|weakHandle.*|` +
	`maybeTraceable.*|labelMap|libcall|note|mOS|gsignalStack|mPadded|boundedFinalizer|profBuf|sysStatsAggregate|` +
	`heapStatsAggregate|cpuStatsAggregate|gcStatsAggregate|cpuStats|timeHistogram|metricData|godebugInc|gList|gQueue|special)` +
	`|internal/abi\.[A-Z].*|internal/runtime/maps\..*|internal/runtime/gc\..*|internal/runtime/pprof/label\..*|runtime/pprof\.(labelMap|LabelSet|label))$`)

// Constants to print.
var constants = regexp.MustCompile(`^(runtime\.(` +
	`_KindSpecial.*|_G[a-z].*|_P[a-z].*|mSpan.*|spanHasNoSpecials|minSizeForMallocHeader|mallocHeaderSize|maxSmall.*|_MaxSmallSize|` +
	`_PageS.*|_Page.*|pageS.*|heapArena.*|logHeapArenaBytes|pagesPer.*|arenaL.Bits|arenaL1Shift|arenaBits|arenaBaseOffset.*|` +
	`palloc.*|maxPhysPageSize|heapAddrBits|_?[nN]umSizeClasses|numSpanClasses|tinySpanClass|tinySizeClass|_?[tT]inySize.*|_NumStackOrders|` +
	`_FixedStack|fixedStack|stackMin|_StackMin|_FixAllocChunk|_FinBlockSize|finBlockSize|cleanupBlockSize|kind[A-Z].*|tflag[A-Z].*|` +
	`bucketCnt.*|loadFactor.*|dataOffset|empty.*|evacuated.*|minTopHash|iterator|oldIterator|hashWriting|sameSizeGrow|timer.*|` +
	`memProfile|blockProfile|mutexProfile|buckHashSize|maxStack|maxLogicalStack|maxProfStackDepth|maxSkip|_PCDATA.*|_FUNCDATA.*|_Args.*|funcFlag_.*|` +
	`gcBits.*|_GC.*|spanAlloc.*|mProfCycle.*|concurrentSweep|_WorkbufSize|userArena.*|profReaderSleeping|spanInline.*|gcScan.*|minLegalPointer|` +
	`_PtrSize|itabInitSize|semTabSize|maxObjsPerSpan|heapBits.*|bitPointer|bitScan|wordsPerBitmapByte|bitPointerAll|bitScanAll|heapBitsShift|ptrBits)` +
	`|internal/abi\.[A-Z].*|internal/runtime/maps\..*|internal/runtime/gc\..*)$`)

// Constants that nobody who reads memory needs.
var useless = regexp.MustCompile(`^internal/abi\.(FuncID_|Escape|Is|.*ArgRegs|ZeroVal)`)

// Variables whose type has no name; the structure is printed under the variable's.
var variables = []string{"work", "debug", "stackpool", "stackLarge", "semtable", "mheap_", "memstats", "sched", "gcController",
	"allgs", "finlock", "tracebackPool", "gcCleanups", "itabTable", "mbuckets", "bbuckets", "xbuckets", "buckhash", "allfin", "finq",
	"fingStatus", "fing", "allglen", "allgptr", "allm", "allp", "gcphase", "ncpu", "numCPUStartup", "physPageSize", "waitReasonStrings", "buildVersion", "MemProfileRate",
	"modulesSlice", "firstmoduledata", "lastmoduledatap", "modinfo", "g0", "m0", "gcrash", "gcBlackenEnabled", "ticks", "godebugDefault", "godebugEnv", "argslice", "envs",
	"blockprofilerate", "mutexprofilerate", "disableMemoryProfiling", "gomaxprocs", "mProfCycle", "reflectOffs", "timers", "poolcleanup", "allpLock",
	"zerobase", "staticuint64s", "class_to_size", "extraM", "extraMInUse", "runningPanicDefers", "panicking", "inittrace", "runtimeInitTime", "startNano", "starttime", "forcegc", "writeBarrier", "mProfState", "mProfStackBuf", "unminit", "allDloggers", "persistentChunks", "globalAlloc", "profMemFutureLock", "faketime", "iscgo", "emptymspan", "mSpanStateNames", "gStatusStrings", "sysTHPSizeMode", "newmHandoff", "netpollInited", "pollcache", "physHugePageSize", "isIntel", "boringCaches"}

type printer struct {
	sizes types.Sizes
	done  map[string]bool
	lines []string
}

func main() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == "-merge":
		merge(os.Args[2])
	case len(os.Args) == 3 && os.Args[1] == "-check":
		check(os.Args[2])
	default:
		snapshot()
	}
}

func snapshot() {
	p := &printer{sizes: gc(), done: map[string]bool{}}
	imp := importer.ForCompiler(token.NewFileSet(), "source", nil)
	seen := map[*types.Package]bool{}
	var packages []*types.Package
	for _, path := range []string{"runtime", "internal/abi", "runtime/pprof"} {
		pkg, err := imp.Import(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, path, err)
			os.Exit(1)
		}
		packages = collect(pkg, seen, packages)
	}
	for _, pkg := range packages {
		scope := pkg.Scope()
		for _, name := range scope.Names() {
			full := pkg.Path() + "." + name
			switch o := scope.Lookup(name).(type) {
			case *types.TypeName:
				if n, ok := o.Type().(*types.Named); ok && structures.MatchString(full) && !generic(n) {
					p.describe(o.Type())
				}
			case *types.Const:
				if v := constant.ToInt(o.Val()); constants.MatchString(full) && !useless.MatchString(full) && v.Kind() == constant.Int && o.Val().Kind() != constant.String {
					text := v.ExactString()
					if u, ok := constant.Uint64Val(v); ok {
						text = fmt.Sprint(int64(u))
					}
					p.lines = append(p.lines, "const "+full+" "+text)
				}
			}
		}
		if pkg.Path() == "runtime" {
			for _, name := range variables {
				if v, ok := scope.Lookup(name).(*types.Var); ok {
					p.lines = append(p.lines, "var runtime."+name+" "+p.named(v.Type(), "runtime."+name))
				}
			}
		}
	}
	sort.Strings(p.lines)
	for _, l := range p.lines {
		fmt.Println(l)
	}
}

func collect(pkg *types.Package, seen map[*types.Package]bool, list []*types.Package) []*types.Package {
	if seen[pkg] {
		return list
	}
	seen[pkg] = true
	list = append(list, pkg)
	for _, i := range pkg.Imports() {
		list = collect(i, seen, list)
	}
	return list
}

func generic(n *types.Named) bool { return n.TypeParams().Len() > 0 && n.TypeArgs().Len() == 0 }

// named describes a variable's or element's type; a structure without a name gets the given one.
func (p *printer) named(t types.Type, name string) string {
	if _, ok := t.(*types.Struct); ok {
		p.structure(name, t)
		return ":" + name
	}
	if a, ok := t.(*types.Array); ok {
		return fmt.Sprintf("*%d%s", a.Len(), p.named(a.Elem(), name+"[]"))
	}
	return p.describe(t)
}

// describe prints /WIDTH for a number, :NAME for a structure, *N and the element for an array; S for a slice, T for a
// string, I for an interface with methods and E for one without.
func (p *printer) describe(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return "S"
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			return "T"
		}
	case *types.Interface:
		if u.NumMethods() > 0 {
			return "I"
		}
		return "E"
	case *types.Array:
		return fmt.Sprintf("*%d%s", u.Len(), p.describe(u.Elem()))
	case *types.Struct:
		n, ok := t.(*types.Named)
		if !ok || n.Obj().Pkg() == nil || strings.HasSuffix(n.Obj().Pkg().Path(), "/atomic") || n.TypeArgs().Len() > 0 ||
			n.Obj().Name() == "xRegs" {
			break // an atomic number, or registers nobody reads
		}
		name := n.Obj().Pkg().Path() + "." + n.Obj().Name()
		p.structure(name, t)
		return ":" + name
	}
	return fmt.Sprintf("/%d", p.sizes.Sizeof(t))
}

func (p *printer) structure(name string, t types.Type) {
	if p.done[name] {
		return
	}
	p.done[name] = true
	line := fmt.Sprintf("%s %d", name, p.sizes.Sizeof(t))
	for _, f := range p.fields(name, "", 0, t) {
		line += " " + f
	}
	p.lines = append(p.lines, line)
}

// fields of a structure; those of one without a name lie between the others under PREFIX.
func (p *printer) fields(name, prefix string, base int64, t types.Type) []string {
	u := t.Underlying().(*types.Struct)
	var vars []*types.Var
	for i := 0; i < u.NumFields(); i++ {
		vars = append(vars, u.Field(i))
	}
	offsets := p.sizes.Offsetsof(vars)
	var all []string
	for i, v := range vars {
		if v.Name() == "_" || p.sizes.Sizeof(v.Type()) == 0 {
			continue
		}
		at := base + offsets[i]
		if _, ok := v.Type().(*types.Struct); ok {
			all = append(all, fmt.Sprintf("%s%s=%d/%d", prefix, v.Name(), at, p.sizes.Sizeof(v.Type())))
			all = append(all, p.fields(name, prefix+v.Name()+".", at, v.Type())...)
			continue
		}
		all = append(all, fmt.Sprintf("%s%s=%d%s", prefix, v.Name(), at, p.named(v.Type(), name+"."+prefix+v.Name())))
	}
	return all
}

func lines(name string) []string {
	f, err := os.Open(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer f.Close()
	return scan(f)
}

func scan(f *os.File) []string {
	var all []string
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		all = append(all, s.Text())
	}
	return all
}
