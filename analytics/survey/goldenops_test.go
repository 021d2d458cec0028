package survey

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

type goldenOp struct {
	Stat      string
	Vars      stringList
	NaRm      bool `json:"na_rm"`
	Deff      any
	Num, Den  string
	By        stringList
	Expr      string
	Level     float64
	Var       string
	P         []float64
	QRule     string
	Interval  string
	Row, Col  string
	Formula   string
	Test      string
	Family    string
	Of        string
	Contrasts map[string]map[string]float64
	Exprs     map[string]string
	Weighted  bool
	Input     string
	Data      string
	Y         string
	X         stringList
	Weights   string
	Groups    int
	Alpha     float64
	Method    string
	Psi       string
	Filter    string
	Resp      string
	Classes   stringList
}

func (o goldenOp) options() Options {
	out := Options{NaRm: o.NaRm}
	switch v := o.Deff.(type) {
	case bool:
		if v {
			out.Deff = DeffWithoutReplacement
		}
	case string:
		out.Deff = DeffReplace
	}
	return out
}

// operate runs the case's operation and lays its numbers out as the case's expected value has them.
func (g *golden) operate(d *Design, c goldenCase) (map[string]any, error) {
	var o goldenOp
	if err := json.Unmarshal(c.Op, &o); err != nil {
		return nil, err
	}
	if d != nil { // variables may be expressions: give each its column
		for _, v := range slices.Concat(o.Vars, o.By, stringList{o.Num, o.Den, o.Var, o.Row, o.Col}) {
			if v == "" {
				continue
			}
			if _, err := d.Frame().Column(v); err != nil {
				n, err := parseR(v)
				if err != nil {
					return nil, err
				}
				val, err := n.column(d.Frame())
				if err != nil {
					return nil, err
				}
				if d, err = withColumn(d, v, val.col); err != nil {
					return nil, err
				}
			}
		}
	}
	if len(o.By) > 0 && o.Stat != "contrast" {
		return goldenBy(d, o)
	}
	switch o.Stat {
	case "mean", "total", "ratio", "var":
		e, err := goldenEstimate(d, o, o.options())
		if err != nil {
			return nil, err
		}
		if o.Stat == "var" && len(e.Est) > 1 {
			k := int(math.Round(math.Sqrt(float64(len(e.Est)))))
			return map[string]any{"cov": square(e.Est, k), "se": square(e.SE, k)}, nil
		}
		return estimateRows(e), nil
	case "degf":
		return map[string]any{"rows": []any{map[string]any{"term": "degf", "value": d.DF()}}}, nil
	case "weights":
		w := d.Weights()
		n, sum, squares := 0, 0.0, 0.0
		for _, v := range w {
			if v != 0 {
				n++
			}
			sum += v
			squares += v * v
		}
		return map[string]any{
			"rows":    []any{map[string]any{"term": "w", "n": n, "sum": sum, "sumsq": squares, "min": slices.Min(w), "max": slices.Max(w), "kish_deff": KishDeff(w)}},
			"first10": anyList(w[:min(10, len(w))]),
		}, nil
	case "ciprop":
		return goldenProportion(d, o)
	case "quantile":
		q, err := d.Quantile(o.Var, o.P, QuantileOptions{NaRm: o.NaRm, Rule: o.QRule, Interval: o.Interval})
		if err != nil {
			return nil, err
		}
		var rows []any
		for _, e := range q {
			rows = append(rows, map[string]any{"term": fmt.Sprintf("p=%g", e.P), "est": e.Est, "lo": e.Lo, "hi": e.Hi, "se": e.SE})
		}
		return map[string]any{"df": d.DF(), "rows": rows}, nil
	case "chisq":
		x, err := d.ChiSquaredTest(o.Row, o.Col)
		if err != nil {
			return nil, err
		}
		var rows []any
		for _, r := range x.Tests {
			rows = append(rows, map[string]any{"term": r.Name, "statistic": r.Statistic, "df1": r.DF1, "df2": r.DF2, "p": r.P})
		}
		return map[string]any{"rows": rows, "table": anyMatrix(x.Table), "dims": []any{len(x.Rows), len(x.Cols)}}, nil
	case "ttest", "ranktest", "glm", "olr":
		return goldenModel(d, o)
	case "reliability", "drivers", "ranks", "p.adjust", "fay_herriot", "quality", "nonresponse_weighting_class":
		return g.method(c, o)
	case "contrast":
		return goldenContrast(d, o)
	case "contrast_expr":
		return goldenExpression(d, o)
	}
	return nil, fmt.Errorf("unknown operation %q", o.Stat)
}

