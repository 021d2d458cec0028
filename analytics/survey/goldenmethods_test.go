package survey

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// method computes the golden cases that rest on no survey design.
func (g *golden) method(c goldenCase, o goldenOp) (map[string]any, error) {
	switch o.Stat {
	case "reliability":
		return g.reliability(o)
	case "drivers":
		return g.drivers(o)
	case "ranks":
		return goldenRanks(c, o)
	case "p.adjust":
		return goldenAdjust(c)
	case "fay_herriot":
		return g.fayHerriot(o)
	case "quality":
		return g.quality(o)
	}
	return g.nonresponse(o)
}

func (g *golden) columns(f *Frame, names ...string) ([][]float64, error) {
	var out [][]float64
	for _, n := range names {
		c, err := f.Column(n)
		if err != nil {
			return nil, err
		}
		out = append(out, c.Values)
	}
	return out, nil
}

func (g *golden) reliability(o goldenOp) (map[string]any, error) {
	m := regexp.MustCompile(`^(\S+) columns ([a-z]+)(\d+)\.\.[a-z]+(\d+)`).FindStringSubmatch(o.Input)
	if m == nil {
		return nil, fmt.Errorf("input %q is not understood", o.Input)
	}
	f, err := g.frame(m[1], "")
	if err != nil {
		return nil, err
	}
	first, _ := strconv.Atoi(m[3])
	last, _ := strconv.Atoi(m[4])
	var names []string
	for i := first; i <= last; i++ {
		names = append(names, fmt.Sprintf("%s%d", m[2], i))
	}
	x, err := g.columns(f, names...)
	if err != nil {
		return nil, err
	}
	var w []float64
	if o.Weighted {
		w = f.cols["w0"].Values
	}
	r, err := ItemReliabilities(x, w)
	if err != nil {
		return nil, err
	}
	var rows, items []any
	for _, v := range []struct {
		name  string
		value float64
	}{{"alpha_raw", r.AlphaRaw}, {"alpha_std", r.AlphaStd}, {"mean_r", r.MeanR}, {"omega_raw", r.OmegaRaw}, {"omega_std", r.OmegaStd}, {"AVE", r.AVE}} {
		rows = append(rows, map[string]any{"term": v.name, "value": v.value})
	}
	for i, v := range r.Items {
		items = append(items, map[string]any{"term": names[i], "alpha_if_dropped": v.AlphaIfDropped, "item_rest_r": v.ItemRest, "loading_std": v.Loading, "uniqueness": v.Uniqueness})
	}
	lo, hi := r.FeldtCI(0.95)
	return map[string]any{"rows": rows, "items": items, "n": r.N, "k": r.K, "feldt95": map[string]any{"lo": lo, "hi": hi}}, nil
}

func (g *golden) drivers(o goldenOp) (map[string]any, error) {
	f, err := g.frame(o.Data, "")
	if err != nil {
		return nil, err
	}
	x, err := g.columns(f, append([]string{o.Y, o.Weights}, o.X...)...)
	if err != nil {
		return nil, err
	}
	r, err := DriverImportance(x[0], x[2:], x[1])
	if err != nil {
		return nil, err
	}
	var rows []any
	for i, d := range r.Items {
		rows = append(rows, map[string]any{"term": o.X[i], "r": d.R, "beta_std": d.BetaStd, "pratt": d.Pratt, "shapley_lmg": d.Shapley, "relative_weight": d.RelativeWeight, "vif": d.VIF})
	}
	return map[string]any{"r2": r.R2, "rows": rows, "n": r.N}, nil
}

