package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"

	"hailong/ingest/dataset"
)

// openStore makes ready for a dataset that goes to an object store: it is made in a folder of this machine first, the same one each time, so that
// a second run reads only what changed.
func (j *job) openStore() error {
	if !dataset.IsStore(j.dataset) {
		return nil
	}
	store, err := dataset.OpenStore(j.dataset)
	if err != nil {
		return fault(exitUsage, "error.store_address", "hint.store_address", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return fault(exitFailed, "error.store", "hint.store", err, store.Location())
	}
	sum := sha256.Sum256([]byte(j.dataset))
	j.store, j.dataset = store, filepath.Join(cache, "hailong", hex.EncodeToString(sum[:8]))
	return nil
}

// send copies the dataset to its store, if it has one.
func (j *job) send(ctx context.Context, a *app) error {
	if j.store == nil {
		return nil
	}
	sent, there, err := j.store.Put(ctx, j.dataset)
	if err != nil {
		return fault(exitFailed, "error.store", "hint.store", err, j.store.Location())
	}
	if !a.Quiet {
		a.note(say("run.stored", j.store.Location(), sent, there).in(a.lang))
	}
	return nil
}