func goldenEstimate(d *Design, o goldenOp, opt Options) (Estimates, error) {
	switch o.Stat {
	case "mean":
		return d.Mean(o.Vars, opt)
	case "total":
		return d.Total(o.Vars, opt)
	case "var":
		return d.Variance(o.Vars, opt)
	case "ratio":
		num := o.Num
		if num == "" {
			num = o.Vars[0]
		}
		return d.Ratio(num, o.Den, opt)
	}
	return Estimates{}, fmt.Errorf("unknown statistic %q", o.Stat)
}

func anyList(v []float64) []any {
	out := make([]any, len(v))
	for i, x := range v {
		out[i] = x
	}
	return out
}

func anyMatrix(m [][]float64) []any {
	var out []any
	for _, row := range m {
		out = append(out, anyList(row))
	}
	return out
}

func square(v []float64, k int) []any {
	var out []any
	for i := range k {
		out = append(out, anyList(v[i*k:(i+1)*k]))
	}
	return out
}

func estimateRows(e Estimates) map[string]any {
	var rows []any
	for i := range e.Est {
		r := map[string]any{"term": e.Names[i], "est": e.Est[i], "se": e.SE[i]}
		r["ci_t_lo"], r["ci_t_hi"] = e.CI(i, 0.95, e.DF)
		r["ci_z_lo"], r["ci_z_hi"] = e.CI(i, 0.95, math.Inf(1))
		if e.DEff != nil {
			r["deff"] = e.DEff[i]
		}
		rows = append(rows, r)
	}
	return map[string]any{"rows": rows, "df": e.DF, "vcov": anyMatrix(e.Cov)}
}

func goldenBy(d *Design, o goldenOp) (map[string]any, error) {
	var err error
	if o.NaRm {
		if d, err = d.DropMissing(slices.DeleteFunc(append(slices.Clone(o.Vars), o.Den), func(s string) bool { return s == "" })...); err != nil {
			return nil, err
		}
	}
	b, err := d.By(o.By, func(s *Design) (Estimates, error) { return goldenEstimate(s, o, o.options()) })
	if err != nil {
		return nil, err
	}
	var rows []any
	for _, dom := range b.Domains {
		key := map[string]any{}
		for i, k := range b.Keys {
			key[k] = dom.Key[i]
		}
		for i := range dom.Estimates.Est {
			e := dom.Estimates
			r := map[string]any{"by": key, "term": e.Names[i], "est": e.Est[i], "se": e.SE[i], "df_domain": dom.DF, "df_full": b.DF, "n": dom.N, "wsum": dom.SumW}
			r["ci_tdom_lo"], r["ci_tdom_hi"] = e.CI(i, 0.95, dom.DF)
			r["ci_tfull_lo"], r["ci_tfull_hi"] = e.CI(i, 0.95, b.DF)
			if e.DEff != nil {
				r["deff"] = e.DEff[i]
			}
			rows = append(rows, r)
		}
	}
	return map[string]any{"rows": rows, "vcov": anyMatrix(b.Cov)}, nil
}

func goldenContrast(d *Design, o goldenOp) (map[string]any, error) {
	var err error
	if o.NaRm {
		if d, err = d.DropMissing(o.Vars...); err != nil {
			return nil, err
		}
	}
	of := o
	of.Stat = o.Of
	b, err := d.By(o.By, func(s *Design) (Estimates, error) { return goldenEstimate(s, of, Options{}) })
	if err != nil {
		return nil, err
	}
	df := d.DF()
	var rows []any
	for name, spec := range o.Contrasts {
		coef := make([]float64, len(b.Domains))
		for j, dom := range b.Domains {
			coef[j] = spec[dom.Key[0]]
		}
		k, err := LinearContrast(coef, b.Est(), b.Cov)
		if err != nil {
			return nil, err
		}
		r := map[string]any{"term": name, "est": k.Est, "se": k.SE}
		r["ci_t_lo"], r["ci_t_hi"] = k.CI(0.95, df)
		r["t"], r["p_t"] = k.Test(df)
		rows = append(rows, r)
	}
	return map[string]any{"df": df, "rows": rows, "domain_means": anyList(b.Est()), "vcov_domains": anyMatrix(b.Cov)}, nil
}

