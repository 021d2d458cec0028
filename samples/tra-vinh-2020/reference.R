# Reference figures for the Trà Vinh sample: R survey on answers.csv. Run in this folder: Rscript reference.R > reference.json
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "adjust")
d <- read.csv("answers.csv", encoding = "UTF-8", check.names = FALSE, stringsAsFactors = FALSE)
groups <- list(AC = c("AC1","AC2","AC3","AC4"), PR = c("PR1","PR2","PR3","PR4","PR5"),
               OF = c("OF1","OF2","OF3","OF4","OF5","OF6"), RE = c("RE1","RE2","RE3"), FB = c("FB1","FB2","FB3","FB4"))
items <- unlist(groups, use.names = FALSE)
nodes <- c(list(sipas = items), groups, setNames(as.list(items), items))
num <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
out <- character()
# A node pools its answers: ratio of the number of positive answers to the number of valid ones.
for (id in names(nodes)) {
  x <- as.matrix(d[, nodes[[id]], drop = FALSE])
  valid <- !is.na(x) & x > 0
  d[[paste0("p_", id)]] <- rowSums(valid & x >= 4)
  d[[paste0("n_", id)]] <- rowSums(valid)
}
des <- svydesign(ids = ~xa_code, strata = ~huyen, weights = ~trong_so, data = d, nest = TRUE)
one <- function(design, id, domain, value, data) {
  r <- svyratio(as.formula(paste0("~p_", id)), as.formula(paste0("~n_", id)), design, deff = TRUE)
  # The sample that answered: with the forms that did not, R's deff counts them into n and the spread.
  answered <- design[data[[paste0("n_", id)]] > 0, ]
  r2 <- svyratio(as.formula(paste0("~p_", id)), as.formula(paste0("~n_", id)), answered, deff = "replace")
  df <- degf(design[data[[paste0("n_", id)]] > 0, ]); est <- 100 * coef(r)[[1]]; se <- 100 * SE(r)[[1]]; q <- qt(.975, df)
  n <- sum(data[[paste0("n_", id)]] > 0)
  sprintf('{"node":"%s","domain":"%s","value":"%s","n":%d,"estimate":%s,"se":%s,"lo":%s,"hi":%s,"df":%d,"deff":%s,"deff_replace":%s}',
          id, domain, value, n, num(est), num(se), num(est - q*se), num(est + q*se), df, num(as.numeric(deff(r))[1]), num(as.numeric(deff(r2))[1]))
}
for (id in names(nodes)) out <- c(out, one(des, id, "", "", d))
for (dom in c("huyen", "gioi_tinh", "nhom_tuoi", "dan_toc", "hoc_van", "nghe_nghiep", "linh_vuc"))
  for (v in unique(d[[dom]])) for (id in names(nodes)[1:6]) {
    keep <- d[[dom]] == v
    out <- c(out, one(des[keep, ], id, dom, v, d[keep, ]))
  }
cat(sprintf('{"synthetic":true,"r":"%s","survey":"%s","call":"svyratio(~p, ~n, svydesign(ids=~xa_code, strata=~huyen, weights=~trong_so, nest=TRUE), deff=TRUE); deff_replace: the same on subset(design, n > 0), deff=\'replace\'; ci: est +- qt(.975, degf) se",\n"estimates":[\n',
            R.version.string, packageVersion("survey")), paste(out, collapse = ",\n"), "\n]}\n", sep = "")
