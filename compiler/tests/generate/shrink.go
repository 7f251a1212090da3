// shrink takes a program apart as long as it still does what is wrong with it, which a command tells by its exit status.
//
// What may go: a declaration, a statement, the statements of a block instead of the statement round it, an operand in place of the
// expression, an element. Candidates that do not type-check are dropped without asking the command. Passes go on until one changes nothing.
package main

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
)

type shrinker struct {
	command  []string
	importer types.Importer
	fset     *token.FileSet
	file     *ast.File
	work     string
	best     []byte
	tried    map[string]bool
}

func shrink(name string, command []string) {
	text, err := os.ReadFile(name)
	if err != nil {
		fail("%v", err)
	}
	work, err := os.MkdirTemp("", "shrink")
	if err != nil {
		fail("%v", err)
	}
	defer os.RemoveAll(work)
	s := &shrinker{command: command, importer: importer.ForCompiler(token.NewFileSet(), "source", nil), work: work, tried: map[string]bool{}}
	if !s.parse(text) || !s.fails(text) {
		fail("%s is no program that the command accepts", name)
	}
	s.best = text
	for changed := true; changed; {
		changed = s.pass()
	}
	if err := os.WriteFile(name, s.best, 0o666); err != nil {
		fail("%v", err)
	}
}

func (s *shrinker) parse(text []byte) bool {
	s.fset = token.NewFileSet()
	file, err := parser.ParseFile(s.fset, "main.go", text, 0)
	s.file = file
	return err == nil
}

// checks tells whether the file is valid Go.
func (s *shrinker) checks(text []byte) bool {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "main.go", text, 0)
	if err != nil {
		return false
	}
	config := types.Config{Importer: s.importer}
	_, err = config.Check("main", fset, []*ast.File{file}, nil)
	return err == nil
}

func (s *shrinker) fails(text []byte) bool {
	name := filepath.Join(s.work, "main.go")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		fail("%v", err)
	}
	return exec.Command(s.command[0], append(s.command[1:len(s.command):len(s.command)], name)...).Run() == nil
}

// try prints the tree as it stands now and keeps it when it still fails.
func (s *shrinker) try() bool {
	var out bytes.Buffer
	if format.Node(&out, s.fset, s.file) != nil {
		return false
	}
	text := out.Bytes()
	if s.tried[string(text)] {
		return false
	}
	s.tried[string(text)] = true
	if !s.checks(text) || !s.fails(text) {
		return false
	}
	s.best = append([]byte(nil), text...)
	return true
}

// pass tries every change once, large ones first.
func (s *shrinker) pass() bool {
	changed := false
	for n := len(s.file.Decls); n > 0; n /= 2 {
		changed = without(s, &s.file.Decls, n) || changed
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		changed = s.node(n) || changed
		return true
	})
	return changed
}

// without tries to leave out each stretch of n things.
func without[T any](s *shrinker, list *[]T, n int) bool {
	changed := false
	for from := 0; from < len(*list); {
		old, to := *list, from+n
		if to > len(old) {
			to = len(old)
		}
		*list = append(append([]T(nil), old[:from]...), old[to:]...)
		if s.try() {
			changed = true
			continue
		}
		*list = old
		from += n
	}
	return changed
}

func (s *shrinker) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return s.statements(&n.List)
	case *ast.CaseClause:
		return s.statements(&n.Body)
	case *ast.CommClause:
		return s.statements(&n.Body)
	case *ast.CompositeLit:
		return without(s, &n.Elts, 1)
	case *ast.StructType:
		return without(s, &n.Fields.List, 1)
	case *ast.ValueSpec:
		return s.each(n.Values)
	case *ast.AssignStmt:
		return s.each(n.Rhs)
	case *ast.ReturnStmt:
		return s.each(n.Results)
	case *ast.CallExpr:
		fewer := without(s, &n.Args, 1)
		return s.each(n.Args) || fewer
	case *ast.IfStmt:
		changed := s.expression(&n.Cond)
		if old := n.Else; old != nil {
			n.Else = nil
			if s.try() {
				return true
			}
			n.Else = old
		}
		return changed
	case *ast.BinaryExpr:
		left := s.expression(&n.X)
		return s.expression(&n.Y) || left
	case *ast.ParenExpr:
		return s.expression(&n.X)
	}
	return false
}

func (s *shrinker) statements(list *[]ast.Stmt) bool {
	changed := false
	for n := len(*list); n > 0; n /= 2 {
		changed = without(s, list, n) || changed
	}
	for i := 0; i < len(*list); i++ {
		for _, inner := range insides((*list)[i]) {
			old := *list
			*list = append(append(append([]ast.Stmt(nil), old[:i]...), inner...), old[i+1:]...)
			if s.try() {
				changed = true
				break
			}
			*list = old
		}
	}
	return changed
}

// insides are the blocks that may stand for a statement.
func insides(statement ast.Stmt) [][]ast.Stmt {
	switch n := statement.(type) {
	case *ast.BlockStmt:
		return [][]ast.Stmt{n.List}
	case *ast.IfStmt:
		all := [][]ast.Stmt{n.Body.List}
		if n.Else != nil {
			all = append(all, []ast.Stmt{n.Else})
		}
		return all
	case *ast.ForStmt:
		return [][]ast.Stmt{n.Body.List}
	case *ast.RangeStmt:
		return [][]ast.Stmt{n.Body.List}
	case *ast.LabeledStmt:
		return [][]ast.Stmt{{n.Stmt}}
	case *ast.DeferStmt:
		return [][]ast.Stmt{{&ast.ExprStmt{X: n.Call}}}
	case *ast.ExprStmt:
		if call, ok := n.X.(*ast.CallExpr); ok {
			if literal, ok := call.Fun.(*ast.FuncLit); ok {
				return [][]ast.Stmt{literal.Body.List}
			}
			for _, a := range call.Args {
				if literal, ok := a.(*ast.FuncLit); ok {
					return [][]ast.Stmt{literal.Body.List}
				}
			}
		}
	}
	return nil
}

func (s *shrinker) each(list []ast.Expr) bool {
	changed := false
	for i := range list {
		changed = s.expression(&list[i]) || changed
	}
	return changed
}

// expression tries an operand, or a short constant, in place of the whole.
func (s *shrinker) expression(at *ast.Expr) bool {
	var parts []ast.Expr
	switch n := (*at).(type) {
	case *ast.BinaryExpr:
		parts = append(parts, n.X, n.Y)
	case *ast.ParenExpr:
		parts = append(parts, n.X)
	case *ast.UnaryExpr:
		parts = append(parts, n.X)
	case *ast.CallExpr:
		parts = append(parts, n.Args...)
	case *ast.BasicLit, *ast.Ident:
		return false
	}
	for _, literal := range []string{"0", `""`, "false", "nil"} {
		parts = append(parts, ast.NewIdent(literal))
	}
	for _, part := range parts {
		old := *at
		*at = part
		if s.try() {
			return true
		}
		*at = old
	}
	return false
}