func goldenRanks(c goldenCase, o goldenOp) (map[string]any, error) {
	raw, err := json.Marshal(c.Expected["input"])
	if err != nil {
		return nil, err
	}
	var in struct {
		Names   []string
		Est, SE []float64
		VCov    [][]float64
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, err
	}
	k := len(in.Est)
	p, err := RankDistribution(in.Est, in.SE)
	if err != nil {
		return nil, err
	}
	eb, err := EmpiricalBayesPosterior(in.Est, in.SE)
	if err != nil {
		return nil, err
	}
	var ebGroups [][]float64
	if eb.A > 1e-10 {
		ebRanks, err := RankDistribution(eb.Mean, eb.SD)
		if err != nil {
			return nil, err
		}
		ebGroups = GroupProbabilities(ebRanks, o.Groups)
	}
	independent := make([][]float64, k)
	for i := range independent {
		independent[i] = make([]float64, k)
		independent[i][i] = in.SE[i] * in.SE[i]
	}
	ranks, groups := RankOf(in.Est), GroupProbabilities(p, o.Groups)
	byCov, byInd := ExpectedRanks(in.Est, in.VCov), ExpectedRanks(in.Est, independent)
	z, gh := SidakZ(k, o.Alpha), GoldsteinHealyZ(in.VCov, o.Alpha)
	naive := IntervalRankSets(in.Est, in.SE, NormalQuantile(1-o.Alpha/2))
	kww := IntervalRankSets(in.Est, in.SE, z)
	holm, err := HolmRankSets(in.Est, in.VCov, o.Alpha)
	if err != nil {
		return nil, err
	}
	sim := Simulation{Draws: 200000, Seed: 1}
	supT, err := sim.SupTRankSets(in.Est, in.VCov, o.Alpha)
	if err != nil {
		return nil, err
	}
	simulated, err := sim.GroupProbabilities(in.Est, in.VCov, o.Groups)
	if err != nil {
		return nil, err
	}
	set := func(s RankSet) []any { return []any{s.Best, s.Worst} }
	var rows, sets []any
	for i := range k {
		row := map[string]any{
			"term": in.Names[i], "rank": ranks[i], "group": GroupOf(ranks[i], k, o.Groups),
			"expected_rank_cov": byCov[i], "expected_rank_ind": byInd[i], "p_group_ind": anyList(groups[i]),
			"eb_mean": eb.Mean[i], "eb_sd": eb.SD[i], "p_rank1_ind": p[i][0], "p_top3_ind": p[i][0] + p[i][1] + p[i][2],
			"naive95": set(naive[i]), "kww_sidak95": set(kww[i]), "holm_pairs95": set(holm[i]),
			"gh_lo": in.Est[i] - gh*in.SE[i], "gh_hi": in.Est[i] + gh*in.SE[i],
		}
		if ebGroups != nil {
			row["p_group_eb"] = anyList(ebGroups[i])
		}
		rows = append(rows, row)
		sets = append(sets, []any{float64(supT[i].Best), float64(supT[i].Worst)})
	}
	return map[string]any{
		"eb_A": eb.A, "eb_mu": eb.Mu, "zSidak": z, "goldstein_healy_z": gh, "rows": rows,
		"mc": map[string]any{"p_group_cov": anyMatrix(simulated), "supt_rank_sets": sets},
	}, nil
}

func goldenAdjust(c goldenCase) (map[string]any, error) {
	var p []float64
	for _, v := range c.Expected["input"].([]any) {
		p = append(p, v.(float64))
	}
	var rows []any
	for _, m := range []string{"bonferroni", "holm", "hochberg", "BH", "BY"} {
		a, err := PAdjust(p, m)
		if err != nil {
			return nil, err
		}
		rows = append(rows, map[string]any{"term": m, "adjusted": anyList(a)})
	}
	s, err := PAdjust(p, "sidak")
	return map[string]any{"rows": rows, "sidak": anyList(s)}, err
}

func (g *golden) fayHerriot(o goldenOp) (map[string]any, error) {
	f, err := g.frame(o.Data, "")
	if err != nil {
		return nil, err
	}
	x, err := g.columns(f, append([]string{o.Y, o.Psi}, o.X...)...)
	if err != nil {
		return nil, err
	}
	one := make([]float64, f.Rows())
	for k := range one {
		one[k] = 1
	}
	r, err := FitFayHerriot(x[0], append([][]float64{one}, x[2:]...), x[1], o.Method == "ML")
	if err != nil {
		return nil, err
	}
	area, err := f.labels("area")
	if err != nil {
		return nil, err
	}
	var rows []any
	for d := range area {
		rows = append(rows, map[string]any{"term": area[d], "gamma": r.Gamma[d], "synthetic": r.Synthetic[d], "eblup": r.EBLUP[d], "mse": r.MSE[d]})
	}
	return map[string]any{"A": r.A, "beta": anyList(r.Beta), "se_beta": anyList(r.SEBeta), "rows": rows}, nil
}

