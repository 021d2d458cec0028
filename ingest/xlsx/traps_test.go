package xlsx

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/sync/errgroup"
)

// One small workbook for each trap that real files hold; the list is that of engineering/ingest.md section 2.

func sst(items string) string { return `<sst ` + mainNS + `>` + items + `</sst>` }

func TestSharedStringsWithLyingCounts(t *testing.T) {
	b := rows(`<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>`).
		with("xl/sharedStrings.xml", `<sst `+mainNS+` count="4294967295" uniqueCount="4000000000"><si><t>a</t></si><si><t>b</t></si></sst>`)
	b.want(t, "A1=s:b B1=s:a")
}

func TestSharedStringOutOfRange(t *testing.T) {
	rows(`<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="F2" t="s"><v>7</v></c></row>`).
		with("xl/sharedStrings.xml", sst(`<si><t>a</t></si>`)).
		refuses(t, ErrDamaged, "book.xlsx", "sheet S", "F2", "shared string 7")
}

func TestSharedStringNegative(t *testing.T) {
	rows(`<row r="1"><c r="A1" t="s"><v>-1</v></c></row>`).refuses(t, ErrDamaged, "A1")
}

func TestSharedStringsAbsent(t *testing.T) {
	rows(`<row r="1"><c r="A1"><v>1</v></c></row>`).want(t, "A1=n:1")
}

