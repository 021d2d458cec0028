package index

import (
	"hailong/analytics/result"
	"hailong/ingest/vntext"
)

// overlap is what two waves' samples have in common.
type overlap struct {
	shared    int // PSUs of both waves
	before    int // PSUs of each
	after     int
	df        float64            // PSUs less strata of both waves together: R's degf of the stacked waves
	cov       map[string]float64 // covariance of the two figures of a node
	undecided []string           // PSU names that a wave has twice: nobody can say which is which
}

// overlapOf finds the PSUs that both waves drew and the covariance that they bring, Σ_{shared} u₁·u₂ of the parts that package survey makes
// (TotalsVariance.Parts). A PSU is the same where its stratum and its name are, however they are typed. nil: a wave does not say what its PSUs are.
func overlapOf(before, after *result.ByPSU) *overlap {
	if before == nil || after == nil {
		return nil
	}
	first, doubled := places(before)
	second, more := places(after)
	o := &overlap{before: count(before), after: count(after), cov: map[string]float64{}, undecided: append(doubled, more...)}
	type pair struct{ before, after int }
	var pairs []pair // in the order of the later wave, so that sums are the same each time
	strata, union := map[string]bool{}, o.before+o.after
	for _, h := range before.Strata {
		strata[vntext.Fold(h.Stratum)] = true
	}
	place := 0
	for _, h := range after.Strata {
		strata[vntext.Fold(h.Stratum)] = true
		for _, psu := range h.PSUs {
			key := psuKey(h.Stratum, psu)
			i, there := first[key]
			if own, once := second[key]; there && once && own == place {
				pairs = append(pairs, pair{i, place})
				union--
			}
			place++
		}
	}
	o.shared, o.df = len(pairs), float64(union-len(strata))
	if o.shared == 0 {
		return o
	}
	parts := map[string]result.Decimals{}
	for _, f := range before.Figures {
		if len(f.Parts) == o.before {
			parts[f.Node] = f.Parts
		}
	}
	for _, f := range after.Figures {
		u, there := parts[f.Node]
		if !there || len(f.Parts) != o.after {
			continue
		}
		sum := 0.0
		for _, p := range pairs {
			sum += u[p.before] * f.Parts[p.after]
		}
		o.cov[f.Node] = sum
	}
	return o
}

func psuKey(stratum, psu string) string { return vntext.Fold(stratum) + "\x00" + vntext.Fold(psu) }

// places numbers the PSUs by their names; a name that stands twice is left out and returned.
func places(b *result.ByPSU) (at map[string]int, doubled []string) {
	at = map[string]int{}
	seen := map[string]int{}
	n := 0
	for _, h := range b.Strata {
		for _, psu := range h.PSUs {
			key := psuKey(h.Stratum, psu)
			at[key] = n
			if seen[key]++; seen[key] == 2 {
				doubled = append(doubled, h.Stratum+" / "+psu)
			}
			n++
		}
	}
	for key, times := range seen {
		if times > 1 {
			delete(at, key)
		}
	}
	return at, doubled
}

func count(b *result.ByPSU) int {
	n := 0
	for _, h := range b.Strata {
		n += len(h.PSUs)
	}
	return n
}
