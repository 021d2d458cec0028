package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"hailong/analytics/index"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,powershell" help:"bash, zsh or powershell."`
}

// Help says how to turn it on.
func (completionCmd) Help() string {
	return "bash: source <(hailong completion bash)\n" +
		"zsh: source <(hailong completion zsh)\n" +
		"PowerShell: hailong completion powershell | Out-String | Invoke-Expression\n\n" +
		"Put the line into ~/.bashrc, ~/.zshrc or $PROFILE to keep it. Only hailong itself knows its options, so the script need not be made again " +
		"with a new version."
}

// Run prints a script that asks `hailong complete` at every press of the tab key.
func (c *completionCmd) Run(a *app) error {
	_, err := fmt.Fprint(a.stdout, completionScripts[c.Shell])
	return err
}

// completionScripts hand the words before the cursor to `hailong complete`. The word at the cursor goes as --word=…, because Windows
// PowerShell drops empty arguments. Where there is nothing to offer the shell offers files.
var completionScripts = map[string]string{
	"bash": `_hailong() {
  local IFS=$'\n'
  COMPREPLY=($("$1" complete --word="$2" -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null | cut -f1))
}
complete -o default -F _hailong hailong
`,
	"zsh": `_hailong() {
  local -a offers
  local line
  while IFS= read -r line; do
    offers+=("${line/$'\t'/:}")
  done < <("${words[1]}" complete --word="${words[CURRENT]}" -- "${(@)words[2,CURRENT-1]}" 2>/dev/null)
  if (( $#offers )); then
    _describe hailong offers
  else
    _files
  fi
}
compdef _hailong hailong
`,
	"powershell": `Register-ArgumentCompleter -Native -CommandName hailong -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    $program = $before[0]
    $words = @($before | Select-Object -Skip 1)
    & $program complete "--word=$wordToComplete" -- @words 2>$null | ForEach-Object {
        $name, $help = $_ -split [char]9, 2
        if (-not $help) { $help = $name }
        [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $help)
    }
}
`,
}

// completeCmd is what the scripts ask; it is not for people.
type completeCmd struct {
	Word   string   `help:"The word at the cursor." placeholder:"WORD"`
	Before []string `arg:"" optional:"" help:"The words before it."`
}

// Run prints what the word may become, one a line, with its help after a tab.
func (c *completeCmd) Run(a *app, k *kong.Context) error {
	for _, o := range complete(k.Model.Node, c.Before, c.Word) {
		if _, err := fmt.Fprintf(a.stdout, "%s\t%s\n", o.word, o.help); err != nil {
			return err
		}
	}
	return nil
}

// An offer is one completion.
type offer struct{ word, help string }

// complete lists what the word at the cursor may become after the words before it; nothing means a file's name.
func complete(node *kong.Node, before []string, word string) []offer {
	var open *kong.Flag // a flag that waits for its value
	args := 0
	for _, w := range before {
		if w == "=" || w == "--" {
			continue // bash makes a word of the sign in --lang=vi
		}
		if open != nil {
			open = nil
			continue
		}
		if strings.HasPrefix(w, "-") {
			if f := flagNamed(node, w); f != nil && !f.IsBool() && !f.IsCounter() {
				open = f
			}
			continue
		}
		if child := childNamed(node, w); child != nil {
			node, args = child, 0
			continue
		}
		args++
	}
	var all []offer
	switch {
	case open != nil:
		all = choices(open.Value)
	case strings.HasPrefix(word, "-"):
		all = flagOffers(node)
	default:
		for _, child := range node.Children {
			if !child.Hidden {
				all = append(all, offer{child.Name, child.Help})
			}
		}
		if args < len(node.Positional) {
			all = append(all, choices(node.Positional[args])...)
		}
	}
	if word == "=" {
		word = ""
	}
	return slices.DeleteFunc(all, func(o offer) bool { return !strings.HasPrefix(o.word, word) })
}

func childNamed(node *kong.Node, name string) *kong.Node {
	for _, child := range node.Children {
		if child.Name == name || slices.Contains(child.Aliases, name) {
			return child
		}
	}
	return nil
}

// flagNamed finds --name or -n at a command or above it; --name=value needs no more words.
func flagNamed(node *kong.Node, word string) *kong.Flag {
	for _, group := range node.AllFlags(false) {
		for _, f := range group {
			if word == "--"+f.Name || word == "-"+string(f.Short) {
				return f
			}
		}
	}
	return nil
}

func flagOffers(node *kong.Node) []offer {
	var out []offer
	groups := node.AllFlags(true)
	slices.Reverse(groups) // the command's own first
	for _, group := range groups {
		for _, f := range group {
			out = append(out, offer{"--" + f.Name, f.Help})
		}
	}
	return out
}

// choices lists the values that an option or argument may take, where they are known.
func choices(v *kong.Value) []offer {
	names := v.EnumSlice()
	if v.Name == "index" {
		names = index.Names()
	}
	var out []offer
	for _, name := range names {
		if name != "" {
			out = append(out, offer{word: name})
		}
	}
	return out
}
