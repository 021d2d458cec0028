// Package ingest turns survey workbooks into a dataset that can be analysed.
//
// What comes in: paths of workbooks (any export), a questionnaire (from an index definition, an XLSForm or both) and what the plan pins.
// What goes out: a folder of Parquet files and a Report that says, for every file and sheet, what was found, how each column was
// understood, which rows were kept or set aside and why, and what is doubtful. What is promised: no row is lost without being
// counted (the ledger balances or Run fails), no answer becomes missing because of a guess, columns that identify a person stay
// outside, one bad file does not stop the others, and the same inputs give the same bytes whatever the number of workers.
//
// Run does the whole; Inspect does the same without writing. The rooms inside: xlsx (cells), layout (where the table is), vntext
// (Vietnamese text), questionnaire (what a column means), quality (what looks wrong) and dataset (Parquet).
package ingest

import (
	"fmt"

	"hailong/ingest/layout"
	"hailong/ingest/quality"
	"hailong/ingest/questionnaire"
	"hailong/ingest/xlsx"
)

// Options say what to read and how. The zero value of every field but Files works.
type Options struct {
	Files   []string             // workbooks, in the order in which rows and reports are wanted
	Layout  layout.Options       // what the plan pins about the table (`layout`)
	Sheets  []string             // read only these sheets, by name; empty: what layout chooses
	Limits  xlsx.Limits          // safety limits of the scanner
	Quality quality.Bounds       // what findings are worth mentioning
	Issued  quality.Issued       // forms that were handed out
	Match   questionnaire.Bounds // how sure a fuzzy match must be

	Columns       map[string]string            // dataset name → header text: matches that the plan pins
	Definition    []byte                       // a definition file (YAML); its `questionnaire` section is used
	Questionnaire *questionnaire.Questionnaire // instead of Definition
	XLSForm       string                       // path of an XLSForm that describes the columns

	Out          string   // dataset folder; Run creates it
	Workers      int      // files read at the same time; 0: one a CPU
	Password     string   // for encrypted workbooks
	KeepPersonal []string // headers or dataset names of columns that identify a person and are to be kept all the same
	Exclude      []string // finding codes whose rows are set aside (see package quality)
	Routing      bool     // apply the questionnaire's routes, those marked `on: true` and the others
	NoCache      bool     // read every file again

	Vietnamese func(error) string // an error in Vietnamese, for the reports' sentences; nil: the error as it is

	OnProgress func(Progress) // called from the goroutines that read, one call at a time
}

func (o *Options) vietnamese(err error) string {
	if o.Vietnamese == nil {
		return err.Error()
	}
	return o.Vietnamese(err)
}

// why makes a Text of two sentences that end in an error.
func (o *Options) why(vi, en string, err error) Text {
	return Text{VI: fmt.Sprintf(vi, o.vietnamese(err)), EN: fmt.Sprintf(en, err)}
}

// Progress says how far Run is.
type Progress struct {
	Files, FilesDone int
	Rows             int64 // data rows read so far
	Path             string
}
