# 均衡 Junheng 的全部命令。只需 git、make 与 Python 3.11 以上版本;其余由各命令自行安装到 .venv。
# Every command of the project. Needs git, make and Python 3.11+; each command installs the rest into .venv by itself.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup setup-runtime setup-spark setup-browser demo test unit check fix bench docs lock audit mutate pictures clean

PY := .venv/bin/python
OUT ?= out
SERVE ?= 1
PORT ?= 8000
EXAMPLE := JUNHENG_DATA_DIR="$(OUT)/platform" JUNHENG_HTTPS=0 JUNHENG_SECOND_FACTOR=0

help: ## 列出全部命令 / list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

setup: ## 安装开发环境 / install everything that the tests need
	@sh scripts/setup.sh dev

setup-runtime:
	@sh scripts/setup.sh runtime

setup-spark: setup
	@$(PY) -m scripts.spark_setup

demo: setup-runtime ## 生成示例县、评估、写出文书到 out/,再打开网页平台(SERVE=0 不打开) / documents, then the platform
	@.venv/bin/junheng demo --out $(OUT)
ifneq ($(SERVE),0)
	@echo "⑤ 网页平台:"
	@$(EXAMPLE) .venv/bin/junheng manage migrate --verbosity 0
	@$(EXAMPLE) .venv/bin/junheng manage load_demo
	@$(EXAMPLE) .venv/bin/junheng serve --port $(PORT)
endif

setup-browser: setup
	@$(PY) -m scripts.browser

test: setup-spark setup-browser ## 全部检查与测试,含覆盖率门槛 / all gates and all tests with coverage
	@$(PY) -m scripts.run_tests all

unit: setup ## 规则、读取与规划的快速测试 / quick tests of rules, readers and planner
	@$(PY) -m scripts.run_tests unit

check: setup ## 静态检查 / lint, format, types, layers, locks, docs
	@$(PY) -m scripts.check

fix: setup ## 自动修正格式并重新生成文档 / repair what can be repaired
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet . && $(PY) -m scripts.docs_build

bench: setup ## 性能基准 / benchmarks, ratios from one run
	@$(PY) -m bench

docs: setup ## 重新生成文档页 / regenerate the generated pages under docs/
	@$(PY) -m scripts.docs_build

lock: setup ## 重新解析 requirements/*.txt / compile the hashed locks again (UPGRADE=1 takes newer versions)
	@$(PY) -m scripts.locks compile $(if $(filter 1,$(UPGRADE)),--upgrade)

audit: setup ## 依赖漏洞检查,需要联网(OFFLINE_OK=1:连不上只提示) / known vulnerabilities of the locked packages
	@$(PY) -m scripts.dependency_audit $(if $(filter 1,$(OFFLINE_OK)),--offline-ok)

pictures: setup-browser ## 走一遍网页,每页截图到 build/screenshots / every page as a picture, desk and phone
	@JUNHENG_PICTURES=1 $(PY) -m pytest -q -n 2 --dist load --maxschedchunk 1 tests/web/journeys -m browser

mutate: setup ## 变异测试 core,耗时较长 / mutation run over core, score at least 90 %
	@$(PY) -m scripts.mutation

clean: ## 删除可再生成的文件(保留 .venv) / remove what can be made again, keep .venv
	@rm -rf $(OUT) build dist htmlcov mutants .coverage .coverage.* \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests scripts bench -name __pycache__ -type d -prune -exec rm -rf {} +