func TestSharedStringsPlainRichAndEmpty(t *testing.T) {
	b := rows(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c></row>`).
		with("xl/sharedStrings.xml", sst(`<si><t>đ &amp; e</t></si><si><t xml:space="preserve"> x </t></si><si/><si><r><rPr><rFont val=".VnTime"/></rPr><t>§Æ</t></r><r><t>ng</t></r></si>`))
	b.want(t, "A1=s:đ & e B1=s: x  C1=s: D1=s:§Æng")
	s, err := b.must(t).SharedStrings(context.Background())
	if err != nil || s.Len() != 4 || string(s.At(3)) != "§Æng" {
		t.Fatalf("%v %v", s, err)
	}
	if got := fmt.Sprint(s.Runs(3)); got != "[{0 4 .VnTime} {4 6 }]" {
		t.Errorf("runs %s", got)
	}
	if s.Runs(0) != nil {
		t.Errorf("runs of a plain string: %v", s.Runs(0))
	}
}

// TestSharedStringsBlocks writes strings of all sizes, empty ones and one longer than a block among them: the blocks must not show.
func TestSharedStringsBlocks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var xml strings.Builder
	var want []string
	for i := range 400 {
		n := rng.IntN(30_000)
		switch i % 50 {
		case 7, 8:
			n = 0
		case 20:
			n = blockSize + rng.IntN(3) - 1
		case 21:
			n = 3*blockSize + 5
		}
		text := strings.Repeat(string(rune('a'+i%26)), n)
		want = append(want, text)
		if i%3 == 0 {
			xml.WriteString(`<si><r><t>` + text[:n/2] + `</t></r><r><t>` + text[n/2:] + `</t></r></si>`)
		} else {
			xml.WriteString(`<si><t>` + text + `</t></si>`)
		}
	}
	data := rows(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`).with("xl/sharedStrings.xml", sst(xml.String())).bytes(t)
	w, err := OpenReader(bytes.NewReader(data), int64(len(data)), "book.xlsx", Options{Limits: Limits{StringBytes: 8 << 20}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	s, err := w.SharedStrings(t.Context())
	if err != nil || s.Len() != len(want) {
		t.Fatalf("%d strings, %v", s.Len(), err)
	}
	for i := range want {
		if got := string(s.At(i)); got != want[i] {
			t.Fatalf("string %d has %d bytes instead of %d", i, len(got), len(want[i]))
		}
	}
}

func TestInlineStrings(t *testing.T) {
	rows(`<row r="1"><c r="A1" t="inlineStr"><is><t>plain</t></is></c><c r="B1" t="inlineStr"><is><r><t>ri</t></r><r><rPr><b/></rPr><t>ch</t></r></is></c>`+
		`<c r="C1" t="inlineStr"><is><t><![CDATA[a <b> & c]]></t></is></c><c r="D1" t="inlineStr"><is><t>x<!-- y -->z</t></is></c><c r="E1" t="inlineStr"><is/></c>`+
		`<c r="F1" t="inlineStr"><v>old writers</v></c><c r="G1"><is><t>no type</t></is></c></row>`).
		want(t, "A1=s:plain B1=s:rich C1=s:a <b> & c D1=s:xz E1=s: F1=s:old writers G1=s:no type")
}

func TestFontsOfRuns(t *testing.T) {
	r := rows(`<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><rFont val="Arial"/></rPr><t>ab</t></r><r><rPr><rFont val="VNI-Times"/></rPr><t>Haø</t></r></is></c><c r="B1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><r><t>x</t></r></is></c></row>`).
		with("xl/sharedStrings.xml", sst(`<si><r><rPr><rFont val=".VnTime"/></rPr><t>x</t></r></si>`)).must(t).Rows(context.Background(), 0)
	defer r.Close()
	if !r.Next() {
		t.Fatal(r.Err())
	}
	var got []string
	for i := range r.Row().Cells {
		got = append(got, fmt.Sprint(r.Runs(&r.Row().Cells[i])))
	}
	if s := strings.Join(got, " "); s != "[{0 2 Arial} {2 6 VNI-Times}] [{0 1 .VnTime}] []" {
		t.Error(s)
	}
}

func TestClosingEarlyStopsInflating(t *testing.T) {
	w := rows(strings.Repeat(`<row><c t="inlineStr"><is><t>0123456789abcdef</t></is></c></row>`, 400_000)).must(t)
	before := runtime.NumGoroutine()
	for range 20 {
		r := w.Rows(context.Background(), 0)
		if !r.Next() {
			t.Fatal(r.Err())
		}
		if err := r.Close(); err != nil || r.Next() || r.Err() != nil {
			t.Fatalf("%v %v", err, r.Err())
		}
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

func TestPassesSideBySide(t *testing.T) {
	w := rows(strings.Repeat(`<row><c t="s"><v>0</v></c><c><v>2</v></c></row>`, 20_000)).with("xl/sharedStrings.xml", sst(`<si><t>a</t></si>`)).must(t)
	var g errgroup.Group
	for range 8 {
		g.Go(func() error {
			if _, err := w.Merges(context.Background(), 0); err != nil {
				return err
			}
			_, st, err := show(w, 0)
			if err == nil && st.Cells != 40_000 {
				err = fmt.Errorf("%d cells", st.Cells)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

func TestPhoneticRunsAreNotText(t *testing.T) {
	rows(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is></c></row>`).
		with("xl/sharedStrings.xml", sst(`<si><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh><phoneticPr fontId="1"/></si>`)).
		want(t, "A1=s:課 B1=s:東京")
}

func TestEscapesXHHHH(t *testing.T) {
	rows(`<row r="1"><c r="A1" t="inlineStr"><is><t>a_x000D_b</t></is></c><c r="B1" t="inlineStr"><is><t>_x005F_x000D_</t></is></c>`+
		`<c r="C1" t="str"><v>_x00e9_t_x00E9_</v></c><c r="D1" t="inlineStr"><is><t>_xZZZZ_ _x00D_ q1_x</t></is></c>`+
		`<c r="E1" t="inlineStr"><is><t>_xD83D__xDE00_</t></is></c><c r="F1" t="s"><v>0</v></c></row>`).
		with("xl/sharedStrings.xml", sst(`<si><t>x_x0009_y</t></si>`)).
		want(t, "A1=s:a\rb B1=s:_x000D_ C1=s:été D1=s:_xZZZZ_ _x00D_ q1_x E1=s:😀 F1=s:x\ty")
}

func TestSpaceIsPreserved(t *testing.T) {
	rows(`<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve">  a  </t></is></c><c r="B1" t="inlineStr"><is><t> b </t></is></c><c r="C1" t="str"><v> c </v></c></row>`).
		want(t, "A1=s:  a   B1=s: b  C1=s: c ")
}

func TestEntities(t *testing.T) {
	rows(`<row r="1"><c r="A1" t="str"><v>&lt;&gt;&amp;&quot;&apos;&#272;&#x110;</v></c></row>`).want(t, "A1=s:<>&\"'ĐĐ")
	rows(`<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>`).refuses(t, ErrDamaged, "A1", "&nbsp;")
	rows(`<row r="1"><c r="A1" t="str"><v>a & b</v></c></row>`).refuses(t, ErrDamaged, "A1")
}

func TestFormulaCells(t *testing.T) {
	b := rows(`<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c><c r="C1"><f>NOW()</f></c><c r="D1" t="str"><f>""</f><v></v></c>` +
		`<c r="E1"><f t="shared" ref="E1:E9" si="0">A1</f><v>5</v></c><c r="F1"><f t="shared" si="0"/><v>6</v></c><c r="G1"><f t="array" ref="G1">SUM(A1)</f><v>7</v></c><c r="H1"><v>8</v><f>late</f></c></row>` +
		`<row r="2"><c r="A2"><f>1</f></c></row>`)
	st := b.want(t, "A1=fn:2 B1=fs:a C1=fnever D1=fs: E1=fn:5 F1=fn:6 G1=fn:7 H1=fn:8 A2=fnever")
	if st.Formulas != 9 || st.Never != 2 || st.Cells != 7 || st.Rows != 1 {
		t.Errorf("%+v", st)
	}
	r := b.must(t).Rows(context.Background(), 0)
	defer r.Close()
	r.Next()
	if c := r.Row().Cells[2]; string(c.Expr) != "NOW()" || !c.Never || c.Kind != Empty {
		t.Errorf("%+v", c)
	}
}

func TestKoboWritesRespondentTextAsFormula(t *testing.T) {
	// XlsxWriter stores the answer "=1+1" as a formula with the meaningless value 0; the text can be had back from Expr.
	b := rows(`<row r="2"><c r="B2"><f>1+1</f><v>0</v></c></row>`)
	r := b.must(t).Rows(context.Background(), 0)
	defer r.Close()
	if !r.Next() || string(r.Row().Cells[0].Expr) != "1+1" || !r.Row().Cells[0].Formula {
		t.Fatalf("%+v %v", r.Row(), r.Err())
	}
}

func TestErrorsAreNotText(t *testing.T) {
	rows(`<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C1" t="str"><v>#N/A</v></c></row>`).
		want(t, "A1=e:#N/A B1=fe:#DIV/0! C1=s:#N/A")
}

func TestBooleans(t *testing.T) {
	rows(`<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c><c r="C1"><v>1</v></c></row>`).want(t, "A1=b:1 B1=b:0 C1=n:1")
	rows(`<row r="1"><c r="A1" t="b"><v>2</v></c></row>`).refuses(t, ErrDamaged, "A1", "truth value")
}

func TestISODates(t *testing.T) {
	b := rows(`<row r="1"><c r="A1" t="d"><v>2021-01-01</v></c><c r="B1" t="d"><v>2021-01-01T12:00:00Z</v></c><c r="C1" t="d"><v>06:00:00</v></c></row>`)
	b.want(t, "A1=n:44197 B1=n:44197.5 C1=n:0.25")
	w := b.must(t)
	r := w.Rows(context.Background(), 0)
	defer r.Close()
	if !r.Next() || !w.IsDateCell(&r.Row().Cells[0]) || string(r.Row().Cells[1].Text) != "2021-01-01T12:00:00Z" {
		t.Errorf("%+v", r.Row())
	}
	rows(`<row r="1"><c r="A1" t="d"><v>hôm qua</v></c></row>`).refuses(t, ErrDamaged, "A1")
}

func TestDateFormats(t *testing.T) {
	for code, want := range map[string]bool{
		"General": false, "0": false, "0.00%": false, "@": false, "#,##0": false, "0.00E+00": false, "000000": false, "": false,
		"dd/mm/yyyy": true, "yyyy": true, "h:mm": true, "[h]:mm": true, "[mm]:ss": true, "mm:ss.0": true, "d\\-m": true, "DD/MM/YYYY": true,
		`"ngày" dd "tháng" mm`: true, `"ngày"`: false, `0 "days"`: false, `[Red]0`: false, `[Red]0;[Blue]-0`: false, `[$-42A]dd/mm/yyyy`: true, `[$-42A]0`: false,
		`\d0`: false, `_d0`: false, `*d0`: false, `[>100]0`: false, `#,##0\ "đồng"`: false, `[$₫-42A]#,##0`: false, `[$-F800]dddd\,\ mmmm\ dd\,\ yyyy`: true, `General"h"`: false,
		`0;[Red]-0;"no data"`: false, `dd/mm/yy;@`: true, `"unclosed`: false, `[unclosed`: false, `#\ ?/?`: false, `AM/PM`: true,
	} {
		if got := DateFormat(code); got != want {
			t.Errorf("%q: %v", code, got)
		}
	}
}

const dateStyles = `<styleSheet ` + mainNS + `><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="0000000"/><numFmt numFmtId="14" formatCode="0.0"/></numFmts>` +
	`<fonts><font><name val="Times New Roman"/></font><font><name val=".VnTime"/></font></fonts>` +
	`<cellStyleXfs><xf numFmtId="22" fontId="1"/></cellStyleXfs>` +
	`<cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="164" fontId="1"/><xf numFmtId="165" fontId="9"/><xf numFmtId="22"/><xf numFmtId="14"/></cellXfs></styleSheet>`

func TestStyles(t *testing.T) {
	w := rows(`<row r="1"><c r="A1" s="1"><v>44197</v></c></row>`).with("xl/styles.xml", dateStyles).must(t)
	for style, want := range map[int32][3]string{
		0: {"General", "Times New Roman", "false"}, 1: {"dd/mm/yyyy", ".VnTime", "true"}, 2: {"0000000", "", "false"},
		3: {"m/d/yy h:mm", "Times New Roman", "true"}, 4: {"0.0", "Times New Roman", "false"}, 5: {"General", "", "false"}, -1: {"General", "", "false"},
	} {
		if got := [3]string{w.NumFmt(style), w.Font(style), fmt.Sprint(w.IsDate(style))}; got != want {
			t.Errorf("style %d: %q, want %q", style, got, want)
		}
	}
}

func TestStylesAbsent(t *testing.T) {
	w := rows(`<row r="1"><c r="A1" s="7"><v>44197</v></c><c r="B1" s=""><v>1</v></c></row>`).must(t)
	if got, _, err := show(w, 0); got != "A1=n:44197 B1=n:1" || err != nil || w.IsDate(7) {
		t.Errorf("%q %v", got, err)
	}
}

// The values of the 1900 system around the day that never was are Excel's, as its documentation (KB 214326) tells.
func TestDates1900(t *testing.T) {
	for num, want := range map[float64]string{
		1: "1900-01-01T00:00:00", 59: "1900-02-28T00:00:00", 61: "1900-03-01T00:00:00", 0.5: "1899-12-31T12:00:00", 44197: "2021-01-01T00:00:00",
		44197.5: "2021-01-01T12:00:00", 44197.99999999999: "2021-01-02T00:00:00", 2958465: "9999-12-31T00:00:00", 43831.000011574074: "2020-01-01T00:00:01",
	} {
		got, ok := SerialTime(num, false)
		if !ok || got.Format("2006-01-02T15:04:05") != want {
			t.Errorf("%v: %v %v, want %s", num, got, ok, want)
		}
	}
	for _, num := range []float64{60, 60.5, -1, 2958466, 1e300} {
		if got, ok := SerialTime(num, false); ok {
			t.Errorf("%v is no day, got %v", num, got)
		}
	}
	for _, d := range []time.Time{time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1900, 2, 28, 0, 0, 0, 0, time.UTC), time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2020, 11, 15, 6, 0, 0, 0, time.UTC)} {
		for _, system := range []bool{false, true} {
			if system && d.Year() < 1904 {
				continue
			}
			if got, ok := SerialTime(Serial(d, system), system); !ok || !got.Equal(d) {
				t.Errorf("%v there and back in 1904=%v: %v", d, system, got)
			}
		}
	}
}

func TestDates1904(t *testing.T) {
	b := rows(`<row r="1"><c r="A1" s="1"><v>42735</v></c></row>`).with("xl/styles.xml", dateStyles).
		with("xl/workbook.xml", `<workbook `+mainNS+` xmlns:r="`+relType+`"><workbookPr date1904="true"/><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`)
	w := b.must(t)
	if !w.Date1904() {
		t.Error("not 1904")
	}
	if d, ok := w.Time(42735); !ok || d.Format("2006-01-02") != "2021-01-01" {
		t.Errorf("%v", d)
	}
}

func TestNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"1": "1", "1.0": "1", "1.1000000000000001": "1.1", "-0.5": "-0.5", "1E3": "1000", "1e-7": "1e-7", "123456789012345678": "123456789012345680", "0.1": "0.1", "-0": "0",
		"3.0000000000000004": "3.0000000000000004", "+5": "5", ".5": "0.5", "5.": "5", "1.7976931348623157E308": "1.7976931348623157e+308", "00123": "123", " 7 ": "7", "999999999999999.9": "999999999999999.9",
	} {
		got, _, err := show(rows(`<row r="1"><c r="A1"><v>`+in+`</v></c></row>`).must(t), 0)
		want = strings.Replace(want, "e-7", "e-07", 1)
		if err != nil || got != "A1=n:"+want {
			t.Errorf("%q: %q %v, want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"abc", "1,5", "NaN", "Inf", "0x10", "1_000", "1.2.3", "--1", "1e999", "."} {
		rows(`<row r="1"><c r="A1"><v>`+in+`</v></c></row>`).refuses(t, ErrDamaged, "A1", "is not a number")
	}
}

func TestNumberKeepsItsDigits(t *testing.T) {
	r := rows(`<row r="1"><c r="A1"><v>1.10</v></c></row>`).must(t).Rows(context.Background(), 0)
	defer r.Close()
	if !r.Next() || string(r.Row().Cells[0].Text) != "1.10" {
		t.Errorf("%+v", r.Row())
	}
}

func TestNumberAsTextStaysText(t *testing.T) {
	rows(`<row r="1"><c r="A1" t="inlineStr"><is><t>00123</t></is></c><c r="B1" t="str"><v>1E3</v></c></row>`).want(t, "A1=s:00123 B1=s:1E3")
}

func TestMerges(t *testing.T) {
	b := book{"xl/worksheets/sheet1.xml": `<worksheet ` + mainNS + `><sheetData><row r="4"><c r="B4"><v>1</v></c></row></sheetData><autoFilter ref="A1"/><mergeCells count="99"><mergeCell ref="B4:E4"/><mergeCell ref="A7:A6"/><mergeCell ref="C9"/></mergeCells></worksheet>`}
	w := b.must(t)
	m, err := w.Merges(context.Background(), 0)
	if err != nil || fmt.Sprint(m) != "[B4:E4 A6:A7 C9]" {
		t.Errorf("%v %v", m, err)
	}
	if !m[0].Contains(4, 4) || m[0].Contains(5, 4) || m[0].Contains(4, 5) {
		t.Error("Contains")
	}
	if got, _, err := show(w, 0); got != "B4=n:1" || err != nil {
		t.Errorf("%q %v", got, err)
	}
}

func TestManyMergesAreLinear(t *testing.T) {
	var x strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&x, `<mergeCell ref="A%d:B%d"/>`, i+1, i+1)
	}
	b := book{"xl/worksheets/sheet1.xml": `<worksheet ` + mainNS + `><sheetData/><mergeCells>` + x.String() + `</mergeCells></worksheet>`}
	m, err := b.must(t).Merges(context.Background(), 0)
	if err != nil || len(m) != 100_000 || m[99_999].String() != "A100000:B100000" {
		t.Errorf("%d %v", len(m), err)
	}
}

func TestMergesBehindTextThatLooksLikeTheEnd(t *testing.T) {
	b := book{"xl/worksheets/sheet1.xml": `<worksheet ` + mainNS + `><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[</sheetData><mergeCells><mergeCell ref="X1:Y1"/></mergeCells></worksheet>]]></t></is></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`}
	m, err := b.must(t).Merges(context.Background(), 0)
	if err != nil || fmt.Sprint(m) != "[A1:B1]" {
		t.Errorf("%v %v", m, err)
	}
}

func TestHiddenRowsAndColumns(t *testing.T) {
	b := book{"xl/worksheets/sheet1.xml": `<worksheet ` + mainNS + `><sheetPr filterMode="1"/><cols><col min="2" max="2" hidden="1"/><col min="9" max="16384" hidden="true"/></cols><sheetData>` +
		`<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2" hidden="1"><c r="A2"><v>3</v></c></row><row r="3" hidden="1"><c r="A3" s="1"/></row></sheetData></worksheet>`}
	st := b.want(t, "A1=n:1 B1=n:2 A2=hn:3")
	if st.HiddenRows != 1 || st.HiddenCols != 1 || !st.FilterMode || st.Rows != 2 || st.Cells != 3 {
		t.Errorf("%+v", st)
	}
	w, err := b.open(t, Options{SkipHidden: true})
	if err != nil {
		t.Fatal(err)
	}
	got, st, err := show(w, 0)
	if got != "A1=n:1" || err != nil || st.HiddenRows != 1 || st.HiddenCols != 1 || st.Rows != 2 || st.Cells != 3 {
		t.Errorf("%q %+v %v", got, st, err)
	}
}

func TestHiddenSheetsAndOtherKinds(t *testing.T) {
	b := rows(`<row r="1"><c r="A1"><v>1</v></c></row>`).
		with("xl/workbook.xml", `<workbook `+mainNS+` xmlns:r="`+relType+`"><sheets><sheet name="Biểu đồ" sheetId="7" r:id="c"/><sheet name="A &amp; B" sheetId="3" state="hidden" r:id="a"/><sheet name="C" sheetId="1" state="veryHidden" r:id="b"/><sheet name="M" sheetId="9" r:id="m"/></sheets></workbook>`).
		with("xl/_rels/workbook.xml.rels", relsHead+`<Relationship Id="b" Type="`+relType+`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="a" Type="`+relType+`/worksheet" Target="worksheets/other.xml"/><Relationship Id="c" Type="`+relType+`/chartsheet" Target="chartsheets/sheet1.xml"/><Relationship Id="m" Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet" Target="macrosheets/sheet1.xml"/></Relationships>`).
		with("xl/worksheets/other.xml", `<worksheet `+mainNS+`><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>`)
	w := b.must(t)
	var got []string
	for _, s := range w.Sheets() {
		cells, _, err := show(w, s.Index)
		if err != nil {
			t.Error(err)
		}
		got = append(got, fmt.Sprint(s.Index, s.Name, " ", s.State, " ", s.Kind, " ", cells))
	}
	want := "0Biểu đồ visible chartsheet |1A & B hidden worksheet A1=n:2|2C veryHidden worksheet A1=n:1|3M visible macrosheet "
	if strings.Join(got, "|") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, "|"), want)
	}
}

func TestPhantomCells(t *testing.T) {
	rows(`<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="3"/></row><row r="2" s="1" customFormat="1"/><row r="1048576"><c r="A1048576" s="3"/><c r="XFD1048576"><v>9</v></c></row>`).
		want(t, "A1=n:1 XFD1048576=n:9")
}

func TestBeyondTheSheet(t *testing.T) {
	rows(`<row r="1"><c r="XFE1"><v>1</v></c></row>`).refuses(t, ErrDamaged, "XFE1")
	rows(`<row r="1048577"><c><v>1</v></c></row>`).refuses(t, ErrDamaged, "1048577")
	rows(`<row r="1"><c r="XFD1"><v>1</v></c><c><v>2</v></c></row>`).refuses(t, ErrDamaged)
	rows(`<row r="1"><c r="A0"><v>1</v></c></row>`).refuses(t, ErrDamaged)
	rows(`<row r="-1"><c><v>1</v></c></row>`).refuses(t, ErrDamaged)
}

func TestWideSheet(t *testing.T) {
	var x strings.Builder
	x.WriteString(`<row r="1">`)
	for c := range MaxCols {
		fmt.Fprintf(&x, `<c r="%s1"><v>%d</v></c>`, Name(c), c)
	}
	x.WriteString(`</row>`)
	r := rows(x.String()).must(t).Rows(context.Background(), 0)
	defer r.Close()
	if !r.Next() || len(r.Row().Cells) != MaxCols {
		t.Fatalf("%d cells, %v", len(r.Row().Cells), r.Err())
	}
	for i, c := range r.Row().Cells {
		if c.Col != i || c.Num != float64(i) {
			t.Fatalf("column %d: %+v", i, c)
		}
	}
}

func TestDimensionIsIgnored(t *testing.T) {
	for _, d := range []string{`<dimension ref="A1"/>`, `<dimension ref="A1:XFD1048576"/>`, `<dimension/>`, ``} {
		book{"xl/worksheets/sheet1.xml": `<worksheet ` + mainNS + `>` + d + `<sheetData><row r="3"><c r="C3"><v>1</v></c></row></sheetData></worksheet>`}.want(t, "C3=n:1")
	}
}

func TestMissingReferences(t *testing.T) {
	rows(`<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c><c><v>4</v></c></row><row><c t="str"><v>5</v></c></row>`).
		want(t, "A1=n:1 B1=n:2 C5=n:3 D5=n:4 A6=s:5")
}

func TestRowNumberOnlyInCells(t *testing.T) {
	// The row says nothing, its cells do: what they say is where they are.
	rows(`<row><c r="B4"><v>1</v></c><c><v>2</v></c></row><row><c r="A7"><v>3</v></c></row><row><c><v>4</v></c></row>`).
		want(t, "B4=n:1 C4=n:2 A7=n:3 A8=n:4")
}

func TestCellInAnotherRow(t *testing.T) {
	rows(`<row r="1"><c r="A2"><v>1</v></c></row>`).refuses(t, ErrDamaged, "A2", "row 1")
}

func TestCellsOutOfOrder(t *testing.T) {
	st := rows(`<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>`).want(t, "A1=n:1 B1=n:2 C1=n:3")
	if st.OutOfOrderCells != 2 {
		t.Errorf("%+v", st)
	}
}

func TestDisorderTakesNoTime(t *testing.T) {
	// Ten rows of 16,384 cells from right to left, and one of half a million cells with one reference.
	var x strings.Builder
	for row := 1; row <= 10; row++ {
		x.WriteString(`<row>`)
		for c := MaxCols - 1; c >= 0; c-- {
			fmt.Fprintf(&x, `<c r="%s"><v>1</v></c>`, CellRef(row, c))
		}
		x.WriteString(`</row>`)
	}
	x.WriteString(`<row r="11">` + strings.Repeat(`<c r="B11"><v>1</v></c>`, 500_000) + `<c r="A11"><v>2</v></c></row>`)
	start := time.Now()
	w := rows(x.String()).must(t)
	r := w.Rows(context.Background(), 0)
	defer r.Close()
	for r.Next() {
		for i, c := range r.Row().Cells {
			if c.Col != i {
				t.Fatalf("row %d: cell %d is in column %d", r.Row().Index, i, c.Col)
			}
		}
	}
	if st := r.Stats(); r.Err() != nil || st.Cells != 10*MaxCols+2 || st.DuplicateRefs != 499_999 || st.OutOfOrderCells != 10*(MaxCols-1)+1 {
		t.Errorf("%+v %v", st, r.Err())
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("it took %s", d)
	}
}

func TestRowsOutOfOrder(t *testing.T) {
	st := rows(`<row r="3"><c r="A3" t="inlineStr"><is><t>ba</t></is></c></row><row r="1"><c r="A1" t="inlineStr"><is><t>một</t></is></c></row><row r="3"><c r="B3"><v>3</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>`).
		want(t, "A1=s:một A2=n:2 A3=s:ba B3=n:3")
	if st.OutOfOrderRows != 3-1+1-1 || st.Rows != 3 || st.Cells != 4 {
		t.Errorf("%+v", st)
	}
}

func TestDuplicateReferences(t *testing.T) {
	st := rows(`<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c><c r="A1" s="1"/></row><row r="2"><c r="A2"><v>3</v></c></row><row r="2"><c r="A2"><v>4</v></c></row>`).
		want(t, "A1=n:2 A2=n:4")
	if st.DuplicateRefs != 2 || st.Cells != 2 {
		t.Errorf("%+v", st)
	}
}

func TestStrict(t *testing.T) {
	const ns = `xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"`
	const rel = "http://purl.oclc.org/ooxml/officeDocument/relationships"
	book{
		"_rels/.rels":                relsHead + `<Relationship Id="rId1" Type="` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook ` + ns + ` conformance="strict"><sheets><sheet name="S" sheetId="1" xmlns:q="` + rel + `" q:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": relsHead + `<Relationship Id="rId1" Type="` + rel + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + rel + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       `<sst ` + ns + `><si><t>a</t></si></sst>`,
		"xl/worksheets/sheet1.xml":   `<worksheet ` + ns + `><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="d"><v>2021-01-01</v></c></row></sheetData></worksheet>`,
	}.want(t, "A1=s:a B1=n:44197")
}

func TestPrefixes(t *testing.T) {
	const ns = `xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	b := book{
		"xl/workbook.xml":          `<x:workbook ` + ns + ` xmlns:r="` + relType + `"><x:sheets><x:sheet name="S" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>`,
		"xl/sharedStrings.xml":     `<x:sst ` + ns + `><x:si><x:t>a</x:t></x:si><x:si><x:r><x:t>b</x:t></x:r></x:si></x:sst>`,
		"xl/worksheets/sheet1.xml": `<x:worksheet ` + ns + `><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1" t="s"><x:v>1</x:v></x:c><x:c r="C1"><x:v>3</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref="A1:B1"/></x:mergeCells></x:worksheet>`,
	}
	b.want(t, "A1=s:a B1=s:b C1=n:3")
	if m, err := b.must(t).Merges(context.Background(), 0); err != nil || len(m) != 1 {
		t.Errorf("%v %v", m, err)
	}
}

func TestAlternateContent(t *testing.T) {
	const mc = `xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`
	book{"xl/worksheets/sheet1.xml": `<worksheet ` + mainNS + ` ` + mc + `><mc:AlternateContent><mc:Choice Requires="x14"><cols><col min="1" max="1" hidden="1"/></cols></mc:Choice></mc:AlternateContent><sheetData>` +
		`<mc:AlternateContent><mc:Choice Requires="x14"><row r="1"><c r="A1"><v>9</v></c></row></mc:Choice><mc:Fallback><row r="1"><c r="A1"><v>1</v></c></row></mc:Fallback></mc:AlternateContent>` +
		`<row r="2"><c r="A2"><v>2</v><extLst><ext><v>7</v></ext></extLst></c></row></sheetData></worksheet>`}.want(t, "A1=n:1 A2=n:2")
}

func TestWrappersWithoutEnd(t *testing.T) {
	const deep = 2_000_000
	open, shut := strings.Repeat("<Fallback>", deep), strings.Repeat("</Fallback>", deep)
	b := book{"xl/worksheets/sheet1.xml": `<worksheet ` + mainNS + `>` + open + `<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>` + shut +
		`<mergeCells>` + open + `<mergeCell ref="A1:B1"/>` + shut + `</mergeCells></worksheet>`}
	b.want(t, "A1=n:1")
	if m, err := b.must(t).Merges(context.Background(), 0); err != nil || len(m) != 1 {
		t.Errorf("%v %v", m, err)
	}
}

func TestForeignAttributesAreNotOurs(t *testing.T) {
	rows(`<row x14ac:r="9" r="1" x14ac:hidden="1" x14ac:dyDescent="0.25"><c x:r="Z9" r="A1" x:t="s"><v>1</v></c><c r='B1' t = 'str' ><v>b</v></c ></row >`).want(t, "A1=n:1 B1=s:b")
}

func TestPartPaths(t *testing.T) {
	sheet := rows(`<row r="1"><c r="A1"><v>1</v></c></row>`)["xl/worksheets/sheet1.xml"]
	for _, c := range []struct{ target, part string }{
		{"/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"},
		{"worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"},
		{"../data/d.xml", "data/d.xml"},
		{`worksheets\sheet1.xml`, "xl/worksheets/sheet1.xml"},
		{`/xl/worksheets/sheet1.xml`, `xl\worksheets\sheet1.xml`},
		{"Worksheets/Sheet1.XML", "xl/worksheets/sheet1.xml"},
		{"./worksheets//sheet1.xml", "/xl/worksheets/sheet1.xml"},
		{"worksheets/sheet%201.xml", "xl/worksheets/sheet 1.xml"},
	} {
		t.Run(c.target, func(t *testing.T) {
			book{c.part: sheet, "xl/_rels/workbook.xml.rels": relsHead + `<Relationship Id="rId1" Type="` + relType + `/worksheet" Target="` + c.target + `"/></Relationships>`}.want(t, "A1=n:1")
		})
	}
}

func TestWorkbookElsewhere(t *testing.T) {
	book{
		"_rels/.rels":                relsHead + `<Relationship Id="rId1" Type="` + relType + `/officeDocument" Target="/odd/place.xml"/></Relationships>`,
		"odd/place.xml":              `<workbook ` + mainNS + ` xmlns:r="` + relType + `"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"odd/_rels/place.xml.rels":   relsHead + `<Relationship Id="rId1" Type="` + relType + `/worksheet" Target="s.xml"/></Relationships>`,
		"odd/s.xml":                  `<worksheet ` + mainNS + `><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`,
		"xl/workbook.xml":            absent,
		"xl/_rels/workbook.xml.rels": absent,
	}.want(t, "A1=n:1")
}

func TestRootRelationshipsAbsentOrBroken(t *testing.T) {
	rows(`<row r="1"><c r="A1"><v>1</v></c></row>`).with("_rels/.rels", absent).want(t, "A1=n:1")
	b := rows(`<row r="1"><c r="A1"><v>1</v></c></row>`).with("_rels/.rels", `<?xml version="1.0"?>CORRUPTED`)
	b.want(t, "A1=n:1")
	if n := b.must(t).Notes(); len(n) != 1 || !strings.Contains(n[0].Error(), "xl/workbook.xml") {
		t.Errorf("%q", n)
	}
}

func TestSheetMissingFromPackage(t *testing.T) {
	book{"xl/worksheets/sheet1.xml": absent}.refuses(t, ErrDamaged, "sheet S", "does not hold")
	rows("").with("xl/_rels/workbook.xml.rels", absent).refuses(t, ErrDamaged, "sheet S")
}

func TestExternalTargetsAreNotFollowed(t *testing.T) {
	rows("").with("xl/_rels/workbook.xml.rels", relsHead+`<Relationship Id="rId1" Type="`+relType+`/worksheet" TargetMode="External" Target="file:///etc/passwd"/></Relationships>`).refuses(t, ErrDamaged, "sheet S")
}

// utf16Text is the text in UTF-16 of either order.
func utf16Text(s string, big, mark bool) string {
	u := utf16.Encode([]rune(s))
	if mark {
		u = append([]uint16{0xFEFF}, u...)
	}
	var b bytes.Buffer
	for _, c := range u {
		if big {
			b.Write([]byte{byte(c >> 8), byte(c)})
		} else {
			b.Write([]byte{byte(c), byte(c >> 8)})
		}
	}
	return b.String()
}

func TestEncodings(t *testing.T) {
	sheet := rows(`<row r="1"><c r="A1" t="inlineStr"><is><t>Đường 😀</t></is></c></row>`)["xl/worksheets/sheet1.xml"]
	sheet = strings.Replace(sheet, `version="1.0"`, `version="1.0" encoding="UTF-16"`, 1)
	for name, text := range map[string]string{
		"utf-8 marked": "\xEF\xBB\xBF" + strings.Replace(sheet, "UTF-16", "utf-8", 1), "utf-16le": utf16Text(sheet, false, true), "utf-16be": utf16Text(sheet, true, true),
		"utf-16le unmarked": utf16Text(sheet, false, false), "utf-16be unmarked": utf16Text(sheet, true, false),
	} {
		t.Run(name, func(t *testing.T) { book{"xl/worksheets/sheet1.xml": text}.want(t, "A1=s:Đường 😀") })
	}
	book{"xl/worksheets/sheet1.xml": strings.Replace(sheet, "UTF-16", "windows-1258", 1)}.refuses(t, ErrDamaged, "windows-1258")
}

func TestBytesThatAreNotUTF8(t *testing.T) {
	st := rows("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>caf\xE9</t></is></c></row>").want(t, "A1=s:caf\uFFFD")
	if st.InvalidText != 1 {
		t.Errorf("%+v", st)
	}
}

func TestPrettyPrinted(t *testing.T) {
	rows("\n  <row r=\"1\">\n    <c r=\"A1\">\n      <v>1</v>\n    </c>\n    <c r=\"B1\" t=\"str\"><v>b</v></c>\n  </row>\n <!-- end -->\n").want(t, "A1=n:1 B1=s:b")
}

func TestTruncatedXML(t *testing.T) {
	whole := rows(`<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>`)["xl/worksheets/sheet1.xml"]
	for n := range len(whole) {
		w, err := book{"xl/worksheets/sheet1.xml": whole[:n]}.open(t, Options{})
		if err == nil {
			_, _, err = show(w, 0)
		}
		if err == nil {
			t.Errorf("cut at %d: no error: %q", n, whole[max(0, n-20):n])
		}
		var m []Range
		if w != nil {
			if m, err = w.Merges(context.Background(), 0); err == nil {
				t.Errorf("cut at %d: merges %v without an error", n, m)
			}
		}
	}
}

func TestBrokenXML(t *testing.T) {
	for _, x := range []string{
		`<row r="1"><c r="A1"><v>1</c></row>`, `<row r="1"><c r="A1"><v>1</v></row>`, `<row r="1"><c r="A1"><v><b>1</b></v></c></row>`, `<row r="1">text</row>`, `text`, `</row>`,
		`<row r="x"><c r="A1"><v>1</v></c></row>`, `<row r="1"><c r="?"><v>1</v></c></row>`, `<row r="1"><c r="A1" s="x"><v>1</v></c></row>`, `<row r="1"><c r="A1" t="z"><v>1</v></c></row>`,
		`<row r="1"><c r="A1" t="s"><v>x</v></c></row>`, `<row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet><worksheet><sheetData>`, `<row r="1"><c r="A1" <v>1</v></c></row>`,
		`<row r="1"><c r="A1 t="s"><v>1</v></c></row>`, `<row r=1><c r="A1"><v>1</v></c></row>`,
		`<row r="1"><c r="A1"><v>1</v></row></c><row r="2"><c r="A2"><v>1</v></c></row>`, `<row r="1"><c r="A1"><v>1</v></c><row r="2"><c r="A2"><v>2</v></c></row></row>`,
	} {
		w, err := rows(x).open(t, Options{})
		if err == nil {
			_, _, err = show(w, 0)
		}
		if err == nil {
			t.Errorf("%s: no error", x)
		}
	}
}

func TestDoctypeIsRefused(t *testing.T) {
	const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>`
	sheet := `<worksheet ` + mainNS + `><sheetData><row r="1"><c r="A1" t="str"><v>&b;</v></c></row></sheetData></worksheet>`
	book{"xl/worksheets/sheet1.xml": bomb + sheet}.refuses(t, ErrDamaged, "document type")
	rows("").with("xl/styles.xml", bomb+`<styleSheet/>`).refuses(t, ErrDamaged, "document type", "xl/styles.xml")
	rows(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`).with("xl/sharedStrings.xml", bomb+sst("")).refuses(t, ErrDamaged, "document type")
}

func TestDuplicateEntries(t *testing.T) {
	b := rows(`<row r="1"><c r="A1"><v>1</v></c></row>`)
	b["xl/worksheets/sheet1.xml#"] = strings.Replace(b["xl/worksheets/sheet1.xml"], "<v>1<", "<v>2<", 1)
	b.refuses(t, ErrDamaged, "two parts of this name")
	// In another case the exact name wins.
	b = rows(`<row r="1"><c r="A1"><v>1</v></c></row>`)
	b["XL/worksheets/sheet1.xml"] = strings.Replace(b["xl/worksheets/sheet1.xml"], "<v>1<", "<v>2<", 1)
	b.want(t, "A1=n:1")
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("x", 3000)
	sheet := func() book {
		return rows(`<row r="1"><c r="A1" t="inlineStr"><is><t>`+long+`</t></is></c><c r="B1" t="s"><v>0</v></c><c r="C1"><v>1</v></c></row>`).
			with("xl/sharedStrings.xml", sst(`<si><t>a</t></si><si><t>`+long+`</t></si>`))
	}
	sheet().want(t, "A1=s:"+long+" B1=s:a C1=n:1")
	for name, l := range map[string]Limits{
		"entries": {Entries: 3}, "part": {PartBytes: 1000}, "small": {SmallBytes: 100}, "string": {StringBytes: 100}, "strings": {Strings: 1}, "shared": {SharedBytes: 100}, "cells": {Cells: 2},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := sheet().open(t, Options{Limits: l})
			if err == nil {
				_, _, err = show(w, 0)
			}
			checkError(t, err, ErrLimit)
		})
	}
	w, err := sheet().open(t, Options{Limits: Limits{Merges: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = show(w, 0); err != nil {
		t.Error(err)
	}
}

func TestSpaceBombTakesNoMemory(t *testing.T) {
	// 64 MiB of spaces between two rows: long, but nothing to hold.
	b := rows(`<row r="1"><c r="A1"><v>1</v></c></row>` + strings.Repeat(" ", 64<<20) + `<row r="2"><c r="A2"><v>2</v></c></row>`)
	b.want(t, "A1=n:1 A2=n:2")
}

func TestCancelledContext(t *testing.T) {
	w := rows(strings.Repeat(`<row><c><v>1</v></c></row>`, 100_000)).must(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := w.Rows(ctx, 0)
	defer r.Close()
	for r.Next() {
	}
	if r.Err() == nil {
		t.Error("a cancelled pass ended like a complete one")
	}
}

func TestNoSuchSheet(t *testing.T) {
	w := rows("").must(t)
	r := w.Rows(context.Background(), 3)
	if r.Next() || r.Err() == nil {
		t.Error("no error")
	}
	if _, err := w.Merges(context.Background(), -1); err == nil {
		t.Error("no error")
	}
}

func TestReferences(t *testing.T) {
	for ref, want := range map[string][2]int{"A1": {1, 0}, "Z9": {9, 25}, "AA10": {10, 26}, "F8": {8, 5}, "XFD1048576": {MaxRows, MaxCols - 1}, "$B$3": {3, 1}, "b3": {3, 1}} {
		row, col, ok := ParseRef(ref)
		if !ok || row != want[0] || col != want[1] {
			t.Errorf("%s: %d %d %v", ref, row, col, ok)
		}
	}
	for _, ref := range []string{"", "A", "1", "A0", "XFE1", "A1048577", "A1 ", "A1:B2", "AAAAAAAAAAAAAA1", "A99999999999999999999"} {
		if _, _, ok := ParseRef(ref); ok {
			t.Errorf("%q is no reference", ref)
		}
	}
	for c := range MaxCols {
		if _, col, ok := ParseRef(Name(c) + "1"); !ok || col != c {
			t.Fatalf("column %d is %s", c, Name(c))
		}
	}
	if CellRef(8, 5) != "F8" || Name(-1) != "?" {
		t.Error("names")
	}
}
