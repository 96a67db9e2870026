# Simpul. `make` lists what can be done.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1

BIN := .venv/bin
PYTEST := $(BIN)/pytest
IN_PARALLEL := -n auto --dist loadfile
# Tests that mostly wait: two local clouds keep two processors busy; each runs one test at a time.
ON_A_CLOUD := tests/e2e
ON_TWO_CLOUDS := $(ON_A_CLOUD) -n 2 --dist loadfile --no-loadscope-reorder
# Left to `make test`: what trains the shipped model anew, plays fleets or rehearses the benchmarks.
TAKES_LONG := tests/unit/cli/test_routing.py::test_the_shipped_model_is_what_the_command_makes \
	tests/unit/cli/test_fleet_simulate.py tests/unit/shelter_alerts/test_alert_course.py \
	tests/unit/test_benchmarks.py
# The first Python of 3.11 or newer; asked only when something is to be set up.
find_python = for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	if command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$p; break; fi; done

.PHONY: help
help: ## Daftar perintah / list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##— Menjalankan / run

.PHONY: setup
setup: ## Pasang semua kebutuhan dari berkas kunci / install everything from the locks
	@python=$$($(find_python)); \
	if [ -z "$$python" ]; then \
		echo "✗ Python 3.11 atau lebih baru belum ada; jalankan: sudo apt install python3 python3-venv" >&2; \
		echo "  Python 3.11 or newer is missing: run sudo apt install python3 python3-venv" >&2; exit 1; \
	fi; \
	$$python cli/bootstrap.py

.PHONY: demo
demo: setup ## Nyalakan awan lokal dan jalankan tugas utama / start the local cloud and run the main job
	@$(BIN)/simpul up && $(BIN)/simpul demo && $(BIN)/simpul payments simulate --orders 40 && \
		$(BIN)/simpul fleet simulate --vehicles 120 --minutes 4 --speed 10 --crowd semarang-kota-lama

.PHONY: down
down: setup ## Matikan awan lokal / stop the local cloud
	@$(BIN)/simpul down

##— Memeriksa / check

.PHONY: test
test: setup lint types imports ## Semua pemeriksaan dan pengujian, dengan cakupan / every check and test, with coverage
	$(PYTEST) tests $(IN_PARALLEL) $(addprefix --ignore=,$(ON_A_CLOUD)) --cov --cov-report=term
	$(BIN)/python -m tests.pure_coverage
	$(PYTEST) $(ON_TWO_CLOUDS)

.PHONY: check
check: setup lint types-fast imports unit ## Bagian yang cepat / the fast part: lint, types, import contracts, unit tests

.PHONY: lint
lint: setup ## Gaya dan kesalahan umum / ruff's rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: setup ## Tipe / mypy, strict
	$(BIN)/mypy

# Reading the CDK's types takes mypy 40 s the first time, so the fast part leaves infra to `make test`.
.PHONY: types-fast
types-fast: setup
	$(BIN)/mypy shared functions cli

.PHONY: imports
imports: setup ## Batas antarbagian / import contracts
	$(BIN)/lint-imports

.PHONY: unit
unit: setup ## Uji aturan, tanpa jaringan / unit tests, sockets off
	HYPOTHESIS_PROFILE=quick $(PYTEST) tests/unit -q $(IN_PARALLEL) $(addprefix --deselect=,$(TAKES_LONG))

.PHONY: integration
integration: setup ## Uji penyimpanan dan penghubung / stores and adapters, in-process
	$(PYTEST) tests/integration

.PHONY: infra
infra: setup ## Uji infrastruktur hasil sintesis / the synthesized infrastructure
	$(PYTEST) tests/infra

.PHONY: e2e
e2e: setup ## Uji menyeluruh di awan lokal / end to end on a local cloud of its own
	$(PYTEST) $(ON_TWO_CLOUDS)

.PHONY: bench
bench: setup ## Ukur biaya dan kecepatan / measure cost, cold import and CPU beside baselines
	$(BIN)/python -m benchmarks

.PHONY: mutate
mutate: setup ## Uji mutasi atas aturan murni / mutation run over the pure rules
	@rm -rf mutants  # what is there already is not run again, even with new tests
	$(BIN)/mutmut run
	$(BIN)/mutmut results

##— Memelihara / maintain

.PHONY: format
format: setup ## Rapikan kode / format the code and mend what ruff can
	$(BIN)/ruff check --fix-only --quiet . || true
	$(BIN)/ruff format .

.PHONY: openapi
openapi: setup ## Tulis ulang docs/openapi.json / write docs/openapi.json anew
	$(BIN)/python -m infra.openapi

.PHONY: lock
lock: setup ## Perbarui berkas kunci dengan hash / renew the locks, with hashes and without addresses
	@for group in installer lambda lambda-photos lambda-payments dev local-cloud; do \
		echo "→ locks/$$group.txt"; \
		$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate --no-emit-index-url --no-emit-find-links \
			$$(case $$group in dev|lambda-photos|lambda-payments) echo --constraints locks/lambda.txt;; esac) \
			--group $$group --output-file locks/$$group.txt; \
	done
