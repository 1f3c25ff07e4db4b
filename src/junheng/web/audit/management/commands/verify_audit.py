"""`junheng manage verify_audit`: are all audit chains whole?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from junheng.web.audit.chain import verify
from junheng.web.audit.models import PLATFORM_CHAIN, Chain
from junheng.web.audit.places import places


class Command(BaseCommand):
    """Prints every chain with its length and head, and a line per broken place; exit code 1 when there is one."""

    help = "逐条核对审计链:每行的哈希、与前一行的衔接、链头的行数。把打印的链头另行保存,可防整条链被重写。"

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Checks all chains."""
        chains = list(Chain.objects.order_by("organisation_id"))
        names = places().names([chain.organisation_id for chain in chains])
        for chain in chains:
            self.stdout.write(f"{_name(names, chain.organisation_id)}  {chain.length} 行  链头 {chain.head}")
        breaks = list(verify())
        for found in breaks:
            self.stderr.write(f"✗ {_name(names, found.organisation_id)}  {found.message}")
        rows = sum(chain.length for chain in chains)
        if breaks:
            self.stderr.write(
                f"✗ 共 {len(chains)} 条链、{rows} 行,{len(breaks)} 处不符。请保留数据库现状,交审计管理员处理。"
            )
            sys.exit(1)
        self.stdout.write(f"✓ 共 {len(chains)} 条链、{rows} 行,全部相符。")


def _name(names: Any, organisation_id: int) -> str:
    word = "平台" if organisation_id == PLATFORM_CHAIN else names.get(organisation_id, "已不在机构树中")
    return f"{word}({organisation_id})"
