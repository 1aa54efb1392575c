# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The environment's programs first. A UTF-8 locale is what Ansible insists on.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/collections
export LC_ALL := C.UTF-8

CLOUD := $(or $(CURATOR_CLOUD_DIR),.cloud)
STAGED := build/ansible_collections/curator/glance
# mypy knows a file by the path that it is given, so it is given the path of an installed collection.
INSTALLED := .venv/collections/ansible_collections/curator/glance
# Python files without a suffix.
SCRIPTS = $(shell git grep --untracked -lE '^\#!/usr/bin/env python3$$' -- ':!*.py')
# Further arguments for pytest: make unit PYTEST="-k share -x"
PYTEST ?=
FAST := not slow and not long

.PHONY: help
help: ## Say what there is to make.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Make .venv, the environment of all that follows, or bring it up to date.
	@tests/tools/setup-env

# ---- Tests ----------------------------------------------------------------------------------------------------------

# What runs beside each other, about equally long. They are three on two cores, as much of the time is waiting: for
# servers, for guests, for what has to fail by itself.
TEST_LANES := lint,sanity,targets,faults unit,molecule-first,integration-images,compute integration-others
SLOW_LANES := slow-compute,slow-molecule,slow-others slow-integration slow-faults,slow-kills

.PHONY: test
test: ## Run lint, sanity, unit, targets, molecule, faults, integration, compute. At most 20 minutes.
	@tests/tools/with-cloud .venv/bin/python tests/tools/stages.py $(TEST_LANES)

.PHONY: test-slow
test-slow: ## Run the tests that take minutes each. At most 40 minutes.
	@tests/tools/with-cloud .venv/bin/python tests/tools/stages.py $(SLOW_LANES)

# What is for the days before a release: whole distributions in a cloud, volumes, clouds beside each other.
.PHONY: test-long
test-long: setup ## Run the tests marked long, which `make test-slow` leaves out.
	@tests/tools/with-cloud python -m pytest -m long tests/integration tests/compute tests/faults $(PYTEST)

.PHONY: sanity
sanity: setup ## Run ansible-test's sanity tests.
	@tests/tools/sanity .venv/bin/python

.PHONY: unit
unit: setup ## Run the unit tests: pure and fast.
	@python -m pytest -m "$(FAST)" tests/unit $(PYTEST)

.PHONY: integration
integration: setup ## Run the integration tests on the cloud.
	@tests/tools/with-cloud python -m pytest -m "$(FAST)" tests/integration $(PYTEST)

# Its two halves.
.PHONY: integration-images integration-others
integration-images: setup
	@tests/tools/with-cloud python -m pytest -m "$(FAST)" tests/integration/test_image_*.py $(PYTEST)

integration-others: setup
	@tests/tools/with-cloud python -m pytest -m "$(FAST)" tests/integration --ignore-glob='*/test_image_*.py' $(PYTEST)

.PHONY: faults
faults: setup ## Run one fault of each kind, on the cloud and on clouds of its own.
	@tests/tools/with-cloud python -m pytest -m "$(FAST)" tests/faults $(PYTEST)

.PHONY: compute
compute: setup ## Run the tests that start servers, on clouds with Nova that they start.
	@tests/tools/with-cloud python -m pytest -m "$(FAST)" tests/compute $(PYTEST)

.PHONY: targets
targets: setup ## Run ansible-test's integration targets on the cloud.
	@tests/tools/with-cloud tests/integration/run-targets

.PHONY: molecule
molecule: setup ## Run every role on the cloud.
	@tests/tools/with-cloud molecule test --all

# Its two halves: an upload and the roles of the jobs that most people have, and all others.
FIRST_ROLES := image_upload_raw publish_images share_images
.PHONY: molecule-first
molecule-first: setup
	@tests/tools/with-cloud molecule test $(addprefix --scenario-name=,$(FIRST_ROLES))

# pytest ends with 5 where nothing was selected. Of the slow tests, that is an answer.
SLOW = python -m pytest -m slow $(1) $(PYTEST) || \
    { code=$$?; [[ $$code -eq 5 ]] && echo "0 slow tests"; }

SLOW_STAGES := slow-faults slow-kills slow-compute slow-integration slow-molecule slow-others
.PHONY: slow $(SLOW_STAGES)
slow: $(SLOW_STAGES)

# Runs that are killed and taken up again, or that meet each other; all other faults are those of a connection.
KILLS := $(addprefix tests/faults/test_,interrupted.py killed.py migrate_many.py publish_killed.py swap_killed.py together.py)

slow-faults: setup
	@tests/tools/with-cloud $(call SLOW,tests/faults $(addprefix --ignore=,$(KILLS)))

