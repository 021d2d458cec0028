package xlsx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
)

// Strings are the shared strings of a workbook. Their bytes stand in blocks, so that a list that grows is never copied and takes no more
// memory than it needs; one of a million respondents' texts is most of what a run holds.
type Strings struct {
	blocks  [][]byte
	offsets []uint32 // where each string begins: block and place in it; one more than there are strings
	size    int64    // bytes of all strings
	expect  int      // bytes that the first block may need at most; if that is wrong, there are more blocks
	scratch []byte
	runs    []fontRun
}

// A block has a MiB, or more where a single string has.
const (
	blockBits = 20
	blockSize = 1 << blockBits
)

// fontRun is a piece of rich text: string, end of the piece within it, font name.
type fontRun struct {
	str, end int32
	font     string
}

// Len is the number of strings.
func (s *Strings) Len() int { return len(s.offsets) - 1 }

// At is the text of one string; it must not be changed and stays valid as long as it is kept.
func (s *Strings) At(i int) []byte {
	from, to := s.offsets[i], s.offsets[i+1]
	block, at := s.blocks[from>>blockBits], from&(blockSize-1)
	if from>>blockBits != to>>blockBits {
		return block[at:len(block):len(block)] // the last of its block
	}
	to &= blockSize - 1
	return block[at:to:to]
}

// add appends a string; false where there is no room for it.
func (s *Strings) add(text []byte) bool {
	last := len(s.blocks) - 1
	if last < 0 || len(s.blocks[last])+len(text) >= cap(s.blocks[last]) {
		last = len(s.blocks)
		if last+len(text)>>blockBits >= math.MaxUint32>>blockBits {
			return false
		}
		size := blockSize
		if last == 0 {
			size = min(size, s.expect)
		}
		s.blocks = append(s.blocks, make([]byte, 0, max(size, len(text)+1)))
		for range len(text) >> blockBits {
			s.blocks = append(s.blocks, nil) // a longer block has the numbers of several
		}
		s.offsets[len(s.offsets)-1] = uint32(last) << blockBits
	}
	s.blocks[last] = append(s.blocks[last], text...)
	s.offsets = append(s.offsets, uint32(last)<<blockBits+uint32(len(s.blocks[last])))
	s.size += int64(len(text))
	return true
}

// Run is a piece of rich text in one font.
type Run struct {
	Start, End int // bytes of the string
	Font       string
}

// Runs are the pieces of a rich text that name a font of their own; nil where the text is plain, and the cell's font counts.
func (s *Strings) Runs(i int) []Run {
	from := sort.Search(len(s.runs), func(k int) bool { return int(s.runs[k].str) >= i })
	var list []Run
	start := 0
	for _, r := range s.runs[from:] {
		if int(r.str) != i {
			break
		}
		list = append(list, Run{Start: start, End: int(r.end), Font: r.font})
		start = int(r.end)
	}
	return list
}

// SharedStrings reads the shared strings, once; a workbook without any has an empty list.
func (w *Workbook) SharedStrings(ctx context.Context) (*Strings, error) {
	w.sharing.Lock()
	defer w.sharing.Unlock()
	if w.shared == nil {
		s, err := w.readStrings(ctx)
		if err != nil {
			return nil, locate(err, w.name, "")
		}
		w.shared = s
	}
	return w.shared, nil
}

// readStrings ignores the counts that the part states: they lie, and a reader that allocates by them can be killed.
func (w *Workbook) readStrings(ctx context.Context) (*Strings, error) {
	s := &Strings{offsets: []uint32{0}}
	if w.sstPart == "" || w.archive == nil {
		return s, nil
	}
	f, err := w.archive.find(w.sstPart)
	if f == nil || err != nil {
		return s, err
	}
	s.expect = int(min(f.UncompressedSize64, blockSize))
	x, err := w.stream(ctx, w.sstPart)
	if err != nil {
		return nil, err
	}
	defer x.close()
	root, err := x.root()
	if err != nil {
		return nil, err
	}
	known := &knownTexts{}
	for !root.empty {
		if stop := s.fastStrings(x, known, w.limits); stop == stopMore {
			if err := x.more(); err == nil {
				continue
			} else if !errors.Is(err, io.EOF) {
				return nil, err
			}
		}
		child, ok, err := x.child()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		t := &child
		// sstItem is what the beta of Excel 2007 wrote.
		switch string(t.name) {
		case "si", "sstItem":
			err = s.read(x, t, w.limits)
		case "extLst":
			err = x.skip(t)
		default:
			// Whatever it is, passing over it might shift the numbers of the strings behind it.
			err = damaged(x.part, "", fmt.Sprintf("the shared strings hold <%s>, which is not a string", clip(t.name)))
		}
		if err != nil {
			return nil, err
		}
	}
	return s, x.finish("the shared strings")
}

