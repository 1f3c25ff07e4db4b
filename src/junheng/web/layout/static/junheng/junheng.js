// What every page does: theme switch, questions before a step that cannot be taken back, printing, small conveniences.
(function () {
  "use strict";
  var root = document.documentElement;

  function startThemeSwitch() {
    var button = document.querySelector("[data-theme-switch]");
    if (!button) {
      return;
    }
    function show() {
      var isDark = root.getAttribute("data-bs-theme") === "dark";
      var label = isDark ? button.dataset.labelLight : button.dataset.labelDark;
      button.setAttribute("aria-label", label);
      button.title = label;
    }
    button.hidden = false;
    show();
    button.addEventListener("click", function () {
      var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      root.setAttribute("data-bs-theme", next);
      try {
        window.localStorage.setItem("junheng-theme", next);
      } catch (error) {
        // storage is switched off: the choice lasts for this page only
      }
      show();
      document.dispatchEvent(new CustomEvent("junheng:theme"));
    });
  }

  // Paper is white: before printing the light colours are put on, charts are drawn with them, and what is folded is opened.
  function startPaper() {
    var before = "light";
    var opened = [];
    window.addEventListener("beforeprint", function () {
      before = root.getAttribute("data-bs-theme");
      root.setAttribute("data-bs-theme", "light");
      opened = Array.prototype.slice.call(document.querySelectorAll("details:not([open]):not(.jh-chart-table)"));
      opened.forEach(function (entry) {
        entry.open = true;
      });
      document.dispatchEvent(new CustomEvent("junheng:paper"));
    });
    window.addEventListener("afterprint", function () {
      root.setAttribute("data-bs-theme", before);
      opened.forEach(function (entry) {
        entry.open = false;
      });
      document.dispatchEvent(new CustomEvent("junheng:theme"));
    });
  }

  // A form, button or link with data-confirm="question" asks before it goes on.
  function startQuestions() {
    var dialog = document.getElementById("confirm");
    if (!dialog || typeof dialog.showModal !== "function") {
      return;
    }
    var waiting = null;
    function ask(question, goOn) {
      document.getElementById("confirm-question").textContent = question;
      waiting = goOn;
      dialog.showModal();
    }
    dialog.querySelector("[data-confirm-yes]").addEventListener("click", function () {
      var goOn = waiting;
      dialog.close();
      if (goOn) {
        goOn();
      }
    });
    dialog.querySelector("[data-confirm-no]").addEventListener("click", function () {
      dialog.close();
    });
    dialog.addEventListener("close", function () {
      waiting = null;
    });
    document.addEventListener(
      "click",
      function (event) {
        var target = event.target.closest("[data-confirm]");
        if (!target || target.tagName === "FORM" || target.dataset.confirmed) {
          return;
        }
        event.preventDefault();
        event.stopImmediatePropagation();
        ask(target.dataset.confirm, function () {
          target.dataset.confirmed = "1";
          target.click();
          delete target.dataset.confirmed;
        });
      },
      true
    );
    document.addEventListener(
      "submit",
      function (event) {
        var form = event.target;
        if (!form.dataset.confirm || form.dataset.confirmed) {
          return;
        }
        event.preventDefault();
        event.stopImmediatePropagation();
        var pressed = event.submitter;
        ask(form.dataset.confirm, function () {
          form.dataset.confirmed = "1";
          form.requestSubmit(pressed || undefined);
          delete form.dataset.confirmed;
        });
      },
      true
    );
    document.addEventListener("htmx:confirm", function (event) {
      if (event.detail.question) {
        event.preventDefault();
        ask(event.detail.question, function () {
          event.detail.issueRequest(true);
        });
      }
    });
  }

  // A form is sent once: its buttons rest until the next page. Pages that come back from the cache wake them up again.
  function startSendOnce() {
    function rest(form, isBusy) {
      form.querySelectorAll("button[type=submit]").forEach(function (button) {
        button.setAttribute("aria-disabled", isBusy ? "true" : "false");
        button.classList.toggle("disabled", isBusy);
      });
      form.dataset.sent = isBusy ? "1" : "";
    }
    document.addEventListener("submit", function (event) {
      var form = event.target;
      if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-many")) {
        return;
      }
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      window.setTimeout(function () {
        rest(form, true);
      }, 0);
    });
    window.addEventListener("pageshow", function (event) {
      if (event.persisted) {
        document.querySelectorAll("form[data-sent]").forEach(function (form) {
          rest(form, false);
        });
      }
    });
  }

  // What htmx asks for: 409 and 422 are answers to show in place; a whole page from another address (a sign-in that ran
  // out) is opened as a page; anything else that fails is said.
  function startPartials() {
    var messages = document.getElementById("messages");
    function say(text) {
      var note = document.createElement("div");
      note.className = "alert alert-danger";
      note.setAttribute("role", "alert");
      note.textContent = "✗ " + text;
      messages.appendChild(note);
    }
    document.addEventListener("htmx:beforeSwap", function (event) {
      var answer = event.detail.xhr;
      var asked = new URL(event.detail.pathInfo.finalRequestPath, window.location.href);
      var isElsewhere = answer.responseURL && new URL(answer.responseURL).pathname !== asked.pathname;
      if (isElsewhere && /^\s*<!doctype/i.test(answer.responseText)) {
        event.detail.shouldSwap = false;
        window.location.assign(answer.responseURL);
      } else if (answer.status === 409 || answer.status === 422) {
        event.detail.shouldSwap = true;
        event.detail.isError = false;
      }
    });
    document.addEventListener("htmx:responseError", function () {
      say(messages.dataset.failed);
    });
    document.addEventListener("htmx:sendError", function () {
      say(messages.dataset.unreachable);
    });
  }

  function startSmallThings() {
    document.querySelectorAll("[data-print]").forEach(function (button) {
      button.hidden = false;
    });
    document.addEventListener("click", function (event) {
      if (event.target.closest("[data-print]")) {
        window.print();
      }
      var all = event.target.closest("[data-check-all]");
      if (all) {
        document.querySelectorAll(all.dataset.checkAll).forEach(function (box) {
          box.checked = all.checked;
        });
      }
    });
    document.addEventListener("change", function (event) {
      if (event.target.matches("[data-submit-on-change]")) {
        event.target.form.requestSubmit();
      }
    });
    var wrong = document.querySelector("[data-focus]");
    if (wrong) {
      wrong.focus();
    }
  }

  // A text that names the value of another field follows it, until somebody writes something else:
  // data-follows="id of the field", data-pattern="text with {} for its value".
  function startFollowers() {
    document.querySelectorAll("[data-follows]").forEach(function (follower) {
      var leader = document.getElementById(follower.dataset.follows);
      if (!leader) {
        return;
      }
      function text() {
        return follower.dataset.pattern.replace("{}", leader.value);
      }
      var last = text();
      leader.addEventListener("input", function () {
        var next = text();
        if (follower.value === last) {
          follower.value = next;
        }
        last = next;
      });
    });
  }

  // <details class="jh-fold" open>: on a phone folded until somebody asks for it, or follows a link into it; everywhere else
  // open, without its summary.
  function startFolds() {
    var folds = document.querySelectorAll("details.jh-fold");
    if (!folds.length) {
      return;
    }
    var phone = window.matchMedia("(max-width: 575.98px)");
    function isAimedAt(fold) {
      var target = window.location.hash && document.getElementById(window.location.hash.slice(1));
      return Boolean(target) && fold.contains(target);
    }
    function settle() {
      folds.forEach(function (fold) {
        fold.open = !phone.matches || isAimedAt(fold);
      });
    }
    phone.addEventListener("change", settle);
    window.addEventListener("hashchange", function () {
      folds.forEach(function (fold) {
        if (isAimedAt(fold)) {
          fold.open = true;
          document.getElementById(window.location.hash.slice(1)).scrollIntoView();
        }
      });
    });
    settle();
  }

  startThemeSwitch();
  startFollowers();
  startFolds();
  startPaper();
  startQuestions();
  startSendOnce();
  startPartials();
  startSmallThings();
})();
