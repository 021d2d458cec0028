package dataset

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// objects is the part of an object store that Put asks for: is an object there, take an object. `make test-cluster` has a whole one.
type objects struct {
	mu    sync.Mutex
	held  map[string]string // sizes
	order []string
}

func (o *objects) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !strings.Contains(r.Header.Get("Authorization"), "Credential=key/") {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	switch size, ok := o.held[r.URL.Path]; {
	case r.Method == http.MethodHead && ok:
		w.Header().Set("Content-Length", size)
		w.Header().Set("Last-Modified", "Mon, 27 Apr 2020 00:00:00 GMT")
	case r.Method == http.MethodHead:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodPut:
		// The body is in signed chunks; this header has the size of what is in them.
		o.held[r.URL.Path] = r.Header.Get("X-Amz-Decoded-Content-Length")
		o.order = append(o.order, r.URL.Path)
	default:
		w.WriteHeader(http.StatusNotImplemented)
	}
}

func TestStoreGetsWhatIsNotThere(t *testing.T) {
	o := &objects{held: map[string]string{}}
	server := httptest.NewServer(o)
	defer server.Close()
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("wave=2020/province=84/a.parquet", "aaaa")
	write("wave=2020/province=84/"+ManifestName, `{"files": ["a.parquet"]}`)
	write("wave=2020/province=84/notes.txt", "no part of the dataset")
	s, err := OpenStore("s3://surveys/sipas/")
	if err != nil {
		t.Fatal(err)
	}
	put := func(wantSent, wantThere int) {
		t.Helper()
		sent, there, err := s.Put(context.Background(), dir)
		if err != nil || sent != wantSent || there != wantThere {
			t.Fatalf("sent %d, there %d, error %v; want %d and %d", sent, there, err, wantSent, wantThere)
		}
	}
	put(2, 0)
	write("wave=2021/province=84/b.parquet", "bb")
	put(2, 1) // b and the list
	want := []string{
		"/surveys/sipas/wave=2020/province=84/a.parquet", "/surveys/sipas/wave=2020/province=84/" + ManifestName,
		"/surveys/sipas/wave=2021/province=84/b.parquet", "/surveys/sipas/wave=2020/province=84/" + ManifestName,
	}
	if !slices.Equal(o.order, want) {
		t.Errorf("sent %q, want %q: the list last", o.order, want)
	}
	if s.Location() != "s3://surveys/sipas" {
		t.Errorf("the location is %s", s.Location())
	}
	// A file that was sent in part, by something that is no object store, is sent again.
	o.held["/surveys/sipas/wave=2020/province=84/a.parquet"] = "2"
	put(2, 1)

	t.Setenv("AWS_ACCESS_KEY_ID", "other")
	if s, err = OpenStore("s3://surveys/sipas"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Put(context.Background(), dir); err == nil || !strings.Contains(err.Error(), "a.parquet in s3://surveys/sipas") {
		t.Errorf("refused keys give %v", err)
	}
}

func TestStoreAddresses(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "")
	for address, want := range map[string]string{
		"s3://bucket/folder":                          "no endpoint",
		"s3:///folder?endpoint=http://127.0.0.1:9000": "names no bucket",
		"s3://bucket?endpoint=127.0.0.1":              "no endpoint",
	} {
		if _, err := OpenStore(address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v; it should say %q", address, err, want)
		}
	}
}
