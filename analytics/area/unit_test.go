package area

import (
	"strings"
	"testing"
	"time"
)

func TestProvincesOfTwoMaps(t *testing.T) {
	// 63 provinces to 30/6/2025, 34 from 1/7/2025 (domain/other-indices.md 5.1).
	for date, want := range map[string]int{"2012-01-01": 63, "2025-06-30": 63, "2025-07-01": 34, "2026-11-23": 34} {
		if got := len(Provinces(day(date))); got != want {
			t.Errorf("%s: %d provinces, want %d", date, got, want)
		}
	}
	total := 0
	for _, now := range Provinces(TwoTier()) {
		total += len(Predecessors(now.Code))
	}
	if total != 63 {
		t.Errorf("the 34 provinces have %d predecessors, want 63", total)
	}
}

func TestCodesMeanNothingWithoutADate(t *testing.T) {
	if u, ok := Find("84", day("2020-01-01")); !ok || u.Name != "Trà Vinh" {
		t.Errorf("84 in 2020 is %v %v", u, ok)
	}
	if u, ok := Find("84", TwoTier()); ok {
		t.Errorf("84 was retired on 1/7/2025, found %v", u)
	}
	old, _ := Find("86", day("2020-01-01"))
	now, _ := Find("86", TwoTier())
	if old.Region != "DBSCL" || len(Predecessors(now.Code)) != 3 {
		t.Errorf("86: %v then, %v with %d parts now", old, now, len(Predecessors(now.Code)))
	}
	if u, ok := Successor("84"); !ok || u.Code != "86" {
		t.Errorf("successor of 84 is %v", u)
	}
}

func TestFindReadsTheSpellingsOfPublishedTables(t *testing.T) {
	on := day("2020-01-01")
	for name, code := range map[string]string{
		"TP. Hồ Chí Minh": "79", "HCMC": "79", "Ho Chi Minh City": "79", "Hanoi": "01", "Hà Nội": "01", "1": "01", "Tỉnh Trà Vinh": "84", "TRÀ VINH": "84",
		"Tra Vinh": "84", "Thừa Thiên Huế": "46", "TT-Huế": "46", "Thừa Thiên - Huế": "46", "Bà Rịa – Vũng Tàu": "77", "BRVT": "77", "Hoà Bình": "17", "Hòa Bình": "17",
		"Đắc Lắc": "66", "Dak Lak": "66", "Ðắk Nông": "67", "Bắc Cạn": "06", "Kontum": "62",
	} {
		if u, ok := Find(name, on); !ok || u.Code != code {
			t.Errorf("%s is %q, want %s", name, u.Code, code)
		}
	}
	for _, no := range []string{"Highest", "1.1", "84.5", "", "#84", "999"} {
		if u, ok := Find(no, on); ok {
			t.Errorf("%q is no province, found %v", no, u)
		}
	}
}

func TestCommunesOfTraVinh(t *testing.T) {
	// 106 communes in 2020, 104 on 4/1/2025, then 41 communes of Vĩnh Long (domain/other-indices.md 6).
	for date, want := range map[string]int{"2020-06-01": 106, "2025-01-04": 104, "2025-07-01": 41} {
		if got := len(Communes("", day(date))); got != want {
			t.Errorf("%s: %d communes, want %d", date, got, want)
		}
	}
	if got := len(Districts(day("2020-06-01"))); got != 9 {
		t.Errorf("%d districts in 2020, want 9", got)
	}
	if got := len(Districts(TwoTier())); got != 0 {
		t.Errorf("%d districts after 1/7/2025, want none", got)
	}
}

func TestCarryNeedsAStatedWeighting(t *testing.T) {
	if _, err := Carry(map[string]float64{"84": 1}, Weighting{}); err == nil {
		t.Fatal("carried without a weighting")
	}
	values, weights := map[string]float64{}, map[string]float64{}
	for _, u := range Provinces(day("2020-01-01")) {
		values[u.Code], weights[u.Code] = 40, 1
	}
	values["83"], values["84"], values["86"] = 10, 20, 60
	weights["83"], weights["84"], weights["86"] = 1, 2, 1
	delete(values, "95") // Bạc Liêu, part of Cà Mau now
	carried, err := Carry(values, Weighting{Name: "test", Weights: weights})
	if err != nil || len(carried) != 34 {
		t.Fatalf("%d carried, %v", len(carried), err)
	}
	for _, c := range carried {
		switch c.Area.Code {
		case "86": // (1·10 + 2·20 + 1·60)/4
			if c.Value != 27.5 {
				t.Errorf("Vĩnh Long carries %v, want 27.5", c.Value)
			}
		case "96":
			if c.Value.Known() || len(c.Missing) != 1 {
				t.Errorf("Cà Mau lacks Bạc Liêu, got %v", c)
			}
		}
	}
}

