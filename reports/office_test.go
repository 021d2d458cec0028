package reports

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hailong/reports/workbook/lint"
)

// TestOffice has LibreOffice recalculate the workbook and print it: every cached value must come out again, under English and
// Vietnamese settings, and the pages must be as planned. It takes some ten seconds and runs where HAILONG_OFFICE is set (make check).
func TestOffice(t *testing.T) {
	if os.Getenv("HAILONG_OFFICE") == "" {
		t.Skip("HAILONG_OFFICE is not set")
	}
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	for _, locale := range []string{"en-US", "vi-VN"} {
		for _, lang := range []string{"vi", "en"} {
			t.Run(locale+"/"+lang, func(t *testing.T) {
				folder := t.TempDir()
				recalculate(t, office, folder, locale, lang)
			})
		}
	}
}

// named is the workbook that HAILONG_WORKBOOK names: .ci/validate-workbook.sh holds real ones to the tests below.
func named(t *testing.T) []byte {
	t.Helper()
	path := os.Getenv("HAILONG_WORKBOOK")
	if path == "" {
		t.Skip("HAILONG_WORKBOOK is not set")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func installed(t *testing.T, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Skipf("%s is not installed", tool)
	}
	return path
}

func TestNamedWorkbook(t *testing.T) {
	for _, fault := range lint.Check(opened(t, named(t))) {
		t.Error(fault)
	}
}

func TestNamedRecalculation(t *testing.T) {
	data, office := named(t), installed(t, "soffice")
	for _, locale := range []string{"en-US", "vi-VN"} {
		formulas := again(t, office, t.TempDir(), locale, data)
		if formulas == 0 {
			t.Errorf("%s: no formulas", locale)
		}
		t.Logf("%s: %d formulas recalculated alike", locale, formulas)
	}
}

// TestNamedPages looks at the printed pages; where HAILONG_PICTURE names a reference picture, the overview must look like it.
func TestNamedPages(t *testing.T) {
	data, office, folder := named(t), installed(t, "soffice"), t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "in.xlsx"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	settle(t, filepath.Join(folder, "profile"), "vi-VN")
	pdf := asPDF(t, office, folder)
	page := checkPages(t, pdf)
	if reference := os.Getenv("HAILONG_PICTURE"); reference != "" && page > 0 {
		checkPicture(t, pdf, page, reference)
	}
}

func recalculate(t *testing.T, office, folder, locale, lang string) {
	data := written(t, Options{Lang: lang, Superior: "Ủy ban nhân dân tỉnh Trà Vinh"})
	formulas := again(t, office, folder, locale, data)
	// The fixture has 22 criteria, 5 factors and a root with four formulas each and much more.
	if formulas < 300 {
		t.Errorf("only %d formulas", formulas)
	}
	t.Logf("%d formulas recalculated alike", formulas)
	if locale == "vi-VN" && lang == "vi" {
		checkPages(t, asPDF(t, office, folder))
	}
}

// asPDF is the PDF that LibreOffice makes of what again left in the folder.
func asPDF(t *testing.T, office, folder string) string {
	convert(t, office, filepath.Join(folder, "profile"), "pdf", filepath.Join(folder, "out"), filepath.Join(folder, "in.xlsx"))
	return filepath.Join(folder, "out", "in.pdf")
}

// again has LibreOffice open, recalculate and save the workbook, and compares every formula's value.
func again(t *testing.T, office, folder, locale string, data []byte) int {
	t.Helper()
	in := filepath.Join(folder, "in.xlsx")
	if err := os.WriteFile(in, data, 0o600); err != nil {
		t.Fatal(err)
	}
	profile := filepath.Join(folder, "profile")
	settle(t, profile, locale)
	convert(t, office, profile, "xlsx:Calc MS Excel 2007 XML", filepath.Join(folder, "out"), in)
	saved, err := os.ReadFile(filepath.Join(folder, "out", "in.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	formulas, faults := lint.Recalculated(opened(t, data), opened(t, saved))
	for _, fault := range faults {
		t.Error(fault)
	}
	return formulas
}

// settle writes a profile in which LibreOffice recalculates whatever it opens, under the given locale.
func settle(t *testing.T, profile, locale string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(profile, "user"), 0o700); err != nil {
		t.Fatal(err)
	}
	const head = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>`
	const tail = `</value></prop></item>
</oor:items>`
	if err := os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(head+locale+tail), 0o600); err != nil {
		t.Fatal(err)
	}
}

func convert(t *testing.T, office, profile, to, out, in string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), office, "--headless", "-env:UserInstallation=file://"+profile, "--convert-to", to, "--outdir", out, in)
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("converting to %s: %v\n%s", to, err, said)
	}
}

// mostPages is how many pages a province's workbook may take: 32 sheets, of which few are long.
const mostPages = 60

// checkPages looks at the printed pages: the overview on one page, not a ream in all, and no text below nine points. It says which page the overview is.
func checkPages(t *testing.T, pdf string) (overview int) {
	t.Helper()
	said, err := exec.CommandContext(t.Context(), installed(t, "pdftotext"), "-layout", pdf, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	overviews, count := 0, 0
	for page := range strings.SplitSeq(string(said), "\f") {
		count++
		first, _, _ := strings.Cut(strings.TrimLeft(page, "\n"), "\n")
		first = strings.TrimSpace(first)
		if strings.HasSuffix(first, " Tổng quan") || strings.HasSuffix(first, " Overview") {
			overviews++
			overview = count
		}
	}
	if overviews != 1 {
		t.Errorf("the overview takes %d pages", overviews)
	}
	if count-1 > mostPages {
		t.Errorf("%d pages; %d is the most that anybody prints", count-1, mostPages)
	}
	boxes, err := exec.CommandContext(t.Context(), "pdftotext", "-bbox-layout", pdf, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	small, where := smallest(string(boxes))
	if small < leastLine {
		t.Errorf("page %d: text only %.2f points high is printed; %.2f is the least that can be read", where, small, leastLine)
	}
	t.Logf("%d pages, the overview on page %d, the smallest line %.1f points high", count-1, overview, small)
	return overview
}

// leastLine is the height of a line's box at nine points: Times New Roman's ascent and descent are 1.107 of the size.
const leastLine = 9 * 1.107

// smallest is the least height of a word's box in pdftotext's output and its page, leaving out header and footer lines, which are set at nine points whatever the page's scale.
func smallest(boxes string) (least float64, page int) {
	least = 1000
	at := 0
	for line := range strings.Lines(boxes) {
		var left, top, right, bottom float64
		word := strings.TrimSpace(line)
		if strings.HasPrefix(word, "<page ") {
			at++
		}
		if !strings.HasPrefix(word, "<word ") {
			continue
		}
		if n, err := fmt.Sscanf(word, `<word xMin="%f" yMin="%f" xMax="%f" yMax="%f">`, &left, &top, &right, &bottom); n != 4 || err != nil {
			continue
		}
		if top < 45 || bottom > 550 {
			continue
		}
		if bottom-top < least {
			least, page = bottom-top, at
		}
	}
	return least, page
}