func goldenExpression(d *Design, o goldenOp) (map[string]any, error) {
	of := o
	of.Stat = o.Of
	e, err := goldenEstimate(d, of, Options{NaRm: o.NaRm})
	if err != nil {
		return nil, err
	}
	var rows []any
	for name, src := range o.Exprs {
		n, err := parseR(src)
		if err != nil {
			return nil, err
		}
		k, err := FunctionContrast(func(v []float64) float64 {
			f := NewFrame(1)
			for i, name := range e.Names {
				if err := f.Set(name, Numeric(v[i:i+1])); err != nil {
					return math.NaN()
				}
			}
			x, err := n.column(f)
			if err != nil {
				return math.NaN()
			}
			return x.col.Values[0]
		}, e.Est, e.Cov)
		if err != nil {
			return nil, err
		}
		rows = append(rows, map[string]any{"term": name, "est": k.Est, "se": k.SE})
	}
	return map[string]any{"df": e.DF, "rows": rows}, nil
}

func goldenProportion(d *Design, o goldenOp) (map[string]any, error) {
	v, err := evalR(o.Expr, d.Frame())
	if err != nil {
		return nil, err
	}
	if d, err = withColumn(d, "I(…)", v.col); err != nil {
		return nil, err
	}
	p, err := d.Proportion("I(…)", Options{})
	if err != nil {
		return nil, err
	}
	var rows []any
	for _, m := range ProportionMethods {
		lo, hi, _ := p.CI(m, o.Level)
		rows = append(rows, map[string]any{"term": m, "est": p.P, "se": p.SE, "lo": lo, "hi": hi})
	}
	t := TQuantile((1-o.Level)/2, float64(p.Rows-1)) / TQuantile((1-o.Level)/2, p.DF)
	return map[string]any{"rows": rows, "df": p.DF, "n_rows_used_by_beta": p.Rows, "n_eff": p.NEff, "n_eff_beta": p.NEff * t * t}, nil
}

func goldenModel(d *Design, o goldenOp) (map[string]any, error) {
	fm, f, err := parseFormula(o.Formula, d.Frame())
	if err != nil {
		return nil, err
	}
	if d, err = d.With(f); err != nil {
		return nil, err
	}
	switch o.Stat {
	case "ttest":
		var r TTest
		if fm.literal != "" {
			r, err = d.TTestOne(fm.response)
		} else {
			r, err = d.TTestTwo(fm.response, fm.terms[0][0])
		}
		return map[string]any{"rows": []any{map[string]any{"term": "t", "t": r.T, "df": r.DF, "p": r.P, "diff": r.Diff, "ci_lo": r.Lo, "ci_hi": r.Hi}}}, err
	case "ranktest":
		r, err := d.RankTest(fm.response, fm.terms[0][0], o.Test)
		row := map[string]any{"term": o.Test, "statistic": r.Statistic, "df": r.DF, "p": r.P}
		if r.Groups > 2 { // R's object names the degrees of freedom "statistic" and the statistic "parameter"
			row["statistic"], row["df"] = float64(r.Groups-1), r.Statistic
		}
		return map[string]any{"rows": []any{row}}, err
	}
	var fit Fit
	if o.Stat == "olr" {
		fit, err = d.OrdinalLogit(fm.response, fm.terms, OrdinalOptions{})
	} else {
		family := map[string]Family{"gaussian": Gaussian, "quasibinomial": QuasiBinomial, "binomial": QuasiBinomial, "quasipoisson": QuasiPoisson, "poisson": QuasiPoisson}
		fit, err = d.GLM(Model{Response: fm.response, Terms: fm.terms, NoInt: !fm.intercept, Family: family[o.Family]})
	}
	if err != nil {
		return nil, err
	}
	var rows []any
	for i := range fit.Est {
		t, p := fit.Test(i)
		rows = append(rows, map[string]any{"term": fit.Names[i], "est": fit.Est[i], "se": fit.SE[i], "t": t, "p": p})
	}
	return map[string]any{"df": fit.DF, "rows": rows}, nil
}
