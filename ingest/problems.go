package ingest

import (
	"fmt"
	"strconv"

	"hailong/ingest/layout"
	"hailong/ingest/xlsx"
)

// How many problems of one column are listed one by one. The rest are counted in one more, so that a column of rubbish cannot bury
// the other columns' problems, or the memory.
const (
	listedPerKind = 20
	gotLength     = 60 // characters of a cell that are quoted
)

// problemKey is what makes two bad cells one problem: the same thing in the same column.
type problemKey struct {
	column int
	code   string
	got    string
}

// A problemList gathers the problems of one sheet. Its order is that of the first cell of each problem.
type problemList struct {
	file, sheet string
	table       *layout.Table
	parent      int // the parent's row, while a row of a repeat group is read
	list        []Problem
	at          map[problemKey]int
	kinds       map[problemKey]int // with an empty got: how many problems of the kind are listed
}

func newProblemList(file, sheet string, table *layout.Table) *problemList {
	return &problemList{file: file, sheet: sheet, table: table, at: map[problemKey]int{}, kinds: map[problemKey]int{}}
}

// cell records one bad cell. got is what it holds; text makes the sentences when the problem is new.
func (p *problemList) cell(column, row int, code, want, got string, text Text) {
	if short := []rune(got); len(short) > gotLength {
		got = string(short[:gotLength]) + "…"
	}
	kind := problemKey{column: column, code: code}
	key := problemKey{column: column, code: code, got: got}
	if p.kinds[kind] >= listedPerKind {
		if _, listed := p.at[key]; !listed {
			key.got = "…"
			got = ""
		}
	}
	if at, ok := p.at[key]; ok {
		p.list[at].Count++
		return
	}
	p.kinds[kind]++
	p.at[key] = len(p.list)
	p.list = append(p.list, Problem{File: p.file, Sheet: p.sheet, Cell: p.ref(row, column), Code: code, Want: want, Got: got, Count: 1, Text: text})
}

// ref is where a cell stands; a joined cell stands in the parent's row.
func (p *problemList) ref(row, column int) string {
	if column < layout.JoinedFrom {
		return xlsx.CellRef(row, column)
	}
	return p.table.ColumnName(column) + strconv.Itoa(p.parent)
}

// note records a problem of the sheet or of a column; cell may be "" or a column's letters.
func (p *problemList) note(cell, code, want, got string, text Text) {
	p.list = append(p.list, Problem{File: p.file, Sheet: p.sheet, Cell: cell, Code: code, Want: want, Got: got, Count: 1, Text: text})
}

// say makes a Text of two sentences with the same arguments.
func say(vi, en string, args ...any) Text {
	return Text{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...)}
}
