#!/bin/sh
# Makes dump-reader's table of the Go runtime's layouts: layouts.txt.
#   make.sh SCRATCH > layouts.txt
# Needs a Go that fetches other releases (GOTOOLCHAIN). Each line is a release for which the table has entries, with the
# toolchain that is measured and experiments that are tried. The proxy does not have
# every patch: 1.18.4 may be 1.18.3, 1.18.9 and 1.19.4 are the first patches after 1.18.8 and 1.19.2 with freeIndexForScan.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$1
mkdir -p "$scratch/snapshots" "$scratch/src"
cp "$here"/*.go "$scratch/src/"
printf 'module layouts\n\ngo 1.18\n' > "$scratch/src/go.mod"
export GODEBUG=goindex=0 GOENV=off GOFLAGS= # Go 1.19's module index does not work outside its own GOROOT
while read -r release toolchain experiments; do
	export GOTOOLCHAIN="go$toolchain"
	(cd "$scratch/src" && go build -o "$scratch/layouts-$toolchain" .)
	root=$(cd "$scratch/src" && go env GOROOT)
	for arch in amd64 arm64; do
		for experiment in "" $experiments; do
			GOROOT=$root GOARCH=$arch GOEXPERIMENT=$experiment "$scratch/layouts-$toolchain" \
				> "$scratch/snapshots/$release@$arch${experiment:+"+$experiment"}"
		done
	done
done <<LIST
1.18 1.18
1.18.4 1.18.6
1.18.9 1.18.10
1.19 1.19
1.19.4 1.19.13
1.20 1.20.14
1.21 1.21.0
1.21.6 1.21.13
1.22 1.22.12
1.23 1.23.0
1.23.2 1.23.2
1.23.3 1.23.3
1.23.4 1.23.4
1.23.5 1.23.5
1.23.12 1.23.12
1.24 1.24.0 noswissmap nospinbitmutex
1.24.6 1.24.13 noswissmap nospinbitmutex
1.25 1.25.14 noswissmap greenteagc
1.26 1.26.11 nogreenteagc norandomizedheapbase64 goroutineleakprofile runtimesecret sizespecializedmalloc nodwarf5 jsonv2 simd arenas synctest
1.27 1.27.4 nogreenteagc mapsplitgroup nosizespecializedmalloc norandomizedheapbase64 runtimesecret nodwarf5 jsonv2 nojsonv2 simd arenas
LIST
"$scratch/layouts-1.27.4" -merge "$scratch/snapshots"
