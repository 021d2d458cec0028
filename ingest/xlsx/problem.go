package xlsx

import (
	"errors"
	"strings"

	"hailong/ingest/wording"
)

// Problem is the error of this package: it says where in which file the reading stopped and what the user can do about it.
// Err is the cause, for errors.Is; Msg is the sentence.
type Problem struct {
	File  string // as given to Open
	Sheet string // sheet name, where one is known
	Part  string // part of the package, "xl/worksheets/sheet1.xml"
	Cell  string // "F8", or "row 8"
	Msg   string // what is wrong
	Hint  string // what to do
	Err   error  // cause, may be nil
}

func (e *Problem) Error() string {
	var b strings.Builder
	b.WriteString("reading ")
	b.WriteString(e.File)
	if e.Sheet != "" {
		b.WriteString(", sheet ")
		b.WriteString(e.Sheet)
	}
	if e.Cell != "" {
		b.WriteString(", ")
		b.WriteString(e.Cell)
	}
	if e.Part != "" && e.Sheet == "" {
		b.WriteString(", part ")
		b.WriteString(e.Part)
	}
	b.WriteString(": ")
	b.WriteString(e.Msg)
	if e.Err != nil && e.Msg == "" {
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Problem) Unwrap() error { return e.Err }

// Causes that callers may want to tell apart with errors.Is.
var (
	ErrPassword    = wording.Errorf("file is password-protected")
	ErrFormat      = wording.Errorf("file is not a workbook that can be read")
	ErrDamaged     = wording.Errorf("file is damaged")
	ErrLimit       = wording.Errorf("a safety limit was reached")
	ErrNoConverter = wording.Errorf("LibreOffice is not installed")
)

// Hints that stand in several places.
const (
	hintDamaged = "the file is incomplete or was changed on the way; get it again, or open it in Excel, let it repair, and save it as .xlsx"
	hintSave    = "open it in Excel or LibreOffice and save it as .xlsx"
	hintLimit   = "if the file is genuine, raise the limit"
)

func damaged(part, cell, msg string) *Problem {
	return &Problem{Part: part, Cell: cell, Msg: msg, Hint: hintDamaged, Err: ErrDamaged}
}

func limited(part, cell, msg string) *Problem {
	return &Problem{Part: part, Cell: cell, Msg: msg, Hint: hintLimit, Err: ErrLimit}
}

// locate fills in the file and sheet of an error on its way out; an error that is not a Problem becomes one.
func locate(err error, file, sheet string) error {
	if err == nil {
		return nil
	}
	var p *Problem
	if !errors.As(err, &p) {
		return &Problem{File: file, Sheet: sheet, Msg: err.Error(), Err: err}
	}
	q := *p
	if q.File == "" {
		q.File = file
	}
	if q.Sheet == "" {
		q.Sheet = sheet
	}
	return &q
}
