# The project's own reference values, so that a clone checks its numbers without any other folder.
# Run here: Rscript make.R        (Debian 12: r-base-core 4.2.2, r-cran-survey 4.1-1, r-cran-mass)
# The data are made up, from the seed below. Cases where survey 4.1-1 is known to be wrong (lonely.psu = "adjust" with totals or later
# stages) are left out: recursion_test.go derives that rule by hand.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail", contrasts = c("contr.treatment", "contr.poly"), warn = 1)

set.seed(168)
rows <- list()
for (h in c("bien", "dong", "song")) for (x in 1:4) {
  n <- sample(6:9, 1); level <- rnorm(1, c(bien = 62, dong = 70, song = 66)[[h]], 5)
  diem <- pmin(100, pmax(0, round(rnorm(n, level, 14), 1)))
  rows[[length(rows) + 1]] <- data.frame(huyen = h, xa = sprintf("%s%d", h, x), ho = 1:n, N_xa = c(bien = 11, dong = 17, song = 9)[[h]], M_ho = sample(60:200, 1),
    gioi = sample(c("nam", "nu"), n, TRUE), tuoi = sample(18:75, n, TRUE), muc = cut(diem, c(-1, 50, 62, 74, 86, 101), labels = FALSE), diem = diem, phi = round(runif(n, 5, 90)), cho = round(runif(n, 1, 12)))
}
d <- do.call(rbind, rows); d$hailong <- as.integer(d$muc >= 4); d$w <- round(runif(nrow(d), 20, 60), 2); d$phi[c(4, 31, 50)] <- NA; d$pi <- round(ave(d$w, d$xa, FUN = function(v) 1 / (mean(v) / 8)), 5); d$doi <- ifelse(as.integer(substring(d$xa, 5)) <= 2, 1, 2)
write.csv(d, "data/xa.csv", row.names = FALSE, na = "")
d <- read.csv("data/xa.csv", stringsAsFactors = TRUE); write.csv(d, "data/xa.csv", row.names = FALSE, na = "", quote = FALSE)

designs <- list(
  haigd = list(ids = c("xa", "ho"), strata = "huyen", fpc = c("N_xa", "M_ho")),
  motgd = list(ids = "xa", strata = "huyen", weights = "w"),
  cum   = list(ids = "xa", weights = "w"),
  pps   = list(ids = "xa", strata = "huyen", fpc = "pi", pps = "brewer"),
  cap   = list(ids = "doi", strata = "huyen", weights = "w", nest = TRUE),
  don   = list(weights = "w"))
tilde <- function(v) as.formula(paste("~", paste(v, collapse = "+")))
design <- function(s) { a <- list(ids = if (is.null(s$ids)) ~1 else tilde(s$ids), data = d, nest = isTRUE(s$nest))
  for (k in c("strata", "fpc", "weights")) if (!is.null(s[[k]])) a[[k]] <- tilde(s[[k]]); if (!is.null(s$pps)) a$pps <- s$pps; do.call(svydesign, a) }

# steps and operations: what the Go test reads, and the R that does it
sub <- function(e) list(spec = list(op = "subset", expr = e), go = function(D) do.call(subset, list(D, parse(text = e)[[1]])))
gioiN <- data.frame(gioi = c("nam", "nu"), Freq = c(2000, 2200)); huyenN <- data.frame(huyen = c("bien", "dong", "song"), Freq = c(1300, 1700, 1200))
ps <- list(spec = list(op = "poststratify", by = I("gioi"), population = gioiN), go = function(D) postStratify(D, ~gioi, gioiN))
rk <- list(spec = list(op = "rake", margins = list(I("gioi"), I("huyen")), population = list(gioiN, huyenN), maxit = 500, epsilon = 1e-11), go = function(D) rake(D, list(~gioi, ~huyen), list(gioiN, huyenN), control = list(maxit = 500, epsilon = 1e-11)))
cal <- function(calfun, bounds = NULL) { pop <- c(`(Intercept)` = 4200, gioinu = 2200, tuoi = 190000)
  list(spec = list(op = "calibrate", formula = "~gioi+tuoi", population = as.list(pop), calfun = calfun, bounds = bounds, maxit = 500, epsilon = 1e-12),
       go = function(D) { a <- list(D, ~gioi + tuoi, pop, calfun = calfun, maxit = 500, epsilon = 1e-12); if (!is.null(bounds)) a$bounds <- bounds; if (inherits(D, "svyrep.design")) a$compress <- FALSE; do.call(calibrate, a) }) }
