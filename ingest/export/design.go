package export

import (
	"hailong/ingest/wording"
)

// columns is a Design whose names are those of variables.
type columns struct {
	weight           string
	strata, psu, fpc []string
	lonely           string
}

// srs reports whether the sample was drawn in one step and without weights.
func (c columns) srs() bool { return c.weight == "" && len(c.strata)+len(c.psu)+len(c.fpc) == 0 }

// ways are R survey's options(survey.lonely.psu) with Stata's svyset singleunit(). "remove" leaves a lonely PSU out of the variance, which
// is what "certainty" comes to for a single PSU (METHODS.md of analytics/survey, "Lonely PSUs").
var ways = map[string]string{
	"": "missing", "fail": "missing", "remove": "certainty", "certainty": "certainty", "adjust": "centered", "average": "scaled",
}

// A DesignError is a design that the dataset has no columns for, or that the scripts have no words for.
type DesignError struct{ err error }

func (e *DesignError) Error() string { return e.err.Error() }

func (e *DesignError) Unwrap() error { return e.err }

// design finds the variables of a design.
func (t *table) design(d Design) (columns, error) {
	if _, ok := ways[d.Lonely]; !ok {
		return columns{}, wording.Errorf("design: lonely_psu %q: want fail, remove, certainty, adjust or average", d.Lonely)
	}
	if len(d.FPC) > 2 {
		return columns{}, wording.Errorf("design: %d fpc columns: want that of the PSUs and that of the rows in a PSU", len(d.FPC))
	}
	out := columns{lonely: d.Lonely}
	if out.lonely == "" {
		out.lonely = "fail"
	}
	for _, part := range []struct {
		from []string
		to   *[]string
	}{{d.Strata, &out.strata}, {d.PSU, &out.psu}, {d.FPC, &out.fpc}} {
		for _, column := range part.from {
			v, err := t.find(column)
			if err != nil {
				return columns{}, err
			}
			*part.to = append(*part.to, v.name)
		}
	}
	if d.Weight != "" {
		v, err := t.find(d.Weight)
		if err != nil {
			return columns{}, err
		}
		if v.kind != kindNumber {
			return columns{}, wording.Errorf("design: the weight %s is no number but %s", d.Weight, v.kind)
		}
		out.weight = v.name
	}
	return out, nil
}

// find returns the variable of a dataset column.
func (t *table) find(column string) (*variable, error) {
	for _, v := range t.variables {
		if v.column == column && column != "" {
			return v, nil
		}
	}
	return nil, wording.Errorf("design: the dataset has no column %q", column)
}
