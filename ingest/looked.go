package ingest

import (
	"hailong/ingest/dataset"
	"hailong/ingest/quality"
)

// looked are the columns that the quality checks look at.
func (p *program) looked() quality.Columns {
	q := quality.Columns{Row: dataset.RowColumn}
	scales := map[string]int{} // how many items have each
	set := func(to *string, name string) {
		if *to == "" {
			*to = name
		}
	}
	for _, f := range p.fields {
		switch f.Role {
		case "item":
			if f.Type == dataset.Code {
				q.Items = append(q.Items, f.Name)
				scales[p.scales[f.Name]]++
			}
		case "characteristic", "area", "field", "value", "psu", "strata":
			q.Background = append(q.Background, f.Name)
			if f.Role == "area" {
				q.Areas = append(q.Areas, f.Name)
			}
		case "id":
			set(&q.ID, f.Name)
		case "interviewer":
			set(&q.Interviewer, f.Name)
		case "review":
			q.Reviews = append(q.Reviews, f.Name)
		case "start":
			set(&q.Start, f.Name)
		case "end":
			set(&q.End, f.Name)
		case "time":
			// A single date still tells impossible days and interviews a day.
			set(&q.Start, f.Name)
		}
	}
	most := ""
	for _, item := range q.Items {
		if scale := p.scales[item]; scales[scale] > scales[most] {
			most = scale
		}
	}
	for _, item := range q.Items {
		if p.scales[item] != most {
			q.Beside = append(q.Beside, item)
		}
	}
	return q
}
