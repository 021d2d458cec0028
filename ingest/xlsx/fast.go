package xlsx

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"unicode/utf8"
)

// Nearly all cells of nearly all files have one of a few shapes, written without a byte of liberty. These are read here, with one
// look at each byte; whatever is different in any way is left to readCell, which reads every shape there is. The pad of zero
// bytes behind the window lets this code look ahead freely: a zero matches nothing.

// What stopped the fast reader.
const (
	stopOther = iota // something that it does not know
	stopMore         // perhaps only the end of the window
	stopRow          // the end of the row, which it has passed
)

// lookAhead is more than the longest piece that is compared at once.
const lookAhead = 40

// closeV and friends are what follows a value, as one word.
const (
	closeV = 0x3e632f3c3e762f3c // </v></c>
	openIs = 0x003e743c3e73693c // <is><t>, of eight bytes the first seven
)

func word(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }

// digits are the number of a row as text, to be compared as one word: the last row's number has seven digits.
type digits struct {
	n          int
	text, mask uint64
}

func newDigits(row int) digits {
	var text [20]byte
	n := len(strconv.AppendInt(text[:0], int64(row), 10))
	return digits{n, word(text[:], 0), 1<<(8*n) - 1}
}

// fastCells reads cells from the window until something stops it.
func (r *Rows) fastCells() (int, error) {
	x := r.x
	b, p, n := x.b, x.p, x.n
	cells := r.cells
	last, top := r.lastCol, r.topCol
	digits := r.digits
	done := len(cells)
	var q int
	var err error
	stop := stopOther
scan:
	for {
		for space(b[p]) {
			p++
		}
		q = p
		if b[q] != '<' || b[q+1] != 'c' {
			if b[q] == '<' && string(b[q:q+6]) == "</row>" {
				p += 6
				stop = stopRow
			}
			break
		}
		q += 2
		col, typ, style := last+1, typeNumber, int32(0)
		for b[q] == ' ' {
			q++
			if b[q+1] != '=' || b[q+2] != '"' {
				break scan
			}
			switch b[q] {
			case 'r':
				q += 3
				from := q
				col = 0
				for c := b[q] - 'A'; c <= 25; c = b[q] - 'A' {
					col = col*26 + int(c) + 1
					q++
				}
				col--
				if col >= MaxCols || q-from > 3 || q == from || word(b, q)&digits.mask != digits.text {
					break scan
				}
				q += digits.n
			case 's':
				q += 3
				from := q
				for d := b[q] - '0'; d <= 9; d = b[q] - '0' {
					style = style*10 + int32(d)
					q++
				}
				if q-from > 7 {
					break scan
				}
			case 't':
				q += 3
				switch b[q] {
				case 's':
					if b[q+1] == '"' {
						typ = typeShared
						q++
					} else if b[q+1] == 't' && b[q+2] == 'r' {
						typ = typeString
						q += 3
					}
				case 'n':
					q++
				case 'b':
					typ = typeBool
					q++
				case 'i':
					if string(b[q:q+9]) != "inlineStr" {
						break scan
					}
					typ = typeInline
					q += 9
				}
			default:
				break scan
			}
			if b[q] != '"' {
				break scan
			}
			q++
		}
		if b[q] == '/' && b[q+1] == '>' {
			p = q + 2
			last = col
			continue
		}
		if b[q] != '>' || col <= top || col >= MaxCols {
			break
		}
		q++
		k := len(cells)
		if k == cap(cells) {
			cells = append(cells, Cell{})
		}
		cells = cells[:k+1]
		c := &cells[k]
		*c = Cell{Col: col, Style: style, SST: -1}
		if typ == typeInline {
			from := q + 7
			if w := word(b, q); w&0x00ffffffffffffff != openIs {
				if string(b[q:q+7]) != "<is><t " || string(b[q+7:q+28]) != `xml:space="preserve">` {
					break
				}
				from = q + 28
			}
			if from > n {
				q = n
				break
			}
			e := bytes.IndexByte(b[from:n], '<')
			if e < 0 {
				q = n
				break
			}
			q = from + e
			if string(b[q:q+13]) != "</t></is></c>" || !r.known.plain(b, from, q) || e > r.w.limits.StringBytes {
				break
			}
			c.Kind, c.Text = String, b[from:q:q]
			q += 13
		} else {
			if b[q] != '<' || b[q+1] != 'v' || b[q+2] != '>' {
				break
			}
			q += 3
			from := q
			switch typ {
			case typeNumber:
				m := uint64(0)
				for d := b[q] - '0'; d <= 9; d = b[q] - '0' {
					m = m*10 + uint64(d)
					q++
				}
				if e := q - from; b[q] == '<' && e <= 15 && e > 0 {
					c.Num = float64(m)
				} else {
					ok := false
					e := bytes.IndexByte(b[q:n], '<')
					if e < 0 {
						q = n
						break scan
					}
					q += e
					if c.Num, ok = parseNumber(b[from:q]); !ok {
						break scan
					}
				}
				c.Kind = Number
				c.Text = b[from:q:q]
			case typeShared:
				i := 0
				for d := b[q] - '0'; d <= 9; d = b[q] - '0' {
					i = i*10 + int(d)
					q++
				}
				if q-from > 9 || q == from {
					break scan
				}
				if r.sst == nil {
					if r.sst, err = r.w.SharedStrings(r.ctx); err != nil {
						break scan
					}
				}
				if i >= len(r.sst.offsets)-1 {
					break scan
				}
				c.Kind, c.SST, c.Text = String, int32(i), r.sst.At(i)
			case typeString:
				e := bytes.IndexByte(b[q:n], '<')
				if e < 0 {
					q = n
					break scan
				}
				q += e
				if !r.known.plain(b, from, q) || e > r.w.limits.StringBytes {
					break scan
				}
				c.Kind, c.Text = String, b[from:q:q]
			case typeBool:
				if b[q] != '0' && b[q] != '1' {
					break scan
				}
				c.Kind, c.Num = Bool, float64(b[q]-'0')
				q++
				c.Text = b[from:q:q]
			}
			if word(b, q) != closeV {
				break
			}
			q += 8
		}
		if q > n {
			break
		}
		p, last, top, done = q, col, col, k+1
	}
	if stop == stopOther && n-q < lookAhead {
		stop = stopMore
	}
	x.p, r.cells, r.lastCol, r.topCol = p, cells[:done], last, top
	return stop, err
}