slow-kills: setup
	@tests/tools/with-cloud $(call SLOW,$(KILLS))

slow-compute: setup
	@tests/tools/with-cloud $(call SLOW,tests/compute)

slow-integration: setup
	@tests/tools/with-cloud $(call SLOW,tests/integration --ignore=tests/integration/ceph)

slow-molecule: setup
	@tests/tools/with-cloud molecule test --all $(addprefix --exclude=,$(FIRST_ROLES))

slow-others: setup
	@tests/tools/with-cloud $(call SLOW,tests/unit tests/integration/ceph tests/browser)

.PHONY: test-matrix
test-matrix: ## Run the tests with every supported ansible-core whose Python is installed.
	@tests/tools/with-cloud .venv/bin/python tests/tools/matrix.py

# ---- Lint -----------------------------------------------------------------------------------------------------------

LINTERS := lint-ansible lint-changelog lint-docs lint-python lint-shell lint-types

.PHONY: lint $(LINTERS)
lint: setup ## Run all linters; each alone: lint-ansible, lint-types, ...
	@$(MAKE) --no-print-directory --keep-going --output-sync=target --jobs=2 $(LINTERS)

lint-ansible:
	@ansible-lint --nocolor

lint-changelog:
	@antsibull-changelog lint

lint-docs:
	@antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=self --disallow-unknown-collection-refs .

lint-python:
	@ruff check --no-fix --output-format=concise . $(SCRIPTS)
	@ruff format --check . $(SCRIPTS)

lint-shell:
	@shellcheck $$(git grep --untracked -lE '^#!/usr/bin/env bash$$')

lint-types:
	@mypy $(INSTALLED)/plugins $(INSTALLED)/tests $(SCRIPTS)

# ---- The cloud ------------------------------------------------------------------------------------------------------

.PHONY: cloud
cloud: ## Start the cloud that the tests and the demo run on.
	@tests/cloud/up "$(CLOUD)"

.PHONY: cloud-down
cloud-down: ## Stop it.
	@tests/cloud/down "$(CLOUD)"

.PHONY: demo
demo: ## Show what the collection does, on that cloud; with COMPUTE=1, boot images as well.
	@tests/demo/run

.PHONY: demo-page
demo-page: setup ## Serve the page that the demo wrote, on loopback, until Ctrl+C.
	@[[ -f build/demo/page/index.html ]] || { echo "There is no page yet: make demo writes it." >&2; exit 1; }
	@python -m http.server --bind 127.0.0.1 --directory build/demo/page $(or $(PORT),0)

# Further arguments: make bench BENCH="--size small --runs 1"
.PHONY: bench
bench: setup ## Measure uploads, ours and those of other tools, on that cloud. About 10 minutes.
	@tests/tools/with-cloud env PYTHONPATH=tests:tests/cloud python -m bench $(BENCH)

# Further arguments: make bench-catalog BENCH="--some 10 --many 20 --new 2"
.PHONY: bench-catalog
bench-catalog: setup ## Measure catalogs, kept by us and by other tools, on that cloud. About 15 minutes.
	@tests/tools/with-cloud env PYTHONPATH=tests:tests/cloud python -m bench.catalogs $(BENCH)

# Further arguments: make bench-migrate BENCH="--size small --runs 1"
.PHONY: bench-migrate
bench-migrate: setup ## Measure migrations and downloads, ours and those of other tools, on that cloud. About 10 minutes.
	@tests/tools/with-cloud env PYTHONPATH=tests:tests/cloud python -m bench.migrations $(BENCH)

# Further arguments: make bench-boot BENCH="--runs 1"
.PHONY: bench-boot
bench-boot: setup ## Measure a boot check of the tiny guest through Nova, in its parts.
	@tests/tools/with-cloud env PYTHONPATH=tests:tests/cloud python -m bench.boots $(BENCH)

.PHONY: bench-prepare
bench-prepare: setup ## Measure the preparation of a guest by one operation, and by ten.
	@tests/tools/with-cloud env PYTHONPATH=tests:tests/cloud python -m bench.preparations $(BENCH)

# ---- Products -------------------------------------------------------------------------------------------------------

.PHONY: docs
docs: setup ## Make the documentation as HTML, in build/docs.
	@tests/tools/build-docs

.PHONY: build
build: setup ## Make the tarball for Galaxy, in build.
	@.venv/bin/python tests/tools/stage_collection.py
	@ansible-galaxy collection build --force --output-path build $(STAGED)

.PHONY: clean
clean: ## Stop the cloud and remove all that was made, .venv too.
	@for cloud in "$(CLOUD)"*/; do [[ ! -d "$$cloud" ]] || tests/cloud/down "$$cloud"; done
	@rm -rf .venv .cloud .cloud-* .ansible build
