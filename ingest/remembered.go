package ingest

import (
	"hash/maphash"

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
	value  []byte // what goes into the column of a characteristic or an area; nil: null
	answer questionnaire.Answer
	clean  string // what goes into a column of texts; "": null
	like   questionnaire.Likeness
}

const rememberedSlots = 256

type rememberedTexts struct {
	slots []remembered
	spare remembered
	seed  maphash.Seed // where a text is remembered may differ from run to run: what it was read as does not
}

// find returns the place of a text cell: where it is remembered, known is true.
func (m *rememberedTexts) find(c *xlsx.Cell) *remembered {
	if len(c.Text) > 512 {
		m.spare = remembered{}
		return &m.spare
	}
	if m.slots == nil {
		m.slots, m.seed = make([]remembered, rememberedSlots), maphash.MakeSeed()
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
	slot = &m.slots[maphash.Bytes(m.seed, c.Text)%rememberedSlots]
	if slot.known && slot.sst < 0 && slot.style == c.Style && slot.text == string(c.Text) {
		return slot
	}
	*slot = remembered{sst: -1, style: c.Style, text: string(c.Text)}
	return slot
}