// knownTexts remembers texts that were found valid: a survey says the same few things over and over.
type knownTexts [256]struct {
	n    uint8
	text [63]byte
}

// plain says whether the text b[from:to] can stay as it stands: valid UTF-8 without entities and escapes. It looks at eight
// bytes at a time; those behind the text are masked out.
func (k *knownTexts) plain(b []byte, from, to int) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	var wide, found uint64
	i := from
	for ; i < to; i += 8 {
		w := word(b, i)
		if rest := to - i; rest < 8 {
			w &= 1<<(8*rest) - 1
		}
		amp, low := w^(ones*'&'), w^(ones*'_')
		found |= ((amp - ones) &^ amp) | ((low - ones) &^ low)
		wide |= w
	}
	text := b[from:to]
	if found&highs != 0 && (bytes.IndexByte(text, '&') >= 0 || bytes.Contains(text, []byte("_x"))) {
		return false
	}
	if wide&highs == 0 {
		return true
	}
	if n := len(text); n <= 63 {
		h := (word(b, from)*0x9e3779b97f4a7c15 ^ word(b, to-8)*0xc2b2ae3d27d4eb4f) >> 56
		e := &k[h]
		if int(e.n) == n && string(e.text[:n]) == string(text) {
			return true
		}
		if !utf8.Valid(text) {
			return false
		}
		e.n = uint8(n)
		copy(e.text[:], text)
		return true
	}
	return utf8.Valid(text)
}

// fastStrings reads shared strings of the plain shape until something stops it.
func (s *Strings) fastStrings(x *window, known *knownTexts, l Limits) int {
	b, p, n := x.b, x.p, x.n
	q := p
	for {
		q = p
		if string(b[q:q+6]) != "<si><t" {
			break
		}
		q += 6
		if string(b[q:q+22]) == ` xml:space="preserve">` {
			q += 22
		} else if b[q] == '>' {
			q++
		} else {
			break
		}
		if q > n {
			break
		}
		k := bytes.IndexByte(b[q:n], '<')
		if k < 0 {
			q = n
			break
		}
		from := q
		q += k
		if string(b[q:q+9]) != "</t></si>" || !known.plain(b, from, q) || k > l.StringBytes || q+9 > n ||
			s.size+int64(k) > l.SharedBytes || len(s.offsets) > l.Strings || !s.add(b[from:from+k]) {
			break
		}
		p = q + 9
	}
	x.p = p
	if n-q < lookAhead {
		return stopMore
	}
	return stopOther
}
