package workbook

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// Style is how a cell looks. It is comparable, so that equal styles become one style in the file.
type Style struct {
	Size      float64 // points; 0: 12
	Bold      bool
	Italic    bool
	Color     string // RGB of the text; empty: black
	Fill      string // RGB; empty: none
	Format    string // number format; empty: General
	Align     Align
	Wrap      bool
	Top       bool // vertical alignment; default: centre
	Indent    int
	Border    bool
	Rule      bool // a line under the cell: NĐ 30's rule below the letterhead
	Unlock    bool // may be edited on a locked sheet
	Underline bool
}

// Align is the horizontal alignment.
type Align uint8

// The alignments. Across centres a text over the following empty cells, which replaces merging.
const (
	General Align = iota
	Left
	Right
	Center
	Across
)

const defaultSize = 12

// register makes the Book's styles in the file; their order is their number there.
func (m *maker) register() error {
	m.post.styles = make([]int, max(len(m.book.styles), 1))
	for i, style := range m.book.styles {
		id, err := m.file.NewStyle(excelStyle(m.font, style))
		if err != nil {
			return fmt.Errorf("making a style: %w", err)
		}
		m.post.styles[i] = id
	}
	return nil
}

func excelStyle(font string, st Style) *excelize.Style {
	x := &excelize.Style{Font: &excelize.Font{Family: font, Size: st.Size, Bold: st.Bold, Italic: st.Italic, Color: st.Color}}
	if st.Size == 0 {
		x.Font.Size = defaultSize
	}
	if st.Color == "" {
		x.Font.Color = "000000"
	}
	if st.Underline {
		x.Font.Underline = "single"
	}
	if st.Fill != "" {
		x.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{st.Fill}}
	}
	if st.Format != "" {
		format := st.Format
		x.CustomNumFmt = &format
	}
	x.Alignment = &excelize.Alignment{Vertical: "center", WrapText: st.Wrap, Indent: st.Indent}
	if st.Top {
		x.Alignment.Vertical = "top"
	}
	switch st.Align {
	case Left:
		x.Alignment.Horizontal = "left"
	case Right:
		x.Alignment.Horizontal = "right"
	case Center:
		x.Alignment.Horizontal = "center"
	case Across:
		x.Alignment.Horizontal = "centerContinuous"
	case General:
		if st.Indent > 0 {
			x.Alignment.Horizontal = "left"
		}
	}
	if st.Border {
		for _, side := range []string{"left", "right", "top", "bottom"} {
			x.Border = append(x.Border, excelize.Border{Type: side, Color: "BFBFBF", Style: 1})
		}
	}
	if st.Rule {
		x.Border = append(x.Border, excelize.Border{Type: "bottom", Color: "000000", Style: 1})
	}
	x.Protection = &excelize.Protection{Locked: !st.Unlock}
	return x
}
