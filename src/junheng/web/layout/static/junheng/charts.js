// Draws the charts of a page from the JSON beside them. The shapes are told in layout/charts.py.
// Colours come from the style sheet, so that light, dark and paper each have their own.
(function () {
  "use strict";
  var DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3]];
  var SYMBOLS = ["circle", "triangle", "diamond", "rect"];
  var HATCHES = [
    null,
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4 },
    { symbol: "circle", symbolSize: 0.7, dashArrayX: [[5, 5], [0, 5, 5, 0]], dashArrayY: [5, 0] },
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: 0 }
  ];
  var drawn = [];

  function look() {
    var style = window.getComputedStyle(document.documentElement);
    function colour(name) {
      return style.getPropertyValue("--jh-" + name).trim();
    }
    return {
      text: colour("text"),
      muted: colour("muted"),
      line: colour("line"),
      surface: colour("surface"),
      limit: colour("limit"),
      series: [colour("series-1"), colour("series-2"), colour("series-3"), colour("series-4")],
      good: colour("point-good"),
      bad: colour("point-bad"),
      unknown: colour("point-unknown"),
      heat: [colour("heat-far"), colour("heat-near"), colour("heat-met"), colour("heat-high")],
      heatText: colour("heat-text"),
      font: window.getComputedStyle(document.body).fontFamily
    };
  }

  function written(value, data) {
    if (value === null || value === undefined) {
      return "—";
    }
    var text = data.places === undefined ? String(value) : Number(value).toFixed(data.places);
    return data.unit ? text + " " + data.unit : text;
  }

  // Text from the data never becomes markup: tooltips are built from nodes.
  function tip(lines) {
    var box = document.createElement("div");
    lines.forEach(function (line, at) {
      var row = document.createElement(at ? "div" : "strong");
      row.textContent = line;
      box.appendChild(row);
    });
    return box;
  }

  function frame(data, colours) {
    return {
      textStyle: { fontFamily: colours.font, color: colours.text },
      animation: false,
      tooltip: {
        backgroundColor: colours.surface,
        borderColor: colours.line,
        textStyle: { color: colours.text, fontSize: 13 },
        confine: true
      },
      legend: {
        show: (data.series || data.groups || []).length > 1,
        top: 0,
        itemWidth: 24,
        textStyle: { color: colours.text, fontSize: 13 },
        inactiveColor: colours.muted
      }
    };
  }

  function axes(data, colours, width) {
    var longest = Math.max.apply(null, data.categories.map(function (name) { return name.length; }).concat([1]));
    var scale = scaleOf(data);
    var isTight = (width - 60) / Math.max(data.categories.length, 1) < longest * 12.5;
    return {
      grid: { left: 8, right: (data.limits || []).length ? 84 : 16, top: 36, bottom: 8, containLabel: true },
      xAxis: {
        type: "category",
        data: data.categories,
        axisLabel: { color: colours.muted, fontSize: 12, interval: 0, rotate: isTight ? 40 : 0 },
        axisLine: { lineStyle: { color: colours.muted } },
        axisTick: { show: false }
      },
      yAxis: {
        type: "value",
        name: data.unit || "",
        nameTextStyle: { color: colours.muted },
        scale: Boolean(data.fits),
        max: scale.max,
        interval: scale.interval,
        axisLabel: { color: colours.muted, fontSize: 12 },
        splitLine: { lineStyle: { color: colours.line } }
      }
    };
  }

  // The axis reaches a little above the highest limit; without limits ECharts finds its own.
  function scaleOf(data) {
    var limits = (data.limits || []).map(function (limit) { return limit.value; });
    var values = data.series.reduce(function (all, series) { return all.concat(series.values); }, limits);
    var most = Math.max.apply(null, values.map(function (value) { return value || 0; }));
    return limits.length && most > 0 ? steps(most * 1.06) : {};
  }

  function steps(most) {
    var base = Math.pow(10, Math.floor(Math.log10(most)));
    var interval = [0.1, 0.2, 0.25, 0.5, 1, 2].map(function (part) { return part * base; })
      .filter(function (step) { return most / step <= 6; })[0];
    return { interval: interval, max: Number((Math.ceil(most / interval) * interval).toPrecision(8)) };
  }

  function limitLines(data, colours) {
    return {
      silent: true,
      symbol: "none",
      animation: false,
      data: (data.limits || []).map(function (limit) {
        var own = limit.series === undefined ? colours.limit : colours.series[limit.series % 4];
        return {
          yAxis: limit.value,
          name: limit.name,
          lineStyle: { color: own, type: limit.series ? [3, 3] : [8, 4], width: 1.75 },
          label: { formatter: limit.name, color: colours.text, fontSize: 11, position: "end" }
        };
      })
    };
  }

  function byCategory(data, colours, width) {
    var isBar = data.kind === "bars";
    var isRoomy = width / Math.max(data.categories.length * data.series.length, 1) > 34;
    var option = Object.assign(frame(data, colours), axes(data, colours, width));
    option.tooltip.trigger = "axis";
    option.tooltip.axisPointer = { type: isBar ? "shadow" : "line" };
    option.tooltip.formatter = function (points) {
      return tip([points[0].name].concat(points.map(function (point) {
        return point.seriesName + "  " + written(point.value, data);
      })));
    };
    option.series = data.series.map(function (series, at) {
      var colour = colours.series[at % 4];
      var hatch = HATCHES[at % 4];
      return {
        name: series.name,
        type: isBar ? "bar" : "line",
        data: series.values,
        barMaxWidth: 28,
        barGap: "12%",
        connectNulls: false,
        symbol: SYMBOLS[at % 4],
        symbolSize: 8,
        lineStyle: { type: DASHES[at % 4], width: 2.25, color: colour },
        itemStyle: {
          color: colour,
          borderRadius: isBar ? [2, 2, 0, 0] : 0,
          decal: isBar && hatch ? Object.assign({ color: colours.surface }, hatch) : undefined
        },
        label: {
          show: isRoomy,
          position: !isBar && at % 2 ? "bottom" : "top",
          color: colours.text,
          fontSize: 11,
          formatter: function (point) {
            return point.value === null || point.value === undefined ? "" : written(point.value, { places: data.places });
          }
        },
        markLine: at === 0 ? limitLines(data, colours) : undefined
      };
    });
    return option;
  }

  function radar(data, colours, width) {
    var option = frame(data, colours);
    var rows = data.series.map(function (series, at) {
      var colour = colours.series[at % 4];
      return {
        name: series.name,
        value: series.values,
        symbol: SYMBOLS[at % 4],
        symbolSize: 7,
        lineStyle: { color: colour, type: DASHES[at % 4], width: 2 },
        itemStyle: { color: colour },
        areaStyle: { color: colour, opacity: 0.08 }
      };
    });
    if (data.limit !== undefined) {
      rows.push({
        name: data.limit_name,
        value: data.axes.map(function () { return data.limit; }),
        symbol: "none",
        lineStyle: { color: colours.limit, type: "dotted", width: 2 },
        itemStyle: { color: colours.limit }
      });
    }
    var most = Math.max.apply(null, rows.map(function (row) {
      return Math.max.apply(null, row.value.map(function (value) { return value || 0; }));
    }));
    option.legend.show = true;
    option.legend.data = rows.map(function (row) {
      return { name: row.name, icon: row.symbol === "none" ? "roundRect" : row.symbol };
    });
    option.radar = {
      indicator: data.axes.map(function (axis) { return { name: axis.name, max: axis.max || Math.ceil(most * 0.104) * 10 }; }),
      center: ["50%", "56%"],
      radius: width < 420 ? "62%" : "70%",
      axisName: { color: colours.text, fontSize: 12 },
      splitLine: { lineStyle: { color: colours.line } },
      axisLine: { lineStyle: { color: colours.line } },
      splitArea: { show: false }
    };
    option.tooltip.formatter = function (point) {
      return tip([point.name].concat(data.axes.map(function (axis, at) {
        return axis.name + "  " + written(point.value[at], data);
      })));
    };
    option.series = [{ type: "radar", data: rows }];
    return option;
  }

  function points(data, colours) {
    var option = frame(data, colours);
    var most = 1;
    data.groups.forEach(function (group) {
      group.points.forEach(function (point) { most = Math.max(most, point.size || 0); });
    });
    var shapes = { good: "circle", bad: "diamond", unknown: "triangle" };
    option.legend.show = true;
    var isMap = !data.x_name && !data.y_name;
    option.grid = isMap
      ? { left: 10, right: 10, top: 36, bottom: 10 }
      : { left: 8, right: 24, top: 58, bottom: data.x_name ? 26 : 8, containLabel: true };
    option.xAxis = isMap ? bare(colours) : named(data.x_name, colours, "middle");
    option.yAxis = isMap ? bare(colours) : named(data.y_name, colours, "end");
    option.tooltip.formatter = function (mark) {
      return tip([mark.data.name, mark.seriesName, mark.data.note].filter(Boolean));
    };
    option.series = data.groups.map(function (group, at) {
      return {
        name: group.name,
        type: "scatter",
        markLine: at === 0 && data.y_limit !== undefined ? standardLine(data.y_limit, colours) : undefined,
        symbol: shapes[group.level] || "rect",
        itemStyle: { color: colours[group.level] || colours.series[0], opacity: 0.85, borderColor: colours.surface, borderWidth: 1 },
        data: group.points.map(function (point) {
          return {
            value: [point.x, point.y],
            name: point.name,
            note: point.note || "",
            address: point.address || "",
            symbolSize: 7 + 17 * Math.sqrt((point.size || 0) / most)
          };
        })
      };
    });
    return option;
  }

  function bare(colours) {
    return {
      type: "value",
      scale: true,
      axisLabel: { show: false },
      axisTick: { show: false },
      axisLine: { show: false },
      splitLine: { lineStyle: { color: colours.line } }
    };
  }

  function named(name, colours, place) {
    return {
      type: "value",
      name: name || "",
      nameLocation: place,
      nameGap: place === "middle" ? 28 : 10,
      nameTextStyle: { color: colours.muted, fontSize: 12, align: place === "end" ? "left" : "center" },
      axisLabel: { color: colours.muted, fontSize: 12, hideOverlap: true },
      axisTick: { show: false },
      axisLine: { show: true, lineStyle: { color: colours.muted } },
      splitLine: { lineStyle: { color: colours.line } }
    };
  }

  function standardLine(value, colours) {
    return {
      silent: true,
      symbol: "none",
      animation: false,
      lineStyle: { color: colours.limit, type: [8, 4], width: 1.75 },
      label: { formatter: String(value), color: colours.text, fontSize: 11, position: "insideEndTop" },
      data: [{ yAxis: value }]
    };
  }

  function heat(data, colours) {
    var option = frame(data, colours);
    var values = data.cells.map(function (cell) { return cell[2]; }).filter(function (value) { return value !== null; });
    option.grid = { left: 8, right: 16, top: 8, bottom: 48, containLabel: true };
    option.xAxis = { type: "category", data: data.columns, axisLabel: { color: colours.muted, interval: 0 } };
    option.yAxis = { type: "category", data: data.rows, inverse: true, axisLabel: { color: colours.muted } };
    option.visualMap = {
      min: values.length ? Math.min.apply(null, values) : 0,
      max: values.length ? Math.max.apply(null, values) : 1,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      inRange: { color: colours.heat },
      itemHeight: 120,
      itemWidth: 12,
      textStyle: { color: colours.text }
    };
    option.visualMap.text = [written(option.visualMap.max, data), written(option.visualMap.min, data)];
    option.tooltip.formatter = function (cell) {
      return tip([data.rows[cell.value[1]] + " · " + data.columns[cell.value[0]], written(cell.value[2], data)]);
    };
    option.series = [{
      type: "heatmap",
      data: data.cells.filter(function (cell) { return cell[2] !== null; }).map(function (cell) {
        return [cell[1], cell[0], cell[2]];
      }),
      label: { show: true, color: colours.heatText, formatter: function (cell) { return written(cell.value[2], { places: data.places }); } }
    }];
    return option;
  }

  var MAKERS = { bars: byCategory, lines: byCategory, radar: radar, points: points, heat: heat };

  function paint(entry) {
    if (!entry.box.clientWidth) {
      return;
    }
    entry.chart.resize();
    entry.chart.setOption(MAKERS[entry.data.kind](entry.data, look(), entry.box.clientWidth), true);
  }

  function start(scope) {
    scope.querySelectorAll("[data-chart]").forEach(function (box) {
      var source = document.getElementById(box.dataset.chart);
      if (!source || echarts.getInstanceByDom(box)) {
        return;
      }
      var entry = { box: box, data: JSON.parse(source.textContent), chart: echarts.init(box, null, { renderer: "svg" }) };
      entry.chart.on("click", function (mark) {
        if (mark.data && mark.data.address) {
          window.location.assign(mark.data.address);
        }
      });
      drawn.push(entry);
      paint(entry);
    });
  }

  function redraw() {
    drawn = drawn.filter(function (entry) {
      if (document.body.contains(entry.box)) {
        return true;
      }
      entry.chart.dispose();
      return false;
    });
    drawn.forEach(paint);
  }

  // Paper has a width of its own, which the page learns too late: charts are drawn for it and scale from there.
  function drawForPaper() {
    drawn.forEach(function (entry) {
      var isWide = entry.box.closest(".jh-span-12") || !entry.box.closest(".jh-grid");
      var width = isWide ? 690 : 335;
      entry.chart.resize({ width: width });
      entry.chart.setOption(MAKERS[entry.data.kind](entry.data, look(), width), true);
      var picture = entry.box.querySelector("svg");
      picture.setAttribute("viewBox", "0 0 " + width + " " + entry.chart.getHeight());
    });
  }

  var waiting = null;
  window.addEventListener("resize", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(redraw, 120);
  });
  document.addEventListener("junheng:theme", redraw);
  document.addEventListener("toggle", redraw, true); // what was folded had no width to be drawn in
  document.addEventListener("junheng:paper", drawForPaper);
  document.addEventListener("htmx:afterSettle", function (event) {
    start(event.target);
    redraw();
  });
  start(document);
})();
