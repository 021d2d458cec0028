package xlsx

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/klauspost/compress/flate"
	"golang.org/x/text/encoding/unicode"
)

// archive is the zip package of a workbook: which parts there are, and a checked reader of each.
type archive struct {
	exact  map[string]*zip.File
	folded map[string]*zip.File // by lower case: names of parts do not depend on case
	twice  map[string]bool      // names that stand in the package more than once
	limits Limits
}

// openArchive reads the directory of the package. It uses archive/zip for the directory only: that checks CRCs leniently
// (a zero is taken for "not set") and would hide the raw stream from the faster inflater.
func openArchive(r io.ReaderAt, size int64, limits Limits) (*archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged("", "", "the zip package cannot be read: "+strings.TrimPrefix(err.Error(), "zip: "))
	}
	if len(z.File) > limits.Entries {
		return nil, limited("", "", fmt.Sprintf("the package has %d entries, the limit is %d", len(z.File), limits.Entries))
	}
	a := &archive{
		exact:  make(map[string]*zip.File, len(z.File)),
		folded: make(map[string]*zip.File, len(z.File)),
		twice:  map[string]bool{},
		limits: limits,
	}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		name := cleanPart(f.Name)
		if _, ok := a.exact[name]; ok {
			a.twice[name] = true
			continue
		}
		a.exact[name] = f
		if low := strings.ToLower(name); a.folded[low] == nil {
			a.folded[low] = f
		}
	}
	return a, nil
}

// cleanPart is the name of a part without a leading slash, backslashes and dot segments.
func cleanPart(name string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
}

// resolve is the name of the part that a relationship of the part "from" points to.
func resolve(from, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = path.Dir("/"+from) + "/" + target
	}
	return cleanPart(target)
}

// find returns the entry of a part: by its exact name, else by its name in another case, else percent-decoded.
func (a *archive) find(name string) (*zip.File, error) {
	if a.twice[name] {
		return nil, damaged(name, "", "the package holds two parts of this name, so which one is meant cannot be known")
	}
	if f := a.exact[name]; f != nil {
		return f, nil
	}
	if f := a.folded[strings.ToLower(name)]; f != nil {
		return f, nil
	}
	if u, err := url.PathUnescape(name); err == nil && u != name {
		return a.find(u)
	}
	return nil, nil
}

// open returns a reader of the part that checks its length and CRC at the end; nil where there is no such part.
func (a *archive) open(name string) (*partReader, error) {
	f, err := a.find(name)
	if f == nil || err != nil {
		return nil, err
	}
	if f.Flags&1 != 0 {
		return nil, &Problem{Part: name, Msg: "the zip package is encrypted", Hint: "unpack it with the password and give the workbook inside", Err: ErrPassword}
	}
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, damaged(name, "", "the part cannot be found in the package: "+err.Error())
	}
	p := &partReader{name: name, size: f.UncompressedSize64, crc: f.CRC32, limit: a.limits.PartBytes}
	switch f.Method {
	case zip.Store:
		p.src = raw
	case zip.Deflate:
		p.src = flate.NewReader(bufio.NewReaderSize(raw, 32<<10))
	default:
		return nil, &Problem{Part: name, Msg: fmt.Sprintf("compression method %d of the zip package is not supported", f.Method), Hint: hintSave, Err: ErrFormat}
	}
	return p, nil
}

// partReader inflates a part and vouches for it: io.EOF is returned only when length and CRC are what the directory says.
type partReader struct {
	name  string
	src   io.Reader
	size  uint64
	crc   uint32
	limit int64
	n     uint64
	sum   uint32
	err   error
}

func (p *partReader) Read(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.src.Read(b)
	p.n += uint64(n)
	p.sum = crc32.Update(p.sum, crc32.IEEETable, b[:n])
	switch {
	case p.n > uint64(p.limit):
		p.err = limited(p.name, "", fmt.Sprintf("the part is larger than %s", byteCount(p.limit)))
	case err == io.EOF && p.n != p.size:
		p.err = damaged(p.name, "", fmt.Sprintf("the part has %d bytes where the package says %d", p.n, p.size))
	case err == io.EOF && p.sum != p.crc:
		p.err = damaged(p.name, "", "the part is damaged (checksum)")
	case err == io.EOF:
		p.err = io.EOF
	case err != nil:
		p.err = damaged(p.name, "", "the part is damaged: "+strings.TrimPrefix(err.Error(), "flate: "))
	case p.n > p.size:
		p.err = damaged(p.name, "", fmt.Sprintf("the part is longer than the %d bytes that the package says", p.size))
	}
	return n, p.err
}

// read returns a part whole, as UTF-8 followed by pad zero bytes that do not count; nil where there is none.
func (a *archive) read(name string) ([]byte, error) {
	p, err := a.open(name)
	if p == nil || err != nil {
		return nil, err
	}
	p.limit = min(p.limit, a.limits.SmallBytes)
	r, err := utf8Reader(p)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, min(p.size, 16<<20)+pad+1)
	for {
		n, err := r.Read(b[len(b) : cap(b)-pad])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return nil, err
		}
		if cap(b)-pad == len(b) {
			b = append(make([]byte, 0, 2*cap(b)), b...)
		}
	}
}

// utf8Reader turns UTF-16, which XML allows, into UTF-8; everything else passes through untouched.
func utf8Reader(r io.Reader) (io.Reader, error) {
	head := make([]byte, 4)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	whole := io.MultiReader(bytes.NewReader(head), r)
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{'<', 0}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(bom(whole, head, 0xFF, 0xFE)), nil
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}), bytes.HasPrefix(head, []byte{0, '<'}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(bom(whole, head, 0xFE, 0xFF)), nil
	}
	return whole, nil
}

// bom puts a byte order mark before a stream that has none, so that one decoder serves both.
func bom(r io.Reader, head []byte, a, b byte) io.Reader {
	if len(head) > 1 && head[0] == a && head[1] == b {
		return r
	}
	return io.MultiReader(bytes.NewReader([]byte{a, b}), r)
}

func byteCount(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.3g GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.3g MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d bytes", n)
}
