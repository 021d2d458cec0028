// Package design answers what must be settled before the field work: how many to ask, where, and how sure the answer will be.
//
// What comes in: targets of precision, sizes of strata and units, assumptions on the design effect and on non-response. What goes
// out: sample sizes, allocations, selected units and expected margins, with every assumption that they rest on. What is
// promised: each formula names its source, sizes are rounded up (never to a sample that misses its aim), selections follow from
// their seed alone, and nothing here needs a survey that was already made.
package design
