// Package wording keeps the sentence of an error apart from its arguments, so that cmd, which knows the user's language, can say it in
// Vietnamese too. It is a leaf: it imports nothing of ours, and every room may use it.
package wording

import "fmt"

// An Error is a sentence with verbs, which is also its key in cmd's table of sentences, and the arguments.
type Error struct {
	Sentence string
	Args     []any
	err      error
}

// Errorf is fmt.Errorf, but the sentence can still be asked for.
func Errorf(sentence string, args ...any) error {
	return &Error{Sentence: sentence, Args: args, err: fmt.Errorf(sentence, args...)}
}

// Error is the sentence in English.
func (e *Error) Error() string { return e.err.Error() }

// Unwrap leads to what %w wraps.
func (e *Error) Unwrap() error { return e.err }

// A KeyError is an error that one key of the plan brings about, by its path: layout.header. cmd, which has the plan, shows its line.
type KeyError struct {
	Key string
	Err error
}

// Key says which key of the plan an error comes of.
func Key(key string, err error) error { return &KeyError{key, err} }

// Error is what is wrong with the key.
func (e *KeyError) Error() string { return e.Err.Error() }

// Unwrap leads to the sentence.
func (e *KeyError) Unwrap() error { return e.Err }
