// generate writes random Go programs for differential tests (scripts/differential), and makes one that fails small.
//
//	generate -seed S -count N [-lang L] -out DIR     a package main: run it with the number of a program, 0 to N-1
//	generate -seed S -one [-lang L]                  one program, on stdout, by the seed that the batch says
//	generate -shrink FILE.go COMMAND...              FILE.go, made smaller as long as COMMAND FILE.go ends with status 0
//
// The i-th program of a batch has the seed S+i; the same seed gives the same program. Files: generator.go (state), types.go, expr.go and
// value.go (expressions), stmt.go, flow.go and nodes.go (statements), decl.go, prelude.go (what programs share), shrink.go.
package main

import (
	"flag"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"strings"
)

var imports = "import (\n\"fmt\"\n\"os\"\n\"runtime\"\n\"strconv\"\n)\n\nvar _, _, _, _ = fmt.Sprint, os.Exit, runtime.GC, strconv.Itoa\n"

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, "generate: "+format+"\n", args...)
	os.Exit(1)
}

func write(dir, name, text string) {
	formatted, err := format.Source([]byte(text))
	if err != nil {
		fmt.Fprintln(os.Stderr, text)
		fail("%s: %v", name, err)
	}
	if dir == "" {
		os.Stdout.Write(formatted)
	} else if err := os.WriteFile(filepath.Join(dir, name), formatted, 0o666); err != nil {
		fail("%v", err)
	}
}

func batch(dir string, seed int64, count, lang int) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		fail("%v", err)
	}
	var table strings.Builder
	for i := 0; i < count; i++ {
		g := newGenerator(seed+int64(i), i, lang)
		entry := g.prefix + "main"
		write(dir, g.prefix+".go", fmt.Sprintf("// Seed %d.\npackage main\n%s\n%s", seed+int64(i), imports, g.program(entry)))
		fmt.Fprintf(&table, "%s,\n", entry)
	}
	write(dir, "main.go", prelude+"\nvar programs = []func(){\n"+table.String()+"}\n\nfunc main() {\ni, _ := strconv.Atoi(os.Args[1])\nprograms[i]()\n}\n")
	mod := fmt.Sprintf("module differential\n\ngo 1.%d\n", lang)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o666); err != nil {
		fail("%v", err)
	}
}

func single(seed int64, lang int) {
	g := newGenerator(seed, 0, lang)
	body := g.program("main")
	write("", "program", strings.Replace(prelude, "package main", fmt.Sprintf("// Seed %d.\npackage main", seed), 1)+"\nvar _ = strconv.Itoa\n\n"+body)
}

func main() {
	seed := flag.Int64("seed", 1, "of the first program")
	count := flag.Int("count", 1, "programs")
	lang := flag.Int("lang", 26, "minor version of the language")
	out := flag.String("out", "", "folder")
	one := flag.Bool("one", false, "one program to stdout")
	small := flag.String("shrink", "", "a file to make smaller")
	flag.Parse()
	switch {
	case *small != "" && flag.NArg() > 0:
		shrink(*small, flag.Args())
	case *one:
		single(*seed, *lang)
	case *out != "":
		batch(*out, *seed, *count, *lang)
	default:
		fail("-out DIR, -one or -shrink FILE.go COMMAND")
	}
}
