package main

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
)

// A snapshot is named RELEASE@ARCH or RELEASE@ARCH+EXPERIMENT. A release stands for all that follow up to the next one.
type cell struct {
	arch, experiment string
	release          int
}

// merge prints each entry once for the releases and machines that agree about it. An experiment has only what differs
// from its release; "!" stands before what it does not have.
func merge(dir string) {
	files, err := os.ReadDir(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var releases []string
	for _, f := range files {
		if r := strings.Split(f.Name(), "@"); strings.HasSuffix(r[1], "amd64") {
			releases = append(releases, r[0])
		}
	}
	sort.Slice(releases, func(i, j int) bool { return number(releases[i]) < number(releases[j]) })
	index := map[string]int{}
	for i, r := range releases {
		index[r] = i
	}
	snapshots := map[cell]map[string]string{}
	tried := map[string]bool{}
	var cells []cell
	for _, f := range files {
		r := strings.Split(f.Name(), "@")
		tail := strings.Split(r[1]+"+", "+")
		c := cell{tail[0], tail[1], index[r[0]]}
		cells = append(cells, c)
		entries := map[string]string{}
		for _, l := range lines(dir + "/" + f.Name()) {
			w := strings.SplitN(l, " ", 3)
			key := w[0]
			if key == "const" || key == "var" {
				key += " " + w[1]
			}
			entries[key] = l
		}
		snapshots[c] = entries
		if c.experiment != "" {
			tried[r[0]+" "+c.experiment] = true
		}
	}
	fmt.Println("# Layouts of the Go runtime; made by testkit/src/main/go/layouts/make.sh.")
	fmt.Println("releases " + strings.Join(releases, " "))
	for i, r := range releases {
		var known []string
		for t := range tried {
			if strings.HasPrefix(t, r+" ") {
				known = append(known, strings.Fields(t)[1])
			}
		}
		sort.Strings(known)
		if len(known) > 0 {
			fmt.Println("experiments " + releases[i] + " " + strings.Join(known, " "))
		}
	}
	// Which cells have a line: for experiments only where it differs from the release's.
	where := map[string][]cell{}
	for _, c := range cells {
		base := snapshots[cell{c.arch, "", c.release}]
		for key, l := range snapshots[c] {
			if c.experiment == "" || base[key] != l {
				where[l] = append(where[l], c)
			}
		}
		if c.experiment != "" {
			for key := range base {
				if _, ok := snapshots[c][key]; !ok {
					where["! "+key] = append(where["! "+key], c)
				}
			}
		}
	}
	sections := map[string][]string{}
	for l, cs := range where {
		for _, s := range ranges(cs, releases) {
			sections[s] = append(sections[s], l)
		}
	}
	var heads []string
	for h := range sections {
		heads = append(heads, h)
	}
	sort.Slice(heads, func(i, j int) bool {
		a, b := strings.Fields(heads[i]), strings.Fields(heads[j])
		for k := 0; k < 2; k++ {
			if x, y := number(a[k]), number(b[k]); x != y {
				return x < y
			}
		}
		return heads[i] < heads[j]
	})
	for _, h := range heads {
		fmt.Println("[" + h + "]")
		sort.Strings(sections[h])
		for _, l := range sections[h] {
			fmt.Println(l)
		}
	}
}

// ranges writes cells as FIRST LAST ARCH EXPERIMENT, "*" for both machines, "-" for no experiment.
func ranges(cs []cell, releases []string) []string {
	type kind struct{ arch, experiment string }
	has := map[kind]map[int]bool{}
	for _, c := range cs {
		k := kind{c.arch, c.experiment}
		if has[k] == nil {
			has[k] = map[int]bool{}
		}
		has[k][c.release] = true
	}
	both := map[kind]map[int]bool{}
	for k, rs := range has {
		for r := range rs {
			arch := k.arch
			if has[kind{"amd64", k.experiment}][r] && has[kind{"arm64", k.experiment}][r] {
				arch = "*"
			}
			n := kind{arch, k.experiment}
			if both[n] == nil {
				both[n] = map[int]bool{}
			}
			both[n][r] = true
		}
	}
	var all []string
	for k, rs := range both {
		for r := 0; r < len(releases); r++ {
			if !rs[r] {
				continue
			}
			first := r
			for rs[r+1] {
				r++
			}
			experiment := k.experiment
			if experiment == "" {
				experiment = "-"
			}
			all = append(all, strings.Join([]string{releases[first], releases[r], k.arch, experiment}, " "))
		}
	}
	return all
}

func number(release string) int {
	n := 0
	for i, part := range strings.Split(release+".0", ".")[:3] {
		v, err := strconv.Atoi(part)
		if err != nil {
			panic(release)
		}
		n += v * []int{1000000, 1000, 1}[i]
	}
	return n
}