func TestValidityHasNoGap(t *testing.T) {
	for _, u := range provinces() {
		if u.From.IsZero() || u.Name == "" || u.Region == "" {
			t.Errorf("incomplete unit %v", u)
		}
		if u.To.IsZero() {
			continue
		}
		if _, ok := Find(u.Into, u.To.Add(24*time.Hour)); !ok {
			t.Errorf("%s ends on %s and its successor %s is not there the day after", u.Name, u.To.Format(time.DateOnly), u.Into)
		}
	}
}

func TestCommunesAndDistrictsByName(t *testing.T) {
	on := day("2020-06-01")
	codes := func(units []Unit) string {
		var out []string
		for _, u := range units {
			out = append(out, u.Code)
		}
		return strings.Join(out, " ")
	}
	for name, want := range map[string]string{
		"TP. Trà Vinh": "842", "Thành phố Trà Vinh": "842", "H. Càng Long": "844", "Càng Long": "844", "847": "847", "Châu Thành": "847",
		"Duyên Hải": "850 851", "TX Duyên Hải": "851", "Huyện Duyên Hải": "850", "Bến Lức": "",
	} {
		if got := codes(FindDistrict(name, on)); got != want {
			t.Errorf("district %s is %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"Phường 1": "29239 29512", "P.01": "29239 29512", "Xã Hoà Thuận": "29398", "Xã Hòa Thuận": "29398", "TT Càng Long": "29266", "29245": "29245"} {
		if got := codes(FindCommune(name, "", on)); got != want {
			t.Errorf("commune %s is %q, want %q", name, got, want)
		}
	}
	if got := codes(FindCommune("Phường 1", "851", on)); got != "29512" {
		t.Errorf("Phường 1 of thị xã Duyên Hải is %q, want 29512", got)
	}
	if got := codes(FindCommune("Phường 2", "842", day("2025-02-01"))); got != "" {
		t.Errorf("Phường 2 of Trà Vinh was merged in 2024, found %q", got)
	}
}

func TestSearchProposesAndNeverGuesses(t *testing.T) {
	units := Provinces(day("2020-06-01"))
	for text, want := range map[string]string{
		"tra vinh": "84 !", "TRA VINH": "84 !", "tỉnh trà vinh": "84 !", "84": "84 !", "vinh": "26 84 86", "Tra Vin": "84 !", "Tra Vind": "84", "Ha Nam Ninh": "36", "9999": "", "": "", "hue": "46 !",
		"Quang": "08 22 44 45 49 51", "Travinh": "84 !", "Atlantis": "", "Ho Chi Minh City": "79 !",
	} {
		var codes []string
		found, sure := Search(text, units)
		for _, u := range found {
			codes = append(codes, u.Code)
		}
		if sure {
			codes = append(codes, "!")
		}
		if got := strings.Join(codes, " "); got != want {
			t.Errorf("%q may be %q, want %q", text, got, want)
		}
	}
}

func TestCounterpartIsTheSameTerritory(t *testing.T) {
	before, after := day("2020-06-01"), day("2026-01-01")
	for code, want := range map[string]string{"01": "01", "46": "46", "84": "", "86": "", "79": "", "22": "22"} {
		old, _ := Find(code, before)
		now, ok := Counterpart(old, after)
		if ok != (want != "") || now.Code != want {
			t.Errorf("%s of 2020 is %q in 2026, want %q", code, now.Code, want)
		}
		if new, there := Find(code, after); there {
			if then, ok := Counterpart(new, before); ok != (want != "") || then.Code != want {
				t.Errorf("%s of 2026 is %q in 2020, want %q", code, then.Code, want)
			}
		}
	}
}
