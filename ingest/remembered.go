package ingest

import (
	"encoding/binary"
	"math/bits"

	"hailong/ingest/questionnaire"
	"hailong/ingest/xlsx"
)

// rememberedNumber is what a small whole number was read as.
type rememberedNumber struct {
	known  bool
	plain  bool // an answer about which nothing else is to be said or counted
	answer questionnaire.Answer
}

// A remembered text is what one text was read as. Texts that are long or rarely repeat displace one another. It fills a line of the processor's
// cache, 64 bytes, since every answer that is a text looks at one.
type remembered struct {
	known  bool
	like   questionnaire.Likeness
	answer questionnaire.Answer
	sst    int32
	style  int32
	text   string // where the cell is no shared string
	value  string // what goes into a column of texts, of a characteristic or an area; "": null
	_      [16]byte
}

// rememberedSlots is a power of two.
const rememberedSlots = 256

type rememberedTexts struct {
	slots []remembered
	spare remembered
}

// find returns the place of a text cell: where it is remembered, known is true. A text has two places, so that two answers of a scale that
// meet in one do not displace each other in every row.
func (m *rememberedTexts) find(c *xlsx.Cell) *remembered {
	if len(c.Text) > 512 {
		m.spare = remembered{}
		return &m.spare
	}
	if m.slots == nil {
		m.slots = make([]remembered, rememberedSlots)
	}
	if c.SST >= 0 {
		slot := &m.slots[int(c.SST)%rememberedSlots]
		if slot.known && slot.sst == c.SST && slot.style == c.Style {
			return slot
		}
		*slot = remembered{sst: c.SST, style: c.Style}
		return slot
	}
	at := slotOf(c.Text)
	first, second := &m.slots[at], &m.slots[at^1]
	switch {
	case first.is(c):
		return first
	case second.is(c):
		return second
	case first.known && !second.known:
		first = second
	}
	*first = remembered{sst: -1, style: c.Style, text: string(c.Text)}
	return first
}

// is reports whether a cell that is no shared string is remembered here.
func (r *remembered) is(c *xlsx.Cell) bool {
	return r.known && r.sst < 0 && r.style == c.Style && r.text == string(c.Text)
}

// slotOf is where a text is remembered: a hash that need not be good, since the text itself is compared, but cheap and the same in every run.
func slotOf(text []byte) int {
	const prime = 0x9e3779b97f4a7c15
	h := uint64(len(text))
	for ; len(text) >= 8; text = text[8:] {
		h = bits.RotateLeft64((h^binary.LittleEndian.Uint64(text))*prime, 29)
	}
	for _, b := range text {
		h = (h ^ uint64(b)) * prime
	}
	return int((h*prime)>>32) % rememberedSlots
}
