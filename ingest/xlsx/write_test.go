package xlsx

import (
	"bytes"
	"context"
	"testing"
)

func dumpBook(t *testing.T) *Workbook {
	b := book{"xl/worksheets/sheet1.xml": `<worksheet ` + mainNS + `><sheetData>` +
		`<row r="2"><c r="A2" t="inlineStr"><is><t>a"b\` + "\t\n" + `đ</t></is></c><c r="B2"><v>0.1</v></c><c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#N/A</v></c><c r="E2" s="1"><v>44197.5</v></c><c r="F2" t="inlineStr"><is><t></t></is></c><c r="G2"><f>NOW()</f></c></row>` +
		`<row r="4"><c r="A4" t="inlineStr"><is><t>=1+1, x</t></is></c><c r="C4" s="1"><v>44197</v></c><c r="D4" s="1"><v>0.25</v></c><c r="E4" s="1"><v>60</v></c><c r="F4"><v>-5</v></c><c r="G4"><v>1E300</v></c></row>` +
		`</sheetData><mergeCells><mergeCell ref="B4:E4"/></mergeCells></worksheet>`}
	return b.with("xl/styles.xml", dateStyles).must(t)
}

func TestWriteCells(t *testing.T) {
	var out bytes.Buffer
	if err := WriteCells(context.Background(), &out, dumpBook(t)); err != nil {
		t.Fatal(err)
	}
	want := `{"sheet":"S","state":"visible","merges":["B4:E4"],"cells":[["A2","s","a\"b\\\t\nđ"],["B2","n",0.1],["C2","b",true],["D2","e","#N/A"],["E2","n",44197.5],` +
		`["A4","s","=1+1, x"],["C4","n",44197],["D4","n",0.25],["E4","n",60],["F4","n",-5],["G4","n",1e+300]]}` + "\n"
	if out.String() != want {
		t.Errorf("got  %swant %s", out.String(), want)
	}
}

func TestWriteCSV(t *testing.T) {
	var out bytes.Buffer
	if err := WriteCSV(context.Background(), &out, dumpBook(t), 0); err != nil {
		t.Fatal(err)
	}
	want := "\n\"a\"\"b\\\t\nđ\",0.1,TRUE,#N/A,2021-01-01T12:00:00,\"\",\n\n\"'=1+1, x\",,2021-01-01,06:00:00,60,-5,1e+300\n"
	if out.String() != want {
		t.Errorf("got  %q\nwant %q", out.String(), want)
	}
}

func TestWriteRows(t *testing.T) {
	var out bytes.Buffer
	if err := WriteRows(context.Background(), &out, dumpBook(t), 0); err != nil {
		t.Fatal(err)
	}
	want := `{"row":2,"A":"a\"b\\\t\nđ","B":0.1,"C":true,"D":"#N/A","E":"2021-01-01T12:00:00","F":""}` + "\n" +
		`{"row":4,"A":"=1+1, x","C":"2021-01-01","D":"06:00:00","E":60,"F":-5,"G":1e+300}` + "\n"
	if out.String() != want {
		t.Errorf("got  %swant %s", out.String(), want)
	}
}
