package workbook

import "bytes"

// barLimits gives the 2010 data bars the limits asked for: excelize writes autoMin and autoMax there whatever it is told, and Excel obeys these.
func barLimits(xml []byte, bars []Bar) []byte {
	for _, bar := range bars {
		for _, limit := range []struct {
			kind  string
			value float64
		}{{"autoMin", bar.Min}, {"autoMax", bar.Max}} {
			old := []byte(`<x14:cfvo type="` + limit.kind + `"></x14:cfvo>`)
			short := []byte(`<x14:cfvo type="` + limit.kind + `"/>`)
			with := []byte(`<x14:cfvo type="num"><xm:f>` + number(limit.value) + `</xm:f></x14:cfvo>`)
			if bytes.Contains(xml, old) {
				xml = bytes.Replace(xml, old, with, 1)
			} else {
				xml = bytes.Replace(xml, short, with, 1)
			}
		}
	}
	return xml
}

// tableAlt gives a table its alternative text, which excelize has no field for.
func tableAlt(xml []byte, alt string) []byte {
	if alt == "" {
		return xml
	}
	extension := `<extLst><ext uri="{504A1905-F514-4f6f-8877-14C23A59335A}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">` +
		`<x14:table altText="` + escape(alt) + `"/></ext></extLst></table>`
	return bytes.Replace(xml, []byte("</table>"), []byte(extension), 1)
}
