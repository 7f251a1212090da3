#!/usr/bin/env bash
# gomem run and gomem build: streams, arguments, exit statuses and signals are the program's; a program linked with an archive needs nothing of
# gomem; what is wrong is said in one line.
# shellcheck disable=SC2154,SC2016 # lib.sh sets status; the scripts of bash -c expand their own
. "$(dirname "$0")/lib.sh"
own_build
cd "$T" || exit 1
cat >echo.go <<'END'
package main

import (
	"os"
	"strconv"
)

func main() {
	buf := make([]byte, 100)
	n, _ := os.Stdin.Read(buf)
	lines := make(chan string)
	go func() { lines <- "read " + strconv.Itoa(n) + "\n" }()
	os.Stdout.Write([]byte(<-lines))
	os.Stdout.Write(buf[:n])
	for _, a := range os.Args[1:] {
		os.Stdout.Write([]byte("[" + a + "]\n"))
	}
	println("on stderr")
	if len(os.Args) > 1 {
		os.Exit(len(os.Args) + 3)
	}
}
END
cat >dies.go <<'END'
package main

func main() {
	var p *int
	println(*p)
}
END
cat >telling.go <<'END'
package main

type bad struct{}

func (bad) Error() string { panic("no text") }
func main()               { panic(bad{}) }
END
cat >later.go <<'END'
package main

func recovers() {
	defer func() { recover() }()
	var p *int
	*p = 1
}

func main() {
	recovers()
	panic("later")
}
END
printf 'package main\n\nfunc main() {\n\tprintln("ready")\n\tfor {\n\t}\n}\n' >spin.go
cat >fails.go <<'END'
package main

import "testing"

func TestFails(t *testing.T) {
	t.Run("a b", func(t *testing.T) { t.Error("one", 2) })
	t.Errorf("%d\nand more", 3)
	t.FailNow()
}

func main() {
	testing.Main(func(pattern, name string) (bool, error) { return true, nil }, []testing.InternalTest{{"TestFails", TestFails}}, nil, nil)
}
END
mkdir -p "mod/cmd/two" mod/lib mod/nomain
printf 'module example.org/mod\n\ngo 1.26\n' >mod/go.mod
printf 'package lib\n\nfunc Answer() int { return 42 }\n' >mod/lib/lib.go
printf 'package main\n\nimport "example.org/mod/lib"\n\nfunc main() { println(lib.Answer() + one()) }\n' >mod/cmd/two/main.go
printf 'package main\n\nfunc one() int { return 1 }\n' >mod/cmd/two/one.go
printf 'package nomain\n' >mod/nomain/nomain.go
# Packages are initialised by import path, each after what it imports.
for p in a b c; do
    mkdir -p "order/$p"
    printf 'package %s\n\nvar X any = struct{ x int }{}\n\nfunc init() { println("%s") }\n' $p $p >"order/$p/$p.go"
done
printf 'package a\n\nimport _ "order/c"\n' >order/a/import.go
printf 'module order\n\ngo 1.26\n' >order/go.mod
cat >order/main.go <<'END'
package main

import (
	"order/c"

	_ "order/b"

	_ "order/a"
)

func main() {
	defer func() { println(recover().(error).Error()) }()
	println(c.X.(struct{ x int }).x)
}
END

# runs NAME STATUS STDOUT STDERR COMMAND...: with "hello" on stdin; STDERR is a pattern of its first line
runs() {
    local name=$1 want=$2 out=$3 err=$4
    shift 4
    printf hello | "$@" >"$T/out" 2>"$T/err"
    status=$?
    if [ "$status" = "$want" ] && [ "$(cat "$T/out")" = "$out" ] &&
        { [ -z "$err" ] || head -1 "$T/err" | grep -Eq -- "$err"; }; then
        pass "$name"
    else
        fail "$name: status $status, want $want" "$T/out" "$T/err"
    fi
}
runs "run" 0 $'read 5\nhello' '^on stderr$' "$GOMEM" run echo.go
runs "run: arguments and status" 6 $'read 5\nhello[a b]\n[-x]' '^on stderr$' "$GOMEM" run echo.go 'a b' -x
runs "run: arguments behind --" 6 $'read 5\nhello[b.go]\n[--]' '^on stderr$' "$GOMEM" run echo.go -- b.go --
runs "run: a death" 2 '' '^panic: runtime error: invalid memory address' "$GOMEM" run dies.go
runs "run: a death while a panic's text is made" 2 '' '^fatal error: panic while printing panic value: no text$' "$GOMEM" run telling.go
runs "run: a death after a nil pointer that was recovered from" 2 '' '^panic: later$' "$GOMEM" run later.go
ok "it tells of no signal" test -z "$(grep 'signal' err)"
runs "run: on another backend" 0 $'read 5\nhello' '^on stderr$' "$GOMEM" run --backend portable echo.go
runs "run: --no-escape" 0 $'read 5\nhello' '^on stderr$' "$GOMEM" run --no-escape echo.go
runs "run: a folder of a module" 0 '' '^43$' "$GOMEM" run mod/cmd/two
runs "run: a test that fails" 1 $'--- FAIL: TestFails (TIME)\n    --- FAIL: TestFails/a_b (TIME)\n        fails.go:6: one 2
    fails.go:7: 3\n        and more\nFAIL' \
    '' bash -c 'set -o pipefail; "$1" run fails.go | sed "s/[0-9.]*s)/TIME)/"' - "$GOMEM"
