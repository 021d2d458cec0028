package dataset

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// A Store is a folder of an S3-compatible object store, where a cluster's engine reads a dataset.
type Store struct {
	client         *minio.Client
	bucket, folder string
}

// IsStore reports whether an address is that of a store and not of a folder.
func IsStore(address string) bool { return strings.HasPrefix(address, "s3://") }

// OpenStore reads s3://bucket/folder[?endpoint=https://host:port&region=NAME]; without an endpoint AWS_ENDPOINT_URL gives it. Access keys come
// from where AWS's own tools have them: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ~/.aws/credentials. Nothing is sent yet.
func OpenStore(address string) (*Store, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("reading the store's address: %w", err)
	}
	endpoint := u.Query().Get("endpoint")
	if endpoint == "" {
		endpoint = os.Getenv("AWS_ENDPOINT_URL")
	}
	at, err := url.Parse(endpoint)
	if err != nil || at.Host == "" {
		return nil, fmt.Errorf("reading the store's address: no endpoint; set AWS_ENDPOINT_URL to https://HOST:PORT")
	}
	if u.Host == "" {
		return nil, errors.New("reading the store's address: it names no bucket; write s3://bucket/folder")
	}
	region := u.Query().Get("region")
	if region == "" {
		region = "us-east-1" // the protocol wants a name; self-hosted stores take this one
	}
	client, err := minio.New(at.Host, &minio.Options{
		Creds:  credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}}),
		Secure: at.Scheme == "https", Region: region, BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return nil, fmt.Errorf("reading the store's address: %w", err)
	}
	return &Store{client: client, bucket: u.Host, folder: strings.Trim(u.Path, "/")}, nil
}

// Location is the folder as other programs name it.
func (s *Store) Location() string { return "s3://" + path.Join(s.bucket, s.folder) }

// Put copies a dataset folder, with the folders in it, and returns how many files it sent and how many were there. Parquet files are named by
// what they hold, so one that is there is not sent again; the lists of files go last, when all that they name is there. An object is there
// whole or not at all.
func (s *Store) Put(ctx context.Context, dir string) (sent, there int, err error) {
	var files, lists []string
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
		case filepath.Base(file) == ManifestName:
			lists = append(lists, file)
		case filepath.Ext(file) == ".parquet":
			files = append(files, file)
		}
		return err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("reading dataset: %w", err)
	}
	for _, file := range slices.Concat(files, lists) {
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return sent, there, fmt.Errorf("reading dataset: %w", err)
		}
		object := path.Join(s.folder, filepath.ToSlash(rel))
		has, err := s.has(ctx, object, file)
		if err == nil && !has {
			_, err = s.client.FPutObject(ctx, s.bucket, object, file, minio.PutObjectOptions{})
		}
		if err != nil {
			return sent, there, fmt.Errorf("storing %s in %s: %w", rel, s.Location(), err)
		}
		if has {
			there++
		} else {
			sent++
		}
	}
	return sent, there, nil
}

// has reports whether a Parquet file is there already.
func (s *Store) has(ctx context.Context, object, file string) (bool, error) {
	if filepath.Ext(file) != ".parquet" {
		return false, nil
	}
	info, err := os.Stat(file)
	if err != nil {
		return false, err
	}
	known, err := s.client.StatObject(ctx, s.bucket, object, minio.StatObjectOptions{})
	if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
		return false, nil
	}
	return err == nil && known.Size == info.Size(), err
}
