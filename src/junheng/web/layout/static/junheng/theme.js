// Light or dark before the first paint. Loaded in <head>, without defer, so that the page never flashes.
(function () {
  "use strict";
  var key = "junheng-theme";
  var chosen = null;
  try {
    chosen = window.localStorage.getItem(key);
  } catch (error) {
    chosen = null; // storage is switched off: the system's choice stands
  }
  var isDark = chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.setAttribute("data-bs-theme", isDark ? "dark" : "light");
  document.documentElement.classList.add("jh-js");
})();
