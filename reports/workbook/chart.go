package workbook

// Chart is a native chart on a sheet.
type Chart struct{}

func (m *maker) charts(*Sheet) error { return nil }
