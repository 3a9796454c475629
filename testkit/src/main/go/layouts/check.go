package main

import (
	"debug/dwarf"
	"debug/elf"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// check compares the snapshot on standard input with the debugging information of a program.
func check(exe string) {
	f, err := elf.Open(exe)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	d, err := f.DWARF()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	snapshot := map[string][]string{}
	for _, l := range scan(os.Stdin) {
		w := strings.Fields(l)
		if w[0] == "const" {
			snapshot["const "+w[1]] = w
		} else if w[0] != "var" {
			snapshot[w[0]] = w
		}
	}
	structures, fields, constants, wrong := 0, 0, 0, 0
	r := d.Reader()
	for e, err := r.Next(); e != nil && err == nil; e, err = r.Next() {
		name, _ := e.Val(dwarf.AttrName).(string)
		if e.Tag == dwarf.TagConstant {
			if w := snapshot["const "+name]; w != nil {
				constants++
				if have := fmt.Sprint(e.Val(dwarf.AttrConstValue)); have != w[2] {
					fmt.Printf("%s: %s, debugging information %s\n", name, w[2], have)
					wrong++
				}
			}
		}
		w := snapshot[name]
		if e.Tag != dwarf.TagStructType || w == nil {
			continue
		}
		t, err := d.Type(e.Offset)
		if err != nil {
			continue
		}
		s := t.(*dwarf.StructType)
		structures++
		if w[1] != strconv.FormatInt(s.ByteSize, 10) {
			fmt.Printf("%s: %s bytes, debugging information %d\n", name, w[1], s.ByteSize)
			wrong++
		}
		at := map[string]string{}
		for _, f := range w[2:] {
			i := strings.IndexByte(f, '=')
			at[f[:i]] = f[i+1:]
		}
		for _, f := range s.Field {
			if f.Name == "_" || f.Type.Size() == 0 {
				continue
			}
			fields++
			if have, ok := at[f.Name]; !ok || !strings.HasPrefix(have, strconv.FormatInt(f.ByteOffset, 10)) ||
				strings.ContainsAny(have[len(strconv.FormatInt(f.ByteOffset, 10)):][:1], "0123456789") {
				fmt.Printf("%s.%s: %s, debugging information %d\n", name, f.Name, have, f.ByteOffset)
				wrong++
			}
		}
	}
	fmt.Printf("%s: %d structures, %d fields, %d constants compared, %d differ\n", exe, structures, fields, constants, wrong)
	if wrong > 0 || structures < 50 {
		os.Exit(1)
	}
}
