package reports

import "hailong/reports/workbook"

// The colours. Their contrasts are computed in a test: text at least 4.5 : 1 on its fill, lines and markers at least 3 : 1 on white.
const (
	inkTitle  = "1F3864"
	inkHeader = "FFFFFF"
	inkLink   = "0B5394"
	inkNote   = "404040"
	inkAlarm  = "9A0511"
	inkInput  = "1F3FBF"

	fillHeader = "1F4E78"
	fillTop    = "DDEBF7"
	fillTile   = "F2F2F2"
	fillInput  = "FFF9DB"

	fillMet, inkMet         = "E2EFDA", "1B5E20"
	fillUnclear, inkUnclear = "FFF2CC", "6B4300"
	fillMissed, inkMissed   = "FCE4E4", "9A0511"
	fillOpen, inkOpen       = "EDEDED", "404040"

	lineMain   = "1F4E78"
	lineTarget = "C00000"
	lineGrey   = "7F7F7F"

	tabLeaders = "C00000"
	tabResults = "1F4E78"
	tabPapers  = "7F7F7F"
)

// groupLooks are the fill and text of the quartile groups, highest first.
func groupLooks() [4][2]string {
	return [4][2]string{{"2F5597", "FFFFFF"}, {"A9D18E", "1A1A1A"}, {"F4B183", "1A1A1A"}, {"FFF2CC", "1A1A1A"}}
}

const (
	bodySize  = 12.0
	titleSize = 16.0
	noteSize  = 11.0
)

// Number formats. The reader's own system turns the point into a comma.
const (
	formatPercent = "0.0"
	formatScore   = "0.00"
	formatCount   = "#,##0"
	formatDelta   = "+0.0;-0.0;0.0"
	formatDelta2  = "+0.00;-0.00;0.00"
	formatRanks   = "+0;-0;0"
	formatP       = "0.000"
	formatYear    = "0"

	formatGeneral = "General" // 0.## would show 21 as "21." in Excel
)

func titleStyle() workbook.Style { return workbook.Style{Size: titleSize, Bold: true, Color: inkTitle} }

func noteStyle() workbook.Style { return workbook.Style{Size: noteSize, Color: inkNote} }

func alarmStyle() workbook.Style {
	return workbook.Style{Size: bodySize, Bold: true, Color: inkAlarm}
}

func linkStyle() workbook.Style {
	return workbook.Style{Size: noteSize, Color: inkLink, Underline: true}
}

func headerStyle() workbook.Style {
	return workbook.Style{Bold: true, Color: inkHeader, Fill: fillHeader, Align: workbook.Center, Wrap: true, Border: true}
}