trim <- list(spec = list(op = "trim", lower = 25, upper = 50, strict = TRUE), go = function(D) trimWeights(D, lower = 25, upper = 50, strict = TRUE))
rep_ <- function(type, ...) list(spec = list(op = "replicate", type = type, ...), go = function(D) as.svrepdesign(D, type = type, ..., compress = FALSE))
num <- function(x) unname(as.numeric(x))
interval <- function(e, s, df, tag) setNames(list(e + qt(.025, df) * s, e + qt(.975, df) * s), paste0("ci_", tag, c("_lo", "_hi")))
stat <- function(fun, vars, na.rm = FALSE, deff = FALSE) list(spec = list(stat = fun, vars = I(vars), na_rm = na.rm, deff = deff), go = function(D) { r <- get(paste0("svy", fun))(tilde(vars), D, na.rm = na.rm, deff = deff); V <- as.matrix(vcov(r)); e <- num(coef(r)); s <- sqrt(diag(V)); df <- degf(D)
  list(df = df, rows = lapply(seq_along(e), function(i) c(list(term = names(coef(r))[i], est = e[i], se = num(s[i])), interval(e[i], num(s[i]), df, "t"), if (!isFALSE(deff)) list(deff = num(diag(as.matrix(attr(r, "deff"))))[i]))), vcov = I(lapply(seq_along(e), function(i) I(num(V[i, ]))))) })
ratio <- list(spec = list(stat = "ratio", num = "phi", den = "cho", na_rm = TRUE, deff = FALSE), go = function(D) { r <- svyratio(~phi, ~cho, D, na.rm = TRUE); list(rows = list(list(term = "phi/cho", est = num(coef(r)), se = num(SE(r))))) })
by <- function(fun, var, keys) list(spec = list(stat = fun, vars = I(var), by = I(keys), na_rm = FALSE, deff = FALSE), go = function(D) { g <- function(covmat) svyby(tilde(var), tilde(keys), D, get(paste0("svy", fun)), covmat = covmat)
  r <- tryCatch(g(TRUE), error = function(e) NULL); V <- if (is.null(r)) NULL else as.matrix(vcov(r)); if (is.null(r)) r <- g(FALSE)      # 4.1-1 has no covmat for calibrated and pps designs
  c(list(rows = lapply(seq_len(nrow(r)), function(i) list(by = setNames(lapply(keys, function(k) as.character(r[i, k])), keys), term = var, est = num(coef(r))[i], se = num(SE(r))[i]))), if (!is.null(V)) list(vcov = I(lapply(seq_len(nrow(V)), function(i) I(num(V[i, ])))))) })
