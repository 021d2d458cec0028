// Package lint reads a finished .xlsx file and says what is wrong with it as a document for people: what schema validation does not see.
//
// In come the bytes of a workbook, of whatever origin. Out go faults, each naming the sheet, the place and the rule. It reads the
// parts itself, not through the library that wrote them, so that a mistake of the writer is not made twice. Nothing is changed.
package lint

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// File is a workbook as far as the rules look at it.
type File struct {
	Sheets []*Sheet
	Names  []Name
	Core   Core
	parts  map[string][]byte
	texts  []string
}

// Name is a defined name.
type Name struct {
	Name  string `xml:"name,attr"`
	Local *int   `xml:"localSheetId,attr"`
	Refer string `xml:",chardata"`
}

// Core are the document properties.
type Core struct {
	Title    string `xml:"title"`
	Creator  string `xml:"creator"`
	Language string `xml:"language"`
}

// Sheet is one worksheet.
type Sheet struct {
	Name   string
	State  string
	Cells  map[string]Cell
	Order  []string // the cells' names as they come
	Rows   int
	Tables []Table
	Charts []Chart
	Alts   []Alt

	Anchors []Anchor
	xml     sheetXML
	source  string // what follows the rows
}

// Cell is one cell: its kind as in the file, its formula and the value it shows.
type Cell struct {
	Kind    string
	Formula string
	Value   string
	Empty   bool // neither value nor formula
	NoCache bool // a formula without a value
	Look    int  // the number of its style
}

// Table is a ListObject.
type Table struct {
	Name    string `xml:"displayName,attr"`
	Ref     string `xml:"ref,attr"`
	ID      int    `xml:"id,attr"`
	Filter  string `xml:"-"`
	Count   int    `xml:"-"`
	Columns []struct {
		ID   int    `xml:"id,attr"`
		Name string `xml:"name,attr"`
	} `xml:"tableColumns>tableColumn"`
}

// Chart is a chart's references and whether each has its values beside it.
type Chart struct {
	Part string
	Refs []Ref
}

// Ref is one reference of a chart.
type Ref struct {
	Formula string
	Cached  bool
}

// Alt is a drawn object and its alternative text.
type Alt struct{ Name, Text string }

type sheetXML struct {
	Properties struct {
		Fit struct {
			On string `xml:"fitToPage,attr"`
		} `xml:"pageSetUpPr"`
	} `xml:"sheetPr"`
	Columns []struct {
		Hidden string  `xml:"hidden,attr"`
		Min    string  `xml:"min,attr"`
		From   int     `xml:"-"`
		To     int     `xml:"max,attr"`
		Width  float64 `xml:"width,attr"`
	} `xml:"cols>col"`
	Rows []struct {
		Number string  `xml:"r,attr"`
		Hidden string  `xml:"hidden,attr"`
		Height float64 `xml:"ht,attr"`
		Cells  []struct {
			Name    string  `xml:"r,attr"`
			Kind    string  `xml:"t,attr"`
			Look    int     `xml:"s,attr"`
			Formula *string `xml:"f"`
			Value   *string `xml:"v"`
			Inline  *struct {
				Text string `xml:"t"`
			} `xml:"is"`
		} `xml:"c"`
	} `xml:"sheetData>row"`
	Merges []struct {
		Ref string `xml:"ref,attr"`
	} `xml:"mergeCells>mergeCell"`
	Formats []struct {
		Range string `xml:"sqref,attr"`
		Rules []struct {
			Priority int  `xml:"priority,attr"`
			Look     *int `xml:"dxfId,attr"`
		} `xml:"cfRule"`
	} `xml:"conditionalFormatting"`
	Links []struct {
		Cell     string `xml:"ref,attr"`
		Location string `xml:"location,attr"`
		Tip      string `xml:"tooltip,attr"`
	} `xml:"hyperlinks>hyperlink"`
	Page struct {
		Paper       string `xml:"paperSize,attr"`
		Orientation string `xml:"orientation,attr"`
	} `xml:"pageSetup"`
	Head struct {
		Header string `xml:"oddHeader"`
		Footer string `xml:"oddFooter"`
	} `xml:"headerFooter"`
}

