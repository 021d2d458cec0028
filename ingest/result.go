package ingest

import (
	"strings"

	"hailong/ingest/xlsx"
)

// IsResult reports whether a file is a summary workbook that hailong wrote: its tables are no survey forms, and a folder holds them beside the
// forms after the first run. A file that cannot be read is none.
func IsResult(path string) bool {
	if !strings.HasSuffix(strings.ToLower(path), ".xlsx") {
		return false
	}
	book, err := xlsx.Open(path, xlsx.Options{})
	if err != nil {
		return false
	}
	defer book.Close()
	return wrote(book)
}

// wrote reports whether hailong is a workbook's author, which Excel keeps when it saves. Its samples are survey forms with an author of their own.
func wrote(book *xlsx.Workbook) bool {
	author := book.Creator()
	return author == "hailong" || strings.HasPrefix(author, "hailong ") && author != "hailong samples"
}
