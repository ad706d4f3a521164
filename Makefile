# Olketanu from a checkout. `make demo` and `make test` each do all the set-up they need.
SHELL = /bin/sh
PYTHON = .venv/bin/python
OLKETANU = $(PYTHON) cli.py --home demo-library
LOCK = $(PYTHON) -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-header --no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.PHONY: help demo test check lock messages screenshots

help:
	@echo "make demo      the main job over the sample batch, then three searches (home: demo-library/)"
	@echo "make test      every test this machine can run"
	@echo "make check     all that must hold before a change is taken (.ci/run)"
	@echo "make lock      new pinned and hashed requirements from the ranges in setup.cfg"
	@echo "make messages  compiled messages (.mo) from the translations (.po)"
	@echo "make screenshots  pictures of every page of the portal over demo-library/: screenshots/index.html"

# Exit code 1 of `run` is a result, not a failure: a proposed link waits for a librarian's yes.
demo:
	@.ci/setup base
	@test -f demo-library/olketanu.toml || $(PYTHON) cli.py init demo-library
	@$(OLKETANU) run scans/2026-01_sample || [ $$? -eq 1 ]
	@$(OLKETANU) index status
	@echo; $(OLKETANU) search "қара тас"
	@echo; $(OLKETANU) search "терриконы и шахты"
	@echo; $(OLKETANU) search "Nurken Abdirov"
	@echo; echo "The same library in a browser, at http://127.0.0.1:8080/ (Ctrl+C ends it):"
	@echo "    $(OLKETANU) serve"
	@echo "To try the desk, give yourself a name and a password, then log in at /desk/:"
	@echo "    $(OLKETANU) desk adduser aigul --role cataloguer"

test:
	@.ci/setup test
	@$(PYTHON) -m pytest

check:
	@.ci/run

lock:
	@.ci/setup test
	@$(LOCK) --upgrade --extra web --output-file requirements.txt setup.cfg
	@$(LOCK) --upgrade --extra web --extra dev --constraint requirements.txt --output-file requirements-dev.txt setup.cfg

messages:
	@.ci/setup test
	@$(PYTHON) -m babel.messages.frontend compile --directory olketanu/messages --domain olketanu

screenshots: demo
	@.ci/setup test
	@$(PYTHON) -m bench.screenshots screenshots