// Open reads a workbook.
func Open(data []byte) (*File, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("opening the workbook: %w", err)
	}
	f := &File{parts: map[string][]byte{}}
	for _, entry := range archive.File {
		r, err := entry.Open()
		if err != nil {
			return nil, fmt.Errorf("opening %s: %w", entry.Name, err)
		}
		content, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil {
			return nil, fmt.Errorf("reading %s: %w", entry.Name, err)
		}
		f.parts[entry.Name] = content
	}
	if err := f.book(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) decode(part string, to any) error {
	content, ok := f.parts[part]
	if !ok {
		return fmt.Errorf("reading %s: no such part", part)
	}
	if err := xml.Unmarshal(content, to); err != nil {
		return fmt.Errorf("reading %s: %w", part, err)
	}
	return nil
}

// relationsOf names the part with the relations of another.
func relationsOf(part string) string {
	folder, base := path.Split(part)
	return folder + "_rels/" + base + ".rels"
}

// relations of a part: id to the part it points at.
func (f *File) relations(of string) (map[string]string, error) {
	folder, _ := path.Split(of)
	part := relationsOf(of)
	targets := map[string]string{}
	if _, ok := f.parts[part]; !ok {
		return targets, nil
	}
	var list struct {
		Relations []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
			Mode   string `xml:"TargetMode,attr"`
		} `xml:"Relationship"`
	}
	if err := f.decode(part, &list); err != nil {
		return nil, err
	}
	for _, r := range list.Relations {
		if r.Mode == "External" {
			continue
		}
		target := path.Join(folder, r.Target)
		if strings.HasPrefix(r.Target, "/") {
			target = r.Target[1:]
		}
		targets[r.ID] = target
	}
	return targets, nil
}

func (f *File) book() error {
	const book = "xl/workbook.xml"
	var list struct {
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
		Names []Name `xml:"definedNames>definedName"`
	}
	if err := f.decode(book, &list); err != nil {
		return err
	}
	f.Names = list.Names
	if _, ok := f.parts["docProps/core.xml"]; ok {
		if err := f.decode("docProps/core.xml", &f.Core); err != nil {
			return err
		}
	}
	if err := f.strings(); err != nil {
		return err
	}
	targets, err := f.relations(book)
	if err != nil {
		return err
	}
	for _, s := range list.Sheets {
		sheet := &Sheet{Name: s.Name, State: s.State, Cells: map[string]Cell{}}
		if err := f.sheet(sheet, targets[s.ID]); err != nil {
			return err
		}
		f.Sheets = append(f.Sheets, sheet)
	}
	return nil
}

func (f *File) strings() error {
	const part = "xl/sharedStrings.xml"
	if _, ok := f.parts[part]; !ok {
		return nil
	}
	var list struct {
		Items []struct {
			Text string `xml:"t"`
			Runs []struct {
				Text string `xml:"t"`
			} `xml:"r"`
		} `xml:"si"`
	}
	if err := f.decode(part, &list); err != nil {
		return err
	}
	for _, item := range list.Items {
		text := item.Text
		for _, run := range item.Runs {
			text += run.Text
		}
		f.texts = append(f.texts, text)
	}
	return nil
}