prop <- list(spec = list(stat = "ciprop", expr = "hailong==1", level = .95), go = function(D) { m <- svymean(~hailong, D); list(rows = lapply(c("logit", "likelihood", "asin", "beta", "mean", "xlogit"), function(k) { r <- attr(svyciprop(~I(hailong == 1), D, method = k), "ci"); list(term = k, est = num(coef(m)), se = num(SE(m)), lo = num(r[1]), hi = num(r[2])) })) })
quant <- function(rule, how) list(spec = list(stat = "quantile", var = "diem", p = I(c(.1, .5, .9)), qrule = rule, interval = how, na_rm = FALSE), go = function(D) { r <- svyquantile(~diem, D, c(.1, .5, .9), qrule = rule, interval.type = how)[[1]]; list(rows = lapply(1:3, function(i) list(term = sprintf("p=%g", c(.1, .5, .9)[i]), est = num(r[i, 1]), lo = num(r[i, 2]), hi = num(r[i, 3]), se = num(r[i, 4])))) })
chisq <- list(spec = list(stat = "chisq", row = "gioi", col = "huyen"), go = function(D) list(rows = lapply(c("F", "Chisq", "Wald", "adjWald", "saddlepoint"), function(k) { r <- suppressWarnings(svychisq(~gioi + huyen, D, statistic = k)); list(term = k, statistic = num(r$statistic), p = num(r$p.value)) })))
ttest <- function(f) list(spec = list(stat = "ttest", formula = f), go = function(D) { r <- svyttest(as.formula(f), D); list(rows = list(list(term = "t", t = num(r$statistic), df = num(r$parameter), p = num(r$p.value), diff = num(r$estimate)))) })
rank_ <- list(spec = list(stat = "ranktest", formula = "diem ~ gioi", test = "wilcoxon"), go = function(D) { r <- svyranktest(diem ~ gioi, D); list(rows = list(list(term = "wilcoxon", statistic = num(r$statistic), df = num(r$parameter), p = num(r$p.value)))) })
glm_ <- function(f, family) list(spec = list(stat = "glm", formula = f, family = family), go = function(D) { s <- summary(do.call(svyglm, list(as.formula(f), D, family = get(family)())))$coefficients; list(rows = lapply(seq_len(nrow(s)), function(i) list(term = rownames(s)[i], est = num(s[i, 1]), se = num(s[i, 2]), t = num(s[i, 3]), p = num(s[i, 4])))) })
olr <- list(spec = list(stat = "olr", formula = "factor(muc) ~ gioi + tuoi"), go = function(D) { s <- summary(svyolr(factor(muc) ~ gioi + tuoi, D))$coefficients; list(rows = lapply(seq_len(nrow(s)), function(i) list(term = rownames(s)[i], est = num(s[i, 1]), se = num(s[i, 2])))) })
degf_ <- list(spec = list(stat = "degf"), go = function(D) list(rows = list(list(term = "degf", value = num(degf(D))))))
wts <- list(spec = list(stat = "weights"), go = function(D) { w <- weights(D, "sampling"); list(rows = list(list(term = "w", n = sum(w != 0), sum = sum(w), min = min(w), max = max(w)))) })

cases <- list()
case <- function(name, group, des, op, steps = list(), tol = 1e-9) cases[[length(cases) + 1]] <<- list(id = name, group = group, design = des, op = op, steps = steps, tol = tol)
for (n in names(designs)) { case(paste0("mean-", n), "mean", n, stat("mean", c("diem", "hailong"))); case(paste0("total-", n), "total", n, stat("total", "phi", na.rm = TRUE)); case(paste0("ratio-", n), "ratio", n, ratio); case(paste0("degf-", n), "degf", n, degf_)
  case(paste0("deff-", n), "deff", n, stat("mean", "diem", deff = TRUE)); case(paste0("sub-", n), "domain", n, stat("mean", "diem"), list(sub("tuoi < 40 & gioi == 'nu'"))); case(paste0("by-", n), "domain", n, by("mean", "diem", "gioi")); case(paste0("var-", n), "var", n, stat("var", "diem")) }
case("factor", "mean", "haigd", stat("mean", "gioi")); case("by2", "domain", "haigd", by("total", "diem", c("gioi", "huyen"))); case("joint-missing", "missing", "haigd", stat("mean", c("diem", "phi"), na.rm = TRUE))
for (n in c("haigd", "motgd")) { case(paste0("prop-", n), "ciprop", n, prop, tol = 1e-7); case(paste0("chisq-", n), "chisq", n, chisq, tol = 1e-7); case(paste0("t2-", n), "ttest", n, ttest("diem ~ gioi"), tol = 1e-8); case(paste0("t1-", n), "ttest", n, ttest("I(diem - 65) ~ 0"), tol = 1e-8)
  case(paste0("rank-", n), "ranktest", n, rank_, tol = 1e-8); case(paste0("lm-", n), "glm", n, glm_("diem ~ gioi * tuoi", "gaussian"), tol = 1e-8); case(paste0("logit-", n), "glm", n, glm_("hailong ~ gioi + tuoi", "quasibinomial"), tol = 1e-7); case(paste0("olr-", n), "olr", n, olr, tol = 1e-5) }
