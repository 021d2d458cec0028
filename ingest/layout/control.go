package layout

import "hailong/ingest/xlsx"

type sums struct{ table *Table }

func newSums(t *Table) sums { return sums{t} }

func (s *sums) add(row *xlsx.Row)                  {}
func (s *sums) compare(row *xlsx.Row, class Class) {}
func (s *sums) group()                             {}
