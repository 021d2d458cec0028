package ingest

import (
	"hailong/ingest/questionnaire"
	"hailong/ingest/xlsx"
)

// rememberedNumber is what a small whole number was read as.
type rememberedNumber struct {
	known  bool
	answer questionnaire.Answer
}

// A remembered text is what one text was read as. Texts that are long or rarely repeat displace one another.
type remembered struct {
	known  bool
	sst    int32
	style  int32
	text   string // where the cell is no shared string
	value  []byte // what goes into a text column; nil: null
	answer questionnaire.Answer
}

const rememberedSlots = 256

type rememberedTexts struct {
	slots []remembered
	spare remembered
}

// find returns the place of a text cell: where it is remembered, known is true.
func (m *rememberedTexts) find(c *xlsx.Cell) *remembered {
	if len(c.Text) > 512 {
		m.spare = remembered{}
		return &m.spare
	}
	if m.slots == nil {
		m.slots = make([]remembered, rememberedSlots)
	}
	var slot *remembered
	if c.SST >= 0 {
		slot = &m.slots[int(c.SST)%rememberedSlots]
		if slot.known && slot.sst == c.SST && slot.style == c.Style {
			return slot
		}
		*slot = remembered{sst: c.SST, style: c.Style}
		return slot
	}
	slot = &m.slots[textSlot(c.Text)]
	if slot.known && slot.sst < 0 && slot.style == c.Style && slot.text == string(c.Text) {
		return slot
	}
	*slot = remembered{sst: -1, style: c.Style, text: string(c.Text)}
	return slot
}

// textSlot is FNV-1a over the text, folded to the number of slots.
func textSlot(text []byte) int {
	h := uint32(2166136261)
	for _, b := range text {
		h = (h ^ uint32(b)) * 16777619
	}
	return int((h ^ h>>16) % rememberedSlots)
}
