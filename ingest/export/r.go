package export

import (
	"fmt"
	"io"
	"strings"
)

// readR is the part of the R script that is the same for every dataset: everything it needs to know stands in the codebook, so that the
// script is ASCII and reads the same in every locale.
const readR = `if (!exists("folder")) folder <- "."   # where data.csv and codebook.csv are
if (!exists("lang")) lang <- "vi"       # language of labels: vi or en

codebook <- read.csv(file.path(folder, "codebook.csv"), encoding = "UTF-8", colClasses = "character", na.strings = character())
local({
  variables <- codebook[!duplicated(codebook$variable), ]
  classes <- c(code = "integer", missing = "integer", row = "integer", number = "numeric", text = "character", time = "character")
  d <- read.csv(file.path(folder, "data.csv"), encoding = "UTF-8", na.strings = "",
                colClasses = setNames(classes[variables$type], variables$variable))
  # Labels in the other language stand in where there is none, and no two codes share one.
  label <- function(rows, what) {
    text <- rows[[paste0(what, lang)]]
    other <- rows[[paste0(what, if (lang == "vi") "en" else "vi")]]
    ifelse(text == "", other, text)
  }
  for (i in seq_len(nrow(variables))) {
    v <- variables$variable[i]
    type <- variables$type[i]
    levels <- codebook[codebook$variable == v & (codebook$code != "" | codebook$code_label_vi != ""), ]
    answers <- levels[levels$missing == "", ]
    if (type == "code") {
      given <- d[[v]]
      kinds <- levels[levels$missing != "", ]
      answer <- ifelse(given %in% as.integer(kinds$code), NA, given)
      why <- factor(given, as.integer(kinds$code), kinds$missing)
      levels(why) <- c(levels(why), "blank")
      why[is.na(given)] <- "blank"
      d[[paste0(v, ".code")]] <- answer
      d[[paste0(v, ".missing")]] <- why
      if (nrow(answers) > 0) d[[v]] <- factor(answer, as.integer(answers$code), make.unique(label(answers, "code_label_")))
    } else if (type == "missing") {
      d[[v]] <- factor(d[[v]], as.integer(levels$code), levels$missing)
    } else if (type == "time") {
      d[[v]] <- as.POSIXct(d[[v]], tz = "UTC")
    } else if (type == "text" && nrow(answers) > 0) {
      # Values that the questionnaire does not list follow those that it does.
      values <- answers$code_label_vi
      more <- setdiff(sort(unique(d[[v]])), values)
      d[[v]] <- factor(d[[v]], c(values, more), make.unique(c(label(answers, "code_label_"), more)))
    }
    attr(d[[v]], "label") <- label(variables[i, ], "label_")
  }
  survey_data <<- d
})
`

// writeR writes the R script.
func (t *table) writeR(out io.Writer, c columns) error {
	var b strings.Builder
	fmt.Fprintf(&b, `# %s
# Written by hailong. Reads data.csv with base R; the survey design needs the package survey. In this folder: source("read.R")
#
# survey_data   %d rows. Of a coded question X there are
#                 X          the answer, a factor with its labels
#                 X.code     its code, NA where there is no answer
#                 X.missing  why there is none: %s, blank (empty cell)
# codebook      what every variable and code means
# design        the survey design, for svymean(~X.code, design, na.rm = TRUE) and the like
#
# In data.csv a kind of missing is a negative code: %s; an empty cell is blank.

`, comment(t.title), t.rows, kindNames(func(code int, name string) string { return name }), kindNames(func(code int, name string) string { return fmt.Sprintf("%d %s", code, name) }))
	b.WriteString(readR)
	b.WriteString(`
if (requireNamespace("survey", quietly = TRUE)) {
`)
	fmt.Fprintf(&b, "  options(survey.lonely.psu = %q)\n", c.lonely)
	args := []string{"ids = ~" + crossed(c.psu, "1")}
	if len(c.fpc) > 1 {
		b.WriteString("  survey_data$row.id <- seq_len(nrow(survey_data))\n")
		args = []string{"ids = ~" + crossed(c.psu, "row.id") + " + row.id"}
		if len(c.psu) == 0 {
			args = []string{"ids = ~row.id"}
		}
	}
	if len(c.strata) > 0 {
		args = append(args, "strata = ~"+crossed(c.strata, ""))
	}
	if len(c.fpc) > 0 {
		args = append(args, "fpc = ~"+strings.Join(c.fpc, " + "))
	}
	switch {
	case c.weight != "":
		args = append(args, "weights = ~"+c.weight)
	case len(c.fpc) == 0:
		args = append(args, "weights = rep(1, nrow(survey_data))")
	}
	fmt.Fprintf(&b, "  design <- survey::svydesign(%s,\n                              data = survey_data, nest = TRUE)\n}\n", strings.Join(args, ", "))
	_, err := io.WriteString(out, b.String())
	return err
}

// crossed is an R term for one or several columns.
func crossed(names []string, none string) string {
	switch len(names) {
	case 0:
		return none
	case 1:
		return names[0]
	}
	return "interaction(" + strings.Join(names, ", ") + ", drop = TRUE)"
}

// kindNames lists the kinds of missing.
func kindNames(show func(code int, name string) string) string {
	var parts []string
	for _, k := range kindsOfMissing {
		parts = append(parts, show(k.code, k.name))
	}
	return strings.Join(parts, ", ")
}

// comment makes a title fit for the comment line of any of the three programs.
func comment(title string) string {
	if title == "" {
		title = "Survey data"
	}
	return strings.NewReplacer("*/", "* /", "/*", "/ *").Replace(oneLine(title))
}
