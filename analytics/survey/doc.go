// Package survey holds design-based estimators for survey data: pure Go over float64, with R survey's words and numbers.
//
// What comes in: a design (strata, PSU, fpc, weights, lonely_psu) and either the rows' values or the totals of the
// primary sampling units that package engine brings from one SQL scan. What goes out: estimates with their standard
// error, degrees of freedom, interval and design effect, and the covariance between any two of them. What is promised:
// every estimator names its formula, its reference and the R call that it equals; a sum is always taken in one fixed
// order, so the same input gives the same bytes; nothing here prints, and doubts are returned as warnings.
package survey
