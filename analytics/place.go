package analytics

import (
	"math"
	"slices"
	"time"

	"hailong/analytics/area"
	"hailong/analytics/index"
	"hailong/analytics/placement"
	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// fewestPlaced is how many provinces a breakdown must have for groups to make sense.
const fewestPlaced = 4

// provincesOf are the provinces that a breakdown's values name, where it is one by province and the index puts provinces into groups; else nil.
func (r *run) provincesOf(k int) []area.Unit {
	d, values := r.domains[k], r.values[k]
	if r.definition.Groups.Rule == "" || d.own != 1 || len(values) < fewestPlaced {
		return nil
	}
	on := area.TwoTier()
	if r.plan.Year > 0 {
		on = time.Date(r.plan.Year, time.December, 31, 0, 0, 0, 0, time.UTC)
	}
	var out []area.Unit
	for _, v := range values {
		u, ok := area.FindEver(v.entry.Value, on)
		if !ok || slices.ContainsFunc(out, func(o area.Unit) bool { return o.Code == u.Code }) {
			return nil
		}
		out = append(out, u)
	}
	return out
}

// placeProvinces ranks and groups the provinces of a survey of several by their own estimates, with their standard errors and, where the
// sample makes them move together, their joint covariance. A published table of the year says more and comes first; what is suppressed is withheld.
func (r *run) placeProvinces(units []area.Unit, projections [][]index.Projected, blocks [][]result.Estimate) error {
	for node, n := range projections[0] {
		if n.Node.Level != "composite" && n.Node.Level != "dimension" && n.Node.Level != "sub_dimension" || r.placed(n.Node.ID) {
			continue
		}
		scores := make([]placement.Score, len(units))
		var known []int
		var linears []survey.Linear
		for i, u := range units {
			scores[i] = placement.Score{Area: u.Code, AreaName: u.Name, Score: result.Unknown(), SE: result.Unknown()}
			if e := &blocks[i][node]; shown(e) {
				scores[i].Score, scores[i].SE = e.Estimate, e.SE
				known, linears = append(known, i), append(linears, projections[i][node].Linear)
			}
		}
		if len(known) < fewestPlaced {
			continue
		}
		covariance, err := r.covariance(scores, known, linears)
		if err != nil {
			return err
		}
		d := r.definition
		placed, _, err := placement.Place(scores, placement.Options{
			Index: d.ID, Year: r.plan.Year, Node: n.Node.ID, Name: n.Node.Name, Rule: d.Groups.Rule, Labels: d.Groups.Labels, Covariance: covariance,
		})
		if err != nil {
			return err
		}
		for _, p := range placed {
			if p.Source = result.SourceSurvey; r.plan.Area.Code == "" || p.Area == r.plan.Area.Code {
				r.set.Placements = append(r.set.Placements, p)
			}
		}
	}
	return nil
}

// placed reports whether a published table has placed the node in the plan's year.
func (r *run) placed(node string) bool {
	return slices.ContainsFunc(r.set.Placements, func(p result.Placement) bool {
		return p.Year == r.plan.Year && p.Node == node && p.Source == ""
	})
}

// covariance is that of the provinces' figures, by what every PSU adds to them (R: vcov(svyby(~y, ~province, design, covmat = TRUE))); nil
// where they are independent, as in a sample that is stratified by province.
func (r *run) covariance(scores []placement.Score, known []int, linears []survey.Linear) ([][]float64, error) {
	_, u, err := r.source.parts(linears)
	if err != nil {
		return nil, err
	}
	v := make([][]float64, len(scores))
	for i := range v {
		v[i] = make([]float64, len(scores))
	}
	joint := false
	for a, i := range known {
		se := float64(scores[i].SE)
		if !(se > 0) {
			return nil, nil
		}
		v[i][i] = se * se // with what later sampling stages add
		for b, j := range known[:a] {
			sum := 0.0
			for k := range u[a] {
				sum += u[a][k] * u[b][k]
			}
			v[i][j], v[j][i] = sum, sum
			joint = joint || math.Abs(sum) > 1e-9*se*float64(scores[j].SE)
		}
	}
	if !joint {
		return nil, nil
	}
	return v, nil
}
