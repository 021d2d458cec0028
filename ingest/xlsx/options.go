package xlsx

import "time"

// Options say how to open a workbook. The zero value reads everything with the default limits.
type Options struct {
	Password   string        // for encrypted workbooks
	SkipHidden bool          // leave out hidden rows and the cells of hidden columns (they are counted all the same)
	Limits     Limits        // zero fields mean the defaults
	Converter  string        // path of LibreOffice's soffice; empty means: look for it
	Timeout    time.Duration // for a conversion by LibreOffice; zero means two minutes
}

// Limits stop bombs. They count what is really there, never what the file says of itself.
type Limits struct {
	Entries      int   // entries of the zip package; 16,384
	PartBytes    int64 // inflated bytes of a sheet; 16 GiB, since sheets are streamed and cost time, not memory
	SmallBytes   int64 // inflated bytes of a part that is held whole (workbook, relationships, styles); 32 MiB
	RowBytes     int   // bytes of one row's XML, which is held whole; 64 MiB
	StringBytes  int   // bytes of one cell's text; 1 MiB (Excel itself allows 32,767 characters)
	Strings      int   // shared strings; 32 Mi
	SharedBytes  int64 // bytes of all shared strings; 256 MiB
	Cells        int64 // cells with a value in one sheet; 1 Gi
	Merges       int   // merged ranges in one sheet; 2 Mi
	Items        int   // sheets, relationships, fonts, number formats, cell formats, of each; 1 Mi
	ConvertBytes int64 // bytes of a file that is decrypted or converted in memory; 256 MiB
}

func (l Limits) orDefaults() Limits {
	set := func(p *int, d int) {
		if *p <= 0 {
			*p = d
		}
	}
	set64 := func(p *int64, d int64) {
		if *p <= 0 {
			*p = d
		}
	}
	set(&l.Entries, 16<<10)
	set64(&l.PartBytes, 16<<30)
	set64(&l.SmallBytes, 32<<20)
	set(&l.RowBytes, 64<<20)
	set(&l.StringBytes, 1<<20)
	set(&l.Strings, 32<<20)
	set64(&l.SharedBytes, 256<<20)
	set64(&l.Cells, 1<<30)
	set(&l.Merges, 2<<20)
	set(&l.Items, 1<<20)
	set64(&l.ConvertBytes, 256<<20)
	return l
}
