package ingest

import (
	"hailong/ingest/layout"
	"hailong/ingest/quality"
	"hailong/ingest/wording"
)

// A Report is everything that Run or Inspect found out, in the order of Options.Files.
type Report struct {
	Files    []FileReport      `json:"files"`
	Ledger   Ledger            `json:"ledger"`
	Problems []Problem         `json:"problems"`
	Findings []quality.Finding `json:"findings"`
	Funnel   quality.Funnel    `json:"funnel"`
}

// A FileReport is what was found in one file: one table a sheet, or the reason why there is none.
type FileReport struct {
	Path    string         `json:"path"`
	SHA256  string         `json:"sha256"`
	Bytes   int64          `json:"bytes"`
	Sheets  []SheetReport  `json:"sheets"`
	Guesses []layout.Guess `json:"guesses"` // which sheets were read, and why the others were not
	Hidden  []string       `json:"hidden"`  // names of hidden sheets
	Reused  bool           `json:"reused"`  // the dataset files of an earlier run were used
	Failed  bool           `json:"failed"`  // nothing could be read; Problems says why

	Problems []Problem `json:"problems,omitempty"` // of the file as a whole
}

// A SheetReport is one table: it is also the metadata of its Parquet file, from which a later run restores it.
type SheetReport struct {
	Schema    string            `json:"schema"` // dataset.Schema
	File      string            `json:"file"`   // base name of the input
	SHA256    string            `json:"sha256"`
	Sheet     string            `json:"sheet"`
	Index     int               `json:"index"`
	Tables    []int             `json:"tables"` // indexes of all sheets of the file that hold a table
	Dialect   string            `json:"dialect"`
	Guesses   []layout.Guess    `json:"guesses"`
	Encodings []Encoding        `json:"encodings,omitempty"`
	Columns   []Column          `json:"columns"`
	Dropped   []Column          `json:"dropped"` // columns that identify a person, by header only
	Ledger    Ledger            `json:"ledger"`
	Problems  []Problem         `json:"problems"`
	Findings  []quality.Finding `json:"findings"`
	Funnel    quality.Funnel    `json:"funnel"`
	Looked    quality.Columns   `json:"looked"`            // what the quality checks looked at
	Parquet   string            `json:"parquet,omitempty"` // file name within Options.Out

	Spellings []Spelling `json:"spellings,omitempty"` // of areas, in the order of first sight

	Book Book `json:"book"` // what was found about the file as a whole, to restore it

	Questionnaire string `json:"questionnaire,omitempty"` // SHA-256 of the questionnaire, 12 digits
	HiddenRows    int    `json:"hidden_rows,omitempty"`
	HiddenColumns int    `json:"hidden_columns,omitempty"`
}

// A Book is what a file's report says beside its sheets.
type Book struct {
	Guesses  []layout.Guess `json:"guesses"`
	Hidden   []string       `json:"hidden"`
	Problems []Problem      `json:"problems"`
}

// An Encoding is a legacy encoding that a column was decoded from, with a sample before and after.
type Encoding struct {
	Cell     string `json:"cell"`
	Header   string `json:"header"`
	Encoding string `json:"encoding"`
	Evidence string `json:"evidence"`
	Before   string `json:"before"`
	After    string `json:"after"`
}

// A Column is one column of a sheet, how it was understood and what became of it.
type Column struct {
	Cell   string  `json:"cell"`             // the column's letters: "F"
	Header string  `json:"header"`           // as it stands, flattened: parent › question
	Name   string  `json:"name"`             // in the dataset
	Role   string  `json:"role"`             // item, a Variable's role, or "other"
	How    string  `json:"how"`              // pinned, code, label, alias, xlsform, fuzzy, title, group, sheet, file; empty: not matched
	Score  float64 `json:"score"`            // 1 unless How is fuzzy
	Type   string  `json:"type"`             // code, number, text, time
	Why    string  `json:"why,omitempty"`    // why it was dropped or left alone
	Ticks  int     `json:"ticks,omitempty"`  // how many columns of ticks were collapsed
	Values []Value `json:"values,omitempty"` // Inspect only: what occurs, most frequent first
}

// A Value is one distinct value of a column and what it was coded as.
type Value struct {
	Text  string `json:"text"`
	Code  *int   `json:"code"`
	Count int64  `json:"count"`
}

// A Ledger accounts for every row of a sheet, file or batch.
type Ledger struct {
	Rows     int64   `json:"rows"`    // rows that hold a value
	Classes  []Count `json:"classes"` // rows that are no answers, by layout class
	Read     int64   `json:"read"`    // data rows
	Kept     int64   `json:"kept"`    // rows in the dataset
	SetAside []Count `json:"set_aside"`
}

// A Count is a number of rows by what they are or why they were set aside.
type Count struct {
	Reason string `json:"reason"`
	Rows   int64  `json:"rows"`
}

// Check reports a row that is not accounted for.
func (l Ledger) Check() error {
	other, aside := sum(l.Classes), sum(l.SetAside)
	if l.Rows != other+l.Read {
		return wording.Errorf("ledger does not balance: %d rows in the sheet, but %d data rows and %d others", l.Rows, l.Read, other)
	}
	if l.Read != l.Kept+aside {
		return wording.Errorf("ledger does not balance: %d data rows read, but %d kept and %d set aside", l.Read, l.Kept, aside)
	}
	return nil
}

func sum(counts []Count) int64 {
	var total int64
	for _, c := range counts {
		total += c.Rows
	}
	return total
}

// add counts rows under a reason; reasons keep the order of their first use.
func add(counts []Count, reason string, rows int64) []Count {
	for i := range counts {
		if counts[i].Reason == reason {
			counts[i].Rows += rows
			return counts
		}
	}
	return append(counts, Count{Reason: reason, Rows: rows})
}

// Add adds another ledger, as the total over sheets and files does.
func (l *Ledger) Add(o Ledger) {
	l.Rows += o.Rows
	l.Read += o.Read
	l.Kept += o.Kept
	for _, c := range o.Classes {
		l.Classes = add(l.Classes, c.Reason, c.Rows)
	}
	for _, c := range o.SetAside {
		l.SetAside = add(l.SetAside, c.Reason, c.Rows)
	}
}
