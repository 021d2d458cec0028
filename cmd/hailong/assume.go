package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
)

// plan is the plan that the command line names, or one made up for the files it names.
func (c *runCmd) plan(ctx context.Context, a *app) (*plan, error) {
	if len(c.Args) == 1 && isPlan(c.Args[0]) {
		return readPlan(c.Args[0])
	}
	return a.assume(ctx, c.Args)
}

func isPlan(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".yaml" || ext == ".yml"
}

func (a *app) assume(ctx context.Context, files []string) (*plan, error) { return nil, nil }

func (j *job) show(w io.Writer) error { return nil }
