package workbook

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // a logo is one of the two
	_ "image/png"
	"strings"

	"github.com/xuri/excelize/v2"
)

const a4 = 9 // Excel's number for the paper size

func (m *maker) widths(s *Sheet) error {
	for i, width := range s.Widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return fmt.Errorf("setting widths: %w", err)
		}
		if err := m.file.SetColWidth(s.Name, column, column, width); err != nil {
			return fmt.Errorf("setting widths: %w", err)
		}
	}
	return nil
}

// tables gives excelize the header texts, which it copies into the table's part; the rows themselves come from the post-processor.
func (m *maker) tables(s *Sheet) error {
	off := false
	for _, t := range s.Tables {
		first, last, err := corners(t.Range)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		for column := first.column; column <= last.column; column++ {
			text := s.at(first.row, column).Text
			if err := m.file.SetCellStr(s.Name, cellName(first.row, column), text); err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
		}
		if err := m.file.AddTable(s.Name, &excelize.Table{Range: t.Range, Name: t.Name, ShowRowStripes: &off}); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		m.post.tableAlts = append(m.post.tableAlts, t.Alt)
	}
	return nil
}

func (m *maker) links(s *Sheet) error {
	for r, row := range s.Rows {
		for c, cell := range row.Cells {
			if cell.Link == nil {
				continue
			}
			kind, target := "External", cell.Link.Target
			if strings.HasPrefix(target, "#") {
				kind, target = "Location", target[1:]
			}
			tip := cut(cell.Link.Tip, maxTip)
			if err := m.file.SetCellHyperLink(s.Name, cellName(r+1, c+1), target, kind, excelize.HyperlinkOpts{Tooltip: &tip}); err != nil {
				return fmt.Errorf("linking %s: %w", cellName(r+1, c+1), err)
			}
		}
	}
	return nil
}

func (m *maker) view(s *Sheet) error {
	off := false
	if err := m.file.SetSheetView(s.Name, 0, &excelize.ViewOptions{ShowGridLines: &off}); err != nil {
		return fmt.Errorf("setting the view: %w", err)
	}
	if s.Freeze == "" {
		return nil
	}
	at, err := parseCell(s.Freeze)
	if err != nil {
		return fmt.Errorf("freezing panes: %w", err)
	}
	pane := "bottomLeft"
	if at.column > 1 {
		pane = "bottomRight"
	}
	err = m.file.SetPanes(s.Name, &excelize.Panes{
		Freeze: true, XSplit: at.column - 1, YSplit: at.row - 1, TopLeftCell: s.Freeze, ActivePane: pane,
		Selection: []excelize.Selection{{SQRef: s.Freeze, ActiveCell: s.Freeze, Pane: pane}},
	})
	if err != nil {
		return fmt.Errorf("freezing panes: %w", err)
	}
	return nil
}

func (m *maker) print(s *Sheet) error {
	p := s.Print
	paper, wide, high, orientation := a4, 1, 0, "landscape"
	if p.Portrait {
		orientation = "portrait"
	}
	if p.OnePage {
		high = 1
	}
	if err := m.file.SetPageLayout(s.Name, &excelize.PageLayoutOptions{Size: &paper, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return fmt.Errorf("setting the page: %w", err)
	}
	fit, tab := true, "FF"+s.Tab
	props := excelize.SheetPropsOptions{FitToPage: &fit}
	if s.Tab != "" {
		props.TabColorRGB = &tab // eight digits: six pass into the file and break its schema
	}
	if err := m.file.SetSheetProps(s.Name, &props); err != nil {
		return fmt.Errorf("setting the page: %w", err)
	}
	left, right, top, bottom, header, centred := 0.6, 0.5, 0.7, 0.7, 0.3, true
	if err := m.file.SetPageMargins(s.Name, &excelize.PageLayoutMarginsOptions{
		Left: &left, Right: &right, Top: &top, Bottom: &bottom, Header: &header, Footer: &header, Horizontally: &centred,
	}); err != nil {
		return fmt.Errorf("setting margins: %w", err)
	}
	if p.Header != "" || p.Footer != "" {
		if err := m.file.SetHeaderFooter(s.Name, &excelize.HeaderFooterOptions{OddHeader: p.Header, OddFooter: p.Footer}); err != nil {
			return fmt.Errorf("setting header and footer: %w", err)
		}
	}
	for _, row := range p.Breaks {
		if err := m.file.InsertPageBreak(s.Name, cellName(row, 1)); err != nil {
			return fmt.Errorf("breaking the page: %w", err)
		}
	}
	if p.Area != "" {
		if err := m.local(s.Name, "_xlnm.Print_Area", Ref{Sheet: s.Name, Range: p.Area}.String()); err != nil {
			return err
		}
	}
	if p.TitleFrom > 0 {
		rows := fmt.Sprintf("%s!$%d:$%d", quote(s.Name), p.TitleFrom, p.TitleTo)
		if err := m.local(s.Name, "_xlnm.Print_Titles", rows); err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) local(sheet, name, refersTo string) error {
	if err := m.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: refersTo, Scope: sheet}); err != nil {
		return fmt.Errorf("name %s: %w", name, err)
	}
	return nil
}

