package samples

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Encoding is how Vietnamese letters are written.
type Encoding string

// The encodings that Vietnamese office files are met in. The legacy ones put their bytes at U+0000–U+00FF, as Excel does when a file
// typed in such a font is saved as xlsx; the font alone says what the letters are.
const (
	Unicode Encoding = ""
	NFD     Encoding = "nfd"
	TCVN3   Encoding = "tcvn3"
	VNI     Encoding = "vni"
)

// The two legacy tables, letter and bytes. TCVN3 has no capitals with a tone: its capital fonts (.VnTimeH) draw small letters as capitals.
const (
	tcvn3Table = `
	à B5, á B8, ả B6, ã B7, ạ B9, ă A8, ằ BB, ắ BE, ẳ BC, ẵ BD, ặ C6, â A9
	ầ C7, ấ CA, ẩ C8, ẫ C9, ậ CB, è CC, é D0, ẻ CE, ẽ CF, ẹ D1, ê AA, ề D2
	ế D5, ể D3, ễ D4, ệ D6, ì D7, í DD, ỉ D8, ĩ DC, ị DE, ò DF, ó E3, ỏ E1
	õ E2, ọ E4, ô AB, ồ E5, ố E8, ổ E6, ỗ E7, ộ E9, ơ AC, ờ EA, ớ ED, ở EB
	ỡ EC, ợ EE, ù EF, ú F3, ủ F1, ũ F2, ụ F4, ư AD, ừ F5, ứ F8, ử F6, ữ F7
	ự F9, ỳ FA, ý FD, ỷ FB, ỹ FC, ỵ FE, đ AE, Ă A1, Â A2, Ê A3, Ô A4, Ơ A5
	Ư A6, Đ A7`
	vniTable = `
	à 61F8, á 61F9, ả 61FB, ã 61F5, ạ 61EF, ă 61EA, ằ 61E8, ắ 61E9, ẳ 61FA, ẵ 61FC, ặ 61EB, â 61E2
	ầ 61E0, ấ 61E1, ẩ 61E5, ẫ 61E3, ậ 61E4, è 65F8, é 65F9, ẻ 65FB, ẽ 65F5, ẹ 65EF, ê 65E2, ề 65E0
	ế 65E1, ể 65E5, ễ 65E3, ệ 65E4, ì EC, í ED, ỉ E6, ĩ F3, ị F2, ò 6FF8, ó 6FF9, ỏ 6FFB
	õ 6FF5, ọ 6FEF, ô 6FE2, ồ 6FE0, ố 6FE1, ổ 6FE5, ỗ 6FE3, ộ 6FE4, ơ F4, ờ F4F8, ớ F4F9, ở F4FB
	ỡ F4F5, ợ F4EF, ù 75F8, ú 75F9, ủ 75FB, ũ 75F5, ụ 75EF, ư F6, ừ F6F8, ứ F6F9, ử F6FB, ữ F6F5
	ự F6EF, ỳ 79F8, ý 79F9, ỷ 79FB, ỹ 79F5, ỵ EE, đ F1, À 41D8, Á 41D9, Ả 41DB, Ã 41D5, Ạ 41CF
	Ă 41CA, Ằ 41C8, Ắ 41C9, Ẳ 41DA, Ẵ 41DC, Ặ 41CB, Â 41C2, Ầ 41C0, Ấ 41C1, Ẩ 41C5, Ẫ 41C3, Ậ 41C4
	È 45D8, É 45D9, Ẻ 45DB, Ẽ 45D5, Ẹ 45CF, Ê 45C2, Ề 45C0, Ế 45C1, Ể 45C5, Ễ 45C3, Ệ 45C4, Ì CC
	Í CD, Ỉ C6, Ĩ D3, Ị D2, Ò 4FD8, Ó 4FD9, Ỏ 4FDB, Õ 4FD5, Ọ 4FCF, Ô 4FC2, Ồ 4FC0, Ố 4FC1
	Ổ 4FC5, Ỗ 4FC3, Ộ 4FC4, Ơ D4, Ờ D4D8, Ớ D4D9, Ở D4DB, Ỡ D4D5, Ợ D4CF, Ù 55D8, Ú 55D9, Ủ 55DB
	Ũ 55D5, Ụ 55CF, Ư D6, Ừ D6D8, Ứ D6D9, Ử D6DB, Ữ D6D5, Ự D6CF, Ỳ 59D8, Ý 59D9, Ỷ 59DB, Ỹ 59D5
	Ỵ CE, Đ D1`
)

// An encoder writes text in one encoding. Small letters in it stand for capitals where the cell's font is a capital one.
type encoder struct {
	enc     Encoding
	letters map[rune]string
	done    map[string]string // texts that were encoded before: a sheet repeats a few labels in millions of cells
}

// mostDone bounds the texts that an encoder remembers.
const mostDone = 1 << 12

func newEncoder(enc Encoding) encoder {
	e := encoder{enc: enc, done: map[string]string{}}
	table := map[Encoding]string{TCVN3: tcvn3Table, VNI: vniTable}[enc]
	if table == "" {
		return e
	}
	e.letters = map[rune]string{}
	fields := strings.Fields(strings.ReplaceAll(table, ",", " "))
	for f := 0; f+1 < len(fields); f += 2 {
		letter, hex := fields[f], fields[f+1]
		var b strings.Builder
		for i := 0; i+2 <= len(hex); i += 2 {
			v, err := strconv.ParseUint(hex[i:i+2], 16, 8)
			if err != nil {
				continue
			}
			b.WriteRune(rune(v))
		}
		e.letters[[]rune(letter)[0]] = b.String()
	}
	return e
}

// text encodes s for a cell in the ordinary font. A capital that TCVN3 does not have becomes small, as a typist would leave it.
func (e encoder) text(s string) string {
	if e.enc == Unicode {
		return s
	}
	coded, ok := e.done[s]
	if !ok {
		coded = e.encode(s)
		if len(e.done) < mostDone {
			e.done[s] = coded
		}
	}
	return coded
}

func (e encoder) encode(s string) string {
	if e.enc == NFD {
		return norm.NFD.String(s)
	}
	var b strings.Builder
	for _, r := range s {
		if r == '–' {
			r = '-' // the legacy fonts have no dash, and one letter beyond U+00FF marks a cell as Unicode
		}
		if c, ok := e.letters[r]; ok {
			b.WriteString(c)
		} else if c, ok := e.letters[unicode.ToLower(r)]; ok {
			b.WriteString(c)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// capitals encodes s for a cell in the capital font.
func (e encoder) capitals(s string) string {
	if e.enc == TCVN3 {
		return e.text(strings.ToLower(s))
	}
	return e.text(s)
}

// fonts returns the names of the ordinary and the capital font.
func (e encoder) fonts() (text, capitals string) {
	switch e.enc {
	case TCVN3:
		return ".VnTime", ".VnTimeH"
	case VNI:
		return "VNI-Times", "VNI-Times"
	default:
		return "Times New Roman", "Times New Roman"
	}
}
