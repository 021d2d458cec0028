package layout

// An Aggregate says how to read a table whose rows are criteria and whose cells are numbers of answers.
type Aggregate struct {
	Label    int              // sheet column of the criterion's text
	Total    int              // sheet column of the number of forms, or -1
	Levels   []AggregateLevel // in the order of the columns
	Share    int              // sheet column of the printed share of satisfied answers, or -1
	Evidence string
}

// An AggregateLevel is one answer: the column of its count and, where there is one, of its printed share.
type AggregateLevel struct {
	Label string
	Count int
	Share int // -1 where there is none
}

func findAggregate(t *Table, v *sheetView, o Options) *Aggregate {
	return nil
}
