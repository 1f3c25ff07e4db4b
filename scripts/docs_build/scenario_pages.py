"""docs/plan-entries.md: the entries of a scenario as a page."""

from pathlib import Path

from junheng.reports.scenario_page import PAGE, scenario_page


def build(_root: Path) -> dict[str, str]:
    """The one page of the entries."""
    return {str(PAGE): scenario_page()}
