package ingest

import (
	"strings"

	"hailong/ingest/xlsx"
)

// IsResult reports whether a file is a summary workbook that hailong wrote: its tables are no survey forms, and a folder holds them beside the
// forms after the first run. A file that cannot be read is none.
func IsResult(path string) bool {
	author, err := xlsx.Creator(path)
	return err == nil && wrote(author)
}

// wrote reports whether a workbook's author is hailong, which Excel keeps when it saves. Its samples are survey forms with an author of their own.
func wrote(author string) bool {
	return author == "hailong" || strings.HasPrefix(author, "hailong ") && author != "hailong samples"
}
