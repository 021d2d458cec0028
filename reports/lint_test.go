package reports

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hailong/analytics/result"
	"hailong/reports/workbook/lint"
)

// written is the fixture's workbook as a file.
func written(t testing.TB, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteTo(&b, fixture(fixtureSize{}), o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// small is the workbook without breakdowns: the rules need no more, and it is read many times.
func small(t testing.TB) []byte {
	t.Helper()
	set := fixture(fixtureSize{})
	set.Domains, set.Comparisons, set.Distributions, set.Changes, set.Priorities, set.Columns = nil, nil, nil, nil, nil, nil
	set.Estimates = slices.DeleteFunc(set.Estimates, func(e result.Estimate) bool { return len(e.Domain) > 0 })
	var b bytes.Buffer
	if err := WriteTo(&b, set, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func opened(t testing.TB, data []byte) *lint.File {
	t.Helper()
	f, err := lint.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestWorkbookIsClean(t *testing.T) {
	for _, lang := range []string{"vi", "en"} {
		for _, fault := range lint.Check(opened(t, written(t, Options{Lang: lang, Superior: "Ủy ban nhân dân tỉnh Trà Vinh"}))) {
			t.Errorf("%s: %s", lang, fault)
		}
	}
}

// Every rule is shown a workbook that breaks it.
func TestLintSeesPlantedDefects(t *testing.T) {
	good := small(t)
	const contents, targets = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet4.xml"
	for _, defect := range []struct{ rule, part, find, put string }{
		{"properties", "docProps/core.xml", `<dc:title>[^<]*</dc:title>`, ``},
		{"names", "xl/workbook.xml", `&#39;Chú giải&#39;!\$A\$`, `&#39;Đã xóa&#39;!$$A$$`},
		{"names", targets, `<f>IF\(H6&gt;=G6|<f>IF\(([A-Z]+[0-9]+)&gt;=`, `<f>IF(KhongCo>=`},
		{"sheet name", "xl/workbook.xml", `name="Bìa"`, `name="Một tên trang tính dài hơn ba mươi mốt chữ"`},
		{"sheet name", "xl/workbook.xml", `name="Bìa"`, `name="Mục lục"`},
		{"hidden", "xl/workbook.xml", `name="Bìa"`, `name="Bìa" state="hidden"`},
		{"hidden", contents, `<row r="9"`, `<row hidden="1" r="9"`},
		{"hidden", contents, `<col `, `<col hidden="1" `},
		{"nfc", "xl/sharedStrings.xml", `Mục lục`, "Mu\u0323c lu\u0323c"},
		{"title", contents, `<row r="1".*?</row>`, `<row r="1"/>`},
		{"error value", targets, `t="str"><f>[^<]*</f><v>[^<]*</v>`, `t="e"><f>1/0</f><v>#DIV/0!</v>`},
		{"number", targets, `</f><v>-?[0-9.]+</v>`, `</f><v>mười</v>`},
		{"cached value", targets, `</f><v>[^<]*</v>`, `</f>`},
		{"function", targets, `<f>IF\(`, `<f>TEXT(`},
		{"merged", contents, `</sheetData>`, `</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>`},
		{"conditional formats", targets, `(<conditionalFormatting .*?</conditionalFormatting>)`, `$1$1`},
		{"table name", "xl/tables/table1.xml", `displayName="tbl_mucluc"`, `displayName="bảng"`},
		{"table name", "xl/tables/table1.xml", `displayName="tbl_mucluc"`, `displayName="tbl_muctieu"`},
		{"table header", "xl/tables/table1.xml", `name="STT"`, `name="Column1"`},
		{"table header", "xl/tables/table1.xml", `name="STT"`, `name="Nội dung"`},
		{"empty cell", contents, `<c r="C9"([^>]*) t="s"><v>[0-9]+</v></c>`, `<c r="C9"$1/>`},
		{"dead link", contents, `location="[^"]*!A1"`, `location="&#39;Không có&#39;!A1"`},
		{"alternative text", "xl/drawings/drawing1.xml", `descr="[^"]*"`, `descr=""`},
		{"chart", "xl/charts/chart1.xml", `<numCache>.*?</numCache>`, ``},
		{"chart", "xl/charts/chart1.xml", `'Tổng quan'|&#39;Tổng quan&#39;`, `'Không có'`},
		{"print", contents, `paperSize="9"`, `paperSize="1"`},
		{"print", contents, ` orientation="landscape"`, ``},
		{"print", contents, `fitToPage="true"`, `fitToPage="false"`},
		{"print", contents, `&amp;P`, ``},
		{"print", "xl/workbook.xml", `(?s)_xlnm.Print_Titles`, `_xlnm.Other_Titles`},
	} {
		bad := patch(t, good, defect.part, defect.find, defect.put)
		faults := lint.Check(opened(t, bad))
		if !slices.ContainsFunc(faults, func(f lint.Fault) bool { return f.Rule == defect.rule }) {
			t.Errorf("%s in %s: not seen", defect.rule, defect.part)
		}
	}
}

// What Excel repairs or refuses, and no schema or other program minds.
func TestLintSeesWhatExcelRepairs(t *testing.T) {
	good := small(t)
	long := strings.Repeat("a", 300)
	const contents, targets, results, table = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet4.xml", "xl/worksheets/sheet6.xml", "xl/tables/table2.xml"
	for _, defect := range []struct{ says, part, find, put string }{
		{"reaches out of its cell", "xl/drawings/drawing1.xml", `<xdr:to><xdr:col>[0-9]+</xdr:col><xdr:colOff>[0-9]+`, `<xdr:to><xdr:col>9</xdr:col><xdr:colOff>4495800`},
		{"ends in the cell in which it begins", "xl/drawings/drawing1.xml", `(<xdr:from>(.*?)</xdr:from><xdr:to>).*?</xdr:to>`, `$1$2</xdr:to>`},
		{"two objects have the id", "xl/drawings/drawing1.xml", `<xdr:cNvPr id="[0-9]+"`, `<xdr:cNvPr id="2"`},
		{"no content type", "[Content_Types].xml", `<Override PartName="/xl/charts/chart1.xml"[^>]*></Override>`, ``},
		{"two content types", "[Content_Types].xml", `(<Override PartName="/xl/charts/chart1.xml"[^>]*></Override>)`, `$1$1`},
		{"a part that is not there", "[Content_Types].xml", `/xl/charts/chart1.xml`, `/xl/charts/chart77.xml`},
		{"which is not there", "_rels/.rels", `docProps/app.xml`, `docProps/none.xml`},
		{"uses relation", targets, `<drawing r:id="[^"]*"`, `<drawing r:id="rId77"`},
		{"order of calculation", "xl/theme/theme1.xml", ``, ``},
		{"bare decimal mark", "xl/styles.xml", `formatCode="0.0"`, `formatCode="0.#"`},
		{"style 99999 of", targets, ` s="[0-9]+"`, ` s="99999"`},
		{"number formats", "xl/styles.xml", `(<numFmt [^>]*></numFmt>)`, strings.Repeat(`$1`, 60)},
		{"a header or footer of", contents, `<oddFooter>`, `<oddFooter>` + long},
		{"a link or its tip", contents, `tooltip="[^"]*"`, `tooltip="` + long + `"`},
		{"begins with =", targets, `<f>IF\(`, `<f>=IF(`},
		{"a text of 300 characters in a formula", targets, `<f>KL_`, `<f>"` + long + `"&amp;KL_`},
		{"longer than a cell holds", "xl/sharedStrings.xml", `>Mục lục<`, `>` + strings.Repeat(long, 110) + `<`},
		{"out of order", targets, `r="B8"`, `r="A8"`},
		{"a name that Excel refuses", "xl/workbook.xml", `name="Bìa"`, `name="History"`},
		{"takes it for a cell", "xl/workbook.xml", `name="KL_Dat"`, `name="KL1"`},
		{"takes it for a cell", "xl/workbook.xml", `name="KL_Dat"`, `name="R2C"`},
		{"defined twice", "xl/workbook.xml", `name="KL_Dat_ChuaChac"`, `name="KL_Dat"`},
		{"a table has the same name", table, `displayName="tbl_muctieu"`, `displayName="KL_Dat"`},
		{"is used twice", targets, `priority="2"`, `priority="1"`},
		{"look 999 of", targets, `dxfId="[0-9]+"`, `dxfId="999"`},
		{"do not pair", results, `(<x14:id[^>]*>)[^<]+`, `$1{0}`},
		{"no row under its header", table, `ref="A([0-9]+):W[0-9]+"`, `ref="A$1:W$1"`},
		{"two tables have the id", table, ` id="2" name="tbl_muctieu"`, ` id="1" name="tbl_muctieu"`},
		{"says that it has 9 columns", table, `tableColumns count="[0-9]+"`, `tableColumns count="9"`},
		{"a filter over A1:B2", table, `autoFilter ref="[^"]*"`, `autoFilter ref="A1:B2"`},
		{"column 2 has the id 1", table, `tableColumn id="2"`, `tableColumn id="1"`},
		{"the header is no text", targets, `<c r="A([0-9]+)" s="([0-9]+)" t="s"><v>[0-9]+</v></c><c r="B`, `<c r="A$1" s="$2"><v>5</v></c><c r="B`},
	} {
		var bad []byte
		if defect.find == "" {
			bad = renamed(t, good, defect.part, "xl/calcChain.xml")
		} else {
			bad = patch(t, good, defect.part, defect.find, defect.put)
		}
		faults := lint.Check(opened(t, bad))
		if !slices.ContainsFunc(faults, func(f lint.Fault) bool { return strings.Contains(f.Text, defect.says) }) {
			t.Errorf("%q in %s: not seen", defect.says, defect.part)
		}
	}
}

func TestLintSeesOverlappingTables(t *testing.T) {
	good := small(t)
	// A second table of the same range on the contents page.
	bad := patch(t, good, "xl/worksheets/_rels/sheet2.xml.rels", `(<Relationship [^>]*tables/)table1(\.xml"[^>]*>(</Relationship>)?)`, `${1}table1$2<Relationship Id="rId99" Type="t" Target="../tables/table2.xml"/>`)
	bad = patch(t, bad, "xl/tables/table2.xml", ` ref="[^"]*"`, ` ref="A1:W20"`)
	if faults := lint.Check(opened(t, bad)); !slices.ContainsFunc(faults, func(f lint.Fault) bool { return f.Rule == "table overlap" }) {
		t.Error("two tables over one another were not seen")
	}
}

func TestRecalculationSeesAWrongValue(t *testing.T) {
	good := small(t)
	bad := patch(t, good, "xl/worksheets/sheet4.xml", `(</f><v>)-?[0-9.]+(</v>)`, `${1}123456$2`)
	if _, faults := lint.Recalculated(opened(t, good), opened(t, good)); len(faults) != 0 {
		t.Errorf("a workbook differs from itself: %s", faults[0])
	}
	if _, faults := lint.Recalculated(opened(t, bad), opened(t, good)); len(faults) == 0 {
		t.Error("a wrong cached value was not seen")
	}
}

func TestLintRefusesWhatIsNoWorkbook(t *testing.T) {
	if _, err := lint.Open([]byte("no workbook")); err == nil {
		t.Error("no error for what is no workbook")
	}
}

// patch replaces what find matches in one part, everywhere.
func patch(t *testing.T, data []byte, part, find, put string) []byte {
	t.Helper()
	return changed(t, data, part, find, put, "")
}

// renamed gives a part another name.
func renamed(t *testing.T, data []byte, part, as string) []byte {
	t.Helper()
	return changed(t, data, part, "", "", as)
}

func changed(t *testing.T, data []byte, part, find, put, as string) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	found := false
	for _, entry := range archive.File {
		r, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		name := entry.Name
		if name == part && as != "" {
			name, found = as, true
		} else if name == part {
			pattern := regexp.MustCompile(find)
			found = pattern.Match(content)
			content = pattern.ReplaceAll(content, []byte(put))
		}
		w, err := to.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if !found {
		t.Fatalf("%s: nothing matches %s", part, strings.TrimSpace(find))
	}
	return out.Bytes()
}
