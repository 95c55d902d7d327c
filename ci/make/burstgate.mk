# In your Makefile: include ci/make/burstgate.mk
#   make perf PROFILE=baseline    gate this build; fails like burstgate
#   make perf-record RUNS=5       record it as what later builds are compared with
# PROFILE is a profile of the YAML file; without one the file's default.
BURSTGATE ?= burstgate
PERF_CONFIG ?= burstgate.yaml
PERF_REPORTS ?= burstgate-report
RUNS ?= 5

perf_flags = --config '$(PERF_CONFIG)' $(if $(PROFILE),--profile '$(PROFILE)')

.PHONY: perf perf-record

perf:
	$(BURSTGATE) gate $(perf_flags) --output '$(PERF_REPORTS)/result.json' --junit '$(PERF_REPORTS)/junit.xml' \
	  --html '$(PERF_REPORTS)/report.html'

# Exit code 1 is a broken limit: recorded all the same.
perf-record:
	for run in $$(seq $(RUNS)); do \
	  $(BURSTGATE) record $(perf_flags) --output '$(PERF_REPORTS)/result.json' || [ $$? = 1 ] || exit 1; \
	done
