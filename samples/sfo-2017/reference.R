# Reference figures for the SFO sample: R survey on the raw csv. Rscript reference.R PATH/sfo_2017_raw.csv > reference.json
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "adjust")
path <- commandArgs(TRUE)[1]
d <- read.csv(path, stringsAsFactors = FALSE, na.strings = c(""), fileEncoding = "UTF-8")
q7 <- c("ART","FOOD","STORE","SIGN","WALKWAYS","SCREENS","INFODOWN","INFOUP","WIFI","ROADS","PARK","AIRTRAIN","LTPARKING","RENTAL","ALL")
groups <- list(facilities = paste0("Q7", q7), cleanliness = paste0("Q9", c("BOARDING","AIRTRAIN","RENTAL","FOOD","RESTROOM","ALL")),
               safety = "Q10SAFE", ease = c("Q13GETRATE","Q14FIND","Q14PASSTHRU"))
items <- unlist(groups, use.names = FALSE)
for (i in items) {                     # 0 and "Blank": missing; 6: never used, not applicable or don't know
  x <- suppressWarnings(as.integer(d[[i]]))
  d[[i]] <- ifelse(x %in% 1:5, x, NA)
}
nodes <- c(list(sfo = items), groups, setNames(as.list(items), tolower(items)))
for (id in names(nodes)) {
  x <- as.matrix(d[, nodes[[id]], drop = FALSE])
  d[[paste0("p_", id)]] <- rowSums(!is.na(x) & x >= 4)
  d[[paste0("n_", id)]] <- rowSums(!is.na(x))
}
num <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
designs <- list(
  strata = svydesign(ids = ~1, strata = ~STRATA, weights = ~WEIGHT, data = d),
  strata_psu = svydesign(ids = ~RUNID, strata = ~STRATA, weights = ~WEIGHT, data = d, nest = TRUE))
line <- function(kind, dn, id, domain, value, n, est, se, df, deff)
  sprintf('{"design":"%s","statistic":"%s","node":"%s","domain":"%s","value":"%s","n":%d,"estimate":%s,"se":%s,"lo":%s,"hi":%s,"df":%d,"deff":%s}',
          dn, kind, id, domain, value, n, num(est), num(se), num(est - qt(.975, df)*se), num(est + qt(.975, df)*se), df, num(deff))
# deff = "replace": against a simple random sample with replacement. The weights add to about n, so the finite-population form is meaningless.
share <- function(dn, des, id, domain = "", value = "", data = d) {
  r <- svyratio(as.formula(paste0("~p_", id)), as.formula(paste0("~n_", id)), des, deff = "replace")
  answered <- data[[paste0("n_", id)]] > 0 # degrees of freedom count the PSUs and strata with an answer
  line("share", dn, id, domain, value, sum(answered), 100*coef(r)[[1]], 100*SE(r)[[1]], degf(des[answered, ]), as.numeric(deff(r))[1])
}
out <- character()
for (dn in names(designs)) {
  des <- designs[[dn]]
  for (id in names(nodes)) out <- c(out, share(dn, des, id))
  for (i in c("Q7ALL", "Q9ALL", "Q10SAFE")) {
    m <- svymean(as.formula(paste0("~", i)), des, na.rm = TRUE, deff = "replace")
    out <- c(out, line("mean", dn, tolower(i), "", "", sum(!is.na(d[[i]])), coef(m)[[1]], SE(m)[[1]], degf(des[!is.na(d[[i]]), ]), as.numeric(deff(m))[1]))
  }
  for (dom in c("STRATA", "BAREA", "PEAK", "Q20GENDER")) for (v in sort(unique(d[[dom]]))) for (id in c("sfo", names(groups), "q7all")) {
    keep <- d[[dom]] == v
    if (sum(d[[paste0("n_", id)]][keep] > 0) >= 30) out <- c(out, share(dn, des[keep, ], id, dom, v, d[keep, ]))
  }
}
cat(sprintf('{"r":"%s","survey":"%s","rows":%d,\n"designs":{"strata":"svydesign(ids=~1, strata=~STRATA, weights=~WEIGHT)","strata_psu":"svydesign(ids=~RUNID, strata=~STRATA, weights=~WEIGHT, nest=TRUE)"},\n"estimates":[\n',
            R.version.string, packageVersion("survey"), nrow(d)), paste(out, collapse = ",\n"), "\n]}\n", sep = "")