for (r in c("math", "school", "shahvaish", paste0("hf", 1:9))) case(paste0("q-", r), "quantile", "motgd", quant(r, "mean"), tol = 1e-8)
for (i in c("beta", "xlogit", "asin", "score")) case(paste0("qi-", i), "quantile", "haigd", quant("math", i), tol = 1e-8)
for (s in list(list("ps", ps), list("rake", rk), list("linear", cal("linear")), list("raking", cal("raking")), list("logit", cal("logit", c(.3, 3))), list("bounded", cal("linear", c(.5, 2))), list("trim", trim))) for (o in list(list("mean", stat("mean", c("diem", "tuoi"))), list("total", stat("total", "diem")), list("w", wts), list("by", by("mean", "diem", "huyen"))))
  case(paste(s[[1]], o[[1]], sep = "-"), "calibrate", "motgd", o[[2]], list(s[[2]]), tol = 1e-8)
for (s in list(list("jkn", "motgd", rep_("JKn")), list("jk1", "cum", rep_("JK1")), list("brr", "cap", rep_("BRR")), list("fay", "cap", rep_("Fay", fay.rho = .4)))) { for (o in list(list("mean", stat("mean", c("diem", "hailong"))), list("ratio", ratio), list("by", by("mean", "diem", "gioi")), list("degf", degf_), list("q", quant("math", "mean")))) case(paste(s[[1]], o[[1]], sep = "-"), "replicate", s[[2]], o[[2]], list(s[[3]]), tol = 1e-8)
  case(paste0(s[[1]], "-ps"), "replicate", s[[2]], stat("mean", "diem"), list(s[[3]], ps)); case(paste0(s[[1]], "-cal"), "replicate", s[[2]], stat("total", "diem"), list(s[[3]], cal("linear"))); case(paste0(s[[1]], "-logit"), "replicate", s[[2]], glm_("hailong ~ gioi", "quasibinomial"), list(s[[3]]), tol = 1e-7) }

# JSON at 17 digits
json <- function(x) { if (is.null(x)) return("null"); if (is.data.frame(x)) return(json(lapply(seq_len(nrow(x)), function(i) lapply(x, function(c) if (is.factor(c)) as.character(c[i]) else c[i]))))
  if (is.list(x)) { v <- vapply(x, json, ""); if (is.null(names(x))) return(paste0("[", paste(v, collapse = ", "), "]")); return(paste0("{", paste0('"', names(x), '": ', v, collapse = ", "), "}")) }
  a <- if (is.character(x)) paste0('"', gsub('"', '\\\\"', x), '"') else if (is.logical(x)) ifelse(x, "true", "false") else ifelse(is.na(x), "null", sprintf("%.17g", x))
  if (length(a) == 1 && !inherits(x, "AsIs")) a else paste0("[", paste(a, collapse = ", "), "]") }
out <- vapply(cases, function(k) { D <- design(designs[[k$design]]); for (s in k$steps) D <- s$go(D)
  paste0(' {"id": "', k$id, '", "group": "', k$group, '", "design": "', k$design, '", "steps": ', json(lapply(k$steps, function(s) s$spec)), ', "op": ', json(k$op$spec), ', "tol_rel": ', format(k$tol), ',\n  "expected": ', json(k$op$go(D)), "}") }, "")
ds <- lapply(designs, function(s) { s <- c(list(data = "xa"), lapply(s, function(v) if (is.character(v) && !identical(v, "brewer")) I(v) else v)); s })
writeLines(paste0('{"meta": ', json(list(R = R.version.string, survey = as.character(packageVersion("survey")), MASS = as.character(packageVersion("MASS")), script = "make.R")), ',\n"designs": ', json(ds), ',\n"cases": [\n', paste(out, collapse = ",\n"), "\n]}"), "expected.json")
cat(length(cases), "cases\n")
