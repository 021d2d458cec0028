package reports

import "hailong/analytics/result"

// Defined names: ASCII, so that they can be typed on any keyboard, and the same in both languages, so that the formulas are.
const (
	nameMet          = "KL_Dat"
	nameMetUnsure    = "KL_Dat_ChuaChac"
	nameMissedUnsure = "KL_ChuaDat_ChuaChac"
	nameMissed       = "KL_ChuaDat"
	nameUnpublished  = "KL_ChuaCongBo"
	nameUp           = "XH_Tang"
	nameDown         = "XH_Giam"
	nameSame         = "XH_Giu"
	nameGroup        = "Nhom_%d"
	nameDecimal      = "Dau_ThapPhan"
	nameOther        = "Dau_Khac"
	nameResult       = "KetQua_Chung"
	nameLow          = "KetQua_CanDuoi"
	nameHigh         = "KetQua_CanTren"
	nameOutcome      = "KetQua_KetLuan"
	nameRead         = "Phieu_Doc"
	nameKept         = "Phieu_Giu"
	namePlaceScore   = "Xep_Diem"
	namePlaceGroup   = "Xep_Nhom"
)

// verdictName is the defined name of a verdict's words.
func verdictName(verdict string) string {
	switch verdict {
	case result.Met:
		return nameMet
	case result.MetUncertain:
		return nameMetUnsure
	case result.MissedUncertain:
		return nameMissedUnsure
	case result.Missed:
		return nameMissed
	default:
		return nameUnpublished
	}
}

// judge is the verdict that a figure's interval gives: what the formula in the workbook does.
func judge(low, value, high, target float64) string {
	switch {
	case low >= target:
		return result.Met
	case value >= target:
		return result.MetUncertain
	case high >= target:
		return result.MissedUncertain
	default:
		return result.Missed
	}
}

// judgeFormula is judge in the workbook.
func judgeFormula(low, value, high, target string) string {
	return "IF(" + low + ">=" + target + "," + nameMet + ",IF(" + value + ">=" + target + "," + nameMetUnsure + ",IF(" + high + ">=" + target + "," + nameMissedUnsure + "," + nameMissed + ")))"
}

// fixedFormula writes a cell's number with one decimal and the workbook's decimal mark, whatever the reader's system uses.
func fixedFormula(ref string) string {
	return "SUBSTITUTE(FIXED(" + ref + ",1,TRUE)," + nameOther + "," + nameDecimal + ")"
}
