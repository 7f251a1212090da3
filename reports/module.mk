# A night of all lanes and its page.
.PHONY: nightly report
nightly: ## every lane, added to the history; the page of it (FLAGS: --quick, --lane NAME, --dir DIR)
	scripts/nightly $(FLAGS)

report: ## the page from what the last nights found (FLAGS: --dir DIR, --output FILE)
	scripts/report $(FLAGS)

# The tutorial backend, as a lane checks it.
build/nightly/libtemplate.so: backends/template/template.c spec/gomem.h
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -shared -fPIC -Ispec -o $@ $<

TESTS_REPORTS = $(wildcard reports/tests/*.t)
