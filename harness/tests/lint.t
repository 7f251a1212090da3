#!/usr/bin/env bash
# Malformed cases and catalogues: lint and check both say file and line, the case fails, and those beside it run. The toolchain is
# pretended (fixture/fakego), so that only the scanner reads the files.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/lib.sh"
fixture_root one two

gomem lint
is "a well-formed root: status" "$status" 0
is "a well-formed root: only the summary" "$(wc -l <"$T/out")" 1

# ---- one directive, malformed ----
mkdir "$T/root/cases/odd"
number=0 wants=()
printf 'package odd\n' >"$T/root/cases/odd/odd.go"
while IFS='|' read -r directives message; do
    number=$((number + 1))
    {
        printf '\n// It is malformed.\n//\n'
        [ "$directives" = "${directives#!}" ] && echo '//gomem:case FIX.LANG'
        printf '//gomem:%b\n' "${directives#!}"
        printf 'func Odd%d() {}\n' $number
    } >>"$T/root/cases/odd/odd.go"
    wants+=("$message")
done <<'END'
nonsense|an unknown directive: nonsense
Case FIX.LANG|an unknown directive
since 2.1|a release is 1.N or lang1.N: since 2.1
since|a release is 1.N
since -|a release is 1.N
until lang|a release is 1.N
needs|the directive needs words
needs counts wings|an unknown capability: needs counts wings
tier slow|the tiers are quick, full, nightly
tier|the tiers are
env GOGC|env is NAME=VALUE
env A=1 B|env is NAME=VALUE
env =1|env is NAME=VALUE
env|the directive needs words
timeout|a number is missing or out of range
timeout 0|a number is missing or out of range
timeout 5s|a number is missing or out of range
timeout 99999999999999999999|a number is missing or out of range
memory -1|a number is missing or out of range
memory lots|a number is missing or out of range
exit|a number is missing or out of range
exit 256|a number is missing or out of range
exit boom|a number is missing or out of range
stderr|a text is missing
stdout|a text is missing
exit 2\n//gomem:stderr /a(b/|a malformed regular expression: stderr /a(b/
stdout /[a/|a malformed regular expression
outcome sometimes 1|an outcome is required, allowed, interesting or forbidden
outcome|an outcome is required
outcome allowed|an outcome needs a key
outcome allowed  : why|an outcome needs a key
outcome allowed 1\n//gomem:outcome forbidden 1|the outcome is in the table already
race|race is silent or report
race loud|race is silent or report
race report|only a case of a FREE rule says race report
diagnostics now|diagnostics takes nothing
diagnostics|a diagnostics case expects at least one message
diagnostics\n//gomem:exit 2|a diagnostics case is not run
inline yes|inline takes nothing
exit 2\n//gomem:exit 3|the directive stands twice: exit 3
since 1.20\n//gomem:since lang1.22|the directive stands twice: since lang1.22
case FIX.LANG|the directive stands twice: case FIX.LANG
compile|the directive needs words
compile linux|a target is GOOS/GOARCH
compile linux/386\n//gomem:exit 1|a compile-only case is not run
!case FIX.LANG FIX.IMPL|case takes one rule
case FIX.IMPL|the directive stands twice: case FIX.IMPL
!since 1.20|the first directive is case RULE
!since 1.20\n//gomem:case FIX.LANG|the first directive is case RULE
!case|case takes one rule
!case FIX.NOSUCH|no rule FIX.NOSUCH in the catalogue
!case fix.lang|no rule fix.lang in the catalogue
!case FIX.FREE|a case of a FREE rule says race report
!case FIX#TODO|no rule FIX#TODO in the catalogue
END
gomem lint
cp "$T/out" "$T/lint"
is "lint: status" "$status" 1
is "lint: a line for each malformed case" "$(grep -c '^cases/odd/odd.go:[0-9]*: ' "$T/lint")" $number
gomem check --backend fake --rule 'odd/*' --rule one/Holds
is "check: status" "$status" 1
tap_is_sound "malformed cases"
passes "beside malformed cases" one/Holds
ok "prove counts every malformed case as failed" bash -c 'prove -e cat "$1" 2>/dev/null | grep -q "Failed: $2)"' - "$T/out" $number
for ((i = 1; i <= number; i++)); do
    line=$(grep -n "^func Odd$i()" "$T/root/cases/odd/odd.go" | cut -d: -f1)
    said=$(item odd/Odd$i | sed -n 's/^  message: "\(.*\)"$/\1/p')
    at=$(sed -nE 's/^cases\/odd\/odd.go:([0-9]+): .*/\1/p' <<<"$said")
    if grep -Fq -- ": ${wants[i - 1]}" <<<"$said" && [ "${at:-0}" -ge $((line - 4)) ] && [ "$at" -le "$line" ] && grep -Fxq -- "$said" "$T/lint"; then
        pass "malformed: ${wants[i - 1]}"
    else
        fail "malformed: ${wants[i - 1]}: check says '$said' (the func is on line $line); lint: $(grep -F "odd.go:$((line - 1)):" "$T/lint")"
    fi
done
echo 'odd/Odd1 it is malformed, and that is no reason' >"$T/list"
gomem check --backend fake --rule odd/Odd1 --rule one/Holds --expect "$T/list"
fails "a malformed case is not an expected failure" odd/Odd1 'an unknown directive'
is "a malformed case is not an expected failure: status" "$status" 1
rm -r "$T/root/cases/odd"

# ---- a case in the wrong form or place ----
# lone NAME PATH MESSAGE <<TEXT: the file makes lint and check say the message, at the path, and one/Holds still holds.
lone() {
    local path=$T/root/cases/$2
    mkdir -p "${path%/*}"
    cat >"$path"
    gomem lint
    if [ "$status" != 1 ] || ! grep -Eq -- "^cases/$2:[0-9]+: $3" "$T/out"; then fail "$1: lint" "$T/out"; else pass "$1: lint"; fi
    gomem check --backend fake --exclude 'two/*' --exclude 'one/F*' --exclude one/Dies --exclude one/Odd
    if [ "$status" != 1 ] || ! grep -Eq -- "message: \"cases/$2:[0-9]+: $3" "$T/out"; then fail "$1: check" "$T/out"; else pass "$1: check"; fi
    passes "$1: the cases beside it" one/Holds
    tap_is_sound "$1"
    rm "$path"
    [ "${2%%/*}" = one ] || rm -rf "$T/root/cases/${2%%/*}"
}
lone "no claim" one/x.go 'the doc comment states no claim' <<'END'
package one

//gomem:case FIX.LANG
func Mute() {}
END
lone "a blank line below the comment" one/x.go 'directives stand right above a func: case FIX.LANG' <<'END'
package one

// It is not there.
//
//gomem:case FIX.LANG

func Apart() {}
END
lone "directives at the end of a file" one/x.go 'directives stand right above a func' <<'END'
package one

// It is not there.
//gomem:case FIX.LANG
END
lone "directives above a type" one/x.go 'directives stand right above a func' <<'END'
package one

// It is not there.
//gomem:case FIX.LANG
type t int
END
lone "a blank before a directive" one/x.go 'a directive begins with //gomem: without a space' <<'END'
package one

// It is not there.
//
// gomem:case FIX.LANG
func Spaced() {}
END
lone "a function that is not exported" one/x.go 'the function of a case is exported' <<'END'
package one

// It is hidden.
//
//gomem:case FIX.LANG
func hidden() {}
END
lone "a function that takes something" one/x.go 'the function of a case takes and returns nothing' <<'END'
package one

// It takes something.
//
//gomem:case FIX.LANG
func Takes(n int) {}
END
lone "a function that returns something" one/x.go 'the function of a case takes and returns nothing' <<'END'
package one

// It returns something.
//
//gomem:case FIX.LANG
func Returns() int { return 1 }
END
lone "a generic function" one/x.go 'the function of a case takes and returns nothing' <<'END'
package one

// It has a type parameter.
//
//gomem:case FIX.LANG
func Generic[T any]() {}
END
lone "a method" one/x.go 'a case is a function, no method' <<'END'
package one

type t struct{}

// It is a method.
//
//gomem:case FIX.LANG
func (t) Method() {}
END
lone "a name that is taken" one/x.go 'the name one/Holds is taken by cases/one/one.go:' <<'END'
package one

// Its name is another one's.
//
//gomem:case FIX.LANG
func Holds() {}
END
lone "another package" one/x.go "the package is called as its area's folder" <<'END'
package other

// It is in another package.
//
//gomem:case FIX.LANG
func Other() {}
END
lone "a test file" one/x_test.go 'a case does not stand in a test file' <<'END'
package one

// It is in a test file.
//
//gomem:case FIX.LANG
func Test() {}
END
lone "a case below its area" one/deep/x.go "a case that is run stands directly in its area's folder" <<'END'
package deep

// It is too deep.
//
//gomem:case FIX.LANG
func Deep() {}
END
lone "a whole program in an area's folder" alone/main.go 'a whole program stands in a folder of its own below an area' <<'END'
package main

// It is too high.
//
//gomem:case FIX.LANG
//gomem:exit 0
func main() {}
END
lone "a whole program without a status" prog/x/main.go 'a whole program states its exit status' <<'END'
package main

// It says not how it ends.
//
//gomem:case FIX.LANG
func main() {}
END
lone "a whole program with outcomes" prog/x/main.go 'a whole program has no outcome table' <<'END'
package main

// It observes.
//
//gomem:case FIX.LANG
//gomem:exit 0
//gomem:outcome allowed 1
func main() {}
END
lone "messages without diagnostics" one/x.go 'only a diagnostics case expects messages' <<'END'
package one

// It expects messages.
//
//gomem:case FIX.LANG
func Expects() {
	_ = 1 //= moved to heap: x
}
END
lone "messages above every case" one/x.go 'an expected diagnostic stands on a line that no case owns' <<'END'
package one

var x = 1 //= moved to heap: x

// It holds.
//
//gomem:case FIX.LANG
func HoldsBelow() {}
END
lone "a malformed range" one/x.go 'an expected diagnostic is' <<'END'
package one

// Its range is malformed.
//
//gomem:case FIX.IMPL
//gomem:diagnostics
func Ranged() {
	_ = 1 //= [1.x-] moved to heap: x
}
END
lone "an empty message" one/x.go 'an expected diagnostic is' <<'END'
package one

// Its message is empty.
//
//gomem:case FIX.IMPL
//gomem:diagnostics
func Empty() {
	_ = 1 //= moved to heap: x ;  ; y
}
END
mkdir -p "$T/root/cases/empty" && : >"$T/root/cases/empty/empty.go" && printf 'package empty // no end of line' >"$T/root/cases/empty/more.go"
gomem lint
is "an empty file is no error" "$status" 0

# ---- the catalogue ----
printf 'FIX.ODD\tLANG\t-\n' >>"$T/root/spec/rules.tsv"
gomem lint
is "a malformed rule: lint's status" "$status" 1
ok "a malformed rule: its line" grep -Fxq "spec/rules.tsv:$(wc -l <"$T/root/spec/rules.tsv"): a rule has 7 columns separated by tabs" "$T/out"

# ---- the faults ----
mkdir "$T/root/backends/faults"
printf 'both\tFIX.LANG FIX.NONE FIX.NOCASE\tFIX.* FIX.IMPL GONE.*\t1\tit errs\t-\t-\t-\nany\tFIX.LANG\t*\t1\tit errs\t-\t-\t-\n' >"$T/root/backends/faults/faults.tsv"
gomem lint
is "faults: what is said of rules that are not there, or have no case" "$(grep '^fault' "$T/out")" "fault both: no rule FIX.NONE in the catalogue
fault both: rule FIX.NOCASE has no case that could catch it
fault both: no rule in the catalogue is GONE.*, which it may break"
rm -r "$T/root/backends/faults"

# ---- list and explain ----
gomem list 'FIX.*'
ok "list counts the cases of a rule" grep -Eq '^FIX.IMPL +IMPL +SRC +1 case ' "$T/out"
gomem list --gaps
ok "list --gaps names a rule without a case" grep -Eq '^FIX.NOCASE +no case' "$T/out"
gomem list --cases one/Holds
ok "list --cases names file and line" grep -Eq '^one/Holds +FIX.LANG +cases/one/one.go:[0-9]+$' "$T/out"
gomem explain FIX.LANG one/FailsImpl
ok "explain names the cases" grep -Eq '^  case +two/Hangs \(cases/two/two.go:[0-9]+\)' "$T/out"
ok "explain takes a case's name" grep -q '^FIX.IMPL$' "$T/out"
finish
