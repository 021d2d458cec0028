package workbook

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

const defaultFont = "Times New Roman"

// Write writes b to w as an .xlsx file.
func Write(w io.Writer, b *Book) error {
	if len(b.Sheets) == 0 {
		return errors.New("writing the workbook: it has no sheets")
	}
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // it only removes temporary files
	m := maker{file: f, book: b, font: cmp.Or(b.Font, defaultFont), post: newPost(b)}
	if err := m.make(); err != nil {
		return err
	}
	f.SetZipWriter(m.post.writer)
	if b.Password == "" {
		m.post.out = w // past excelize, which would hold the whole file in memory once more
		return f.Write(w)
	}
	var plain bytes.Buffer
	if err := f.Write(&plain); err != nil {
		return err
	}
	locked, err := excelize.Encrypt(plain.Bytes(), &excelize.Options{Password: b.Password})
	if err != nil {
		return fmt.Errorf("encrypting the workbook: %w", err)
	}
	_, err = w.Write(locked)
	return err
}

// maker turns a Book into an excelize file, sheet by sheet; it leaves the rows to the post-processor.
type maker struct {
	file *excelize.File
	book *Book
	font string
	post *post
}

func (m *maker) make() error {
	if err := m.file.SetDefaultFont(m.font); err != nil {
		return fmt.Errorf("setting the font: %w", err)
	}
	if err := m.register(); err != nil {
		return err
	}
	for i, s := range m.book.Sheets {
		if i == 0 {
			if err := m.file.SetSheetName("Sheet1", s.Name); err != nil {
				return fmt.Errorf("sheet %q: %w", s.Name, err)
			}
		} else if _, err := m.file.NewSheet(s.Name); err != nil {
			return fmt.Errorf("sheet %q: %w", s.Name, err)
		}
	}
	// One text makes excelize write the part of shared strings, whose content the post-processor replaces.
	if err := m.file.SetCellStr(m.book.Sheets[0].Name, "A1", "A1"); err != nil {
		return fmt.Errorf("sheet %q: %w", m.book.Sheets[0].Name, err)
	}
	for _, s := range m.book.Sheets {
		for _, step := range []func(*Sheet) error{m.widths, m.tables, m.links, m.view, m.print, m.rules, m.images, m.charts, m.protect} {
			if err := step(s); err != nil {
				return fmt.Errorf("sheet %q: %w", s.Name, err)
			}
		}
	}
	for _, n := range m.book.Names {
		ref := Ref{Sheet: n.Sheet, Range: n.Range}
		if err := m.file.SetDefinedName(&excelize.DefinedName{Name: n.Name, RefersTo: ref.String()}); err != nil {
			return fmt.Errorf("name %s: %w", n.Name, err)
		}
	}
	return m.properties()
}
