"""Makes the vendored assets of the pages again, from the npm packages that layout/static/vendor/README.md names.

    npm install --prefix FOLDER (the packages and versions that the README names)
    python -m scripts.vendor_assets FOLDER

Not part of any other command: the results are committed, so that nothing outside is asked for when the platform runs.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/junheng/web/layout/static/vendor"

COPIES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}
LICENCES = {
    "Bootstrap 5.3.9": "bootstrap/LICENSE",
    "Popper (in bootstrap.bundle.min.js)": "@popperjs/core/LICENSE.md",
    "htmx 2.0.11": "htmx.org/LICENSE",
    "Bootstrap Icons 1.13": "bootstrap-icons/LICENSE",
    "Apache ECharts 6.1": "echarts/LICENSE",
    "Apache ECharts 6.1, notice": "echarts/NOTICE",
    "ZRender (in echarts.min.js)": "zrender/LICENSE",
    "d3 (parts of it in ECharts)": "echarts/licenses/LICENSE-d3",
    "tslib (in echarts.min.js)": "tslib/LICENSE.txt",
}
ICONS = (
    "list circle-half person-badge box-arrow-right speedometer2 grid-3x3 clipboard-check book calendar-event pencil-square "
    "check2-square bar-chart-steps file-earmark-text diagram-3 upload download people key journal-text shield-lock inbox "
    "chat-left-text search printer arrow-right arrow-left plus-lg trash info-circle exclamation-triangle check-circle "
    "x-circle question-circle clock lock unlock building bell house funnel arrow-repeat file-earmark-spreadsheet eye "
    "chevron-right play graph-up geo-alt link-45deg table send slash-circle"
)

ECHARTS = """
import {BarChart, HeatmapChart, LineChart, RadarChart, ScatterChart} from "echarts/charts";
import {AriaComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent,
  VisualMapComponent} from "echarts/components";
import {getInstanceByDom, init, use} from "echarts/core";
import {SVGRenderer} from "echarts/renderers";
use([BarChart, HeatmapChart, LineChart, RadarChart, ScatterChart, AriaComponent, GridComponent, LegendComponent,
  MarkLineComponent, RadarComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);
export {getInstanceByDom, init};
"""


def main(folder: str) -> None:
    """Writes every vendored asset from the packages below `folder`."""
    modules = Path(folder).resolve() / "node_modules"
    for source, target in COPIES.items():
        text = (modules / source).read_text(encoding="utf-8")
        (VENDOR / target).write_text(_without_source_map(text), encoding="utf-8")
    (VENDOR / "icons.svg").write_text(icon_sprite(modules / "bootstrap-icons/icons"), encoding="utf-8")
    (VENDOR / "LICENCES.txt").write_text(licences(modules), encoding="utf-8")
    _bundle_echarts(modules)


def licences(modules: Path) -> str:
    """The licence of every vendored package, word for word."""
    texts = ((name, (modules / path).read_text(encoding="utf-8").strip()) for name, path in LICENCES.items())
    return "\n\n".join(f"==== {name} ====\n\n{text}" for name, text in texts) + "\n"


def icon_sprite(folder: Path) -> str:
    """One SVG file with a symbol per icon."""
    symbols = "".join(_symbol(folder / f"{name}.svg", name) for name in ICONS.split())
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def _symbol(path: Path, name: str) -> str:
    text = path.read_text(encoding="utf-8")
    inner = text[text.index(">") + 1 : text.rindex("</svg>")]
    flat = re.sub(r"\s*\n\s*", "", inner)
    return f'<symbol id="{name}" viewBox="0 0 16 16">{flat}</symbol>\n'


def _without_source_map(text: str) -> str:
    """The file without its pointer to a map that is not shipped."""
    return re.sub(r"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\n?", "\n", text)


def _bundle_echarts(modules: Path) -> None:
    """ECharts with the five kinds of chart that pages draw, as the global `echarts`."""
    licence = "ECharts 6.1, part of it, Apache-2.0: see README.md in this folder"
    target = VENDOR / "echarts.min.js"
    subprocess.run(
        [
            modules / ".bin/esbuild", "--bundle", "--minify", "--format=iife",
            "--global-name=echarts", "--target=chrome80", "--charset=ascii", "--legal-comments=none",
            "--define:process.env.NODE_ENV=\"production\"", f"--banner:js=/*! {licence} */", f"--outfile={target}",
            "--log-level=warning",
        ],
        input=ECHARTS.encode(), cwd=modules.parent, check=True,
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])