// read reads one string.
func (s *Strings) read(x *window, t *token, l Limits) error {
	if len(s.offsets) > l.Strings {
		return limited(x.part, "", fmt.Sprintf("there are more than %d shared strings", l.Strings))
	}
	var rich richText
	text, err := x.richText(t, s.scratch[:0], &rich)
	if err != nil {
		return err
	}
	s.scratch = text
	if len(text) > l.StringBytes {
		return limited(x.part, "", "a shared string is longer than "+byteCount(int64(l.StringBytes)))
	}
	if s.size+int64(len(text)) > l.SharedBytes || !s.add(text) {
		return limited(x.part, "", "the shared strings are larger than "+byteCount(l.SharedBytes))
	}
	if rich.fonts {
		for _, r := range rich.from(0) {
			s.runs = append(s.runs, fontRun{str: int32(s.Len() - 1), end: int32(r.End), font: r.Font})
		}
	}
	return nil
}

// richText collects the runs of one text.
type richText struct {
	runs  []Run // Start is not kept, End counts from the start of the buffer
	fonts bool  // some run names a font
}

// from are the runs of a text that begins at start in the buffer.
func (t *richText) from(start int) []Run {
	at := 0
	for i := range t.runs {
		t.runs[i].Start, t.runs[i].End = at, t.runs[i].End-start
		at = t.runs[i].End
	}
	return t.runs
}

// richText appends the text of an si or is element: its t and the t of its runs r, never those of phonetic runs.
func (w *window) richText(parent *token, dst []byte, rich *richText) ([]byte, error) {
	for open := !parent.empty; open; {
		t, ok, err := w.child()
		if !ok {
			return dst, err
		}
		switch string(t.name) {
		case "t":
			dst, err = w.appendContent(&t, dst)
		case "r":
			dst, err = w.appendRun(&t, dst, rich)
		default:
			err = w.skip(&t)
		}
		if err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// appendRun appends the text of a run and notes its font.
func (w *window) appendRun(parent *token, dst []byte, rich *richText) ([]byte, error) {
	font := ""
	for open := !parent.empty; open; {
		t, ok, err := w.child()
		if err != nil {
			return dst, err
		}
		if !ok {
			break
		}
		switch string(t.name) {
		case "t":
			dst, err = w.appendContent(&t, dst)
		case "rPr":
			err = w.children(&t, func(t *token) (bool, error) {
				if string(t.name) == "rFont" {
					font = attrString(t.attrs, "val")
				}
				return false, nil
			})
		default:
			err = w.skip(&t)
		}
		if err != nil {
			return dst, err
		}
	}
	rich.fonts = rich.fonts || font != ""
	rich.runs = append(rich.runs, Run{End: len(dst), Font: font})
	return dst, nil
}

// appendContent appends the decoded text of an element that holds text, and passes its end tag.
func (w *window) appendContent(parent *token, dst []byte) ([]byte, error) {
	if parent.empty {
		return dst, nil
	}
	var keep [8]byte // the name moves with the window
	name := append(keep[:0], parent.name...)
	start := len(dst)
	for {
		t, err := w.token()
		if err != nil {
			return dst, err
		}
		switch t.kind {
		case tokText:
			if t.cdata {
				dst = append(dst, t.text...)
			} else if dst, err = appendText(dst, t.text); err != nil {
				return dst, damaged(w.part, "", "the XML is broken: "+err.Error())
			}
		case tokEnd:
			if string(t.name) != string(name) {
				return dst, damaged(w.part, "", fmt.Sprintf("the XML is broken: </%s> where </%s> is due", clip(t.name), string(name)))
			}
			return dst[:start+len(unescape(dst[start:]))], nil
		case tokStart:
			return dst, damaged(w.part, "", fmt.Sprintf("the XML is broken: <%s> inside <%s>", clip(t.name), string(name)))
		default:
			return dst, damaged(w.part, "", "the XML ends before its last end tag")
		}
	}
}