func (f *File) sheet(s *Sheet, part string) error {
	if err := f.decode(part, &s.xml); err != nil {
		return err
	}
	for _, row := range s.xml.Rows {
		for _, c := range row.Cells {
			cell := Cell{Kind: c.Kind, Look: c.Look}
			if c.Value != nil {
				cell.Value = *c.Value
			}
			if c.Formula != nil {
				cell.Formula = *c.Formula
				cell.NoCache = c.Value == nil || *c.Value == "" && c.Kind != "str"
			}
			if c.Inline != nil {
				cell.Value = c.Inline.Text
			}
			cell.Empty = c.Value == nil && c.Formula == nil && c.Inline == nil
			if c.Kind == "s" {
				var index int
				if _, err := fmt.Sscan(cell.Value, &index); err != nil || index < 0 || index >= len(f.texts) {
					return fmt.Errorf("reading %s: cell %s points at no text", part, c.Name)
				}
				cell.Value = f.texts[index]
			}
			s.Cells[c.Name] = cell
			s.Order = append(s.Order, c.Name)
		}
	}
	s.Rows = len(s.xml.Rows)
	for i := range s.xml.Columns {
		if _, err := fmt.Sscan(s.xml.Columns[i].Min, &s.xml.Columns[i].From); err != nil {
			return fmt.Errorf("reading %s: column %q: %w", part, s.xml.Columns[i].Min, err)
		}
	}
	_, after, _ := bytes.Cut(f.parts[part], []byte("</sheetData>"))
	s.source = string(after)
	targets, err := f.relations(part)
	if err != nil {
		return err
	}
	for _, target := range targets {
		switch {
		case strings.Contains(target, "/tables/"):
			var t Table
			if err := f.decode(target, &t); err != nil {
				return err
			}
			var more struct {
				Filter struct {
					Ref string `xml:"ref,attr"`
				} `xml:"autoFilter"`
				Columns struct {
					Count int `xml:"count,attr"`
				} `xml:"tableColumns"`
			}
			if err := f.decode(target, &more); err != nil {
				return err
			}
			t.Filter, t.Count = more.Filter.Ref, more.Columns.Count
			s.Tables = append(s.Tables, t)
		case strings.Contains(target, "/drawings/drawing"):
			if err := f.drawing(s, target); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *File) drawing(s *Sheet, part string) error {
	type about struct {
		ID   int    `xml:"id,attr"`
		Name string `xml:"name,attr"`
		Text string `xml:"descr,attr"`
	}
	type anchor struct {
		Frame   *about `xml:"graphicFrame>nvGraphicFramePr>cNvPr"`
		Picture *about `xml:"pic>nvPicPr>cNvPr"`

		From corner  `xml:"from"`
		To   *corner `xml:"to"`
	}
	var drawing struct {
		Two []anchor `xml:"twoCellAnchor"`
		One []anchor `xml:"oneCellAnchor"`
	}
	if err := f.decode(part, &drawing); err != nil {
		return err
	}
	for _, a := range append(drawing.Two, drawing.One...) {
		for _, object := range []*about{a.Frame, a.Picture} {
			if object != nil {
				s.Alts = append(s.Alts, Alt{object.Name, object.Text})
				s.Anchors = append(s.Anchors, Anchor{object.ID, object.Name, a.From, a.To})
			}
		}
	}
	targets, err := f.relations(part)
	if err != nil {
		return err
	}
	for _, target := range targets {
		if strings.Contains(target, "/charts/chart") {
			chart, err := f.chart(target)
			if err != nil {
				return err
			}
			s.Charts = append(s.Charts, chart)
		}
	}
	return nil
}

// chart collects the references wherever they stand in the chart.
func (f *File) chart(part string) (Chart, error) {
	chart := Chart{Part: part}
	decoder := xml.NewDecoder(bytes.NewReader(f.parts[part]))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return chart, nil
		}
		if err != nil {
			return chart, fmt.Errorf("reading %s: %w", part, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "strRef" && start.Name.Local != "numRef" {
			continue
		}
		type cache struct {
			Count struct {
				Value int `xml:"val,attr"`
			} `xml:"ptCount"`
		}
		var ref struct {
			Formula string `xml:"f"`
			Texts   cache  `xml:"strCache"`
			Numbers cache  `xml:"numCache"`
		}
		if err := decoder.DecodeElement(&ref, &start); err != nil {
			return chart, fmt.Errorf("reading %s: %w", part, err)
		}
		chart.Refs = append(chart.Refs, Ref{ref.Formula, ref.Texts.Count.Value+ref.Numbers.Count.Value > 0})
	}
}
