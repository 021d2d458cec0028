package main

import (
	"fmt"
	"runtime/debug"
)

type versionCmd struct {
	Licences bool `help:"List every module inside with its version."`
}

// Run prints the version.
func (c *versionCmd) Run(a *app) error {
	fmt.Fprintf(a.stdout, "hailong %s\n", version)
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	fmt.Fprintln(a.stdout, info.GoVersion)
	if c.Licences {
		for _, m := range info.Deps {
			fmt.Fprintf(a.stdout, "%s %s\n", m.Path, m.Version)
		}
	}
	return nil
}
