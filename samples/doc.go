// Package samples makes survey data whose truth is known: the shipped sample surveys, and any survey that a test, a bench or
// `hailong generate` asks for.
//
// What comes in: a Spec, which is a questionnaire, a design (strata, PSUs, forms), a model of the answers and a seed; and a Look, which is how an
// office or a tool would have kept the sheet. What goes out: a Survey (the answers as they were given), its Truth (counts and shares that
// are computed here, from the answers, with no help of the rooms that they check), and the files. What is promised: the same spec gives
// the same bytes on every run and machine, nothing made up can be taken for real (every sheet carries the mark), and the truth is summed
// in whole numbers, so that it is exact.
package samples
