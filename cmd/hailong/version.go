package main

import "runtime/debug"

type versionCmd struct {
	Licences bool `help:"List every module inside with its version."`
}

// Run prints the version.
func (c *versionCmd) Run(a *app) error {
	out := []string{"hailong " + version}
	if info, ok := debug.ReadBuildInfo(); ok {
		out = append(out, info.GoVersion)
		if c.Licences {
			for _, m := range info.Deps {
				out = append(out, m.Path+" "+m.Version)
			}
		}
	}
	return lines(a.stdout, out)
}
