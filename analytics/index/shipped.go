package index

import (
	"embed"
	"slices"
	"strings"

	"hailong/ingest/wording"
)

//go:embed definitions/*.yaml
var definitions embed.FS

// aliases are further names of shipped definitions: PAPI 2020 was made with the 2019 framework.
func alias(name string) string {
	switch name {
	case "papi-2020":
		return "papi-2019"
	case "sipas-2024", "sipas-2025", "sipas-2026":
		return "sipas-2023"
	case "papi-2022", "papi-2023", "papi-2024":
		return "papi-2021"
	}
	return name
}

// Names lists the definitions that ship with hailong, in byte order.
func Names() []string {
	entries, err := definitions.ReadDir("definitions")
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	slices.Sort(names)
	return names
}

// Shipped returns the definition file of that name.
func Shipped(name string) ([]byte, error) {
	b, err := definitions.ReadFile("definitions/" + alias(name) + ".yaml")
	if err != nil {
		return nil, wording.Errorf("finding index %q: no such definition ships with hailong; there are %s, or give the path of a file", name, strings.Join(Names(), ", "))
	}
	return b, nil
}
