# Inclusion probabilities and systematic draws by the R package sampling, for pps_test.go. Run in this folder: Rscript pps.R > pps.csv
# UPsystematic takes one uniform number; it is drawn a second time from the same seed, so that the draw can be made again elsewhere.
suppressMessages(library(sampling))
frame <- read.csv("../../../samples/tra-vinh-2020/frame.csv", encoding = "UTF-8")
sizes <- list(
  communes  = frame$transactions_synthetic,
  certainty = c(1000, 600, 90, 80, 70, 60, 50, 40, 30, 20, 10, 5), # two rounds of units larger than the interval
  zeros     = c(0, 12, 0, 7, 30, 5, 0, 16)
)
take <- list(communes = c(5, 30, 80), certainty = c(2, 4, 6), zeros = c(1, 3))
cat(sprintf("# %s, sampling %s\n", R.version.string, packageVersion("sampling")))
cat("frame,n,u,unit,size,pik,selected\n")
for (name in names(sizes)) for (n in take[[name]]) {
  x <- sizes[[name]]
  pik <- suppressWarnings(inclusionprobabilities(x, n)) # it says that there are zeros
  set.seed(168); u <- runif(1)
  set.seed(168); s <- UPsystematic(pik)
  for (i in seq_along(x)) cat(sprintf("%s,%d,%.17g,%d,%.17g,%.17g,%d\n", name, n, u, i, x[i], pik[i], s[i]))
}
