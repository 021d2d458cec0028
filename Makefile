# hailong: what a maintainer types. `make run` and `make test` need Go and a C compiler, nothing more.
GO      ?= go
BIN     := bin/hailong
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
LINT    := $(GO) tool -modfile=.ci/golangci-lint.mod golangci-lint

.PHONY: run build test check lint lint-selftest fmt vet fuzz bench bench-growth bench-peers golden samples simulate test-slow dist validate cluster-up test-cluster cluster-down

run: build ## the main job: nine district workbooks of a synthetic Trà Vinh survey -> summary workbook
	@# The sample has planted defects, so exit 3 (written, but problems were found) is the right answer here.
	$(BIN) run samples/tra-vinh-2020/plan.yaml || [ $$? -eq 3 ]

build:
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/hailong

test:
	$(GO) test ./...

check: fmt vet lint lint-selftest ## format, vet, lint, layer rules

fmt: ## fails if a file is not formatted
	@out=$$(gofmt -l cmd ingest analytics reports samples); if [ -n "$$out" ]; then echo "not gofmt'd:"; echo "$$out"; exit 1; fi

vet:
	$(GO) vet ./...

lint:
	$(LINT) run ./...

lint-selftest: ## plants one forbidden import a room and fails if the linter is silent
	GO="$(GO)" .ci/lint-selftest.sh

golden: ## the numbers of R survey: every case, with the worst error of each group
	$(GO) test ./analytics/survey -run Golden -v -count=1

samples: ## makes the sample workbooks again; git must see no change
	$(GO) run ./samples/gen
	git diff --exit-code --stat -- samples

fuzz: ## half a minute for each fuzz target
	.ci/fuzz.sh 30s

bench: ## ratios within one run; a quiet machine, please
	$(GO) test ./ingest/xlsx -run '^$$' -bench 'Ratios|Peak' -benchtime 1x
	$(GO) test ./ingest -run '^$$' -bench 'IngestRatios|IngestManyFiles|IngestPeak' -benchtime 1x
	$(GO) test ./analytics/engine -run '^$$' -bench 'Totals|Exactness' -benchtime 3x
	$(GO) test ./analytics -run '^$$' -bench 'Province|Communes' -benchtime 3x
	$(GO) test ./analytics/placement ./reports -run '^$$' -bench .

bench-growth: ## 10^5 to 10^8 forms: the rows of cmd/hailong/manual/growth.md
	.ci/growth.sh

bench-peers: build ## the same workbook through fastexcel, polars, openpyxl, SheetJS, readxl, as far as they can be had
	.ci/bench-peers.sh

test-slow: ## what takes minutes or needs LibreOffice
	HAILONG_SLOW=1 $(GO) test ./ingest/xlsx -run LibreOffice -count=1
	HAILONG_OFFICE=1 $(GO) test ./reports -run Office -count=1

simulate: ## coverage of the 95 % intervals, minutes
	HAILONG_SIMULATE=1 $(GO) test ./analytics/survey -run Simulat -v -count=1 -timeout 60m
	HAILONG_SLOW=1 $(GO) test ./analytics/placement -run Calibrated -v -count=1 -timeout 60m

validate: build ## the sample workbook against the OOXML schema and LibreOffice's recalculation, where they are installed
	.ci/validate-workbook.sh

cluster-up: ## a Trino cluster on loopback, one coordinator and two workers; needs Java 24 and Maven
	.ci/cluster.sh up

test-cluster: ## the golden set and the sample through it: DuckDB's bytes; kills a worker
	.ci/cluster.sh test

cluster-down:
	.ci/cluster.sh down

dist: ## a release archive of this platform in dist/: the program, its licence and those inside it, the manual; reproducible
	GO="$(GO)" VERSION="$(VERSION)" .ci/dist.sh
