// Tests that a program runs itself.
package main

import (
	"fmt"
	"os"
	"runtime"
	"testing"
)

func TestPasses(t *testing.T) { t.Log("nobody sees it") }

func TestSkips(t *testing.T) {
	defer fmt.Println("leaves", t.Skipped())
	t.Skip("no")
}

func TestBelow(t *testing.T) {
	fmt.Println(t.Run("good one", func(t *testing.T) { fmt.Println(t.Name()) }))
	t.Setenv("TESTED", "yes")
	fmt.Println(os.Getenv("TESTED"))
	order := make(chan string, 2)
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			order <- "together"
			runtime.Gosched()
		})
	}
	order2 := len(order)
	fmt.Println("below returns", order2)
	t.Cleanup(func() { fmt.Println(len(order)) })
}

func helper(t testing.TB) {
	t.Helper()
	t.Logf("%s of %s", "help", t.Name())
}

func TestHelped(t *testing.T) { helper(t) }

func main() {
	tests := []testing.InternalTest{{"TestPasses", TestPasses}, {"TestSkips", TestSkips}, {"TestBelow", TestBelow}, {"TestHelped", TestHelped}}
	r := testing.BenchmarkResult{N: 2, T: 10, MemAllocs: 7}
	fmt.Println(r.NsPerOp(), r.AllocsPerOp(), os.Getenv("TESTED") == "")
	testing.Main(func(pattern, name string) (bool, error) { return true, nil }, tests, nil, nil)
}
