#!/bin/sh
# Prints the path of a Python that Junheng can run on (3.11 or newer, with venv), or says what to install and fails.
# $PYTHON, when set, is the only candidate.
set -eu

usable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

can_make_venv() {
    "$1" -c 'import venv, ensurepip' >/dev/null 2>&1
}

without_venv=""
for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14 python}; do
    path=$(command -v "$candidate" 2>/dev/null) || continue
    usable "$path" || continue
    if can_make_venv "$path"; then
        printf '%s\n' "$path"
        exit 0
    fi
    without_venv=$path
done

if [ -n "$without_venv" ]; then
    cat >&2 <<MESSAGE
错误:$without_venv 缺少 venv 模块,无法创建虚拟环境。
请先安装它(Debian、Ubuntu:apt-get install python3-venv),然后重新运行同一条命令。
Error: $without_venv lacks the venv module. Install it (Debian, Ubuntu: apt-get install python3-venv) and run the command again.
MESSAGE
else
    found=$(command -v python3 >/dev/null 2>&1 && python3 --version 2>&1 || echo "无 / none")
    cat >&2 <<MESSAGE
错误:需要 Python 3.11 或更高版本,现有:$found。
请先安装 Python 3.11 以上版本,或用 PYTHON=/路径/python3.11 make … 指定它,然后重新运行。
Error: Python 3.11 or newer is needed, found: $found. Install it, or name one with PYTHON=… make …, and run the command again.
MESSAGE
fi
exit 1
