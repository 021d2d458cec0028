package quality

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hailong/ingest/vntext"
)

// Issued is how many forms were handed out, as the plan says: all of them, or by column of the dataset and area.
type Issued struct {
	Total int64                       `yaml:"total"`
	Areas map[string]map[string]int64 `yaml:"areas"`
}

// total is the number of all forms: what the plan says, or the sum over the areas of its only column; 0 where it is not known.
func (i Issued) total() int64 {
	if i.Total > 0 || len(i.Areas) != 1 {
		return i.Total
	}
	var sum int64
	for _, areas := range i.Areas {
		for _, n := range areas {
			sum += n
		}
	}
	return sum
}

// Follow sets the forms that came back against those that were handed out: the funnel issued → returned → answered → kept, over all and for
// each area, when the rows with a finding of one of the codes are excluded. A share that came back above one is a finding of its own: forms
// were copied, entered twice or counted wrongly.
func Follow(issued Issued, f *Funnel, sheets []Sheet, exclude []string) []Finding {
	findings := []Finding{}
	if f.Issued = issued.total(); f.Issued > 0 {
		findings = append(findings, Finding{
			Code: over("funnel", f.Read, f.Issued), Count: f.Read, Value: share(f.Read, f.Issued), Bound: 1,
			VI: fmt.Sprintf("phát ra %d phiếu → thu về %d (%s) → có trả lời %d → giữ lại %d", f.Issued, f.Read, percent(f.Read, f.Issued, ","), f.Answered, f.Kept),
			EN: fmt.Sprintf("%d forms issued → %d returned (%s) → %d answered → %d kept", f.Issued, f.Read, percent(f.Read, f.Issued, "."), f.Answered, f.Kept),
		})
	}
	for _, column := range slices.Sorted(maps.Keys(issued.Areas)) {
		back, names := funnels(column, sheets, flagsOf(exclude))
		for _, area := range slices.Sorted(maps.Keys(issued.Areas[column])) {
			key, out := vntext.UnitKey(area), issued.Areas[column][area]
			f := back[key]
			n := f.Read
			delete(names, key)
			findings = append(findings, Finding{
				Code: over("funnel_area", n, out), Item: column, Count: n, Value: share(n, out), Bound: 1,
				VI: fmt.Sprintf("%s: phát ra %d phiếu → thu về %d (%s) → có trả lời %d → giữ lại %d", area, out, n, percent(n, out, ","), f.Answered, f.Kept),
				EN: fmt.Sprintf("%s: %d forms issued → %d returned (%s) → %d answered → %d kept", area, out, n, percent(n, out, "."), f.Answered, f.Kept),
			})
		}
		if len(names) == 0 {
			continue
		}
		var count int64
		for key := range names {
			count += back[key].Read
		}
		list := strings.Join(slices.Sorted(maps.Values(names)), ", ")
		findings = append(findings, Finding{
			Code: "funnel_unlisted", Item: column, Count: count,
			VI: fmt.Sprintf("%d phiếu thu về từ nơi mà kế hoạch (issued) không nêu: %s", count, list),
			EN: fmt.Sprintf("%d forms came back from where the plan (issued) names none: %s", count, list),
		})
	}
	return findings
}

// funnels counts the forms of each area in a column, and gives the areas' names, by what all spellings of a name have in common.
func funnels(column string, sheets []Sheet, excluded Flag) (forms map[string]Funnel, names map[string]string) {
	forms, names = map[string]Funnel{}, map[string]string{}
	for _, sheet := range sheets {
		for at, k := range sheet.followed {
			if sheet.columns.Areas[k] != column {
				continue
			}
			kept := map[*areaForms]int64{}
			for i, place := range sheet.places[at] {
				if place != nil && sheet.flags[i]&excluded == 0 {
					kept[place]++
				}
			}
			for _, name := range slices.Sorted(maps.Keys(sheet.areas[k])) {
				key, own := vntext.UnitKey(name), sheet.areas[k][name]
				f := forms[key]
				f.Add(Funnel{Read: own.read, Answered: own.answered, Kept: kept[own]})
				forms[key] = f
				if names[key] == "" {
					names[key] = name
				}
			}
		}
	}
	return forms, names
}

// over is the code of a finding where more came back than went out.
func over(code string, returned, issued int64) string {
	if returned > issued {
		return code + "_excess"
	}
	return code
}

func percent(n, of int64, point string) string {
	if of == 0 {
		return "–"
	}
	return strings.Replace(fmt.Sprintf("%.1f %%", 100*share(n, of)), ".", point, 1)
}