runs "run: packages in order" 0 $'b\nc\na\ninterface conversion: interface {} is struct { x int }, not struct { x int } (types from different packages)' \
    '' bash -c 'exec "$1" run order 2>&1' - "$GOMEM"
runs "run: a folder below this one's module" 0 '' '^43$' bash -c 'cd mod && exec "$1" run ./cmd/two' - "$GOMEM"
runs "run: files of a module" 0 '' '^43$' "$GOMEM" run mod/cmd/two/main.go mod/cmd/two/one.go
is "run leaves no unit behind" "$(find "$T/build/units/run" -type f | wc -l)" 0
"$GOMEM" run spin.go >"$T/out" 2>"$T/err" &
program=$!
wait_for grep -q ready "$T/err"
kill -TERM $program
wait $program
is "run: a signal" "$?" 143

runs "build" 0 '' '' "$GOMEM" build -o "$T/an exe" echo.go
runs "a built program" 6 $'read 5\nhello[x]\n[y]' '^on stderr$' env -i "$T/an exe" x y
ok "a built program is static" bash -c '! ldd "$1" 2>&1 | grep -q =\>' - "$T/an exe"
refused "run: a lane of checks" 2 "no-escape is a lane of gomem check, which gomem run has not" run --backend ref:no-escape echo.go
refused "build: a lane of checks" 2 "arch=386 is a lane of gomem check, which gomem build has not" build --backend ref:arch=386 echo.go
runs "build: the name of the file" 0 '' '' "$GOMEM" build dies.go
runs "a built program's death" 2 '' '^panic: runtime error: invalid memory address' ./dies
runs "build: a shared object" 0 '' '' "$GOMEM" build -o shared --backend "$TOP/build/lib/libportable.so" echo.go
runs "a program with a shared object" 0 $'read 5\nhello' '^on stderr$' ./shared

runs "run: an option and its value in one word" 0 $'read 5\nhello' '^on stderr$' "$GOMEM" run --backend=portable echo.go
gcc -shared -fPIC -I"$TOP/spec" -o mine.so "$TOP/backends/template/template.c"
runs "run: what the runtime lacks is told on stderr, also where descriptor 3 is open" 3 '' '^fatal error: the runtime lacks ' \
    bash -c 'exec "$1" run --backend ./mine.so echo.go 3>three' - "$GOMEM"
is "run: descriptor 3 is the program's" "$(cat three)" ""
cp dies.go kept.go
refused "build: a source is not written over" 2 "kept.go is there already and no executable" build -o kept.go dies.go
ok "build: it is as it was" cmp dies.go kept.go
refused "build: an empty name" 2 "-o needs a value" build -o '' dies.go

refused "run: no file" 2 "there is no file no.go" run no.go
refused "run: no folder" 2 "there is no folder no" run no
refused "run: a package that is no program" 1 "package nomain in .*/nomain is no program" run mod/nomain
refused "run: an unknown option" 2 "unknown option --speed; see gomem run --help" run --speed echo.go
refused "run: an unknown backend" 3 "no backend 'nosuch'" run --backend nosuch echo.go
refused "build: an unknown backend" 3 "no backend 'nosuch'" build --backend nosuch echo.go
refused "build: two backends" 2 "linked with one backend" build --backend ref+portable echo.go
refused "build: options that the backend has not" 3 "unknown option or value .fast=1" build --backend ref:fast=1 echo.go
refused "build: two folders" 2 "one folder, or Go files" build mod/lib mod/nomain
refused "build: an option without its value" 2 "-o needs a value" build -o
for command in run build; do
    gomem $command --help
    is "gomem $command --help" "$status" 0
done
mkdir -p empty
refused "run: an empty folder" 1 "no Go files in empty" run empty
finish