func (g *golden) quality(o goldenOp) (map[string]any, error) {
	f, err := g.frame(o.Data, "")
	if err != nil {
		return nil, err
	}
	var items [][]float64
	var missing, dk, refused, blank []any
	for i := 1; i <= 8; i++ {
		c, q := f.cols[fmt.Sprintf("c%d", i)].Values, f.cols[fmt.Sprintf("q%d", i)]
		items = append(items, c)
		var m, d, r, b float64
		for k := range c {
			if c[k] != c[k] {
				m++
			}
			switch {
			case q.Missing(k):
				b++
			case q.Values[k] == 98:
				d++
			case q.Values[k] == 99:
				r++
			}
		}
		missing, dk, refused, blank = append(missing, m/float64(len(c))), append(dk, d), append(refused, r), append(blank, b)
	}
	rq, err := ResponseQuality(items, 5)
	if err != nil {
		return nil, err
	}
	keys := make([]string, f.Rows())
	for _, name := range append([]string{"psu", "sex", "age", "nps", "overall"}, "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8") {
		c := f.cols[name].AsFactor()
		for k := range keys {
			keys[k] += "|" + strconv.Itoa(c.Codes[k])
		}
	}
	dup := Duplicates(keys)
	duration := f.cols["duration_s"].Values
	median, mad := MedianAndMAD(duration)
	var straight, dups, fast, mad2 float64
	var rows []any
	for k, q := range rq {
		straight += rBool(q.Straight)
		dups += rBool(dup[k])
		fast += rBool(duration[k] < median/2)
		mad2 += rBool(duration[k] < median-2*mad)
		rows = append(rows, map[string]any{
			"term": fmt.Sprintf("%g", f.cols["rowid"].Values[k]), "n_valid": q.Valid, "longstring": q.LongString, "irv": q.IRV,
			"straight": rBool(q.Straight), "duplicate": rBool(dup[k]), "mahalanobis": q.Mahalanobis,
		})
	}
	return map[string]any{
		"n": f.Rows(), "median_duration": median, "mad_duration": mad, "n_straight": straight, "n_dup_rows": dups, "n_speed_half_median": fast,
		"n_speed_mad2": mad2, "item_missing": missing, "dk98": dk, "refused99": refused, "blank": blank, "rows": rows,
	}, nil
}

func (g *golden) nonresponse(o goldenOp) (map[string]any, error) {
	f, err := g.frame(o.Data, "")
	if err != nil {
		return nil, err
	}
	if o.Filter != "" {
		v, err := evalR(o.Filter, f)
		if err != nil {
			return nil, err
		}
		f = f.Filter(truths(v))
	}
	resp, err := evalR(o.Resp, f)
	if err != nil {
		return nil, err
	}
	class := make([]string, f.Rows())
	for _, name := range o.Classes {
		l, err := f.labels(name)
		if err != nil {
			return nil, err
		}
		for k := range class {
			class[k] = strings.TrimSpace(class[k] + " " + l[k])
		}
	}
	w := f.cols[o.Weights].Values
	factors, adjusted, err := NonresponseFactors(w, truths(resp), class)
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range factors {
		names = append(names, name)
	}
	slices.Sort(names)
	var rows []any
	for _, name := range names {
		rows = append(rows, map[string]any{"term": name, "factor": factors[name]})
	}
	answered := 0.0
	for k, ok := range truths(resp) {
		if ok {
			answered += w[k]
		}
	}
	return map[string]any{"rows": rows, "sum_before": sumOf(w), "sum_after": sumOf(adjusted), "kish_deff_after": KishDeff(adjusted), "weighted_rr": answered / sumOf(w)}, nil
}