func (m *maker) rules(s *Sheet) error {
	for _, r := range s.Rules {
		formats, err := m.cases(r)
		if err != nil {
			return err
		}
		if err := m.file.SetConditionalFormat(s.Name, r.Range, formats); err != nil {
			return fmt.Errorf("formatting %s: %w", r.Range, err)
		}
	}
	for _, b := range s.Bars {
		// Solid bars ignore the limits given here: the post-processor writes them into the 2010 extension.
		if err := m.file.SetConditionalFormat(s.Name, b.Range, []excelize.ConditionalFormatOptions{{
			Type: "data_bar", Criteria: "=", MinType: "num", MaxType: "num", MinValue: number(b.Min), MaxValue: number(b.Max), BarColor: "#" + b.Color, BarSolid: true,
		}}); err != nil {
			return fmt.Errorf("drawing bars in %s: %w", b.Range, err)
		}
	}
	for _, ref := range s.Ignored {
		if err := m.file.AddIgnoredErrors(s.Name, ref, excelize.IgnoredErrorsNumberStoredAsText); err != nil {
			return fmt.Errorf("ignoring numbers kept as text in %s: %w", ref, err)
		}
	}
	return nil
}

func (m *maker) cases(r Rule) ([]excelize.ConditionalFormatOptions, error) {
	if r.Scale != nil {
		return []excelize.ConditionalFormatOptions{{
			Type: "3_color_scale", Criteria: "=", MinType: "num", MidType: "num", MaxType: "num",
			MinValue: number(r.Scale.Min), MidValue: number(r.Scale.Mid), MaxValue: number(r.Scale.Max),
			MinColor: "#" + r.Scale.MinColor, MidColor: "#" + r.Scale.MidColor, MaxColor: "#" + r.Scale.MaxColor,
		}}, nil
	}
	var formats []excelize.ConditionalFormatOptions
	for _, c := range r.Cases {
		id, err := m.file.NewConditionalStyle(&excelize.Style{
			Font: &excelize.Font{Color: c.Style.Color, Bold: c.Style.Bold},
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c.Style.Fill}},
		})
		if err != nil {
			return nil, fmt.Errorf("formatting %s: %w", r.Range, err)
		}
		formats = append(formats, excelize.ConditionalFormatOptions{Type: "formula", Criteria: c.Formula, Format: &id})
	}
	return formats, nil
}

func (m *maker) images(s *Sheet) error {
	for _, picture := range s.Images {
		size, _, err := image.DecodeConfig(bytes.NewReader(picture.Data))
		if err != nil {
			return fmt.Errorf("reading the picture for %s: %w", picture.Cell, err)
		}
		scale := min(float64(picture.Width)/float64(max(size.Width, 1)), float64(picture.Height)/float64(max(size.Height, 1)))
		if err := m.file.AddPictureFromBytes(s.Name, picture.Cell, &excelize.Picture{
			Extension: picture.Extension, File: picture.Data,
			Format: &excelize.GraphicOptions{AltText: picture.Alt, ScaleX: scale, ScaleY: scale, LockAspectRatio: true, Positioning: "oneCell"},
		}); err != nil {
			return fmt.Errorf("placing the picture in %s: %w", picture.Cell, err)
		}
	}
	return nil
}

func (m *maker) protect(s *Sheet) error {
	if !s.Locked {
		return nil
	}
	if err := m.file.ProtectSheet(s.Name, &excelize.SheetProtectionOptions{
		SelectLockedCells: true, SelectUnlockedCells: true, FormatCells: true, FormatColumns: true, FormatRows: true,
	}); err != nil {
		return fmt.Errorf("protecting: %w", err)
	}
	return nil
}

func (m *maker) properties() error {
	p := m.book.Properties
	created := p.Created
	if created == "" {
		created = "2000-01-01T00:00:00Z"
	}
	if err := m.file.SetDocProps(&excelize.DocProperties{
		Title: p.Title, Subject: p.Subject, Creator: p.Creator, LastModifiedBy: p.Creator, Keywords: p.Keywords, Category: p.Category,
		Description: p.Description, Language: p.Language, Created: created, Modified: created,
	}); err != nil {
		return fmt.Errorf("setting document properties: %w", err)
	}
	for _, c := range p.Custom {
		if err := m.file.SetCustomProps(excelize.CustomProperty{Name: c[0], Value: c[1]}); err != nil {
			return fmt.Errorf("setting document property %s: %w", c[0], err)
		}
	}
	full := true
	if err := m.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &full}); err != nil {
		return fmt.Errorf("setting recalculation: %w", err)
	}
	if m.file.Theme != nil {
		fonts := &m.file.Theme.ThemeElements.FontScheme
		fonts.MajorFont.Latin.Typeface = m.font
		fonts.MinorFont.Latin.Typeface = m.font
	}
	m.file.SetActiveSheet(0)
	return nil
}
