"""`junheng manage remind_returns`: orders today's reminders at once; workers do it by themselves within the hour."""

from typing import Any

from django.core.management.base import BaseCommand

from junheng.web.returns.background import order_reminders


class Command(BaseCommand):
    """Orders the reminders of today; ordering them twice on a day orders them once."""

    help = "向快到期和刚逾期仍未提交的单位催报(后台程序每小时自己检查一次,这里是立刻做;同一天重复运行不会重复催)。"

    def handle(self, *_arguments: Any, **_named: Any) -> None:
        """Leaves the work to the worker."""
        self.stdout.write(f"今天的催报任务:{len(order_reminders())} 个。")
