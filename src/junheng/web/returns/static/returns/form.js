// Saves every cell as it is left, one request after the other, and shows findings at the cells they are about.
(function () {
  "use strict";
  var form = document.getElementById("sheet");
  if (!form || !form.dataset.autosave || !window.htmx) {
    return;
  }
  var waiting = [];
  var isBusy = false;

  function partner(cell) {
    return form.elements.namedItem("w-" + cell.name.slice(2));
  }

  function status(text) {
    var place = document.getElementById("saved");
    if (place) {
      place.textContent = text;
    }
  }

  function sendNext() {
    if (isBusy || waiting.length === 0) {
      return;
    }
    var cell = waiting.shift();
    var was = partner(cell);
    var values = { lock_version: form.elements.namedItem("lock_version").value };
    values[cell.name] = cell.value;
    values[was.name] = was.value;
    isBusy = true;
    status("…");
    window.htmx
      .ajax("POST", form.dataset.autosave, { source: document.body, target: document.body, swap: "none", values: values })
      .then(done, done);
  }

  function done() {
    isBusy = false;
    sendNext();
  }

  function save(cell) {
    if (waiting.indexOf(cell) < 0) {
      waiting.push(cell);
    }
    sendNext();
  }

  function isCell(target) {
    return target.name && target.name.indexOf("c-") === 0 && partner(target);
  }

  form.addEventListener("change", function (event) {
    if (isCell(event.target) && event.target.value !== partner(event.target).value) {
      save(event.target);
    }
  });

  // What was saved becomes what the page starts from; findings are put beside their cells.
  function settle() {
    document.querySelectorAll(".jh-feedback[data-saved]").forEach(function (place) {
      var was = form.elements.namedItem("w-" + place.dataset.saved);
      if (place.dataset.saved && was) {
        was.value = place.dataset.text;
      }
      place.removeAttribute("data-saved");
    });
    document.querySelectorAll(".jh-feedback .jh-told").forEach(function (told) {
      told.remove();
    });
    document.querySelectorAll("#findings [data-field]").forEach(function (item) {
      var cell = findCell(item.dataset);
      var place = cell && document.getElementById("f-" + cell.name.slice(2));
      if (place) {
        var told = document.createElement("p");
        var look = { error: "jh-field-error", warning: "jh-field-finding" }[item.dataset.level] || "jh-field-help";
        told.className = "jh-told " + look;
        told.textContent = ({ error: "✗ ", warning: "! " }[item.dataset.level] || "i ") + item.querySelector(".jh-finding-text").textContent;
        place.appendChild(told);
      }
    });
    mark();
  }

  // A finding names a row by its key; a row of the page is known by its number.
  function findCell(data) {
    var rows = form.querySelectorAll('[data-row-key][data-row-table="' + data.table + '"]');
    for (var index = 0; index < rows.length; index += 1) {
      if (rows[index].dataset.rowKey.replace(/\//g, ":") === data.key) {
        return form.elements.namedItem("c-" + data.table + "-" + rows[index].dataset.row + "-" + data.field);
      }
    }
    return null;
  }

  function mark() {
    form.querySelectorAll(".jh-feedback").forEach(function (place) {
      var cell = form.elements.namedItem("c-" + place.id.slice(2));
      var isWrong = Boolean(place.querySelector(".jh-field-error"));
      if (cell && cell.classList) {
        cell.classList.toggle("is-invalid", isWrong);
        cell.setAttribute("aria-invalid", isWrong ? "true" : "false");
      }
      var row = document.getElementById("at-" + place.id.slice(2));
      if (row && row.classList.contains("jh-field")) {
        row.classList.toggle("jh-field-wrong", isWrong);
      }
    });
  }

  document.body.addEventListener("htmx:afterSettle", settle);
  document.body.addEventListener("htmx:oobAfterSwap", settle);
  document.body.addEventListener("htmx:responseError", function () {
    status(form.dataset.unsaved);
  });
  document.body.addEventListener("htmx:sendError", function () {
    status(form.dataset.unsaved);
  });

  // Somebody else changed the cell: take their value, or insist on one's own.
  form.addEventListener("click", function (event) {
    var button = event.target.closest("[data-cell]");
    if (!button) {
      return;
    }
    var cell = form.elements.namedItem("c-" + button.dataset.cell);
    var theirs = button.dataset.take === undefined ? button.dataset.insist : button.dataset.take;
    partner(cell).value = theirs;
    if (button.dataset.take !== undefined) {
      cell.value = theirs;
      document.getElementById("f-" + button.dataset.cell).textContent = "";
      return;
    }
    save(cell);
  });
})();
