# The figures of TestPAPIFromAnswers by R survey: Rscript papi.R DEFINITION.yaml data.csv > golden.tsv
# DEFINITION.yaml is papi-2011 with the ranges that the test fills in; data.csv is what `hailong ingest PLAN --export` writes of the test's survey.
# Every indicator is a ratio of two totals; sub-dimensions, dimensions and the composite are svycontrast()s of all totals at once, so their
# standard errors hold every covariance.
suppressMessages(library(survey))
arg <- commandArgs(trailingOnly = TRUE)
lines <- readLines(arg[1], encoding = "UTF-8")
d <- read.csv(arg[2], fileEncoding = "UTF-8-BOM", colClasses = "character")
number <- function(x) as.numeric(ifelse(x == "", NA, x))
key <- function(l, name, none = NA) {
  m <- regmatches(l, regexec(paste0("[{ ]", name, ": (\"[^\"]*\"|\\[[^]]*\\]|[^,}]*)"), l))[[1]]
  if (length(m) == 0) none else gsub("^[\"\\[]|[\"\\]]$", "", m[2], perl = TRUE)
}
totals <- list(); expression_of <- list(); k <- numeric(0); sub <- ""; dimension <- ""
share <- function(item, positive, base, zero, count) { # Σw·y / Σw·x as the names of two columns
  v <- number(d[[item]])
  why <- if (is.null(d[[paste0(item, "_missing")]])) v else number(d[[paste0(item, "_missing")]])
  asked <- rep(TRUE, nrow(d))
  if (!is.na(base)) { b <- strsplit(base, " == ")[[1]]; asked <- number(d[[b[1]]]) %in% as.numeric(b[2]) }
  numeric <- !is.null(d[[paste0(item, "_missing")]])
  valid <- asked & !is.na(v) & (numeric | v >= 0)
  x <- valid | (asked & zero & why %in% -1)
  y <- ifelse(valid, if (positive) as.numeric(v == 1) else v, 0)
  n <- paste0("r", length(totals) / 2)
  totals[[paste0("y", n)]] <<- y; totals[[paste0("x", n)]] <<- as.numeric(x)
  sprintf("y%s/x%s", n, n)
}
for (l in lines) {
  m <- regmatches(l, regexec("^ {6}- id: (D\\d)|^ {10}- id: \"(\\d\\.\\d)\"", l, perl = TRUE))[[1]]
  if (length(m) > 0) {
    if (m[2] != "") { dimension <- m[2] } else { sub <- m[3]; k[dimension] <- if (is.na(k[dimension])) 1 else k[dimension] + 1 }
  }
  if (!grepl("level: indicator", l)) next
  measure <- key(l, "measure", "share"); base <- key(l, "base"); zero <- key(l, "dont_know", "") == "zero"
  lo <- as.numeric(key(l, "min")); hi <- as.numeric(key(l, "max"))
  if (key(l, "reverse", "") == "true") { t <- lo; lo <- hi; hi <- t }
  items <- if (measure == "count") strsplit(key(l, "items"), ", ")[[1]] else key(l, "item")
  parts <- sapply(items, share, positive = measure != "mean", base = base, zero = zero)
  one <- sprintf("(1 + 9*((%s) - %.17g)/%.17g)", paste(parts, collapse = " + "), lo, hi - lo)
  expression_of[[sub]] <- c(expression_of[[sub]], one)
}
design <- svydesign(ids = ~PSW_PSU, strata = ~PSW_STRATA, weights = ~w, nest = TRUE,
                    data = cbind(data.frame(PSW_PSU = d$PSW_PSU, PSW_STRATA = d$PSW_STRATA, w = number(d$PSW_psweight)), as.data.frame(totals)))
all <- svytotal(as.formula(paste("~", paste(names(totals), collapse = "+"))), design)
nodes <- list()
for (s in names(expression_of)) nodes[[s]] <- sprintf("((%s)/%d/%d)", paste(expression_of[[s]], collapse = " + "), length(expression_of[[s]]), k[paste0("D", substr(s, 1, 1))])
for (i in names(k)) nodes[[i]] <- paste(unlist(nodes[grepl(paste0("^", substr(i, 2, 2), "\\."), names(nodes))]), collapse = " + ")
nodes[["papi"]] <- paste(unlist(nodes[names(k)]), collapse = " + ")
for (n in names(nodes)) {
  e <- svycontrast(all, parse(text = nodes[[n]])[[1]])
  cat(sprintf("%s\t%.15g\t%.15g\n", n, coef(e), SE(e)))
}
cat(sprintf("# %s, survey %s\n", R.version.string, packageVersion("survey")))
