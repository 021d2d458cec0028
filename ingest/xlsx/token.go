package xlsx

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"hailong/ingest/wording"
)

// The kinds of token. Comments and processing instructions are passed over.
const (
	tokStart = iota + 1
	tokEnd
	tokText
	tokEOF
)

// token is one piece of XML. Its bytes lie in the window and move with the next refill.
type token struct {
	kind  int
	name  []byte // local name of an element
	attrs []byte // the attributes of a start tag, unparsed
	text  []byte // of tokText, unparsed, or the inside of a CDATA section
	cdata bool
	empty bool // <name/>: no end tag follows
}

// errMore says that the window ends inside a token: get more and scan the token again from its start.
var errMore = errors.New("more")

// space is XML's white space.
func space(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// lex reads one token at b[p:n] and returns where the next one starts. It knows just the XML that SpreadsheetML parts are made
// of; a document type declaration is refused, so there are no entities to expand.
func lex(b []byte, p, n int) (token, int, error) {
	for {
		if p >= n {
			return token{}, p, errMore
		}
		if b[p] != '<' {
			i := bytes.IndexByte(b[p:n], '<')
			if i < 0 {
				return token{}, p, errMore
			}
			return token{kind: tokText, text: b[p : p+i]}, p + i, nil
		}
		switch b[p+1] {
		case '/':
			i := bytes.IndexByte(b[p:n], '>')
			if i < 0 {
				return token{}, p, errMore
			}
			return token{kind: tokEnd, name: local(bytes.TrimRight(b[p+2:p+i], " \t\r\n"))}, p + i + 1, nil
		case '!':
			rest := b[p:n]
			switch {
			case bytes.HasPrefix(rest, []byte("<![CDATA[")):
				i := bytes.Index(rest, []byte("]]>"))
				if i < 0 {
					return token{}, p, errMore
				}
				return token{kind: tokText, text: rest[9:i], cdata: true}, p + i + 3, nil
			case bytes.HasPrefix(rest, []byte("<!--")):
				i := bytes.Index(rest[min(4, len(rest)):], []byte("-->"))
				if i < 0 {
					return token{}, p, errMore
				}
				p += 4 + i + 3
			case len(rest) < 9:
				return token{}, p, errMore
			default:
				return token{}, p, wording.Errorf("a document type declaration, which a workbook never has and which may hide a bomb, is refused")
			}
		case '?':
			i := bytes.Index(b[p:n], []byte("?>"))
			if i < 0 {
				return token{}, p, errMore
			}
			if err := checkEncoding(b[p : p+i]); err != nil {
				return token{}, p, err
			}
			p += i + 2
		default:
			return lexStart(b, p, n)
		}
	}
}

// lexStart reads a start tag; the search for its end must not be misled by a > inside an attribute.
func lexStart(b []byte, p, n int) (token, int, error) {
	i := p + 1
	for i < n && !space(b[i]) && b[i] != '>' && b[i] != '/' && b[i] != '<' {
		i++
	}
	name := b[p+1 : i]
	from := i
	for i < n {
		switch b[i] {
		case '"', '\'':
			j := bytes.IndexByte(b[i+1:n], b[i])
			if j < 0 {
				return token{}, p, errMore
			}
			i += j + 1
		case '>':
			t := token{kind: tokStart, name: local(name), attrs: b[from:i]}
			if len(t.name) == 0 {
				return token{}, p, wording.Errorf("a tag without a name")
			}
			if k := len(t.attrs); k > 0 && t.attrs[k-1] == '/' {
				t.attrs, t.empty = t.attrs[:k-1], true
			}
			return t, i + 1, nil
		case '<':
			return token{}, p, wording.Errorf("the tag <%s is not closed", clip(name))
		}
		i++
	}
	return token{}, p, errMore
}

// checkEncoding refuses an XML declaration that names an encoding other than those a part may have.
func checkEncoding(pi []byte) error {
	if !bytes.HasPrefix(pi, []byte("<?xml ")) {
		return nil
	}
	v, ok := attr(pi[5:], "encoding")
	if !ok {
		return nil
	}
	switch string(bytes.ToLower(v)) {
	case "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be":
		return nil
	}
	return wording.Errorf("encoding %q is not one that a workbook may have", clip(v))
}

// local is a name without its namespace prefix.
func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// clip shortens foreign bytes for a message.
func clip(b []byte) string {
	if len(b) > 40 {
		return string(bytes.ToValidUTF8(b[:40], []byte("?"))) + "…"
	}
	return string(bytes.ToValidUTF8(b, []byte("?")))
}

// nextAttr reads one attribute and what is left behind it.
func nextAttr(attrs []byte) (name, value, rest []byte, ok bool) {
	i := 0
	for i < len(attrs) && space(attrs[i]) {
		i++
	}
	from := i
	for i < len(attrs) && attrs[i] != '=' && !space(attrs[i]) {
		i++
	}
	name = attrs[from:i]
	for i < len(attrs) && (space(attrs[i]) || attrs[i] == '=') {
		i++
	}
	if i >= len(attrs) || attrs[i] != '"' && attrs[i] != '\'' {
		return nil, nil, nil, false
	}
	j := bytes.IndexByte(attrs[i+1:], attrs[i])
	if j < 0 {
		return nil, nil, nil, false
	}
	return name, attrs[i+1 : i+1+j], attrs[i+j+2:], true
}

// attr is the raw value of the attribute of exactly this name, so that x14ac:r is never taken for r.
func attr(attrs []byte, name string) ([]byte, bool) {
	for {
		k, v, rest, ok := nextAttr(attrs)
		if !ok {
			return nil, false
		}
		if string(k) == name {
			return v, true
		}
		attrs = rest
	}
}

// attrPrefixed is the value of the attribute of this local name that has some prefix, as in r:id beside sheetId or id.
func attrPrefixed(attrs []byte, name string) ([]byte, bool) {
	for {
		k, v, rest, ok := nextAttr(attrs)
		if !ok {
			return nil, false
		}
		if l := local(k); len(l) < len(k) && string(l) == name {
			return v, true
		}
		attrs = rest
	}
}

// attrString is the decoded value of an attribute.
func attrString(attrs []byte, name string) string {
	v, _ := attr(attrs, name)
	s, err := appendText(nil, v)
	if err != nil {
		return string(v)
	}
	return string(s)
}

// truth reads an xsd:boolean.
func truth(v []byte) bool {
	return string(v) == "1" || string(v) == "true" || string(v) == "on"
}

// appendText appends raw XML text with its entities decoded. Line ends stay as they are stored: XML would have CR LF become LF,
// but other readers of workbooks keep both, and what a text is cleaned of is a later, logged step.
func appendText(dst, raw []byte) ([]byte, error) {
	for {
		i := bytes.IndexByte(raw, '&')
		if i < 0 {
			return append(dst, raw...), nil
		}
		dst = append(dst, raw[:i]...)
		raw = raw[i:]
		end := bytes.IndexByte(raw[:min(len(raw), 16)], ';')
		if end < 0 {
			return dst, wording.Errorf("an & that begins no entity (%q)", clip(raw[:min(len(raw), 16)]))
		}
		var ok bool
		if dst, ok = appendEntity(dst, raw[1:end]); !ok {
			return dst, wording.Errorf("unknown entity %q", clip(raw[:end+1]))
		}
		raw = raw[end+1:]
	}
}

func appendEntity(dst, name []byte) ([]byte, bool) {
	switch string(name) {
	case "amp":
		return append(dst, '&'), true
	case "lt":
		return append(dst, '<'), true
	case "gt":
		return append(dst, '>'), true
	case "quot":
		return append(dst, '"'), true
	case "apos":
		return append(dst, '\''), true
	}
	if len(name) < 2 || name[0] != '#' {
		return dst, false
	}
	digits, base := name[1:], rune(10)
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	if len(digits) == 0 {
		return dst, false
	}
	var r rune
	for _, c := range digits {
		d, ok := hexDigit(c)
		if !ok || d >= base {
			return dst, false
		}
		if r = r*base + d; r > utf8.MaxRune {
			return dst, false
		}
	}
	return utf8.AppendRune(dst, r), true
}

func hexDigit(c byte) (rune, bool) {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0'), true
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10, true
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}

// unescape decodes _xHHHH_ in place, the way SpreadsheetML writes characters that XML cannot hold; pairs of surrogates become
// one character, and _x005F_ is how a literal underscore before such a pattern is written.
func unescape(b []byte) []byte {
	i := bytes.Index(b, []byte("_x"))
	if i < 0 {
		return b
	}
	out := b[:i]
	for i < len(b) {
		r, ok := escaped(b[i:])
		if !ok {
			out = append(out, b[i])
			i++
			continue
		}
		i += 7
		if r >= 0xD800 && r < 0xDC00 {
			if lo, ok := escaped(b[i:]); ok && lo >= 0xDC00 && lo < 0xE000 {
				r = 0x10000 + (r-0xD800)<<10 + (lo - 0xDC00)
				i += 7
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// escaped reads one _xHHHH_ at the start of b.
func escaped(b []byte) (rune, bool) {
	if len(b) < 7 || b[0] != '_' || b[1] != 'x' || b[6] != '_' {
		return 0, false
	}
	var r rune
	for _, c := range b[2:6] {
		d, ok := hexDigit(c)
		if !ok {
			return 0, false
		}
		r = r<<4 | d
	}
	return r, true
}

// token pulls the next token, refilling the window as needed.
func (w *window) token() (token, error) {
	for {
		t, next, err := lex(w.b, w.p, w.n)
		if err == nil {
			w.p = next
			return t, nil
		}
		if !errors.Is(err, errMore) {
			return t, damaged(w.part, "", "the XML is broken: "+err.Error())
		}
		if err = w.more(); errors.Is(err, io.EOF) {
			for w.p < w.n && (space(w.b[w.p]) || w.b[w.p] == 0) {
				w.p++
			}
			if w.p == w.n {
				return token{kind: tokEOF}, nil
			}
			return t, damaged(w.part, "", "the XML ends in the middle of a tag or a text")
		}
		if err != nil {
			return t, err
		}
	}
}

// child pulls the next start tag, passing over text; ok is false at an end tag, and the end of the part is an error.
func (w *window) child() (t token, ok bool, err error) {
	for {
		if err := w.skipSpace(); err != nil {
			return t, false, err
		}
		if t, err = w.token(); err != nil {
			return t, false, err
		}
		switch t.kind {
		case tokStart:
			return t, true, nil
		case tokEnd:
			return t, false, nil
		case tokEOF:
			return t, false, damaged(w.part, "", "the XML ends before its last end tag")
		}
	}
}

// skip passes over the rest of the element whose start tag was t.
func (w *window) skip(t *token) error {
	if t.empty {
		return nil
	}
	for depth := 1; depth > 0; {
		t, err := w.token()
		if err != nil {
			return err
		}
		switch {
		case t.kind == tokStart && !t.empty:
			depth++
		case t.kind == tokEnd:
			depth--
		case t.kind == tokEOF:
			return damaged(w.part, "", "the XML ends before its last end tag")
		}
	}
	return nil
}

// transparent says whether an element only wraps others: mc:AlternateContent and its Fallback. A Choice needs an extension that
// is not known here, so it is passed over.
func transparent(t *token) bool {
	return string(t.name) == "AlternateContent" || string(t.name) == "Fallback"
}

// children calls f for each child of an element; f consumes the child and returns true, or leaves it to be passed over.
func (w *window) children(parent *token, f func(t *token) (used bool, err error)) error {
	if parent.empty {
		return nil
	}
	// Wrappers are counted, not recursed into: a file may nest them without end.
	for wrappers := 0; ; {
		child, ok, err := w.child()
		if err != nil {
			return err
		}
		t := &child
		switch {
		case !ok && wrappers == 0:
			return nil
		case !ok:
			wrappers--
			continue
		case transparent(t):
			if !t.empty {
				wrappers++
			}
			continue
		}
		used, err := f(t)
		if err != nil {
			return err
		}
		if !used {
			if err := w.skip(t); err != nil {
				return err
			}
		}
	}
}

// root pulls the first start tag.
func (w *window) root() (*token, error) {
	t, err := w.token()
	for err == nil && t.kind == tokText {
		t, err = w.token()
	}
	if err != nil {
		return nil, err
	}
	if t.kind != tokStart {
		return nil, damaged(w.part, "", "the part holds no XML")
	}
	return &t, nil
}
