package xlsx

import (
	"context"
	"errors"
	"io"
)

// Sizes of the streaming buffers. Headroom takes the unfinished row at the end of a chunk, so that a row is contiguous
// without copying the chunk; pad bytes of zero after the data let the scanner look ahead without a bounds check of its own.
const (
	headroom  = 64 << 10
	chunkSize = 256 << 10
	chunks    = 4
	pad       = 64
)

// chunk is one piece of inflated XML on its way from the inflating to the scanning goroutine.
type chunk struct {
	buf []byte // headroom, data, pad
	n   int    // bytes of data
	err error  // what came after the data: io.EOF, or why not
}

// stream inflates a part in a goroutine of its own.
type stream struct {
	full chan chunk
	free chan []byte
	done chan struct{}
}

// startStream begins to inflate r; hint is the expected size and only saves memory for small parts.
func startStream(ctx context.Context, r io.Reader, hint uint64) *stream {
	size := chunkSize
	if hint < chunkSize {
		size = max(int(hint)+64, 4<<10)
	}
	s := &stream{full: make(chan chunk, chunks), free: make(chan []byte, chunks), done: make(chan struct{})}
	for range chunks {
		s.free <- nil
	}
	go s.run(ctx, r, size)
	return s
}

func (s *stream) run(ctx context.Context, r io.Reader, size int) {
	defer close(s.full)
	u, err := utf8Reader(r)
	if err != nil {
		s.full <- chunk{err: err}
		return
	}
	for {
		var c chunk
		select {
		case c.buf = <-s.free:
		case <-s.done:
			return
		}
		if c.buf == nil {
			c.buf = make([]byte, headroom+size+pad)
		}
		data := c.buf[headroom : headroom+size]
		for c.n < len(data) && c.err == nil {
			if c.err = ctx.Err(); c.err == nil {
				var n int
				n, c.err = u.Read(data[c.n:])
				c.n += n
			}
		}
		clear(c.buf[headroom+c.n : headroom+c.n+pad])
		select {
		case s.full <- c:
		case <-s.done:
			return
		}
		if c.err != nil {
			return
		}
	}
}

// window is the piece of a part that is being scanned: b[p:n] is unread and followed by pad zero bytes.
type window struct {
	b     []byte
	p, n  int
	limit int     // bytes that one row may take
	long  int     // bytes that one token may take
	src   *stream // nil where the whole part is in b
	own   []byte  // buffer of src that b lies in, to be given back
	err   error   // why there is nothing more; io.EOF at a proven end
	part  string

	// While a row is read its cells point into buffers; with hold set those are kept until settle instead of given back.
	hold  bool
	held  [][]byte
	spare [][]byte
	used  int // bytes in held
}

// newWindow scans a part that archive.read returned. It does not write to it: several windows may share one part.
func newWindow(part string, data []byte) *window {
	return &window{b: data[:len(data)+pad], n: len(data), part: part, err: io.EOF}
}

// more gets at least one more byte behind the unread ones, which it keeps (and moves). It returns io.EOF at the end of the part.
func (w *window) more() error {
	if w.err != nil {
		return w.err
	}
	rest := w.n - w.p
	switch {
	case rest > w.long:
		return limited(w.part, "", "a text or a tag takes more than "+byteCount(int64(w.long)))
	case w.used > w.limit:
		return limited(w.part, "", "a row takes more than "+byteCount(int64(w.limit)))
	}
	got := 0
	// A long token is scanned again from its start, so the window doubles to keep that linear.
	for w.err == nil && (got == 0 || got < rest && rest > headroom) {
		c, ok := <-w.src.full
		if !ok {
			w.err = context.Canceled
			return w.err
		}
		w.err = c.err
		w.take(c)
		got += c.n
	}
	if got == 0 {
		return w.err
	}
	return nil
}

// take puts a chunk behind the unread bytes: these go into the chunk's headroom, or chunk and rest into a buffer of their own.
func (w *window) take(c chunk) {
	if c.buf == nil {
		return // the part could not even be begun: there is only an error
	}
	keep := w.b[w.p:w.n]
	if len(keep) <= headroom {
		from := headroom - len(keep)
		copy(c.buf[from:], keep)
		w.release()
		w.own, w.b, w.p, w.n = c.buf, c.buf, from, headroom+c.n
		return
	}
	b := w.b
	if w.own != nil || w.p > 0 || cap(b) < len(keep)+c.n+pad {
		b = make([]byte, 0, 2*(len(keep)+c.n)+pad)
	}
	b = append(b[:0], keep...)
	b = append(b, c.buf[headroom:headroom+c.n]...)
	w.release()
	w.src.free <- c.buf
	w.p, w.n = 0, len(b)
	w.b = append(b, make([]byte, pad)...)
}

// release gives the current buffer back, or holds it and gives another one for it.
func (w *window) release() {
	if w.own == nil {
		return
	}
	give := w.own
	if w.hold {
		w.held = append(w.held, w.own)
		w.used += len(w.own)
		give = nil
		if k := len(w.spare); k > 0 {
			give, w.spare = w.spare[k-1], w.spare[:k-1]
		}
	}
	w.own = nil
	w.src.free <- give
}

// skipSpace passes over white space, of which there may be any amount.
func (w *window) skipSpace() error {
	for {
		for w.p < w.n && space(w.b[w.p]) {
			w.p++
		}
		if w.p < w.n {
			return nil
		}
		if err := w.more(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// settle ends the validity of the bytes held since the last settle.
func (w *window) settle() {
	if len(w.held) == 0 {
		return
	}
	for i, b := range w.held {
		if len(w.spare) < chunks {
			w.spare = append(w.spare, b)
		}
		w.held[i] = nil
	}
	w.held, w.used = w.held[:0], 0
}

// close stops the inflating goroutine.
func (w *window) close() {
	if w.src != nil {
		close(w.src.done)
		w.src = nil
	}
}
